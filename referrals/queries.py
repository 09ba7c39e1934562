"""Reads about referrals. Each names the side it reads from: the policies alone would scan both."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

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


def counterparts(organization_id: UUID, deals: Iterable[Deal]) -> dict[UUID, list[Referral]]:
    """Referrals by deal of ours, for one page of a list; one statement, two index ranges."""
    ids = [deal.pk for deal in deals]
    referrals = Referral.objects.only(*_SHOWN_IN_LISTS)
    sent = referrals.filter(sender_id=organization_id, sender_deal_id__in=ids)
    received = referrals.filter(recipient_id=organization_id, recipient_deal_id__in=ids)
    found: dict[UUID, list[Referral]] = {}
    for referral in sent.union(received, all=True).order_by("sent_at"):
        ours = referral.sender_id == organization_id
        own_deal = referral.sender_deal_id if ours else referral.recipient_deal_id
        found.setdefault(own_deal, []).append(referral)
    return found


_SHOWN_IN_LISTS = (
    "sender_id", "sender_name", "sender_deal_id", "sender_status", "recipient_id",
    "recipient_name", "recipient_deal_id", "recipient_status", "sent_at",
)  # fmt: skip


def with_counterpart(
    organization_id: UUID, statuses: Collection[str], *, sent: bool, received: bool
) -> Q:
    """Deals of ours with another side in one of these statuses, as a list shows it (2.3)."""
    ours = Referral.objects.filter(sender_id=organization_id, recipient_status__in=statuses)
    theirs = Referral.objects.filter(recipient_id=organization_id, sender_status__in=statuses)
    condition = Q()
    if sent:
        condition |= Q(pk__in=ours.values("sender_deal_id"))
    if received:
        condition |= Q(pk__in=theirs.values("recipient_deal_id"))
    return condition
