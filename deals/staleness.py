"""Deals that nobody seems to look after (8.3): open, and the close date has passed or nothing was
changed for 30 days."""

from datetime import date, datetime, time, timedelta, tzinfo

from django.db.models import Q, QuerySet

from deals.models import Deal, Status

UNCHANGED = timedelta(days=30)


def went_stale(deals: QuerySet[Deal], *, since: date, until: date, zone: tzinfo) -> QuerySet[Deal]:
    """Those that were not stale on the morning of the first day, and are on that of the last."""
    unchanged_from, unchanged_to = (
        datetime.combine(day, time.min, tzinfo=zone) - UNCHANGED for day in (since, until)
    )
    return deals.filter(
        Q(close_date__gte=since, close_date__lt=until)
        | Q(updated_at__gte=unchanged_from, updated_at__lt=unchanged_to),
        status=Status.ACCEPTED,
    ).order_by("close_date", "id")
