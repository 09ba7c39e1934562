"""Reminding whoever can answer of an invitation before it expires (7.2), each time exactly once.

The event is the reminder: a unique constraint lets one of its kind into a deal's history, and its
notice is written in the same transaction. So sweeps may overlap, run twice or be killed.
"""

import math
import time
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Now

from cosell.core.tenancy import WORKER_ROLE, database_identity
from deals.events import record_events_of_sweep
from deals.models import DealEvent, EventKind, Status
from referrals.models import Referral

# Each from when to when, in days before the end: a sweep that comes late skips what it missed.
REMINDERS = ((1, 0), (3, 1))


def remind_of_all_unanswered(*, seconds: float = math.inf) -> int:
    """Batch by batch until nobody is to be reminded or the time is over; returns how many."""
    until, reminded = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        with database_identity(WORKER_ROLE):
            batch = sum(remind_of_unanswered(days, last=last) for days, last in REMINDERS)
        if not batch:
            break
        reminded += batch
    return reminded


def remind_of_unanswered(days: int, *, last: int, batch: int = 1000) -> int:
    """Write the reminder of one batch of invitations; returns how many were looked at.

    Runs as the worker. Those that somebody answers at this moment are skipped.
    """
    with transaction.atomic():
        due = _due(days, last=last).order_by("respond_by")
        claimed = list(
            due.select_for_update(skip_locked=True, of=("self",)).values_list(
                "recipient_id", "recipient_deal_id", "sender_name", named=True
            )[:batch]
        )
        record_events_of_sweep(
            EventKind.EXPIRING,
            [
                (one.recipient_id, one.recipient_deal_id, _data(days, one.sender_name))
                for one in claimed
            ],
        )
    return len(claimed)


def _data(days: int, sender_name: str) -> dict[str, Any]:
    return {"days": days, "counterpart": sender_name}


def _due(days: int, *, last: int) -> QuerySet[Referral]:
    """What ends within that many days and was not sent later than that."""
    reminded = DealEvent.objects.filter(
        organization_id=OuterRef("recipient_id"),
        deal=OuterRef("recipient_deal_id"),
        kind=EventKind.EXPIRING,
        data__days=days,
    )
    return Referral.objects.filter(
        ~Exists(reminded),
        recipient_status=Status.RECEIVED,
        respond_by__gt=Now() + timedelta(days=last),
        respond_by__lte=Now() + timedelta(days=days),
        sent_at__lt=F("respond_by") - timedelta(days=days),
    )
