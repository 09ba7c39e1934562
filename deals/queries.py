"""Reads about deals. Each starts from a member, who knows role, locations and teams (net 2)."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from deals.models import (
    COMMENT_KINDS,
    Customer,
    CustomerContact,
    Deal,
    DealEvent,
    DealSolution,
    EventKind,
    TeamMember,
)
from deals.models.status import OPEN_STATUSES
from partners.models import Location, Membership, MembershipLocation, Solution

MILESTONES = (
    EventKind.STAGE_MARKED,
    EventKind.WON,
    EventKind.LOST,
    EventKind.ERROR,
    EventKind.DECLINED,
    EventKind.EXPIRED,
    EventKind.WITHDRAWN,
    EventKind.INVITED,
)


def visible_deals(member: Membership) -> QuerySet[Deal]:
    """The deals of the member's organisation that their role lets them see (1.3)."""
    deals = Deal.objects.filter(organization_id=member.organization_id)
    if member.is_location_scoped:
        scope = MembershipLocation.objects.filter(membership_id=member.pk).values("location_id")
        deals = deals.filter(location_id__in=scope)
    if member.sees_only_own_deals:
        deals = deals.filter(on_team(member))
    return deals


def open_deals_at(location: Location) -> int:
    """How many deals that are open belong to a location; the caller may see them all."""
    company = Deal.objects.filter(organization_id=location.organization_id)
    return company.filter(location=location, closed_at=None).count()


def open_deals_with(solution: Solution) -> int:
    """How many deals of its owner that are open carry a solution."""
    company = DealSolution.objects.filter(organization_id=solution.organization_id)
    return company.filter(solution=solution, deal__closed_at=None).count()


def on_team(member: Membership) -> Exists:
    return Exists(
        TeamMember.objects.filter(
            organization_id=member.organization_id, membership_id=member.pk, deal=OuterRef("pk")
        )
    )


def open_deals_for_same_customer(
    member: Membership, *, name: str, country: str, duns: str
) -> QuerySet[Deal]:
    """Deals of ours that a new one may repeat: same D-U-N-S, or near-equal name (3.2).

    Company-wide on purpose for those who see the company; somebody who sees only their own deals is
    warned of those.
    """
    similar = RawSQL("SELECT similar_customers(%s, %s)", [name, country])
    customers = Customer.objects.filter(organization_id=member.organization_id)
    same = Q(pk__in=similar) | Q(duns=duns) if duns else Q(pk__in=similar)
    return visible_deals(member).filter(
        status__in=OPEN_STATUSES, customer_id__in=customers.filter(same).values("pk")
    )


def events_since(deal: Deal, *, version: int) -> list[DealEvent]:
    """What happened to a deal after the version that somebody started to edit."""
    return list(DealEvent.objects.filter(deal=deal, data__version__gt=version).order_by("id"))


def newest_events(
    deal: Deal, *, limit: int | None, comments: bool | None = None
) -> list[DealEvent]:
    """A deal's history from its newest event back; without a limit all of it.

    `comments`: True for nothing else, False for everything else.
    """
    events = DealEvent.objects.filter(organization_id=deal.organization_id, deal_id=deal.pk)
    if comments is not None:
        told = Q(kind__in=COMMENT_KINDS)
        events = events.filter(told if comments else ~told)
    return list(events.order_by("-id")[:limit])


def milestones(deal: Deal) -> list[DealEvent]:
    """The events that a deal page tells apart from the history: moves, and invitations sent."""
    events = DealEvent.objects.filter(organization_id=deal.organization_id, deal_id=deal.pk)
    return list(events.filter(kind__in=MILESTONES).order_by("id"))


def solutions_of(deal: Deal) -> QuerySet[DealSolution]:
    """With the solution's `status` of today, None once its owner hides it.

    A join would drop the rows of solutions that row-level security hides from us.
    """
    today = Solution.objects.filter(pk=OuterRef("solution_id")).values("status")
    return deal.solutions.annotate(status=Subquery(today))


def contact_of(deal: Deal) -> CustomerContact | None:
    return CustomerContact.objects.filter(deal=deal).select_related("consent_by").first()


def recent_contacts(member: Membership, *, limit: int = 12) -> list[TeamMember]:
    """People of earlier deals, the newest entry of each e-mail address (3.5)."""
    recent = TeamMember.objects.filter(organization_id=member.organization_id)
    newest: dict[str, TeamMember] = {}
    for contact in recent.order_by("-created_at")[: limit * 20]:
        newest.setdefault(contact.email.lower(), contact)
    return list(newest.values())[:limit]
