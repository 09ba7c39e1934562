"""Jumping to a deal or a customer by a few letters, over all lists at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet, Value

from cosell.core.folding import Fold
from deals.listing.criteria import SEARCH_MINIMUM, matching_ids
from deals.models import Deal
from deals.queries import visible_deals
from partners.models import Membership

MOST_DEALS, MOST_CUSTOMERS = 8, 4
_SHOWN = (
    "organization", "name", "customer_name", "reference", "direction", "status", "stage",
    "respond_by", "list_rank",
)  # fmt: skip


@dataclass(frozen=True)
class FoundCustomer:
    """A company with deals of one direction; `deals` are those that were looked at."""

    name: str
    direction: str
    deals: int


def is_searchable(q: str) -> bool:
    return len(q) >= SEARCH_MINIMUM


def find_deals(member: Membership, q: str) -> Sequence[Deal]:
    """Those whose name begins so first, then in the order that lists open with."""
    if not is_searchable(q):
        return []
    found = _found(member, q).annotate(begins=_begins("name_order", q)).only(*_SHOWN)
    return list(found.order_by("-begins", "list_rank", "id")[:MOST_DEALS])


def find_customers(member: Membership, q: str) -> Sequence[FoundCustomer]:
    """Customers of deals that the member sees, by their own name."""
    if not is_searchable(q):
        return []
    found: QuerySet[Deal, Any] = (
        _found(member, q)
        .filter(customer_order__contains=Fold(Value(q)))
        .values("customer_name", "direction")
        .annotate(deals=Count("pk"), begins=_begins("customer_order", q))
        .order_by("-begins", "customer_name", "direction")
        .values_list("customer_name", "direction", "deals")
    )
    return [FoundCustomer(*row) for row in found[:MOST_CUSTOMERS]]


def _found(member: Membership, q: str) -> QuerySet[Deal]:
    return visible_deals(member).filter(pk__in=matching_ids(q))


def _begins(column: str, q: str) -> "ExpressionWrapper[Q]":
    begins = Q(**{f"{column}__startswith": Fold(Value(q))})
    return ExpressionWrapper(begins, output_field=BooleanField())
