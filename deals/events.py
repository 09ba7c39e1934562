"""Writing the record of what happened; the only code that creates DealEvent rows, besides
the demo, which writes a past of its own."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from deals.models import Deal, DealEvent, EventKind
from deals.signals import events_recorded
from partners.actors import SYSTEM, Actor

Change = tuple[str, Any, Any]


class Recorded(NamedTuple):
    """What receivers of `events_recorded` may read of an event."""

    pk: int
    organization_id: UUID
    deal_id: UUID
    kind: str


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


def record_events_of_sweep(
    kind: EventKind, rows: Sequence[tuple[UUID, UUID, dict[str, Any]]]
) -> None:
    """One event of this kind by the system for each (organisation, deal, data).

    What another sweep has written in the meantime, and may happen only once, is left out. Arrays
    instead of model instances: those take longer than the database does.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO deals_dealevent (organization_id, deal_id, kind, at, actor_name, data)"
            " SELECT row.organization_id, row.deal_id, %s, %s, %s, row.data"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::jsonb[])"
            " AS row (organization_id, deal_id, data)"
            " ON CONFLICT DO NOTHING"
            " RETURNING id, organization_id, deal_id, kind",
            [
                kind,
                timezone.now(),
                SYSTEM.name,
                [organization_id for organization_id, _deal_id, _data in rows],
                [deal_id for _organization_id, deal_id, _data in rows],
                [json.dumps(data) for _organization_id, _deal_id, data in rows],
            ],
        )
        events = [Recorded(*columns) for columns in cursor]
    if events:
        events_recorded.send(DealEvent, events=events)


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
