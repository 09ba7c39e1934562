"""Reads about referrals. Each names the side it reads from: the policies alone would scan both."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from deals.models import Deal
from referrals.models import Referral


def sent_referrals(deal: Deal) -> QuerySet[Referral]:
    """The invitations that went out from a deal of ours, in the order sent."""
    return Referral.objects.filter(sender_id=deal.organization_id, sender_deal_id=deal.pk).order_by(
        "sent_at", "id"
    )


def received_referral(deal: Deal) -> Referral:
    """The invitation that brought us an inbound deal."""
    return Referral.objects.get(recipient_id=deal.organization_id, recipient_deal_id=deal.pk)


def referrals_of(deal: Deal) -> QuerySet[Referral]:
    """Those that join a deal of ours with another company's, whoever invited."""
    if not deal.is_inbound:
        return sent_referrals(deal)
    return Referral.objects.filter(recipient_id=deal.organization_id, recipient_deal_id=deal.pk)


def counterparts(organization_id: UUID, deals: Iterable[Deal]) -> dict[UUID, list[Referral]]:
    """Referrals by deal of ours, for one page of a list; one statement, two index ranges."""
    ids = [deal.pk for deal in deals]
    sent = Referral.objects.filter(sender_id=organization_id, sender_deal_id__in=ids)
    received = Referral.objects.filter(recipient_id=organization_id, recipient_deal_id__in=ids)
    found: dict[UUID, list[Referral]] = {}
    for referral in sent.union(received, all=True).order_by("sent_at"):
        ours = referral.sender_id == organization_id
        own_deal = referral.sender_deal_id if ours else referral.recipient_deal_id
        found.setdefault(own_deal, []).append(referral)
    return found
