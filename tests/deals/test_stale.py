"""Deals that nobody seems to look after: the list, the click to go on, the reminder (8.3)."""

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deals.models import Deal, DealEvent, EventKind
from deals.stale_reminders import remind_of_all_stale
from deals.staleness import Why, staleness_of
from notifications.entries import Channel
from notifications.models import Notification
from notifications.services import resolve_notices
from tests.deals.pages import get, post, text
from tests.identity import as_owner
from tests.referrals.racing import Race
from tests.world import World, person_of_member

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
URL = "/o/contoso/deals/stale/"


def today() -> date:
    return timezone.localdate()


def midnight() -> datetime:
    return datetime.combine(today(), time.min, tzinfo=timezone.get_current_timezone())


def make_stale(deal: Deal, *, close_in: int = 60, unchanged_for: timedelta = timedelta(0)) -> Deal:
    with as_owner():
        Deal.objects.filter(pk=deal.pk).update(
            close_date=today() + close_in * DAY,
            updated_at=midnight() + timedelta(hours=12) - unchanged_for,
        )
        return Deal.objects.get(pk=deal.pk)


def listed(client: Client, query: str = "") -> tuple[list[str], list[str]]:
    page = client.get(f"{URL}{query}")
    past, unchanged = page.context["past"], page.context["unchanged"]
    return [one.deal.name for one in past.deals], [one.deal.name for one in unchanged.deals]


@pytest.mark.parametrize(
    ("close_in", "unchanged_for", "why"),
    [
        (0, 0, None),
        (-1, 0, Why.CLOSE_DATE),
        (-1, 40, Why.CLOSE_DATE),
        (60, 30, None),
        (60, 31, Why.UNCHANGED),
    ],
)
def test_what_is_stale(world: World, close_in: int, unchanged_for: int, why: Why | None) -> None:
    deal = make_stale(world.deal(), close_in=close_in, unchanged_for=unchanged_for * DAY)
    found = staleness_of(deal)
    assert (found and found.why) == why
    if found:
        assert found.proposed == today() + (30 if why == Why.CLOSE_DATE else 60) * DAY


def test_list_has_each_stale_deal_once_and_the_worst_on_top(world: World, client: Client) -> None:
    for name, close_in, days in (
        ("Fresh", 60, 0), ("Late", -3, 0), ("Later", -9, 50), ("Silent", 9, 31), ("Mute", 9, 99),
    ):  # fmt: skip
        make_stale(world.deal(name=name), close_in=close_in, unchanged_for=days * DAY)
    closed = make_stale(world.deal(name="Won long ago"), close_in=-99)
    with as_owner():
        Deal.objects.filter(pk=closed.pk).update(status="won", stage="won", closed_at=midnight())
    client.force_login(world.anna.user)
    assert listed(client) == (["Later", "Late"], ["Mute", "Silent"])


def test_list_is_of_what_one_sees_and_of_ones_own_on_demand(world: World, client: Client) -> None:
    make_stale(world.deal(name="Bob's", team=[person_of_member(world.bob)]), close_in=-1)
    make_stale(world.deal(name="Anna's"), close_in=-2)
    make_stale(world.deal(world.mallory, name="secretdeal"), close_in=-3)
    client.force_login(world.bob.user)
    assert listed(client) == (["Bob's"], [])
    client.force_login(world.anna.user)
    assert listed(client) == (["Anna's", "Bob's"], [])
    assert listed(client, "?mine=1") == (["Anna's"], [])


def test_observer_is_told_whom_to_ask(world: World, client: Client) -> None:
    make_stale(world.deal(name="Late"), close_in=-1)
    client.force_login(world.olga.user)
    page = client.get(URL).text
    assert "Late" in page
    assert "still-open" not in page
    assert "Piotr Nowak" in page


def test_statements_do_not_grow_with_deals(world: World, client: Client) -> None:
    client.force_login(world.anna.user)
    client.get(URL)
    counts = []
    for more in (1, 2):
        for _number in range(more):
            make_stale(world.deal(), close_in=-1)
            make_stale(world.deal(), unchanged_for=40 * DAY)
        with CaptureQueriesContext(connection) as captured:
            client.get(URL)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def say_open(world: World, deal: Deal, **changed: Any) -> Any:
    data = {"version": deal.version, "close_date": today() + 20 * DAY, "back": "all", **changed}
    return post(world.anna, deal.pk, "still_open", data=data)


def test_one_click_gives_a_new_date_and_tells_it(world: World, client: Client) -> None:
    deal = make_stale(world.deal(), close_in=-1, unchanged_for=40 * DAY)
    response = say_open(world, deal)
    assert (response.status_code, response["Location"]) == (302, URL)
    with world.as_member(world.anna):
        now = Deal.objects.get(pk=deal.pk)
        event = DealEvent.objects.filter(deal=deal).latest("id")
    assert (now.close_date, now.version) == (today() + 20 * DAY, deal.version + 1)
    assert staleness_of(now) is None
    assert (event.kind, event.actor_name) == (EventKind.STILL_OPEN, "Anna Kowalska")
    assert event.data["changes"] == [
        ["close_date", deal.close_date.isoformat(), now.close_date.isoformat()]
    ]
    assert "said that the deal is still open" in text(get(world.anna, deal.pk))


def test_same_date_again_is_a_word_as_well(world: World) -> None:
    deal = make_stale(world.deal(), unchanged_for=40 * DAY)
    assert say_open(world, deal, close_date=deal.close_date).status_code == 302
    with world.as_member(world.anna):
        event = DealEvent.objects.filter(deal=deal).latest("id")
        assert staleness_of(Deal.objects.get(pk=deal.pk)) is None
    assert (event.kind, event.data["changes"]) == (EventKind.STILL_OPEN, [])


@pytest.mark.parametrize("chosen", ["", "someday", "2020-01-01"])
def test_impossible_date_is_refused_beside_the_field(world: World, chosen: str) -> None:
    deal = make_stale(world.deal(), close_in=-1)
    response = say_open(world, deal, close_date=chosen)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in text(response)
    with world.as_member(world.anna):
        assert Deal.objects.get(pk=deal.pk).version == deal.version


def test_who_saw_an_older_version_is_asked_again(world: World) -> None:
    deal = make_stale(world.deal(), close_in=-1)
    assert say_open(world, deal).status_code == 302
    response = say_open(world, deal, close_date=today() + 90 * DAY)
    assert response.status_code == 409
    assert "Somebody else changed this deal" in text(response)
    with world.as_member(world.anna):
        assert Deal.objects.get(pk=deal.pk).close_date == today() + 20 * DAY


def test_closed_deal_stays_closed(world: World) -> None:
    deal = make_stale(world.deal(), close_in=-1)
    with as_owner():
        Deal.objects.filter(pk=deal.pk).update(status="won", stage="won", closed_at=midnight())
    assert say_open(world, deal).status_code == 409


def test_invitation_that_waits_is_answered_instead(world: World) -> None:
    received = world.referral(world.deal(world.sam), sender=world.sam, recipient=world.contoso)
    response = get(world.anna, received.recipient_deal_id, "still_open")
    assert response.status_code == 409
    assert "accept it first" in text(response)


def test_deals_own_page_asks_and_comes_back(world: World) -> None:
    deal = make_stale(world.deal(), close_in=-1)
    assert "The close date has passed" in text(get(world.anna, deal.pk))
    assert "The close date has passed" not in text(get(world.olga, deal.pk))
    response = say_open(world, deal, back="deal")
    assert response["Location"] == f"/o/contoso/deals/{deal.pk}/"
    assert "The close date has passed" not in text(get(world.anna, deal.pk))


def reminders(deal: Deal) -> list[str]:
    with as_owner():
        events = DealEvent.objects.filter(deal=deal, kind=EventKind.STALE).order_by("id")
        return [one.data["why"] for one in events]


def test_team_is_asked_once_for_each_staleness(world: World) -> None:
    deal = make_stale(world.deal(), unchanged_for=31 * DAY)
    fresh = world.deal()
    for _sweep in range(3):
        remind_of_all_stale()
    assert (reminders(deal), reminders(fresh)) == ([Why.UNCHANGED], [])
    make_stale(deal, close_in=-1, unchanged_for=31 * DAY)
    remind_of_all_stale()
    assert reminders(deal) == [Why.UNCHANGED, Why.CLOSE_DATE]
    say_open(world, make_stale(deal, close_in=-1))
    make_stale(deal, close_in=-2)
    for _sweep in range(2):
        remind_of_all_stale()
    assert reminders(deal) == [Why.UNCHANGED, Why.CLOSE_DATE, Why.CLOSE_DATE]


def test_reminder_itself_is_no_change(world: World) -> None:
    deal = make_stale(world.deal(), unchanged_for=31 * DAY)
    remind_of_all_stale()
    with as_owner():
        assert Deal.objects.get(pk=deal.pk).updated_at == deal.updated_at
    assert say_open(world, deal).status_code == 302


@pytest.mark.parametrize(("close_in", "days"), [(-8, 0), (60, 45)])
def test_what_is_stale_for_long_is_no_news(world: World, close_in: int, days: int) -> None:
    deal = make_stale(world.deal(), close_in=close_in, unchanged_for=days * DAY)
    remind_of_all_stale()
    assert reminders(deal) == []


def test_reminder_stands_behind_the_bell_of_the_team(world: World, client: Client) -> None:
    make_stale(world.deal(name="Late", team=[person_of_member(world.bob)]), close_in=-1)
    remind_of_all_stale()
    resolve_notices()
    with as_owner():
        told = Notification.objects.filter(kind=EventKind.STALE)
        assert list(told.values_list("email", "channel", "next_attempt_at")) == [
            ("bob@contoso.example", Channel.IN_APP, None)
        ]
    client.force_login(world.bob.user)
    assert "Is this deal still open?" in client.get("/o/contoso/notifications/").text


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_ask_once(world: World) -> None:
    deals = [make_stale(world.deal(), close_in=-1) for _number in range(30)]
    with Race(3) as race:
        race.run(*[partial(remind_of_all_stale, seconds=30)] * 3)
    assert [reminders(deal) for deal in deals] == [[Why.CLOSE_DATE]] * len(deals)
