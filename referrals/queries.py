"""Reads about referrals. Each names the side it reads from: the policies alone would scan both."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from deals.models import Deal, DealEvent, EventKind, Registration, Status
from deals.registration.eligibility import VendorSide
from partners.models import Organization
from referrals.models import Referral

# A party that said no, or nothing, may be asked again (5.6), and no longer watches the deal.
REPEATABLE = (Status.DECLINED, Status.EXPIRED, Status.WITHDRAWN)

JUST_NOW = timedelta(seconds=30)

_SHOWN_IN_LISTS = (
    "sender_id", "sender_name", "sender_deal_id", "sender_status", "recipient_id",
    "recipient_name", "recipient_deal_id", "recipient_status", "sent_at", "respond_by",
)  # fmt: skip


def sent_referrals(deal: Deal) -> QuerySet[Referral]:
    """The invitations that went out from a deal of ours, in the order sent."""
    return Referral.objects.filter(sender_id=deal.organization_id, sender_deal_id=deal.pk).order_by(
        "sent_at", "id"
    )


def received_referral(deal: Deal) -> Referral:
    """The invitation that brought us an inbound deal."""
    return Referral.objects.get(recipient_id=deal.organization_id, recipient_deal_id=deal.pk)


def vendors_referral(sender_id: UUID, deal_id: UUID) -> Referral:
    """The invitation of the vendor that still stands, answered or not; both sides may ask."""
    sent = Referral.objects.filter(sender_id=sender_id, sender_deal_id=deal_id, is_to_vendor=True)
    return sent.exclude(recipient_status__in=REPEATABLE).get()


def vendor_side_of(sent: Iterable[Referral], *, vendor: Organization) -> VendorSide:
    """Where the vendor stands, as the invitations of one deal tell, oldest first (6.1)."""
    asked = [one for one in sent if one.is_to_vendor]
    if not asked:
        return VendorSide(vendor)
    return VendorSide(vendor, asked[-1].current_status, asked[-1].respond_by)


def referrals_of(deal: Deal) -> QuerySet[Referral]:
    """Those that join a deal of ours with another company's, whoever invited."""
    if not deal.is_inbound:
        return sent_referrals(deal)
    return Referral.objects.filter(recipient_id=deal.organization_id, recipient_deal_id=deal.pk)


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


@dataclass(frozen=True)
class Place:
    """A location of a company that one can invite, as far as others may know it."""

    id: UUID
    name: str
    city: str
    country: str


def places_of(partners: Iterable[UUID]) -> dict[UUID, list[Place]]:
    """Where each of these partners can be invited to, its main location first (3.9)."""
    found: dict[UUID, list[Place]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organization_id, id, name, city, country FROM partner_locations(%s)",
            [list(partners)],
        )
        for organization_id, *columns in cursor:
            found.setdefault(organization_id, []).append(Place(*columns))
    return found


def answer_times(partners: Iterable[UUID]) -> dict[UUID, timedelta]:
    """How long each usually takes to answer; nothing for those with too few answers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organization_id, median FROM partner_answer_times(%s)", [list(partners)]
        )
        return dict(cursor)


def taking_part(deal: Deal) -> set[UUID]:
    """The companies whose invitation to this deal still stands, answered or not."""
    live = sent_referrals(deal).exclude(recipient_status__in=REPEATABLE)
    return set(live.values_list("recipient", flat=True))


def invited_before(deal: Deal, companies: Collection[UUID]) -> dict[UUID, list[Referral]]:
    """Earlier invitations of these companies to this deal, the first one first (5.6)."""
    found: dict[UUID, list[Referral]] = {}
    for referral in sent_referrals(deal).filter(recipient__in=companies):
        found.setdefault(referral.recipient_id, []).append(referral)
    return found


def invited_just_now(deal: Deal, *, by: UUID, companies: Collection[UUID]) -> bool:
    """Whether this person invited all of these a moment ago."""
    events = DealEvent.objects.filter(
        organization_id=deal.organization_id,
        deal=deal,
        kind=EventKind.INVITED,
        actor_id=by,
        at__gt=timezone.now() - JUST_NOW,
    )
    sent = [event.data["referral"] for event in events]
    invited = sent_referrals(deal).filter(pk__in=sent).values_list("recipient", flat=True)
    return bool(companies) and set(companies) <= set(invited)


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


def whose_inviter_registered(vendor_id: UUID, statuses: Collection[str]) -> Q:
    """The vendor's deals whose inviter sent it a registration that is in one of these statuses."""
    known = Registration.objects.filter(vendor_id=vendor_id, status__in=statuses)
    joined = _joined(vendor_id).filter(sender_deal_id__in=known.values("deal_id"))
    return Q(pk__in=joined.values("recipient_deal_id"))


def registration_of_inviter(vendor_id: UUID) -> Subquery:
    """The status of the registration that came to the vendor for the other side of its deal."""
    joined = _joined(vendor_id).filter(recipient_deal_id=OuterRef(OuterRef("pk")))
    known = Registration.objects.filter(
        vendor_id=vendor_id, deal_id__in=joined.values("sender_deal_id")
    )
    return Subquery(known.values("status"))


def _joined(vendor_id: UUID) -> QuerySet[Referral]:
    """An invitation that the vendor once refused has nothing to do with a later registration."""
    received = Referral.objects.filter(recipient_id=vendor_id)
    return received.exclude(recipient_status__in=REPEATABLE)
