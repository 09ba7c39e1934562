"""One page of a list by keyset: as fast at the end of a long list as at its beginning."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    F,
    Func,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)

from deals.listing.cursors import Cursor, cursor_at
from deals.listing.sorts import Sort
from deals.models import Deal, Favorite, Registration
from partners.models import Membership

PAGE_SIZES = (25, 100)
# The columns of a row, besides the keys of every sort: the notes can be long.
ROW_COLUMNS = (
    "organization", "reference", "direction", "type", "status", "stage", "name", "customer_name",
    "customer_city", "customer_country", "value", "currency", "close_date", "respond_by",
    "created_at", "crm_id", "campaign_id", "version",
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
    deals: QuerySet[Deal],
    *,
    member: Membership,
    sort: Sort,
    size: int,
    place: Place,
    registration: Subquery | None = None,
) -> Page:
    """Each deal also tells whether it carries the member's heart (`is_favorite`), and on demand
    its `registration_status`, as `registration` reads it; one statement."""
    if place.cursor:
        deals = deals.filter(beyond(sort, place.cursor.values, backwards=place.is_before))
    columns = {*ROW_COLUMNS, *sort.keys}
    if registration is not None:
        deals = deals.annotate(registration_status=registration)
    rows = (
        deals.annotate(is_favorite=is_favorite_of(member))
        .order_by(*sort.order_by(backwards=place.is_before))
        .only(*columns)
    )
    found = list(rows[: size + 1])
    has_more, found = len(found) > size, found[:size]
    return (
        _before(found, has_more, sort, place)
        if place.is_before
        else _after(found, has_more, sort, place)
    )


def _after(found: Sequence[Deal], has_more: bool, sort: Sort, place: Place) -> Page:
    start = place.cursor.position if place.cursor else 0
    return Page(
        found,
        start,
        previous=cursor_at(found[0], sort=sort, position=start) if place.cursor and found else "",
        next=cursor_at(found[-1], sort=sort, position=start + len(found)) if has_more else "",
    )


def _before(found: Sequence[Deal], has_more: bool, sort: Sort, place: Place) -> Page:
    found = found[::-1]
    end = place.cursor.position if place.cursor else 0
    start = max(0, end - len(found)) if has_more else 0
    return Page(
        found,
        start,
        previous=cursor_at(found[0], sort=sort, position=start) if has_more else "",
        next=cursor_at(found[-1], sort=sort, position=start + len(found)) if found else "",
    )


def is_favorite_of(member: Membership) -> Exists:
    return Exists(
        Favorite.objects.filter(
            organization_id=member.organization_id, membership_id=member.pk, deal=OuterRef("pk")
        )
    )


def registration_status_of(member: Membership) -> Subquery:
    """None for what is not registered."""
    own = Registration.objects.filter(
        organization_id=member.organization_id, deal_id=OuterRef("pk")
    )
    return Subquery(own.values("status"))


class _Row(Func):
    """`(a, b)`: two rows compare with one range of an index on (a, b)."""

    template = "(%(expressions)s)"
    output_field = BooleanField()


def beyond(sort: Sort, values: Sequence[Any], *, backwards: bool) -> Func:
    return Func(
        _Row(*(F(key) for key in sort.keys)),
        _Row(*(Value(value) for value in values)),
        template="%(expressions)s",
        arg_joiner=" < " if sort.backwards != backwards else " > ",
        output_field=BooleanField(),
    )
