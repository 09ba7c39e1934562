"""One page of a list by keyset: as fast at the end of a long list as at its beginning."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Exists, F, Func, OuterRef, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

from deals.listing.cursors import Cursor, cursor_at
from deals.listing.sorts import Sort
from deals.models import Deal, Favorite
from partners.models import Membership

PAGE_SIZES = (25, 100)
# The columns of a row, besides the keys of every sort: the notes can be long.
_COLUMNS = (
    "reference", "direction", "type", "status", "stage", "name", "customer_name", "customer_city",
    "customer_country", "value", "currency", "close_date", "respond_by", "created_at",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where a page lies: after or before an edge, or, without one, at the beginning."""

    cursor: Cursor | None = None
    is_before: bool = False


@dataclass(frozen=True)
class Page:
    deals: Sequence[Deal]
    start: int
    previous: str = ""
    next: str = ""

    @property
    def end(self) -> int:
        return self.start + len(self.deals)


def page_of(
    deals: QuerySet[Deal], *, member: Membership, sort: Sort, size: int, place: Place
) -> Page:
    """Each deal also tells whether it carries the member's heart (`is_favorite`); one statement."""
    if place.cursor:
        deals = deals.filter(_beyond(sort, place.cursor.values, backwards=place.is_before))
    columns = {*_COLUMNS, *sort.keys}
    rows = (
        deals.annotate(is_favorite=_is_favorite_of(member))
        .order_by(*sort.order_by(backwards=place.is_before))
        .only(*columns)
    )
    found = list(rows[: size + 1])
    has_more, found = len(found) > size, found[:size]
    return _before(found, has_more, sort, place) if place.is_before else _after(
        found, has_more, sort, place
    )


def _after(found: list[Deal], has_more: bool, sort: Sort, place: Place) -> Page:
    start = place.cursor.position if place.cursor else 0
    return Page(
        found,
        start,
        previous=cursor_at(found[0], sort=sort, position=start) if place.cursor and found else "",
        next=cursor_at(found[-1], sort=sort, position=start + len(found)) if has_more else "",
    )


def _before(found: list[Deal], has_more: bool, sort: Sort, place: Place) -> Page:
    found = found[::-1]
    end = place.cursor.position if place.cursor else 0
    start = max(0, end - len(found)) if has_more else 0
    return Page(
        found,
        start,
        previous=cursor_at(found[0], sort=sort, position=start) if has_more else "",
        next=cursor_at(found[-1], sort=sort, position=start + len(found)) if found else "",
    )


def _is_favorite_of(member: Membership) -> Exists:
    return Exists(
        Favorite.objects.filter(
            organization_id=member.organization_id, membership_id=member.pk, deal=OuterRef("pk")
        )
    )


class _RowComparison(Func):
    """`(a, b) > (x, y)`, which PostgreSQL answers with one range of an index on (a, b)."""

    output_field = BooleanField()

    def __init__(self, keys: Sequence[str], values: Sequence[Any], *, operator: str) -> None:
        super().__init__(*(F(key) for key in keys), *(Value(value) for value in values))
        self.operator = operator

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, list[Any]]:
        compiled = [compiler.compile(source) for source in self.get_source_expressions()]
        middle = len(compiled) // 2
        left, right = (
            ", ".join(sql for sql, _params in half)
            for half in (compiled[:middle], compiled[middle:])
        )
        params = [param for _sql, some in compiled for param in some]
        return f"({left}) {self.operator} ({right})", params


def _beyond(sort: Sort, values: Sequence[Any], *, backwards: bool) -> _RowComparison:
    operator = "<" if sort.backwards != backwards else ">"
    return _RowComparison(sort.keys, values, operator=operator)
