"""Invitations that came to nothing."""

from deals.lifecycle import advance
from deals.models import CloseReason, Deal
from deals.transitions import Name
from partners.models import Membership
from referrals.models import Referral
from referrals.services import expire_all_overdue, withdraw_referral
from tests.world import Company, World


def ended(world: World, deal: Deal, recipient: Company, end: str, *, by: Membership) -> Referral:
    """One of Contoso's that was declined, expired or withdrawn; `by` is who answers there."""
    if end == "expired":
        referral = world.overdue_referral(deal, recipient=recipient)
        expire_all_overdue()
        return referral
    referral = world.referral(deal, recipient=recipient)
    if end == "withdrawn":
        with world.as_member(world.anna):
            withdraw_referral(referral, actor=world.anna.actor)
        return referral
    decline(world, referral, by=by, notes="Not before spring.")
    return referral


def decline(world: World, referral: Referral, *, by: Membership, notes: str = "") -> None:
    with world.as_member(by):
        received = Deal.objects.get(pk=referral.recipient_deal_id)
        advance(received, Name.DECLINE, actor=by.actor, reason=CloseReason.BUDGET, notes=notes)
