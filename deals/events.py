"""Writing the record of what happened; the only code that creates DealEvent rows."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model

from deals.models import Deal, DealEvent, EventKind
from deals.signals import events_recorded
from partners.actors import Actor

Change = tuple[str, Any, Any]


def record_event(deal: Deal, kind: EventKind, *, actor: Actor, **data: Any) -> DealEvent:
    """Write one event; the deal's version goes with it: an editor learns what came after."""
    event = DealEvent.objects.create(
        organization_id=deal.organization_id,
        deal=deal,
        kind=kind,
        actor_id=actor.user_id,
        actor_name=actor.name,
        data={"version": deal.version, **data},
    )
    events_recorded.send(DealEvent, events=[event])
    return event


def record_events(events: Iterable[DealEvent]) -> list[DealEvent]:
    """Write many events at once, for sweeps."""
    written = DealEvent.objects.bulk_create(events)
    if written:
        events_recorded.send(DealEvent, events=written)
    return written


def changes_between(before: Model, after: dict[str, Any]) -> list[Change]:
    """[field, from, to] for what differs, in plain JSON."""
    return [
        (field, plain(getattr(before, field)), plain(new))
        for field, new in after.items()
        if getattr(before, field) != new
    ]


def plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool | Sequence):
        return value
    return str(value)
