"""Reading the figures. Each read starts from a member: who sees only some locations is told the
numbers of those, and who sees only the deals of their teams is told none (1.3)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet

from deals.models import ExchangeRate
from deals.queries import visible_deals
from insights.facts import FACTS, facts_params
from insights.figures import BEFORE, CURRENT, Fact, Figures, Rates
from insights.models import Measure, Uncounted
from insights.periods import Period, Span, spans
from partners.models import Location, Membership

# Shown by month; of everything else only the sum of a period is needed.
_BY_MONTH = [Measure.STAGE.value, Measure.CLOSED.value]

_FIGURES = f"""
WITH {FACTS}, whole AS (
    SELECT * FROM unnest(%(whole_labels)s::text[], %(whole_months)s::date[]) AS whole (label, month)
), counted AS (
    SELECT label, month, measure, location_id, direction, type, status, key, currency, deals, amount
    FROM facts
    UNION ALL
    SELECT whole.label, whole.month, measure, location_id, direction, type, status, key, currency,
        deals, amount
    FROM whole JOIN insights_monthlycount AS counted
    ON counted.organization_id = %(organization)s AND counted.month = whole.month
)
SELECT label, CASE WHEN measure = ANY(%(by_month)s) AND label = '{CURRENT}' THEN month END AS month,
    measure, direction, status, key,
    CASE WHEN rate.currency IS NULL THEN counted.currency ELSE '' END AS unrated,
    sum(deals)::bigint, sum(amount * coalesce(rate.factor, 1))
FROM counted LEFT JOIN unnest(%(currencies)s::text[], %(factors)s::numeric[])
    AS rate (currency, factor) ON rate.currency = counted.currency
WHERE (%(direction)s = '' OR direction = %(direction)s) AND (%(type)s = '' OR type = %(type)s)
AND (%(locations)s::uuid[] IS NULL OR location_id = ANY(%(locations)s::uuid[]))
GROUP BY 1, 2, 3, 4, 5, 6, 7
ORDER BY 1, 2, 3, 4, 5, 6, 7
"""  # noqa: S608 (made of constants)

_SOLUTION_NAMES = """
SELECT asked.code, used.name FROM unnest(%s::text[]) AS asked (code), LATERAL (
    SELECT name FROM deals_dealsolution
    WHERE organization_id = %s AND code = asked.code LIMIT 1
) AS used
"""


@dataclass(frozen=True)
class Asked:
    """What figures are asked for; an empty value does not filter."""

    period: Period
    currency: str
    direction: str = ""
    type: str = ""
    location: UUID | None = None


def visible_locations(member: Membership) -> QuerySet[Location]:
    """Those whose deals the member sees, retired ones too: their deals stay."""
    locations = Location.objects.filter(organization_id=member.organization_id)
    if member.is_location_scoped:
        locations = locations.filter(membershiplocation__membership=member)
    return locations.order_by("name", "id")


def figures_of(member: Membership, asked: Asked, *, locations: list[Location]) -> Figures:
    """Of the period and the one before; `locations` are those that the member sees."""
    waiting = Uncounted.objects.filter(organization_id=member.organization_id)
    behind = waiting.aggregate(since=Min("at"), first_counts=Count("id", filter=Q(deal=None)))
    rates = newest_rates()
    return Figures(
        facts=_facts(member, asked, locations, rates.factors(asked.currency)),
        rates=rates,
        currency=asked.currency,
        as_of=behind["since"],
        is_first_count=bool(behind["first_counts"]),
    )


def has_deals(member: Membership) -> bool:
    """In the order of an index: one step along it, where any deal would do elsewhere."""
    return bool(visible_deals(member).order_by("direction", "list_rank").values_list("pk")[:1])


def newest_rates() -> Rates:
    newest = ExchangeRate.objects.order_by("-date").values("date")[:1]
    found = ExchangeRate.objects.filter(date=newest).values_list("date", "currency", "rate")
    rows = list(found.order_by("currency"))
    return Rates(rows[0][0] if rows else None, {code: rate for _day, code, rate in rows})


def solution_names(member: Membership, codes: list[str]) -> dict[str, str]:
    """What solutions are called on a deal of the company's; one step of an index each."""
    with connection.cursor() as cursor:
        cursor.execute(_SOLUTION_NAMES, [codes, member.organization_id])
        return dict(cursor.fetchall())


def _facts(
    member: Membership, asked: Asked, locations: list[Location], factors: dict[str, Decimal]
) -> list[Fact]:
    labelled = [
        (label, span)
        for label, period in ((CURRENT, asked.period), (BEFORE, asked.period.before))
        for span in spans(period)
    ]
    params = {
        **facts_params(member.organization_id, [one for one in labelled if not one[1].is_whole]),
        **_whole(labelled),
        "by_month": _BY_MONTH,
        "currencies": list(factors),
        "factors": list(factors.values()),
        "direction": asked.direction,
        "type": asked.type,
        "locations": _seen(member, asked, locations),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, params)
        return [Fact(*row) for row in cursor.fetchall()]


def _whole(labelled: list[tuple[str, Span]]) -> dict[str, list[Any]]:
    months: list[tuple[str, date]] = [(label, one.month) for label, one in labelled if one.is_whole]
    return {
        "whole_labels": [label for label, _month in months],
        "whole_months": [month for _label, month in months],
    }


def _seen(member: Membership, asked: Asked, locations: list[Location]) -> list[UUID] | None:
    """None for all of the company's."""
    if asked.location:
        return [one.pk for one in locations if one.pk == asked.location]
    return [one.pk for one in locations] if member.is_location_scoped else None
