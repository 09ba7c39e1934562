"""The orders that a list can have; each is one index, read in one direction."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F
from django.db.models.expressions import OrderBy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from deals.listing.criteria import Group


@dataclass(frozen=True)
class Sort:
    """`fields` and then the id, all ascending or, `backwards`, all descending."""

    code: str
    column: str
    label: Promise
    fields: tuple[str, ...]
    backwards: bool = False
    ascends: bool = True
    only_in: Group | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        return (*self.fields, "id")

    def order_by(self, *, backwards: bool = False) -> list[OrderBy]:
        descending = self.backwards != backwards
        return [F(key).desc() if descending else F(key).asc() for key in self.keys]


DEFAULT = Sort("", "rank", _("What needs you first"), ("list_rank",))
# Values compare within a currency only, so the currency comes first (2.2). `value_order` falls as
# the value rises: with it the highest value of each currency is an ascending range.
SORTS = (
    DEFAULT,
    Sort("-created", "created", _("Newest first"), ("created_at",), backwards=True, ascends=False),
    Sort("created", "created", _("Oldest first"), ("created_at",)),
    Sort("name", "name", _("Deal name, A to Z"), ("name_order",)),
    Sort("-name", "name", _("Deal name, Z to A"), ("name_order",), backwards=True, ascends=False),
    Sort("customer", "customer", _("Customer, A to Z"), ("customer_order",)),
    Sort(
        "-customer", "customer", _("Customer, Z to A"), ("customer_order",),
        backwards=True, ascends=False,
    ),
    Sort(
        "-value", "value", _("Highest value"), ("currency", "value_order"),
        ascends=False,
    ),
    Sort(
        "value", "value", _("Lowest value"), ("currency", "value_order"),
        backwards=True,
    ),
    Sort("close", "close", _("Earliest close date"), ("close_date",)),
    Sort("-close", "close", _("Latest close date"), ("close_date",), backwards=True, ascends=False),
    Sort("status", "status", _("Status"), ("status", "list_rank")),
    Sort(
        "-status", "status", _("Status, reversed"), ("status", "list_rank"),
        backwards=True, ascends=False,
    ),
    # The default order already begins with the least time left (2.4).
    Sort(
        "-time_left", "time_left", _("Most time left"), ("list_rank",),
        backwards=True, ascends=False, only_in=Group.RECEIVED,
    ),
)  # fmt: skip


def sorts_for(group: Group | None) -> Sequence[Sort]:
    return [sort for sort in SORTS if sort.only_in in (None, group)]


def columns_of(group: Group | None) -> dict[str, list[Sort]]:
    """The orders of each column, the one of a first click on its heading in front."""
    columns: dict[str, list[Sort]] = {}
    for sort in sorts_for(group):
        # The default order is the other one of the time left (2.4).
        other = [] if sort.only_in is None else [DEFAULT]
        columns.setdefault(sort.column, other).append(sort)
    return columns


def sort_of(code: str, *, group: Group | None) -> Sort | None:
    return next((sort for sort in sorts_for(group) if sort.code == code), None)
