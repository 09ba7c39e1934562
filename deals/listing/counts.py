"""How many deals: counted up to a limit, since an exact count of a long list is slow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from deals.listing.criteria import (
    SEARCH_LIMIT,
    Filters,
    Group,
    Tab,
    deals_in_tab,
    filtered_deals,
    groups_of,
    in_group,
)
from partners.models import Membership
from partners.queries import own_solutions

CAP = 999


@dataclass(frozen=True)
class ListCounts:
    """Tabs with all they hold, groups with what the filters let through; CAP + 1 means more."""

    tabs: dict[Tab, int]
    groups: dict[Group, int]
    waiting: int
    has_solution: bool
    matches: int

    @property
    def is_search_cut(self) -> bool:
        return self.matches >= SEARCH_LIMIT

    def of(self, group: Group | None) -> int:
        return self.groups[group] if group else min(sum(self.groups.values()), CAP + 1)


def list_counts(member: Membership, *, tab: Tab, filters: Filters) -> ListCounts:
    """Every number of a list page, and whether the organisation may create deals (1.6): one
    statement."""
    selected = filtered_deals(member, tab, filters, found=RawSQL("SELECT id FROM found", []))
    counts = _capped_counts(
        {
            **{one.value: deals_in_tab(member, one) for one in Tab},
            **{group.value: in_group(selected, group) for group in groups_of(tab)},
            "waiting": in_group(deals_in_tab(member, Tab.INBOUND), Group.RECEIVED),
            "solutions": own_solutions(member.organization_id),
        },
        q=filters.q,
    )
    return ListCounts(
        tabs={one: counts[one.value] for one in Tab},
        groups={group: counts[group.value] for group in groups_of(tab)},
        waiting=counts["waiting"],
        has_solution=bool(counts["solutions"]),
        matches=counts["matches"],
    )


def shown(count: int) -> str:
    return f"{CAP}+" if count > CAP else str(count)


def _capped_counts(querysets: Mapping[str, QuerySet[Any]], *, q: str) -> dict[str, int]:
    """Those may refer to `found`, the ids of the deals that contain `q`: searched once."""
    selects, params = [], []
    for queryset in querysets.values():
        try:
            sql, some = queryset.order_by().values("pk")[: CAP + 1].query.sql_with_params()
        except EmptyResultSet:
            selects.append("0")
            continue
        selects.append(f"(SELECT count(*) FROM ({sql}) AS capped)")  # noqa: S608 (made by the ORM)
        params += some
    statement = (
        "WITH found AS MATERIALIZED (SELECT search_deals(%s, %s) AS id)"
        f" SELECT {', '.join(selects)}, (SELECT count(*) FROM found)"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [q, SEARCH_LIMIT, *params])
        row = cursor.fetchone()
    return dict(zip([*querysets, "matches"], row, strict=True))
