from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine

from deals.lifecycle import advance
from deals.models import Deal, DealEvent, EventKind
from deals.queries import newest_events
from deals.services import edit_details, edit_team
from deals.timeline import Change, Day, timeline_of
from deals.transitions import Name
from tests.deals.conftest import OneDeal
from tests.deals.pages import HTMX, address, as_, get, text
from tests.identity import as_owner
from tests.world import World, details_of, person_of_member

pytestmark = pytest.mark.django_db
WARSAW = ZoneInfo("Europe/Warsaw")


@pytest.fixture
def world(one_deal: OneDeal) -> World:
    return one_deal.world


def timeline(world: World, deal: Deal) -> list[Day]:
    with world.as_member(world.anna):
        now = Deal.objects.get(pk=deal.pk)
        return timeline_of(now, newest_events(now, limit=None))


def edit(world: World, deal: Deal, **changed: object) -> None:
    with world.as_member(world.anna):
        now = Deal.objects.get(pk=deal.pk)
        edit_details(
            now, actor=world.anna.actor, version=now.version, details=details_of(**changed)
        )


def test_changes_are_told_in_words(world: World) -> None:
    day = date(2031, 9, 30)
    deal = world.deal(close_date=date(2031, 8, 31), notes="x" * 200)
    edit(world, deal, value=Decimal("48000.50"), close_date=day, crm_id="CRM-1")
    changes = timeline(world, deal)[0].items[0].changes
    assert changes == [
        Change("Estimated value", "25,000\u00a0EUR", "48,000.50\u00a0EUR"),
        Change("Estimated close date", "31 Aug 2031", "30 Sep 2031"),
        Change("CRM ID", "", "CRM-1"),
        Change("Notes", "x" * 160 + "…", ""),
    ]


def test_amounts_carry_the_currency_of_their_time(world: World, deal: Deal) -> None:
    edit(world, deal, value=Decimal("30000.00"))
    edit(world, deal, value=Decimal("30000.00"), currency="PLN")
    edit(world, deal, value=Decimal("31000.00"), currency="PLN")
    told = [item.changes[0] for item in timeline(world, deal)[0].items[:3]]
    assert [(change.before, change.after) for change in told] == [
        ("30,000\u00a0PLN", "31,000\u00a0PLN"),
        ("30,000\u00a0EUR", "30,000\u00a0PLN"),
        ("25,000\u00a0EUR", "30,000\u00a0EUR"),
    ]


def test_people_who_came_and_went_are_named(world: World, deal: Deal) -> None:
    with world.as_member(world.anna):
        edit_team(
            deal, actor=world.anna.actor, version=deal.version,
            team=[person_of_member(world.bob), person_of_member(world.piotr)],
        )  # fmt: skip
    assert timeline(world, deal)[0].items[0].changes == [
        Change("Added", "", "Bob Baker, Piotr Nowak"),
        Change("Removed", "Anna Kowalska", ""),
    ]


def test_days_are_those_of_the_reader(world: World) -> None:
    with time_machine.travel(datetime(2031, 3, 10, 23, 30, tzinfo=WARSAW), tick=False):
        deal = world.deal()
    with time_machine.travel(datetime(2031, 3, 11, 0, 30, tzinfo=WARSAW), tick=False):
        edit(world, deal, name="Renamed")
        days = timeline(world, deal)
    assert [day.title for day in days] == ["Today", "Yesterday"]
    with time_machine.travel(datetime(2031, 3, 20, 12, tzinfo=WARSAW), tick=False):
        assert [day.title for day in timeline(world, deal)] == ["11 March 2031", "10 March 2031"]


def test_what_the_other_side_does_names_the_company(world: World, deal: Deal) -> None:
    theirs = world.accepted(world.referral(deal))
    with world.as_member(world.sam):
        advance(theirs, Name.MARK_STAGE, actor=world.sam.actor, stage="proposed")
    told = [(str(item.sentence), item.detail) for item in timeline(world, deal)[0].items]
    assert told == [
        ("<strong>Microsoft</strong> marked its stage", "Proposed\u00a0· 60%"),
        ("<strong>Microsoft</strong> accepted the invitation", ""),
        (
            "<strong>Anna Kowalska</strong> invited <strong>Microsoft</strong>",
            "With the customer's contact, as the customer agreed",
        ),
        ("<strong>Anna Kowalska</strong> created the deal", ""),
    ]


def test_names_and_notes_are_text_and_never_markup(world: World, deal: Deal) -> None:
    with world.as_member(world.anna):
        DealEvent.objects.create(
            organization_id=deal.organization_id, deal=deal, kind=EventKind.LOST,
            actor_name="<b>Mallory</b>", data={"notes": "<script>", "reason": "budget"},
        )  # fmt: skip
    page = text(get(world.anna, deal.pk))
    assert "&lt;b&gt;Mallory&lt;/b&gt;" in page
    assert "&lt;script&gt;" in page
    assert "<b>Mallory" not in page


DATA = {
    "counterpart": "Fabrikam", "stage": "qualified", "status": "won", "reason": "budget", "days": 3,
}  # fmt: skip


def happen(world: World, deal: Deal, *kinds: EventKind) -> None:
    with world.as_member(world.anna):
        for kind in kinds:
            DealEvent.objects.create(
                organization_id=deal.organization_id, deal=deal, kind=kind, data=DATA
            )


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_of_event_can_be_told(world: World, deal: Deal, kind: EventKind) -> None:
    happen(world, deal, kind)
    item = timeline(world, deal)[0].items[0]
    assert "{" not in item.sentence
    if kind.startswith("counterpart_"):
        assert "Fabrikam" in item.sentence


def test_page_shows_every_kind_of_event(world: World, deal: Deal) -> None:
    happen(world, deal, *EventKind)
    sentences = [str(item.sentence) for item in timeline(world, deal)[0].items]
    assert len(sentences) == len(EventKind) + 1 <= 50
    page = text(get(world.anna, deal.pk))
    for sentence in sentences:
        assert sentence in page


def test_only_the_newest_events_are_shown_until_all_are_asked_for(world: World, deal: Deal) -> None:
    start = datetime.now(tz=WARSAW)
    with as_owner():
        DealEvent.objects.bulk_create(
            DealEvent(
                organization_id=deal.organization_id,
                deal_id=deal.pk,
                kind=EventKind.EDITED,
                actor_name=f"Editor-{number}-",
                at=start + timedelta(seconds=number),
            )
            for number in range(60)
        )
    page = text(get(world.anna, deal.pk))
    assert page.count("Editor-") == 50
    assert "Editor-59-" in page
    assert 'href="?timeline=all#timeline"' in page
    path = address(world.anna, deal.pk)
    everything = text(as_(world.anna).get(path, {"timeline": "all"}))
    assert everything.count("Editor-") == 60
    assert "created the deal" in everything
    part = text(as_(world.anna).get(path, {"timeline": "all"}, HTTP_HX_TARGET="timeline", **HTMX))
    assert part.count("Editor-") == 60
    assert "<html" not in part
    assert "Our progress" not in part
