"""The company's history: one row for each change of who may enter, and as what (1.2, 1.3)."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from partners.actors import Actor
from partners.models import Change, CompanyEvent
from partners.permissions import Role

PAGE = 50


def record(
    organization_id: UUID,
    kind: Change,
    *,
    actor: Actor,
    subject: str = "",
    by_company: str = "",
    **data: Any,
) -> CompanyEvent:
    """In the transaction of the change, acting for the company whose history it is."""
    return CompanyEvent.objects.create(
        organization_id=organization_id,
        kind=kind,
        by_id=actor.user_id,
        by_name=actor.name,
        by_company=by_company,
        subject=subject,
        data=data,
    )


def history_of(organization_id: UUID, *, before: int | None = None) -> QuerySet[CompanyEvent]:
    """The newest first; one more than a page shows."""
    events = CompanyEvent.objects.filter(organization_id=organization_id).order_by("-id")
    if before:
        events = events.filter(id__lt=before)
    return events[: PAGE + 1]


def in_words(standing: dict[str, Any] | None) -> str:
    """A role and its locations, as they were called at the time."""
    if not standing:
        return ""
    role = str(Role(standing["role"]).label)
    places = ", ".join(standing.get("locations", ()))
    return f"{role}: {places}" if places else role
