"""The daily digest: what it tells, and that everybody gets theirs once a day (7.4, 8.3)."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from deals.models import Deal, EventKind, TeamMember
from deals.stale_reminders import remind_of_all_stale
from notifications import mornings
from notifications.catalogue import DIGEST
from notifications.digests import MOST
from notifications.entries import Channel
from notifications.models import Notification, Preference
from notifications.mornings import write_all_digests
from notifications.preferences import Choice, choose
from notifications.services import resolve_notices, work_off
from notifications.tasks import write_digests
from partners.models import Membership, User
from tests.factories import UserFactory
from tests.identity import as_owner
from tests.notifications.reading import everything
from tests.referrals.bulk import Original, copies
from tests.referrals.racing import Race
from tests.world import World, person_of_member

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TODAY = timezone.localdate()


@pytest.fixture
def world(world: World) -> World:
    """Few have access, because a sweep looks after everybody who has, one by one."""
    few = (world.anna, world.bob, world.piotr, world.frank)
    with as_owner():
        Membership.objects.exclude(pk__in=[one.pk for one in few]).update(is_active=False)
    return world


@pytest.fixture
def everybody(world: World) -> None:
    """The whole cast has access after all."""
    with as_owner():
        Membership.objects.update(is_active=True)


def at(clock: str, *, day: date = TODAY, zone: str = "Europe/Warsaw") -> Any:
    """As if it were that time of the day there."""
    moment = datetime.combine(day, time_of_day.fromisoformat(clock), User(time_zone=zone).zone)
    return time_machine.travel(moment, tick=False)


def wish(world: World, member: Membership, zone: str = "", **wishes: Any) -> None:
    with world.as_member(member):
        choose(member, Choice(zone, **wishes))


def digests() -> dict[str, list[date]]:
    """The days of everybody's digests."""
    found: dict[str, list[date]] = {}
    with as_owner():
        for one in Notification.objects.filter(kind=DIGEST).order_by("digest_day"):
            assert one.digest_day
            found.setdefault(one.email.partition("@")[0], []).append(one.digest_day)
    return found


def send_digests() -> None:
    """Now, whatever time it was when they were written."""
    with as_owner():
        Notification.objects.filter(kind=DIGEST, sent_at=None).update(next_attempt_at=Now())
    work_off(seconds=60)


def digest_to(email: str) -> EmailMultiAlternatives:
    """The newest one."""
    send_digests()
    return next(
        one
        for one in reversed(mail.outbox)
        if isinstance(one, EmailMultiAlternatives)
        if email in one.to[0] and "digest" in str(one.body)
    )


@pytest.mark.usefixtures("everybody")
def test_everybody_with_something_to_read_gets_a_digest_once_in_their_morning(world: World) -> None:
    world.referral(recipient=world.fabrikam)
    for clock in ("07:55", "08:00", "08:05", "13:55"):
        with at(clock):
            write_digests()
            assert digests() == ({} if clock < "08:00" else {"frank": [TODAY]}), clock
    with at("09:00", day=TODAY + DAY):
        write_digests()
    assert digests() == {"frank": [TODAY, TODAY + DAY]}


def test_who_was_not_looked_after_in_the_morning_waits_for_the_next(world: World) -> None:
    world.referral(recipient=world.fabrikam)
    with at("14:00"):
        write_digests()
    assert digests() == {}


@pytest.mark.parametrize(
    ("zone", "morning", "now", "day"),
    [
        ("Asia/Tokyo", "07:00", "2026-07-01 21:59", None),
        ("Asia/Tokyo", "07:00", "2026-07-01 22:00", date(2026, 7, 2)),
        ("America/New_York", "07:00", "2026-07-02 11:00", date(2026, 7, 2)),
        ("America/New_York", "07:00", "2026-07-02 10:59", None),
        # The night without 2:30.
        ("Europe/Warsaw", "02:30", "2026-03-29 01:30", date(2026, 3, 29)),
        # What one may call a morning.
        ("Europe/Warsaw", "23:30", "2026-07-01 21:40", date(2026, 7, 1)),
        ("Europe/Warsaw", "23:30", "2026-07-01 22:10", None),
    ],
)
def test_morning_is_the_readers(
    world: World, zone: str, morning: str, now: str, day: date | None
) -> None:
    wish(world, world.frank, zone, morning=time_of_day.fromisoformat(morning))
    with time_machine.travel(datetime.fromisoformat(now).replace(tzinfo=UTC), tick=False):
        world.referral(recipient=world.fabrikam)
        write_digests()
    assert digests() == ({"frank": [day]} if day else {})


def test_moving_to_another_time_zone_brings_no_second_digest_of_a_day(world: World) -> None:
    world.referral(recipient=world.fabrikam)
    wish(world, world.frank, "Asia/Tokyo")
    with at("08:00", zone="Asia/Tokyo"):
        write_digests()
    wish(world, world.frank, "America/New_York")
    with at("08:00", zone="America/New_York"):
        write_digests()
    assert digests() == {"frank": [TODAY]}


def test_who_left_gets_none(world: World) -> None:
    world.referral(recipient=world.fabrikam)
    with as_owner():
        Membership.objects.filter(pk=world.frank.pk).update(is_active=False)
    with at("08:00"):
        write_digests()
    assert digests() == {}


def test_digest_tells_what_waits_with_the_urgent_marked(world: World) -> None:
    with at("08:00", day=TODAY - 12 * DAY):
        world.referral(world.deal(name="Urgent"), recipient=world.fabrikam)
    world.referral(world.deal(name="Patient"), recipient=world.fabrikam)
    with at("08:00"):
        write_digests()
        message = digest_to("frank@fabrikam.example")
    body = str(message.body)
    assert message.subject.endswith("2 invitations wait for an answer")
    assert body.index("Urgent") < body.index("Expires on") < body.index("Patient")
    assert body.count("Expires on") == 1
    for text in (body, str(message.alternatives[0][0])):
        assert "Contoso" in text
        assert "/o/fabrikam/deals/" in text
        assert "/o/fabrikam/notifications/preferences/" in text


def test_digest_tells_of_own_invitations_that_end_soon(world: World) -> None:
    with at("08:00", day=TODAY - 12 * DAY):
        team = [person_of_member(world.bob)]
        world.referral(world.deal(name="Ours", team=team), recipient=world.fabrikam)
    with at("08:00"):
        write_digests()
        body = str(digest_to("bob@contoso.example").body)
    assert "YOUR INVITATIONS THAT EXPIRE SOON WITHOUT AN ANSWER" in body
    assert "Fabrikam" in body
    assert set(digests()) == {"bob", "frank"}


@pytest.mark.parametrize(
    ("close_in", "unchanged_for", "is_told"),
    [
        (-1, 0, True),
        (0, 0, False),
        (-2, 0, False),
        (60, 30, False),
        (60, 31, True),
        (60, 32, False),
    ],
)
def test_digest_tells_once_that_a_deal_of_ones_own_went_stale(
    world: World, close_in: int, unchanged_for: int, is_told: bool
) -> None:
    deal = world.deal(name="Forgotten", team=[person_of_member(world.bob)])
    noon = datetime.combine(TODAY, time_of_day(12), User(time_zone="Europe/Warsaw").zone)
    with as_owner():
        Deal.objects.filter(pk=deal.pk).update(
            close_date=TODAY + close_in * DAY, updated_at=noon - unchanged_for * DAY
        )
    with at("08:00"):
        write_digests()
    assert digests() == ({"bob": [TODAY]} if is_told else {})
    if is_told:
        with at("08:00", day=TODAY + DAY):
            write_digests()
        assert "Forgotten" in str(digest_to("bob@contoso.example").body)
        assert digests() == {"bob": [TODAY]}


def test_stale_deals_of_the_days_without_a_worker_are_told_later(world: World) -> None:
    deal = world.deal(name="Forgotten", team=[person_of_member(world.bob)])
    with at("08:00"):
        write_digests()
    with as_owner():
        Deal.objects.filter(pk=deal.pk).update(close_date=TODAY + DAY)
    with at("08:00", day=TODAY + 4 * DAY):
        write_digests()
    assert digests() == {"bob": [TODAY + 4 * DAY]}


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.IN_APP, Channel.OFF])
def test_stale_deal_is_told_by_mail_at_once_or_in_the_digest(
    world: World, channel: Channel
) -> None:
    deal = world.deal(name="Forgotten", team=[person_of_member(world.bob)])
    with as_owner():
        Deal.objects.filter(pk=deal.pk).update(close_date=TODAY - DAY)
    wish(world, world.bob, channels={EventKind.STALE: channel})
    remind_of_all_stale()
    work_off(seconds=60)
    is_mail = channel == Channel.EMAIL
    assert [one.subject for one in mail.outbox] == (["Still open? Forgotten"] if is_mail else [])
    with at("08:00"):
        write_digests()
    assert digests() == ({} if is_mail else {"bob": [TODAY]})


def test_what_was_kept_for_the_digest_is_told_there_once(world: World) -> None:
    wish(world, world.anna, wants_digest=False, channels={EventKind.INVITED: Channel.DIGEST})
    world.referral(world.deal(name="Kept"))
    resolve_notices()
    with at("08:00", day=TODAY + DAY):
        write_digests()
        assert "Anna Kowalska invited Microsoft" in str(digest_to("anna@contoso.example").body)
    with at("08:00", day=TODAY + 2 * DAY):
        write_digests()
    assert digests()["anna"] == [TODAY + DAY]


def test_what_was_read_in_the_app_needs_no_digest(world: World, client: Client) -> None:
    wish(world, world.anna, wants_digest=False, channels={EventKind.INVITED: Channel.DIGEST})
    world.referral()
    resolve_notices()
    client.force_login(world.anna.user)
    client.post(reverse("notifications:read_all", args=["contoso"]))
    with at("08:00", day=TODAY + DAY):
        write_digests()
    assert "anna" not in digests()


def test_digest_that_was_switched_off_does_not_come(world: World) -> None:
    wish(world, world.frank, wants_digest=False)
    world.referral(recipient=world.fabrikam)
    with at("08:00"):
        write_digests()
    assert digests() == {}


def test_digest_with_nothing_left_to_tell_is_not_sent(world: World) -> None:
    referral = world.referral(recipient=world.fabrikam)
    with at("08:00"):
        write_digests()
    world.accepted(referral, by=world.frank)
    send_digests()
    assert not any("digest" in str(one.body) for one in mail.outbox)
    with as_owner():
        assert not Notification.objects.filter(kind=DIGEST, sent_at=None).exists()


def test_digest_is_no_notification_in_the_app(world: World, client: Client) -> None:
    world.referral(recipient=world.fabrikam)
    resolve_notices()
    with at("08:00"):
        write_digests()
    client.force_login(world.frank.user)
    page = client.get(reverse("notifications:list", args=["fabrikam"]))
    assert [one.sentence for one in page.context["items"]] == [
        "Contoso invites you to work together"
    ]
    assert page.context["unread_count"] == 1


def test_long_lists_end_with_a_link_to_all(world: World) -> None:
    one = world.referral(recipient=world.fabrikam)
    with as_owner():
        member = TeamMember.objects.get(deal_id=one.sender_deal_id)
    copies(Original(one, member), range(MOST + 1))
    with at("08:00"):
        write_digests()
        body = str(digest_to("frank@fabrikam.example").body)
    assert body.count("until ") == MOST
    assert "/o/fabrikam/deals/inbound/" in body


@pytest.mark.usefixtures("everybody")
def test_nothing_of_others_stands_in_a_digest(world: World) -> None:
    deal = world.deal(name="Shared name", notes="secretnotes", crm_id="secretcrm")
    world.referral(deal, recipient=world.fabrikam)
    world.deal(world.mallory, name="secretdeal", close_date=TODAY - DAY)
    with at("08:00"):
        write_digests()
        told = everything(digest_to("frank@fabrikam.example"))
    assert "Shared name" in told
    assert "secret" not in told


@pytest.mark.usefixtures("everybody")
def test_who_may_not_answer_is_not_told_what_waits(world: World) -> None:
    world.referral(world.deal(world.sam), sender=world.sam, recipient=world.contoso)
    with at("08:00"):
        write_digests()
    assert set(digests()) == {"anna", "piotr"}


def test_database_refuses_a_second_digest_of_a_day(world: World) -> None:
    given = {
        "organization": world.contoso.organization, "membership": world.anna, "kind": DIGEST,
        "digest_day": TODAY, "digest_since": TODAY, "name": "Anna", "email": "a@contoso.example",
    }  # fmt: skip
    with as_owner():
        Notification.objects.create(**given)
        with pytest.raises(IntegrityError, match="one_digest_a_day"), transaction.atomic():
            Notification.objects.create(**given | {"email": "b@contoso.example"})


def readers(world: World, how_many: int) -> None:
    """Colleagues at Fabrikam, all of whom can answer; and it is everybody's morning."""
    world.referral(recipient=world.fabrikam)
    company, role = world.fabrikam.organization, world.frank.role
    morning = timezone.localtime().replace(minute=0, second=0, microsecond=0).time()
    with as_owner():
        users = User.objects.bulk_create(
            UserFactory.build(email=f"reader{n}@fabrikam.example") for n in range(how_many)
        )
        Membership.objects.bulk_create(
            Membership(organization=company, user=user, role=role) for user in users
        )
        Preference.objects.bulk_create(
            Preference(organization_id=one.organization_id, membership=one, morning=morning)
            for one in Membership.objects.all()
        )


def digests_each() -> Counter[int]:
    """How many people of Fabrikam have how many digests."""
    with as_owner():
        told = Notification.objects.filter(kind=DIGEST, email__endswith="@fabrikam.example")
        return Counter(Counter(told.values_list("membership", flat=True)).values())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_write_each_digest_once(world: World) -> None:
    def sweep() -> None:
        while mornings.write_digests(batch=40):
            pass

    readers(world, 90)
    with Race(3) as race:
        race.run(*[sweep] * 3)
    write_all_digests()
    assert digests_each() == {1: 91}
