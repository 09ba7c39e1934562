"""Reads about registrations: a partner's by its deal, the vendor's by what waits for review."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from deals.models import (
    Deal,
    DealEvent,
    DealSolution,
    EventKind,
    Registration,
    RegistrationRules,
    RegistrationStatus,
    RegistrationStep,
)
from deals.models.registration import TO_REVIEW
from deals.queries import solutions_of
from partners.models import CoSellStatus, Membership, Organization

PAGE = 25
CAP = 999


class Queue(TextChoices):
    """How the vendor's registrations are told apart; the first one waits for its reviewers."""

    TO_REVIEW = "", _("To review")
    ACTION_REQUIRED = "action_required", _("Action required")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


class Whose(TextChoices):
    ANYBODYS = "", _("Everybody's")
    MINE = "mine", _("Mine")
    NOBODYS = "unassigned", _("Not assigned")


def registration_of(deal: Deal) -> Registration | None:
    found = Registration.objects.filter(organization_id=deal.organization_id, deal_id=deal.pk)
    return found.select_related("vendor").first()


def registrations_to(vendor_id: UUID) -> QuerySet[Registration]:
    return Registration.objects.filter(vendor_id=vendor_id).select_related("organization")


def steps_of(registration: Registration) -> QuerySet[RegistrationStep]:
    return (
        RegistrationStep.objects.filter(
            organization_id=registration.organization_id, registration=registration
        )
        .select_related("organization", "vendor")
        .order_by("id")
    )


def rules_of(vendor: Organization) -> RegistrationRules:
    """As long as the vendor wants nothing, an empty one."""
    found = RegistrationRules.objects.filter(organization=vendor).first()
    return found or RegistrationRules(organization=vendor, version=0)


def eligible_solutions(deal: Deal) -> list[dict[str, str]]:
    """Those of a deal that are marked as incentive eligible today; what its owner hides is not."""
    return as_eligible(solutions_of(deal))


def as_eligible(solutions: Sequence[DealSolution] | QuerySet[DealSolution]) -> list[dict[str, str]]:
    """Of rows that carry the `status` of today."""
    return [
        {"code": one.code, "name": one.name, "owner": one.owner_name}
        for one in solutions
        if one.status == CoSellStatus.INCENTIVE_ELIGIBLE  # type: ignore[attr-defined]  # annotated
    ]


def eligible_when_won(deal: Deal) -> list[dict[str, str]]:
    """As the event of winning has kept them (6.1)."""
    won = DealEvent.objects.filter(
        organization_id=deal.organization_id, deal=deal, kind=EventKind.WON
    ).first()
    return kept_by(won)


def kept_by(won: DealEvent | None) -> list[dict[str, str]]:
    return list(won.data.get("eligible", [])) if won else []


def queue_of(
    reviewer: Membership, queue: Queue, *, company: str = "", whose: Whose = Whose.ANYBODYS
) -> QuerySet[Registration]:
    found = registrations_to(reviewer.organization_id)
    if queue == Queue.TO_REVIEW:
        found = found.filter(status__in=TO_REVIEW)
    else:
        found = found.filter(status=RegistrationStatus(queue.value))
    if company:
        found = found.filter(organization__slug=company)
    if whose == Whose.MINE:
        found = found.filter(reviewer=reviewer)
    return found.filter(reviewer=None) if whose == Whose.NOBODYS else found


def oldest_first(
    found: QuerySet[Registration], *, after: tuple[datetime, UUID] | None
) -> list[Registration]:
    """One page and one more."""
    if after:
        at, pk = after
        same_moment = Q(status_since=at, id__gt=pk)
        # The first condition is where the index begins; it knows nothing of the second.
        found = found.filter(status_since__gte=at).filter(Q(status_since__gt=at) | same_moment)
    return list(found.order_by("status_since", "id")[: PAGE + 1])


def count_of(found: QuerySet[Registration]) -> int:
    return found.order_by()[: CAP + 1].count()


def companies_of(vendor_id: UUID) -> list[Organization]:
    """Who ever registered a deal."""
    known = Registration.objects.filter(vendor_id=vendor_id).values("organization")
    return list(Organization.objects.filter(pk__in=known).order_by("name"))
