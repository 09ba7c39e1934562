"""What a list page says besides its rows: how many deals, which countries and currencies, and what
the organisation calls the stages.

Counted up to a limit, since an exact count of a long list is slow; and all in one statement.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from deals.listing.criteria import (
    SEARCH_LIMIT,
    Filters,
    Group,
    Tab,
    deals_in_tab,
    directions_of,
    filtered_deals,
    groups_of,
    in_group,
)
from partners.models import Membership
from partners.queries import own_solutions

CAP = 999

Select = tuple[str, list[Any]]

_STEPS = """
WITH RECURSIVE steps AS (
    SELECT way, (
        SELECT min({column}) FROM deals_deal WHERE organization_id = %s AND direction = way
    ) AS code FROM unnest(%s::text[]) AS way
    UNION ALL
    SELECT way, (
        SELECT min({column}) FROM deals_deal
        WHERE organization_id = %s AND direction = way AND {column} > code
    ) FROM steps WHERE code IS NOT NULL
)
SELECT array_agg(DISTINCT code) FILTER (WHERE code IS NOT NULL) FROM steps
"""

_STAGE_NAMES = (
    "SELECT array_agg(ARRAY[stage, name]) FROM deals_stagename"
    " WHERE organization_id = %s AND is_shown"
)


@dataclass(frozen=True)
class ListCounts:
    """Tabs with all they hold, groups with what the filters let through; CAP + 1 means more."""

    tabs: dict[Tab, int]
    groups: dict[Group, int]
    waiting: int
    has_solution: bool
    matches: int
    countries: list[str]
    currencies: list[str]
    stage_names: dict[str, str]

    @property
    def is_search_rare(self) -> bool:
        """Whether the search's index finds everything, or only the first of very many."""
        return self.matches < SEARCH_LIMIT

    def of(self, group: Group | None) -> int:
        return self.groups[group] if group else min(sum(self.groups.values()), CAP + 1)


def list_counts(member: Membership, *, tab: Tab, filters: Filters) -> ListCounts:
    """Every number of a list page, and whether the organisation may create deals (1.6)."""
    columns = {
        **{one.value: _capped_count(deals_in_tab(member, one)) for one in Tab},
        **{group.value: _group_count(member, tab, group, filters) for group in groups_of(tab)},
        "waiting": _capped_count(in_group(deals_in_tab(member, Tab.INBOUND), Group.RECEIVED)),
        "solutions": _capped_count(own_solutions(member.organization_id)),
        "matches": ("SELECT count(*) FROM found", []),
        "countries": _values_in_use("customer_country", member, tab),
        "currencies": _values_in_use("currency", member, tab),
        "stage_names": (_STAGE_NAMES, [member.organization_id]),
    }
    found = _one_row(columns, q=filters.q)
    return ListCounts(
        tabs={one: found[one.value] for one in Tab},
        groups={group: found[group.value] for group in groups_of(tab)},
        waiting=found["waiting"],
        has_solution=bool(found["solutions"]),
        matches=found["matches"],
        countries=found["countries"] or [],
        currencies=found["currencies"] or [],
        stage_names=dict(found["stage_names"] or []),
    )


def waiting_deals(member: Membership) -> int:
    """Received deals that wait for an answer, wherever a page says so besides the lists."""
    waiting = in_group(deals_in_tab(member, Tab.INBOUND), Group.RECEIVED)
    return waiting.order_by()[: CAP + 1].count()


def shown(count: int) -> str:
    return f"{CAP}+" if count > CAP else str(count)


def _group_count(member: Membership, tab: Tab, group: Group, filters: Filters) -> Select:
    found = RawSQL("SELECT id FROM found", [])
    rare, rare_params = _capped_count(
        in_group(filtered_deals(member, tab, filters, found=found), group)
    )
    if not filters.q:
        return rare, rare_params
    common, common_params = _capped_count(
        in_group(filtered_deals(member, tab, filters, found=None), group)
    )
    # Only the branch taken is run.
    is_rare = "(SELECT count(*) FROM found) < %s"
    sql = f"SELECT CASE WHEN {is_rare} THEN ({rare}) ELSE ({common}) END"
    return sql, [SEARCH_LIMIT, *rare_params, *common_params]


def _capped_count(queryset: QuerySet[Any]) -> Select:
    sql, params = queryset.order_by().values("pk")[: CAP + 1].query.sql_with_params()
    return f"SELECT count(*) FROM ({sql}) AS capped", list(params)  # noqa: S608 (made by the ORM)


def _values_in_use(column: str, member: Membership, tab: Tab) -> Select:
    """The values of a column in the organisation's deals, each found by one step of an index
    that begins with organisation, direction and this column."""
    directions = [direction.value for direction in directions_of(tab)]
    sql = _STEPS.format(column=column)
    return sql, [member.organization_id, directions, member.organization_id]


def _one_row(columns: Mapping[str, Select], *, q: str) -> dict[str, Any]:
    """The selects may refer to `found`, the ids of the deals that contain `q`: searched once."""
    statement = (
        "WITH found AS MATERIALIZED (SELECT search_deals(%s, %s) AS id) SELECT "
        + ", ".join(f"({sql})" for sql, _params in columns.values())
    )
    params = [param for _sql, some in columns.values() for param in some]
    with connection.cursor() as cursor:
        cursor.execute(statement, [q, SEARCH_LIMIT, *params])
        row = cursor.fetchone()
    return dict(zip(columns, row, strict=True))
