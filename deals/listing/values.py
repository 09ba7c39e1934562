"""Which countries, currencies, solutions and campaigns the deals of a tab have, for its filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from deals.listing.criteria import Tab, deals_in_tab, directions_of
from deals.models import DealSolution
from partners.models import Membership

# As many as a person can choose from; what is not among them is found by searching.
MOST = 100

# Each value is one step of an index that begins with organisation, direction and this column.
_STEPS = """
WITH RECURSIVE steps AS (
    SELECT way, (
        SELECT min({column}) FROM deals_deal
        WHERE organization_id = %s AND direction = way AND {column} <> ''
    ) AS code FROM unnest(%s::text[]) AS way
    UNION ALL
    SELECT way, (
        SELECT min({column}) FROM deals_deal
        WHERE organization_id = %s AND direction = way AND {column} > code AND {column} <> ''
    ) FROM steps WHERE code IS NOT NULL
)
SELECT DISTINCT code FROM (
    SELECT code FROM steps WHERE code IS NOT NULL LIMIT %s
) AS found ORDER BY code
"""
_SOLUTION_STEPS = """
WITH RECURSIVE steps AS (
    (SELECT code, name FROM deals_dealsolution WHERE organization_id = %s ORDER BY code LIMIT 1)
    UNION ALL
    SELECT following.* FROM steps, LATERAL (
        SELECT code, name FROM deals_dealsolution
        WHERE organization_id = %s AND code > steps.code ORDER BY code LIMIT 1
    ) AS following
)
SELECT code, name FROM (SELECT code, name FROM steps LIMIT %s) AS found ORDER BY name, code
"""


@dataclass(frozen=True)
class ValuesInUse:
    """`solutions` are pairs of code and name."""

    countries: Sequence[str]
    currencies: Sequence[str]
    campaigns: Sequence[str]
    solutions: Sequence[tuple[str, str]]


def values_in_use(member: Membership, tab: Tab) -> ValuesInUse:
    """Who sees only some of the company's deals is told only what those hold (1.3)."""
    return ValuesInUse(
        countries=_values(member, tab, "customer_country"),
        currencies=_values(member, tab, "currency"),
        campaigns=_values(member, tab, "campaign_id"),
        solutions=_solutions(member, tab),
    )


def _sees_some(member: Membership) -> bool:
    return member.sees_only_own_deals or member.is_location_scoped


def _values(member: Membership, tab: Tab, column: str) -> list[str]:
    if _sees_some(member):
        values = deals_in_tab(member, tab).exclude(**{column: ""}).values_list(column, flat=True)
        return list(values.order_by(column).distinct()[:MOST])
    directions = [direction.value for direction in directions_of(tab)]
    params = [member.organization_id, directions, member.organization_id, MOST]
    return [code for (code,) in _fetched(_STEPS.format(column=column), params)]


def _solutions(member: Membership, tab: Tab) -> list[tuple[str, str]]:
    if not _sees_some(member):
        return _fetched(_SOLUTION_STEPS, [member.organization_id, member.organization_id, MOST])
    theirs: QuerySet[DealSolution] = DealSolution.objects.filter(
        organization_id=member.organization_id, deal__in=deals_in_tab(member, tab)
    )
    return list(theirs.order_by(F("name"), "code").values_list("code", "name").distinct()[:MOST])


def _fetched(sql: str, params: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
