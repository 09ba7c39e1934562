"""What a list page says besides its rows: how many deals, how its reader keeps it, and what the
organisation calls the stages.

Counted up to a limit, since an exact count of a long list is slow; and all in one statement.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from deals.listing.columns import Column, own_preference, read_columns
from deals.listing.criteria import (
    SEARCH_LIMIT,
    Filters,
    Group,
    Tab,
    deals_in_tab,
    filtered_deals,
    groups_of,
    in_group,
    matching_ids,
)
from deals.models import Deal, DealSolution, SavedView
from deals.saved_views import visible_views
from partners.models import Membership
from partners.queries import own_solutions

CAP = 999
_OF_VIEWS = ("id", "tab", "name", "query", "is_shared", "membership_id")

Select = tuple[str, list[Any]]

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
    columns: Sequence[Column]
    solution: str
    views: Sequence[SavedView]
    default_view: str
    stage_names: dict[str, str]
    also: Mapping[str, Any]

    @property
    def is_search_rare(self) -> bool:
        """Whether the search's index finds everything, or only the first of very many."""
        return self.matches < SEARCH_LIMIT

    def of(self, group: Group | None) -> int:
        return self.groups[group] if group else min(sum(self.groups.values()), CAP + 1)


def list_counts(
    member: Membership,
    *,
    tab: Tab,
    filters: Filters,
    also: Mapping[str, Callable[[QuerySet[Deal]], Select]] | None = None,
) -> ListCounts:
    """Every number of a list page, and whether the organisation may create deals (1.6).

    `also` asks more in the same statement, each about the deals that the filters let through.
    """

    def by_search(select: Callable[[QuerySet[Deal]], Select]) -> Select:
        return _by_search(member, tab, filters, select)

    columns = {
        **{one.value: _capped_count(deals_in_tab(member, one)) for one in Tab},
        **{group.value: by_search(partial(_group_count, group)) for group in groups_of(tab)},
        "waiting": _capped_count(in_group(deals_in_tab(member, Tab.INBOUND), Group.RECEIVED)),
        "solutions": _capped_count(own_solutions(member.organization_id)),
        "matches": ("SELECT count(*) FROM found", []),
        "columns": _column_of(own_preference(member), "columns"),
        "default_views": _column_of(own_preference(member), "default_views"),
        "views": _as_json(visible_views(member).filter(tab=tab)),
        "solution": _column_of(_named_solution(member, filters.solution), "name"),
        "stage_names": (_STAGE_NAMES, [member.organization_id]),
        **{name: by_search(select) for name, select in (also or {}).items()},
    }
    found = _one_row(columns, q=filters.q)
    return ListCounts(
        tabs={one: found[one.value] for one in Tab},
        groups={group: found[group.value] for group in groups_of(tab)},
        waiting=found["waiting"],
        has_solution=bool(found["solutions"]),
        matches=found["matches"],
        columns=read_columns(found["columns"]),
        solution=found["solution"] or "",
        views=_read_views(found["views"]),
        default_view=json.loads(found["default_views"] or "{}").get(tab, ""),
        stage_names=dict(found["stage_names"] or []),
        also={name: found[name] for name in also or ()},
    )


def waiting_deals(member: Membership) -> int:
    """Received deals that wait for an answer, wherever a page says so besides the lists."""
    waiting = in_group(deals_in_tab(member, Tab.INBOUND), Group.RECEIVED)
    return waiting.order_by()[: CAP + 1].count()


def is_search_rare(q: str) -> bool:
    """Whether the search's index finds everything; a list page learns it from its counts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_deals(%s, %s)", [q, SEARCH_LIMIT])
        (matches,) = cursor.fetchone()
    return bool(matches < SEARCH_LIMIT)


def count_of(member: Membership, *, tab: Tab, group: Group | None, filters: Filters) -> int:
    """How many deals one list has, capped; for lists that are not the one being looked at."""
    deals = listed_deals(member, tab=tab, group=group, filters=filters)
    return deals.order_by()[: CAP + 1].count()


def listed_deals(
    member: Membership, *, tab: Tab, group: Group | None, filters: Filters
) -> QuerySet[Deal]:
    """Every deal of a list, in no order."""
    found = matching_ids(filters.q) if not filters.q or is_search_rare(filters.q) else None
    return in_group(filtered_deals(member, tab, filters, found=found), group)


def shown(count: int) -> str:
    return f"{CAP}+" if count > CAP else str(count)


def _by_search(
    member: Membership, tab: Tab, filters: Filters, select: Callable[[QuerySet[Deal]], Select]
) -> Select:
    """Asks about what the search's index found, or walks along the list if that is not all."""
    found = RawSQL("SELECT id FROM found", [])
    rare, rare_params = select(filtered_deals(member, tab, filters, found=found))
    if not filters.q:
        return rare, rare_params
    common, common_params = select(filtered_deals(member, tab, filters, found=None))
    # Only the branch taken is run.
    is_rare = "(SELECT count(*) FROM found) < %s"
    sql = f"SELECT CASE WHEN {is_rare} THEN ({rare}) ELSE ({common}) END"
    return sql, [SEARCH_LIMIT, *rare_params, *common_params]


def _group_count(group: Group, deals: QuerySet[Deal]) -> Select:
    return _capped_count(in_group(deals, group))


def _capped_count(queryset: QuerySet[Any]) -> Select:
    sql, params = queryset.order_by().values("pk")[: CAP + 1].query.sql_with_params()
    return f"SELECT count(*) FROM ({sql}) AS capped", list(params)  # noqa: S608 (made by the ORM)


def _as_json(rows: QuerySet[Any]) -> Select:
    sql, params = rows.values(*_OF_VIEWS).query.sql_with_params()
    return f"SELECT jsonb_agg(one) FROM ({sql}) AS one", list(params)  # noqa: S608 (made by the ORM)


def _read_views(stored: str | None) -> list[SavedView]:
    return [SavedView(**{**one, "id": UUID(one["id"])}) for one in json.loads(stored or "[]")]


def _named_solution(member: Membership, code: str) -> QuerySet[DealSolution]:
    solutions = DealSolution.objects.filter(organization_id=member.organization_id, code=code)
    return solutions.order_by()[:1]


def _column_of(rows: QuerySet[Any], name: str) -> Select:
    sql, params = rows.values(name).query.sql_with_params()
    return sql, list(params)


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
