"""Which deals are to be counted again, written in the transaction of the change."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.dispatch import receiver

from deals.events import Recorded
from deals.models import DealEvent, EventKind
from deals.signals import events_recorded

# What a figure is made of changes with these events, and with no other.
COUNTED = frozenset(
    {
        EventKind.CREATED, EventKind.RECEIVED, EventKind.ACCEPTED, EventKind.DECLINED,
        EventKind.EXPIRED, EventKind.WITHDRAWN, EventKind.STAGE_MARKED, EventKind.WON,
        EventKind.LOST, EventKind.ERROR, EventKind.EDITED, EventKind.SOLUTIONS_EDITED,
        EventKind.TYPE_UPGRADED,
    }
)  # fmt: skip


@receiver(events_recorded)
def note_uncounted(
    sender: Any, *, events: Sequence[DealEvent] | Sequence[Recorded], **kwargs: Any
) -> None:
    """One statement for one event or thousands; nobody waits for anybody: rows are only added."""
    changed = {(one.organization_id, one.deal_id) for one in events if one.kind in COUNTED}
    if not changed:
        return
    organizations, deals = zip(*changed, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO insights_uncounted (organization_id, deal_id, at)"
            " SELECT organization_id, deal_id, statement_timestamp()"
            " FROM unnest(%s::uuid[], %s::uuid[]) AS row (organization_id, deal_id)",
            [list(organizations), list(deals)],
        )
