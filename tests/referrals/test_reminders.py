"""Reminders before an invitation expires: to whom, when, and once each (7.2)."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from django.db import connection
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from deals.lifecycle import advance
from deals.models import CloseReason, Deal, DealEvent, EventKind
from deals.transitions import Name
from notifications.models import Notice, Notification
from notifications.services import resolve_notices, work_off
from referrals.models import Referral
from referrals.reminders import remind_of_all_unanswered
from referrals.services import withdraw_referral
from referrals.tasks import remind_of_unanswered
from tests.identity import as_owner
from tests.referrals.bulk import copies, original
from tests.referrals.racing import Race
from tests.world import World

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
ADMINS = {"sam@microsoft.example", "victor@microsoft.example"}


@contextmanager
def offers_unfixed() -> Iterator[None]:
    """Time has to pass, which the database does not let anybody write into an invitation."""
    trigger = "TRIGGER referral_offer_is_fixed"
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE referrals_referral DISABLE {trigger}")
        yield
        cursor.execute(f"ALTER TABLE referrals_referral ENABLE {trigger}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def set_left(referral: Referral, left: timedelta, *, given: timedelta = 14 * DAY) -> None:
    """As if it had been sent so long ago that this much is left of the time to answer."""
    end = timezone.now() + left
    with offers_unfixed():
        Referral.objects.filter(pk=referral.pk).update(respond_by=end, sent_at=end - given)
        Deal.objects.filter(pk=referral.recipient_deal_id).update(respond_by=end)


def reminders() -> list[int]:
    """How many days before the end, of every reminder so far."""
    with as_owner():
        found = DealEvent.objects.filter(kind=EventKind.EXPIRING).order_by("id")
        return [event.data["days"] for event in found]


@pytest.mark.parametrize(
    ("left", "days"),
    [
        (3 * DAY + timedelta(minutes=1), []),
        (3 * DAY - timedelta(minutes=1), [3]),
        (1 * DAY + timedelta(minutes=1), [3]),
        # Nothing ran for two days: the last reminder is enough.
        (1 * DAY - timedelta(minutes=1), [1]),
        (timedelta(minutes=1), [1]),
        (-timedelta(minutes=1), []),
    ],
)
def test_invitation_is_reminded_of_when_so_much_is_left(
    world: World, left: timedelta, days: list[int]
) -> None:
    set_left(world.referral(), left)
    remind_of_all_unanswered()
    assert reminders() == days


def test_each_reminder_is_sent_once_however_often_the_sweep_runs(world: World) -> None:
    referral = world.referral()
    for left in (3.5 * DAY, 2.9 * DAY, 2 * DAY, 0.9 * DAY, 0.1 * DAY):
        set_left(referral, left)
        for _sweep in range(3):
            remind_of_unanswered()
    assert reminders() == [3, 1]


def test_reminder_reaches_who_can_answer_and_nobody_of_the_sender(world: World) -> None:
    set_left(world.referral(world.deal(name="Retail analytics")), 2 * DAY)
    work_off(seconds=60)
    mail.outbox.clear()
    remind_of_all_unanswered()
    work_off(seconds=60)
    assert {one.to[0].rpartition("<")[2].rstrip(">") for one in mail.outbox} == ADMINS
    assert {one.subject for one in mail.outbox} == {
        "3 days left to answer Contoso: Retail analytics"
    }
    assert "nobody has answered yet" in str(mail.outbox[0].body)


def test_last_reminder_speaks_of_one_day_and_links_to_the_deal(world: World) -> None:
    referral = world.referral()
    set_left(referral, DAY / 2)
    work_off(seconds=60)
    mail.outbox.clear()
    remind_of_all_unanswered()
    work_off(seconds=60)
    message = mail.outbox[0]
    assert message.subject == "1 day left to answer Contoso: Data platform"
    assert f"/o/microsoft/deals/{referral.recipient_deal_id}/?notice=" in str(message.body)


def test_answered_and_withdrawn_invitations_are_left_alone(world: World) -> None:
    accepted, declined, withdrawn = world.referral(), world.referral(), world.referral()
    world.accepted(accepted)
    with world.as_member(world.sam):
        received = Deal.objects.get(pk=declined.recipient_deal_id)
        advance(received, Name.DECLINE, actor=world.sam.actor, reason=CloseReason.BUDGET)
    with world.as_member(world.anna):
        withdraw_referral(withdrawn, actor=world.anna.actor)
    with offers_unfixed():
        Referral.objects.update(sent_at=F("sent_at") - 12 * DAY, respond_by=timezone.now() + DAY)
    remind_of_all_unanswered()
    assert reminders() == []


@pytest.mark.parametrize(("given", "days"), [(DAY, []), (2 * DAY, [1]), (3 * DAY, [1])])
def test_short_invitation_is_not_reminded_of_when_it_arrives(
    world: World, given: timedelta, days: list[int]
) -> None:
    referral = world.referral()
    for left in (given - timedelta(seconds=1), given / 3):
        set_left(referral, left, given=given)
        remind_of_all_unanswered()
    assert reminders() == days


def test_reminder_and_its_notice_are_written_together(world: World) -> None:
    set_left(world.referral(), 2 * DAY)
    remind_of_all_unanswered()
    with as_owner():
        assert Notice.objects.filter(event__kind=EventKind.EXPIRING).count() == 1


def test_history_of_the_received_deal_tells_of_the_reminder(world: World, client: Client) -> None:
    referral = world.referral()
    set_left(referral, 2 * DAY)
    remind_of_all_unanswered()
    client.force_login(world.sam.user)
    page = client.get(reverse("deals:detail", args=["microsoft", referral.recipient_deal_id]))
    assert "Whoever can answer was reminded of the invitation: 3 days left" in page.content.decode()
    client.force_login(world.anna.user)
    page = client.get(reverse("deals:detail", args=["contoso", referral.sender_deal_id]))
    assert "reminded" not in page.content.decode()


def due_referrals(world: World, how_many: int) -> None:
    """Sent 12 days ago, two days left."""
    copies(original(world), range(1, how_many + 1), respond_by=timezone.now() + 2 * DAY)
    with offers_unfixed():
        Referral.objects.update(sent_at=timezone.now() - 12 * DAY)


def reminded_deals() -> Counter[int]:
    """How many deals have how many reminders, each with how many notices."""
    with as_owner():
        told = Notice.objects.filter(event__kind=EventKind.EXPIRING)
        assert told.count() == DealEvent.objects.filter(kind=EventKind.EXPIRING).count()
        return Counter(Counter(told.values_list("event__deal", flat=True)).values())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_remind_once(world: World) -> None:
    due_referrals(world, 1100)
    with Race(3) as race:
        race.run(*[partial(remind_of_all_unanswered, seconds=60)] * 3)
    assert reminded_deals() == {1: 1100}


def test_resolved_reminders_tell_each_reader_once(world: World) -> None:
    set_left(world.referral(), 2 * DAY)
    remind_of_all_unanswered()
    resolve_notices()
    with as_owner():
        Notice.objects.update(resolved_at=None)
    resolve_notices()
    with as_owner():
        told = Notification.objects.filter(kind=EventKind.EXPIRING)
        assert sorted(told.values_list("email", flat=True)) == sorted(ADMINS)
