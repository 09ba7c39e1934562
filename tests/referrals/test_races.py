"""People, companies and the clock at the same moment, on real PostgreSQL.

A deadlock, or any error that is not a refusal with a sentence, fails the test by itself.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from cosell.core.errors import Refused, Stale
from cosell.core.tenancy import APP_ROLE, database_identity
from deals.lifecycle import advance
from deals.models import CloseReason, Deal, DealEvent, EventKind, Status
from deals.services import EditConflict, edit_contact, edit_team
from deals.stages import DealType, StageCode
from deals.transitions import Name
from notifications.models import Notice, Notification
from notifications.services import resolve_notices
from partners.models import Membership
from referrals.models import Referral
from referrals.services import expire_all_overdue, withdraw_referral
from tests.identity import as_owner
from tests.referrals.bulk import (
    assert_all_expired_and_told_once,
    copied_referral,
    copied_referrals,
    copies,
    original,
    overdue_referrals,
)
from tests.referrals.racing import Race, some_rounds
from tests.world import CONTACT, World, person_of_member

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROUNDS = 200
TIME_ENOUGH = timedelta(days=1)
ENDS = {
    Status.ACCEPTED: (EventKind.ACCEPTED, EventKind.COUNTERPART_ACCEPTED),
    Status.DECLINED: (EventKind.DECLINED, EventKind.COUNTERPART_DECLINED),
    Status.EXPIRED: (EventKind.EXPIRED, EventKind.COUNTERPART_EXPIRED),
    Status.WITHDRAWN: (EventKind.WITHDRAWN, EventKind.COUNTERPART_WITHDRAWN),
}


def deadline(number: int) -> datetime:
    """By turns: time enough; over already; over at about the moment of the race."""
    edge = timedelta(milliseconds=random.uniform(5, 25))
    return timezone.now() + (TIME_ENOUGH, -edge, edge)[number % 3]


def advance_own(member: Membership, deal_id: UUID, name: Name, **given: Any) -> DealEvent:
    with database_identity(APP_ROLE, organization=member.organization_id):
        return advance(Deal.objects.get(pk=deal_id), name, actor=member.actor, **given)


def decline(world: World, referral: Referral) -> DealEvent:
    return advance_own(
        world.sam, referral.recipient_deal_id, Name.DECLINE, reason=CloseReason.BUDGET
    )


def withdraw(world: World, referral: Referral) -> str:
    with world.as_member(world.anna):
        withdraw_referral(Referral.objects.get(pk=referral.pk), actor=world.anna.actor)
    return "withdrawn"


def won(outcomes: Iterable[object]) -> int:
    """A sweep that found nothing returns 0."""
    return sum(bool(one) and not isinstance(one, Refused) for one in outcomes)


def shuffled(*contenders: Callable[[], object]) -> list[Callable[[], object]]:
    return random.sample(contenders, len(contenders))


def events(deal_id: UUID) -> QuerySet[DealEvent]:
    return DealEvent.objects.filter(deal_id=deal_id)


def assert_one_end_told_once(referral: Referral) -> Status:
    """Card, both histories and the notice agree; called as the owner. Returns how it ended."""
    ended = Status(Deal.objects.get(pk=referral.recipient_deal_id).status)
    theirs, ours = ENDS[ended]
    assert referral.recipient_status == ended
    ends = [kind for kind, _counterpart in ENDS.values()]
    found = events(referral.recipient_deal_id).filter(kind__in=ends)
    assert [event.kind for event in found] == [theirs]
    counterpart = events(referral.sender_deal_id).filter(kind__startswith="counterpart_")
    assert [event.kind for event in counterpart] == [ours]
    assert Notice.objects.filter(event__in=counterpart).count() == 1
    return ended


def test_accept_decline_and_expire_have_one_winner_and_one_mail(world: World) -> None:
    first = original(world)
    winners = Counter[int]()
    with Race(3) as race:
        for number in range(ROUNDS):
            copies(first, range(number, number + 1), respond_by=deadline(number))
            referral = copied_referral(number)
            outcomes = race.run(
                *shuffled(
                    partial(world.accepted, referral),
                    partial(decline, world, referral),
                    expire_all_overdue,
                )
            )
            # Should the clock have been early by a moment, its turn comes again.
            winners[won([*outcomes, expire_all_overdue()])] += 1
    while resolve_notices():
        pass
    with as_owner():
        ends = Counter(assert_one_end_told_once(one) for one in copied_referrals())
        mails = Counter(
            Notification.objects.filter(
                kind__startswith="counterpart_", email__startswith="colleague"
            ).values_list("email", flat=True)
        )
    assert sum(ends.values()) == ROUNDS
    assert set(ends) == {Status.ACCEPTED, Status.DECLINED, Status.EXPIRED}
    assert winners == {1: ROUNDS}
    assert set(mails.values()) == {1}
    assert len(mails) == ROUNDS


@some_rounds(30, full=60)
def test_answer_and_withdrawal_have_one_winner(world: World, rounds: int) -> None:
    first = original(world)
    copies(first, range(rounds), respond_by=timezone.now() + TIME_ENOUGH)
    with Race(2) as race:
        for number in range(rounds):
            referral = copied_referral(number)
            answer = partial(world.accepted if number % 2 else partial(decline, world), referral)
            outcomes = race.run(*shuffled(answer, partial(withdraw, world, referral)))
            assert won(outcomes) == 1
            assert sum(isinstance(one, Stale) for one in outcomes) == 1
    with as_owner():
        ends = Counter(assert_one_end_told_once(one) for one in copied_referrals())
    assert ends[Status.WITHDRAWN]
    assert sum(ends.values()) == rounds


@some_rounds(20, full=60)
def test_deal_is_won_once(world: World, rounds: int) -> None:
    copies(original(world), range(rounds))
    with Race(2) as race:
        for number in range(rounds):
            deal_id = copied_referral(number).sender_deal_id
            outcomes = race.run(
                partial(advance_own, world.anna, deal_id, Name.WIN),
                partial(advance_own, world.piotr, deal_id, Name.WIN),
            )
            assert won(outcomes) == 1
            refused = [one for one in outcomes if isinstance(one, Stale)]
            assert [one.code for one in refused] == ["moved_on"]
            with as_owner():
                assert events(deal_id).filter(kind=EventKind.WON).count() == 1


@some_rounds(30, full=60)
def test_closing_and_accepting_leave_what_both_sides_agree_on(world: World, rounds: int) -> None:
    copies(original(world), range(rounds), respond_by=timezone.now() + TIME_ENOUGH)
    ends = Counter[str]()
    with Race(2) as race:
        for number in range(rounds):
            referral = copied_referral(number)
            closing, accepting = race.run(
                partial(advance_own, world.anna, referral.sender_deal_id, Name.WIN),
                partial(world.accepted, referral),
            )
            assert not isinstance(closing, Refused)
            card = copied_referral(number)
            with as_owner():
                theirs = Deal.objects.get(pk=referral.recipient_deal_id).status
            assert (card.sender_status, card.recipient_status) == (Status.WON, theirs)
            assert theirs == (
                Status.WITHDRAWN if isinstance(accepting, Refused) else Status.ACCEPTED
            )
            ends[theirs] += 1
    assert sum(ends.values()) == rounds


@some_rounds(15, full=40)
def test_both_sides_close_at_once_and_see_each_other_closed(world: World, rounds: int) -> None:
    copies(original(world), range(rounds), respond_by=timezone.now() + TIME_ENOUGH)
    with Race(2) as race:
        for number in range(rounds):
            referral = copied_referral(number)
            world.accepted(referral)
            outcomes = race.run(
                partial(advance_own, world.anna, referral.sender_deal_id, Name.WIN),
                partial(advance_own, world.sam, referral.recipient_deal_id, Name.WIN),
            )
            assert won(outcomes) == 2
            card = copied_referral(number)
            assert (card.sender_status, card.recipient_status) == (Status.WON, Status.WON)


@some_rounds(15, full=40)
def test_editing_the_team_while_a_colleague_moves_the_deal_locks_nobody_out(
    world: World, rounds: int
) -> None:
    copies(original(world), range(rounds), respond_by=timezone.now() + TIME_ENOUGH)

    def edit(deal_id: UUID, version: int) -> Deal:
        with world.as_member(world.sam):
            team = [person_of_member(world.sam), person_of_member(world.rita)]
            deal = Deal.objects.get(pk=deal_id)
            return edit_team(deal, actor=world.sam.actor, version=version, team=team)

    with Race(2) as race:
        for number in range(rounds):
            deal = world.accepted(copied_referral(number))
            edited, moved = race.run(
                partial(edit, deal.pk, deal.version),
                partial(advance_own, world.victor, deal.pk, Name.MARK_STAGE, stage="proposed"),
            )
            assert isinstance(moved, DealEvent)
            assert isinstance(edited, Deal | EditConflict)


@some_rounds(15, full=40)
def test_inviting_the_vendor_with_a_new_contact_waits_for_nobody_who_waits(
    world: World, rounds: int
) -> None:
    def invite_vendor(deal: Deal) -> Referral:
        with world.as_member(world.anna):
            own = Deal.objects.get(pk=deal.pk)
            edit_contact(
                own, actor=world.anna.actor, version=own.version, contact=CONTACT, consent=True
            )
            # Both in one transaction, as the page does.
            return world.referral(own)

    with Race(2) as race:
        for _number in range(rounds):
            deal = world.deal(type=DealType.P2P, contact=None)
            world.referral(deal, recipient=world.fabrikam)
            move = partial(
                advance_own, world.piotr, deal.pk, Name.MARK_STAGE, stage=StageCode.QUALIFIED
            )
            assert won(race.run(*shuffled(partial(invite_vendor, deal), move))) >= 1


def test_sweeps_at_once_expire_and_tell_everybody_once(world: World) -> None:
    overdue_referrals(world, 1500)
    with Race(3) as race:
        expired = race.run(*[expire_all_overdue] * 3)
    assert sum(one for one in expired if isinstance(one, int)) == 1500
    assert_all_expired_and_told_once(1500)


@some_rounds(18, full=40)
def test_vendor_and_partners_answer_while_others_are_invited(world: World, rounds: int) -> None:
    """Everybody who writes to several parties of one engagement at once; nobody waits for ever."""
    ends = Counter[str]()
    with Race(4) as race:
        for number in range(rounds):
            deal = world.deal()
            vendor = world.referral(deal)
            partner = world.referral(deal, recipient=world.fabrikam)
            outcomes = race.run(
                *shuffled(
                    partial(world.accepted, vendor),
                    partial(world.accepted, partner, by=world.frank),
                    partial(world.referral, deal, recipient=world.outsider),
                    partial(advance_own, world.anna, deal.pk, Name.WIN)
                    if number % 3 == 0
                    else partial(withdraw, world, vendor),
                )
            )
            assert won(outcomes) >= 1
            with as_owner():
                sent = Referral.objects.filter(sender_deal=deal)
                shown = sent.get(is_to_vendor=True)
                state = (shown.recipient_status, shown.recipient_stage)
                watching = sent.filter(is_to_vendor=False, recipient_status=Status.ACCEPTED)
                for one in watching:
                    assert (one.vendor_status, one.vendor_stage) == state
            ends[state[0]] += 1
    assert sum(ends.values()) == rounds


@some_rounds(15, full=30)
def test_two_invitations_at_once_both_arrive_or_say_why(world: World, rounds: int) -> None:
    with Race(3) as race:
        for _number in range(rounds):
            deal = world.deal(type=DealType.PRIVATE)
            outcomes = race.run(
                *shuffled(
                    partial(world.referral, deal),
                    partial(world.referral, deal, recipient=world.fabrikam),
                    partial(world.referral, deal, recipient=world.outsider),
                )
            )
            refused = {one.code for one in outcomes if isinstance(one, Refused)}
            assert refused <= {"invited_meanwhile"}
            with as_owner():
                types = set(
                    Deal.objects.filter(engagement_id=deal.engagement_id).values_list("type")
                )
                invited = Referral.objects.filter(sender_deal=deal).count()
            assert len(types) == 1
            assert invited == won(outcomes)
