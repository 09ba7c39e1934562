"""Counting whole months anew after their deals changed; runs as the worker.

A month is counted from its deals, never added to: counting it twice, late, or in any order gives
the same numbers. Changes are crossed off in the transaction that counts them, so a worker may be
killed.
"""

import math
import time
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, Min

from cosell.core.tenancy import WORKER_ROLE, database_identity
from deals.models import Deal
from insights.facts import FACTS, facts_params
from insights.models import MonthlyCount, Uncounted
from insights.periods import Period, month_of, whole

BATCH = 2_000

_COUNT = f"""
WITH {FACTS}
INSERT INTO insights_monthlycount (
    organization_id, month, measure, location_id, direction, type, status, key, currency, deals,
    amount
)
SELECT %(organization)s, month, measure, location_id, direction, type, status, key, currency, deals,
    amount
FROM facts
"""  # noqa: S608 (made of constants)


def count_all_changes(*, seconds: float = math.inf) -> int:
    """Company by company until nothing is uncounted, or the time is over; returns how many."""
    until, counted = time.monotonic() + seconds, 0
    for organization_id in _behind():
        while time.monotonic() < until:
            changes = count_changes(organization_id)
            counted += changes
            if not changes:
                break
    return counted


def count_changes(organization_id: UUID, *, batch: int = BATCH) -> int:
    """Count the months of the deals that changed, those that changed first; returns how many
    changes that were: none also while another worker counts for this company."""
    with database_identity(WORKER_ROLE):
        if not _is_our_turn(organization_id):
            return 0
        waiting = Uncounted.objects.filter(organization_id=organization_id).order_by("id")
        changes = list(waiting.values_list("id", "deal_id")[:batch])
        deals = {deal_id for _id, deal_id in changes if deal_id}
        if any(deal_id is None for _id, deal_id in changes):
            _count_everything(organization_id)
        elif deals:
            _count(organization_id, sorted(_months_of(deals)))
        Uncounted.objects.filter(id__in=[one for one, _deal_id in changes]).delete()
    return len(changes)


@transaction.atomic
def count_anew(organization_id: UUID) -> None:
    """Forget every count of a company and count all its deals; waits for its turn."""
    with database_identity(WORKER_ROLE):
        _is_our_turn(organization_id, waits=True)
        # Later changes stay: they may be of transactions that are not over yet.
        seen = Uncounted.objects.filter(organization_id=organization_id)
        ids = list(seen.values_list("id", flat=True))
        _count_everything(organization_id)
        Uncounted.objects.filter(id__in=ids).delete()


def _behind() -> list[UUID]:
    with database_identity(WORKER_ROLE):
        changed = Uncounted.objects.order_by().values_list("organization_id", flat=True)
        return list(changed.distinct())


def _is_our_turn(organization_id: UUID, *, waits: bool = False) -> bool:
    """One worker counts for a company at a time, until the end of its transaction."""
    lock = "pg_advisory_xact_lock" if waits else "pg_try_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtextextended(%s, 0))", [f"insights {organization_id}"])
        (answer,) = cursor.fetchone()
    return waits or bool(answer)


def _months_of(deal_ids: set[UUID]) -> set[date]:
    """Every month that a figure counts these deals in; once set, those days never change."""
    days = Deal.objects.filter(pk__in=deal_ids).values_list(
        "created_at", "answered_at", "closed_at"
    )
    return {month_of(moment) for row in days for moment in row if moment}


def _count_everything(organization_id: UUID) -> None:
    MonthlyCount.objects.filter(organization_id=organization_id).delete()
    ends = Deal.objects.filter(organization_id=organization_id).aggregate(
        first=Min("created_at"), created=Max("created_at"), answered=Max("answered_at"),
        closed=Max("closed_at"),
    )  # fmt: skip
    if ends["first"]:
        last = max(moment for moment in ends.values() if moment)
        _count(organization_id, Period(month_of(ends["first"]), month_of(last)).months)


def _count(organization_id: UUID, months: Sequence[date]) -> None:
    MonthlyCount.objects.filter(organization_id=organization_id, month__in=months).delete()
    params = facts_params(organization_id, (("", whole(month)) for month in months))
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, params)
