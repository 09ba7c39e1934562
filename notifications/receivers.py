"""Notices, written in the transaction of the event and under its writer's identity."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.dispatch import receiver

from deals.events import Recorded
from deals.models import DealEvent, EventKind
from deals.signals import events_recorded
from notifications.catalogue import CATALOGUE


@receiver(events_recorded)
def write_notices(
    sender: Any, *, events: Sequence[DealEvent] | Sequence[Recorded], **kwargs: Any
) -> None:
    """One statement for one event or thousands."""
    told = [event for event in events if event.kind in CATALOGUE and not _is_told_already(event)]
    if not told:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notifications_notice (organization_id, event_id, created_at)"
            " SELECT organization_id, event_id, statement_timestamp()"
            " FROM unnest(%s::uuid[], %s::bigint[]) AS row (organization_id, event_id)",
            [[event.organization_id for event in told], [event.pk for event in told]],
        )


def _is_told_already(event: DealEvent | Recorded) -> bool:
    """Who invites reads in the mail about the invitation that the type is wider."""
    return (
        event.kind == EventKind.TYPE_UPGRADED
        and isinstance(event, DealEvent)
        and not event.deal.is_inbound
    )
