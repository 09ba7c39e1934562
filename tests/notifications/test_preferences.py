"""Everybody chooses how they are told (7.4)."""

from datetime import UTC, datetime, time
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from deals.models import EventKind
from notifications.catalogue import CATALOGUE, is_fixed
from notifications.entries import Channel
from notifications.models import Notification, Preference
from notifications.preferences import Choice, choose, entries_for
from notifications.services import deliver_due, resolve_notices, work_off
from partners.announcements import News
from partners.models import Membership, User
from tests.identity import as_owner
from tests.world import World, person_of_member

pytestmark = pytest.mark.django_db

FIXED = {News.LINK_ANSWERED, News.ACCESS_CHANGED, News.NEW_DEVICE}
PAGE = reverse("notifications:preferences", args=["contoso"])


def wish(world: World, member: Membership, zone: str = "", **wishes: Any) -> None:
    with world.as_member(member):
        choose(member, Choice(zone, **wishes))


def of_anna(world: World) -> Notification | None:
    """What Anna is told about an invitation that she sent."""
    world.referral()
    resolve_notices()
    with as_owner():
        return Notification.objects.filter(membership=world.anna).first()


def form_of(client: Client, **changes: str) -> dict[str, str]:
    """What the browser would send of the page as it is."""
    form = client.get(PAGE).context["form"]
    shown = {one.name: one.value() for one in form}
    given = {
        name: value.strftime("%H:%M") if isinstance(value, time) else str(value)
        for name, value in shown.items()
        if value not in (None, False)
    }
    return given | changes


def test_who_never_chose_is_told_by_mail_at_once(world: World) -> None:
    told = of_anna(world)
    assert told is not None
    assert told.channel == Channel.EMAIL
    assert deliver_due() == 3


@pytest.mark.parametrize("channel", [Channel.DIGEST, Channel.IN_APP])
def test_other_channels_show_it_in_the_app_and_send_nothing(
    world: World, client: Client, channel: Channel
) -> None:
    wish(world, world.anna, channels={EventKind.INVITED: channel})
    told = of_anna(world)
    assert told is not None
    assert (told.channel, told.next_attempt_at) == (channel, None)
    work_off(seconds=60)
    assert not any("anna@" in one.to[0] for one in mail.outbox)
    client.force_login(world.anna.user)
    page = client.get(reverse("notifications:list", args=["contoso"]))
    assert len(page.context["items"]) == 1


def test_what_is_switched_off_is_told_nowhere(world: World) -> None:
    wish(world, world.anna, channels={EventKind.INVITED: Channel.OFF})
    assert of_anna(world) is None


def test_what_others_wait_for_cannot_be_switched_off(world: World) -> None:
    """Neither by the page nor by what somehow got into the row."""
    wish(world, world.sam, channels={EventKind.RECEIVED: Channel.OFF})
    world.referral()
    resolve_notices()
    with as_owner():
        assert Notification.objects.filter(membership=world.sam, channel=Channel.EMAIL).exists()


def test_wishes_are_for_one_kind_one_person_and_one_organisation(world: World) -> None:
    deal = world.deal(team=[person_of_member(world.anna), person_of_member(world.bob)])
    wish(world, world.anna, channels={EventKind.INVITED: Channel.OFF})
    world.accepted(world.referral(deal))
    resolve_notices()
    with as_owner():
        told = Notification.objects.filter(organization=world.contoso.organization)
        assert set(told.values_list("email", "kind")) == {
            ("bob@contoso.example", EventKind.INVITED),
            ("anna@contoso.example", EventKind.COUNTERPART_ACCEPTED),
            ("bob@contoso.example", EventKind.COUNTERPART_ACCEPTED),
        }


@pytest.mark.parametrize(
    ("begin", "end", "now", "leaves"),
    [
        # In Warsaw it is two hours later than by UTC.
        ("22:00", "07:00", "2026-07-01 19:59", "2026-07-01 19:59"),
        ("22:00", "07:00", "2026-07-01 20:00", "2026-07-02 05:00"),
        ("22:00", "07:00", "2026-07-01 23:30", "2026-07-02 05:00"),
        ("22:00", "07:00", "2026-07-02 04:59", "2026-07-02 05:00"),
        ("22:00", "07:00", "2026-07-02 05:00", "2026-07-02 05:00"),
        ("12:00", "13:00", "2026-07-01 10:30", "2026-07-01 11:00"),
        ("12:00", "13:00", "2026-07-01 11:30", "2026-07-01 11:30"),
        # The night in which the clocks go back lasts an hour longer.
        ("22:00", "07:00", "2026-10-24 21:00", "2026-10-25 06:00"),
    ],
)
def test_mails_wait_for_the_end_of_quiet_hours_where_the_reader_is(
    world: World, begin: str, end: str, now: str, leaves: str
) -> None:
    wish(
        world,
        world.anna,
        "Europe/Warsaw",
        quiet_from=time.fromisoformat(begin),
        quiet_until=time.fromisoformat(end),
    )
    with time_machine.travel(_utc(now), tick=False):
        told = of_anna(world)
    assert told is not None
    assert told.next_attempt_at == _utc(leaves)


def _utc(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def test_times_are_the_readers_on_pages_and_in_mails(world: World, client: Client) -> None:
    wish(world, world.sam, "Asia/Tokyo")
    referral = world.referral()
    work_off(seconds=60)
    local = referral.respond_by.astimezone(User(time_zone="Asia/Tokyo").zone)
    message = next(one for one in mail.outbox if "sam@" in one.to[0])
    assert f"by {local.day} {local:%B %Y, %H:%M} JST" in str(message.body)
    other = next(one for one in mail.outbox if "victor@" in one.to[0])
    assert "JST" not in str(other.body)
    client.force_login(world.sam.user)
    page = client.get(reverse("notifications:list", args=["microsoft"])).content.decode()
    assert "JST" in page
    assert timezone.get_current_timezone_name() == "Europe/Warsaw"


def test_page_keeps_what_was_chosen(world: World, client: Client) -> None:
    client.force_login(world.anna.user)
    chosen = {
        EventKind.RECEIVED: Channel.IN_APP, EventKind.MENTIONED: Channel.OFF,
        "quiet_from": "22:00", "quiet_until": "07:30", "morning": "06:15",
        "time_zone": "Europe/Lisbon",
    }  # fmt: skip
    given = form_of(client, **chosen)
    del given["wants_digest"]
    answer = client.post(PAGE, given, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "Your preferences are saved." in answer.content.decode()
    assert form_of(client) == given
    with as_owner():
        kept = Preference.objects.get(membership=world.anna)
        assert kept.channel_for(EventKind.RECEIVED) == Channel.IN_APP
        assert kept.channel_for(EventKind.INVITED) == Channel.EMAIL
        assert not kept.wants_digest
        assert User.objects.get(pk=world.anna.user_id).time_zone == "Europe/Lisbon"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({EventKind.RECEIVED: "off"}, EventKind.RECEIVED),
        ({EventKind.INVITED: "pigeon"}, EventKind.INVITED),
        ({"quiet_from": "22:00"}, "quiet_until"),
        ({"quiet_until": "07:00"}, "quiet_from"),
        ({"quiet_from": "09:00", "quiet_until": "09:00"}, "quiet_until"),
        ({"quiet_from": "late", "quiet_until": "07:00"}, "quiet_from"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"morning": ""}, "morning"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(
    world: World, client: Client, changes: dict[str, str], field: str
) -> None:
    client.force_login(world.anna.user)
    answer = client.post(PAGE, form_of(client, **changes))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    with as_owner():
        assert not Preference.objects.exists()


def test_page_offers_only_what_the_role_is_told(world: World, client: Client) -> None:
    for member in (world.bob, world.olga):
        kinds = entries_for(member)
        assert EventKind.RECEIVED not in kinds
        assert EventKind.MENTIONED in kinds
    reviewers = {EventKind.COUNTERPART_REGISTERED}
    partners_admins = {News.LINK_ASKED, News.CO_SELL_ANSWERED, News.CO_SELL_LOWERED}
    vendors_admins = {News.LINK_ASKED, News.CO_SELL_ASKED}
    admins = partners_admins | vendors_admins
    assert set(entries_for(world.anna)) == set(CATALOGUE) - reviewers - admins
    assert set(entries_for(world.piotr)) & admins == partners_admins
    assert set(entries_for(world.victor)) & admins == vendors_admins
    of_rita = set(entries_for(world.rita))
    assert reviewers <= of_rita
    assert not {EventKind.REGISTRATION_APPROVED, EventKind.RECEIVED, *admins} & of_rita
    client.force_login(world.bob.user)
    assert "A company invites us" not in client.get(PAGE).content.decode()
    assert client.post(PAGE, form_of(client)).status_code == 302


def test_change_of_role_keeps_earlier_wishes(world: World, client: Client) -> None:
    wish(world, world.bob, channels={EventKind.RECEIVED: Channel.IN_APP})
    client.force_login(world.bob.user)
    client.post(PAGE, form_of(client))
    with as_owner():
        kept = Preference.objects.get(membership=world.bob)
        assert kept.channel_for(EventKind.RECEIVED) == Channel.IN_APP


def test_zone_that_no_longer_exists_is_the_installations(world: World, client: Client) -> None:
    with as_owner():
        User.objects.filter(pk=world.anna.user_id).update(time_zone="Europe/Atlantis")
    client.force_login(world.anna.user)
    assert client.get(PAGE).status_code == 200


def test_every_kind_begins_with_mail_and_only_duties_cannot_be_switched_off() -> None:
    """But for stale deals, of which the digest tells by itself."""
    quiet = {kind for kind, one in CATALOGUE.items() if one.channels[0] != Channel.EMAIL}
    assert quiet == {EventKind.STALE}
    duties = {kind for kind, entry in CATALOGUE.items() if Channel.OFF not in entry.channels}
    assert duties == {
        EventKind.RECEIVED,
        EventKind.EXPIRING,
        EventKind.COUNTERPART_REGISTERED,
        EventKind.REGISTRATION_ACTION_REQUIRED,
        News.LINK_ASKED,
        News.CO_SELL_ASKED,
        News.CO_SELL_LOWERED,
        News.LINK_ANSWERED,
        News.ACCESS_CHANGED,
        News.NEW_DEVICE,
    }
    assert {kind for kind in CATALOGUE if is_fixed(kind)} == FIXED
