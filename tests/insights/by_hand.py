"""The figures counted the slow way: deal by deal, in Python."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from deals.models import Deal, Status
from insights.figures import Figures
from insights.models import Measure
from insights.periods import Period

UNANSWERED = {Status.RECEIVED, Status.DECLINED, Status.EXPIRED, Status.WITHDRAWN}

# Period, measure, direction, status, key, and the currency that has no rate.
Key = tuple[str, str, str, str, str, str]
Counted = dict[Key, tuple[int, Decimal]]


def counted_by_hand(deals: list[Deal], period: Period) -> Counted:
    numbers: Counter[Key] = Counter()
    amounts: dict[Key, Decimal] = {}
    for label, days in (("current", period), ("before", period.before)):
        for deal in deals:
            for measure, status, key, value in _facts(deal, days):
                # Without exchange rates a euro is worth a euro, and nothing else has a value in it.
                currency = "" if value is None or deal.currency == "EUR" else deal.currency
                name = (label, measure, deal.direction, status, key, currency)
                numbers[name] += 1
                amounts[name] = amounts.get(name, Decimal(0)) + (value or 0)
    return {name: (number, amounts[name]) for name, number in numbers.items()}


def counted_by_us(figures: Figures) -> Counted:
    found: Counted = {}
    for fact in figures.facts:
        name = (
            fact.period, fact.measure, fact.direction, fact.status, fact.key, fact.unrated
        )  # fmt: skip
        deals, amount = found.get(name, (0, Decimal(0)))
        found[name] = (deals + fact.deals, amount + fact.value)
    return found


def _facts(deal: Deal, days: Period) -> Iterator[tuple[str, str, str, Decimal | None]]:
    if _is_in(deal.created_at, days):
        yield Measure.STAGE, deal.status, deal.stage, deal.value
        if deal.status not in UNANSWERED:
            yield Measure.COUNTRY, deal.status, deal.customer_country, deal.value
            yield Measure.CAMPAIGN, deal.status, deal.campaign_id, deal.value
            for solution in deal.solutions.all():
                yield Measure.SOLUTION, deal.status, solution.code, deal.value
    if deal.closed_at and _is_in(deal.closed_at, days):
        yield Measure.CLOSED, deal.status, deal.close_reason, deal.value
        if deal.status == Status.EXPIRED:
            yield Measure.ANSWER, Status.EXPIRED, "", None
    if deal.answered_at and _is_in(deal.answered_at, days):
        hours = int((deal.answered_at - deal.created_at).total_seconds() // 3600)
        answer = Status.DECLINED if deal.status == Status.DECLINED else Status.ACCEPTED
        yield Measure.ANSWER, answer, str(hours), None


def _is_in(moment: datetime, days: Period) -> bool:
    day: date = moment.astimezone(timezone.get_default_timezone()).date()
    return days.first <= day <= days.last
