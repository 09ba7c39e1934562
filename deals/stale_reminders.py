"""Asking the team once whether a deal that went stale is still open (8.3).

The event is the reminder, as before an invitation expires: a unique constraint lets one for each
staleness into a deal's history, and its notice is written in the same transaction. So sweeps may
overlap, run twice or be killed.
"""

import math
import time
from datetime import datetime, timedelta
from datetime import time as time_of_day
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from cosell.core.tenancy import WORKER_ROLE, database_identity
from deals.events import record_events_of_sweep
from deals.models import EventKind, Status
from deals.staleness import UNCHANGED, Why

# What went stale longer ago is in the list of stale deals, and nobody's news any more.
LATEST = timedelta(days=7)

# Two short ranges of an index for each company. `since` tells one staleness from the next: the
# close date that passed, or the moment of the last change.
_DUE = """
    SELECT company.id, stale.deal_id, stale.why, stale.since
    FROM partners_organization AS company CROSS JOIN LATERAL (
        SELECT id AS deal_id, %(past)s AS why, close_date::text AS since FROM deals_deal
        WHERE organization_id = company.id AND status = %(open)s
          AND close_date >= %(first)s AND close_date < %(today)s
        UNION ALL
        SELECT id, %(unchanged)s, to_jsonb(updated_at) #>> '{}' FROM deals_deal
        WHERE organization_id = company.id AND status = %(open)s
          AND updated_at >= %(changed_from)s AND updated_at < %(changed_before)s
    ) AS stale
    WHERE NOT EXISTS (
        SELECT FROM deals_dealevent AS event
        WHERE event.organization_id = company.id AND event.deal_id = stale.deal_id
          AND event.kind = %(kind)s AND event.data ->> 'since' = stale.since
    )
    LIMIT %(batch)s
"""


def remind_of_all_stale(*, seconds: float = math.inf) -> int:
    """Batch by batch until nobody is to be asked or the time is over; returns how many."""
    until, reminded = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        with database_identity(WORKER_ROLE):
            batch = remind_of_stale()
        if not batch:
            break
        reminded += batch
    return reminded


@transaction.atomic
def remind_of_stale(*, batch: int = 1000) -> int:
    """Runs as the worker."""
    due = _due(batch)
    rows = [
        (organization_id, deal_id, {"why": why, "since": since})
        for organization_id, deal_id, why, since in due
    ]
    if rows:
        record_events_of_sweep(EventKind.STALE, rows)
    return len(rows)


def _due(batch: int) -> list[tuple[UUID, UUID, str, str]]:
    today = timezone.localdate()
    midnight = datetime.combine(today, time_of_day.min, tzinfo=timezone.get_current_timezone())
    given: dict[str, Any] = {
        "past": Why.CLOSE_DATE,
        "unchanged": Why.UNCHANGED,
        "open": Status.ACCEPTED,
        "kind": EventKind.STALE,
        "first": today - LATEST,
        "today": today,
        "changed_from": midnight - UNCHANGED - LATEST,
        "changed_before": midnight - UNCHANGED,
        "batch": batch,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DUE, given)
        return list(cursor.fetchall())
