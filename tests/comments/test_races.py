"""Writing while either side closes: nothing is said after the end, and nobody waits for ever."""

from functools import partial
from uuid import UUID

import pytest

from comments.models import Comment
from comments.services import write_comment
from cosell.core.errors import Refused, Stale
from deals.lifecycle import advance
from deals.models import COMMENT_KINDS, CloseReason, Deal, DealEvent, EventKind
from deals.transitions import Name
from partners.models import Membership
from referrals.models import Referral
from tests.identity import as_owner
from tests.referrals.racing import Race, some_rounds
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def say(world: World, referral: Referral, by: Membership) -> Comment | DealEvent:
    is_sender = by.organization_id == referral.sender_id
    with world.as_member(by):
        pk = referral.sender_deal_id if is_sender else referral.recipient_deal_id
        deal = Deal.objects.get(pk=pk)
        return write_comment(deal, actor=by.actor, body="Wait!", to=referral)


def close(world: World, referral: Referral) -> Comment | DealEvent:
    with world.as_member(world.anna):
        deal = Deal.objects.get(pk=referral.sender_deal_id)
        return advance(deal, Name.LOSE, actor=world.anna.actor, reason=CloseReason.BUDGET)


def kinds(deal_id: UUID) -> list[str]:
    events = DealEvent.objects.filter(deal_id=deal_id).order_by("id")
    return list(events.values_list("kind", flat=True))


@some_rounds(12, full=25)
def test_nothing_is_said_after_the_end(world: World, rounds: int) -> None:
    said = 0
    with Race(3) as race:
        for _round in range(rounds):
            referral = world.referral()
            world.accepted(referral)
            closed, *comments = race.run(
                partial(close, world, referral),
                partial(say, world, referral, world.anna),
                partial(say, world, referral, world.sam),
            )
            assert not isinstance(closed, Refused)
            assert all(isinstance(one, Comment | Stale) for one in comments)
            with as_owner():
                written = Comment.objects.filter(referral=referral).count()
                ours, theirs = kinds(referral.sender_deal_id), kinds(referral.recipient_deal_id)
            said += written
            assert written == sum(isinstance(one, Comment) for one in comments)
            assert ours[-1] == EventKind.LOST
            assert theirs[-1] == EventKind.COUNTERPART_CLOSED
            for history in (ours, theirs):
                assert sum(kind in COMMENT_KINDS for kind in history) == written
    assert 0 < said < 2 * rounds, "the race was never close: this test proves nothing"
