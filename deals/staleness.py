"""Deals that nobody seems to look after (8.3): open, and the close date has passed or nothing was
changed for 30 days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils import timezone

from deals.models import Deal, Status

UNCHANGED = timedelta(days=30)
# Offered where the close date has passed; whoever knows better chooses another day.
_ANOTHER = timedelta(days=30)


class Why(StrEnum):
    CLOSE_DATE = "close_date"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Staleness:
    """Why a deal is stale, and the close date that is offered for it."""

    deal: Deal
    why: Why
    proposed: date


def past_close_date(deals: QuerySet[Deal], *, today: date) -> QuerySet[Deal]:
    """Open beyond their close date, the longest first."""
    return deals.filter(status=Status.ACCEPTED, close_date__lt=today).order_by("close_date", "id")


def long_unchanged(deals: QuerySet[Deal], *, today: date, zone: tzinfo) -> QuerySet[Deal]:
    """Those besides that nobody changed for long, the longest first."""
    return deals.filter(
        status=Status.ACCEPTED, close_date__gte=today, updated_at__lt=_unchanged_since(today, zone)
    ).order_by("updated_at", "id")


def staleness_of(deal: Deal) -> Staleness | None:
    """As it is today where the reader is."""
    today = timezone.localdate()
    if deal.status != Status.ACCEPTED:
        return None
    if deal.close_date < today:
        return Staleness(deal, Why.CLOSE_DATE, today + _ANOTHER)
    if deal.updated_at < _unchanged_since(today, timezone.get_current_timezone()):
        return Staleness(deal, Why.UNCHANGED, deal.close_date)
    return None


def went_stale(deals: QuerySet[Deal], *, since: date, until: date, zone: tzinfo) -> QuerySet[Deal]:
    """Those that were not stale on the morning of the first day, and are on that of the last."""
    return deals.filter(
        Q(close_date__gte=since, close_date__lt=until)
        | Q(
            updated_at__gte=_unchanged_since(since, zone),
            updated_at__lt=_unchanged_since(until, zone),
        ),
        status=Status.ACCEPTED,
    ).order_by("close_date", "id")


def _unchanged_since(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone) - UNCHANGED
