"""No answer in time: expired, and the sender told (4.4)."""

from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command

from cosell.core.errors import Stale
from deals.lifecycle import advance
from deals.models import CloseReason, Deal, DealEvent, EventKind, Status
from deals.transitions import Name
from notifications.models import Notice
from notifications.tasks import deliver
from referrals.models import Referral
from referrals.services import expire_all_overdue, expire_overdue_referrals
from referrals.tasks import expire_overdue
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db


def status_of(referral: Referral) -> tuple[str, str]:
    """Of the card and of the recipient's deal."""
    with as_owner():
        card = Referral.objects.get(pk=referral.pk).recipient_status
        return card, Deal.objects.get(pk=referral.recipient_deal_id).status


def told_sender(referral: Referral) -> int:
    with as_owner():
        return Notice.objects.filter(
            event__deal_id=referral.sender_deal_id, event__kind=EventKind.COUNTERPART_EXPIRED
        ).count()


def test_task_expires_and_the_next_delivery_tells_the_sender(world: World) -> None:
    referral = world.overdue_referral()
    expire_overdue()
    assert status_of(referral) == (Status.EXPIRED, Status.EXPIRED)
    deliver()
    subjects = [one.subject for one in mail.outbox if "anna@contoso.example" in one.to[0]]
    assert "No answer from Microsoft: Data platform" in subjects


def test_command_says_how_many_and_finds_nothing_twice(world: World) -> None:
    world.overdue_referral()
    world.overdue_referral()
    world.referral()
    said = [StringIO(), StringIO()]
    for output in said:
        call_command("expire_referrals", stdout=output)
    assert [output.getvalue() for output in said] == ["2 expired\n", "0 expired\n"]


def test_running_twice_writes_one_event_a_side_and_one_notice(world: World) -> None:
    referral = world.overdue_referral()
    assert [expire_all_overdue(), expire_all_overdue()] == [1, 0]
    with as_owner():
        theirs = DealEvent.objects.filter(deal_id=referral.recipient_deal_id)
        ours = DealEvent.objects.filter(deal_id=referral.sender_deal_id)
        assert [one.kind for one in theirs] == [EventKind.RECEIVED, EventKind.EXPIRED]
        assert [one.kind for one in ours] == [
            EventKind.CREATED, EventKind.INVITED, EventKind.COUNTERPART_EXPIRED,
        ]  # fmt: skip
        last = ours.last()
        assert last
        assert last.data == {"referral": str(referral.pk), "counterpart": "Microsoft"}
        assert {one.actor_name for one in (theirs.last(), last) if one} == {""}
    assert told_sender(referral) == 1


def test_what_was_answered_in_time_stays_answered(world: World) -> None:
    accepted, declined, waiting = world.referral(), world.referral(), world.referral()
    world.accepted(accepted)
    with world.as_member(world.sam):
        deal = Deal.objects.get(pk=declined.recipient_deal_id)
        advance(deal, Name.DECLINE, actor=world.sam.actor, reason=CloseReason.BUDGET)
    assert expire_all_overdue() == 0
    assert [status_of(one)[0] for one in (accepted, declined, waiting)] == [
        Status.ACCEPTED, Status.DECLINED, Status.RECEIVED,
    ]  # fmt: skip


@pytest.mark.parametrize("name", [Name.ACCEPT, Name.DECLINE])
def test_answer_after_the_deadline_is_refused_though_no_sweep_ran(world: World, name: Name) -> None:
    referral = world.overdue_referral()
    reason = CloseReason.BUDGET if name == Name.DECLINE else ""
    with world.as_member(world.sam):
        deal = Deal.objects.get(pk=referral.recipient_deal_id)
        with pytest.raises(Stale) as refused:
            advance(deal, name, actor=world.sam.actor, reason=reason)
    assert refused.value.code == "deadline"
    assert status_of(referral) == (Status.RECEIVED, Status.RECEIVED)


def test_overdue_ones_go_batch_by_batch_the_longest_waiting_first(world: World) -> None:
    referrals = [world.overdue_referral() for _number in range(3)]
    with as_owner():
        assert expire_overdue_referrals(batch=2) == 2
    assert [status_of(one)[0] for one in referrals] == [
        Status.EXPIRED, Status.EXPIRED, Status.RECEIVED,
    ]  # fmt: skip
    assert expire_all_overdue() == 1


def test_time_that_is_over_stops_the_sweep(world: World) -> None:
    referral = world.overdue_referral()
    assert expire_all_overdue(seconds=0) == 0
    assert status_of(referral)[0] == Status.RECEIVED


def test_expired_deal_is_closed_and_a_later_version(world: World) -> None:
    """Somebody who has the page open is told, and the database accepts the row as final."""
    referral = world.overdue_referral()
    with as_owner():
        before = Deal.objects.get(pk=referral.recipient_deal_id)
    expire_all_overdue()
    with as_owner():
        after = Deal.objects.get(pk=referral.recipient_deal_id)
    assert after.closed_at
    assert after.closed_at == after.updated_at
    assert after.version == before.version + 1
    assert (after.stage, after.close_reason, after.answered_at) == ("", "", None)
