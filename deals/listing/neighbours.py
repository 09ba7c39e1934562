"""The deals before and after one in its list (2.5): two steps along one index."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, QuerySet, Value

from deals.listing.counts import listed_deals
from deals.listing.criteria import Filters, Group, Tab
from deals.listing.pages import beyond
from deals.listing.sorts import Sort
from deals.models import Deal
from partners.models import Membership


@dataclass(frozen=True)
class Neighbour:
    id: UUID
    name: str


@dataclass(frozen=True)
class Neighbours:
    previous: Neighbour | None = None
    next: Neighbour | None = None


def neighbours_of(
    deal: Deal, *, member: Membership, tab: Tab, group: Group | None, filters: Filters, sort: Sort
) -> Neighbours:
    """Seen from where the deal stands now, even if an answer or an edit took it off the list."""
    deals = listed_deals(member, tab=tab, group=group, filters=filters)
    one_before = _step(deal, deals, sort, backwards=True)
    one_after = _step(deal, deals, sort, backwards=False)
    found_there = {
        is_before: Neighbour(id, name)
        for is_before, id, name in one_before.union(one_after, all=True)
    }
    return Neighbours(found_there.get(True), found_there.get(False))


def _step(deal: Deal, deals: QuerySet[Deal], sort: Sort, *, backwards: bool) -> QuerySet[Deal, Any]:
    place = [getattr(deal, key) for key in sort.keys]
    return (
        deals.filter(beyond(sort, place, backwards=backwards))
        .order_by(*sort.order_by(backwards=backwards))
        .annotate(is_before=Value(backwards, output_field=BooleanField()))
        .values_list("is_before", "pk", "name")[:1]
    )
