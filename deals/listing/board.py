"""The deals of a list side by side, by how far they are (2.2): columns, their cards, their totals.

A column is called a lane here, since lists have columns too.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, TextField, Value

from deals.listing.criteria import Filters, Group, Tab, directions_of, in_group
from deals.listing.pages import ROW_COLUMNS, is_favorite_of
from deals.listing.sorts import Sort
from deals.models import Deal, Status
from deals.models.status import CLOSED_STATUSES, UNANSWERED_STATUSES
from deals.stages import ASSESSMENT_STAGES, FIRST_STAGES, SALES_STAGES, DealType, Stage
from partners.models import Membership

CARDS, MORE_CARDS = 10, 100
# Summing more would keep somebody waiting; a lane that holds more says so.
MOST_SUMMED = 5_000

Select = tuple[str, list[Any]]

_RATE = (
    "(SELECT rate FROM deals_exchangerate WHERE currency = %s"
    " AND date = (SELECT max(date) FROM deals_exchangerate))"
)
# One row for each lane and currency; `converted` is null where there is no rate.
_TOTALS = f"""
SELECT jsonb_agg(one) FROM (
    SELECT lane, summed.currency, deals, amount,
        CASE WHEN summed.currency = %s THEN amount ELSE amount / own.rate * {_RATE} END AS converted
    FROM (
        SELECT lane, currency, count(*) AS deals, -sum(value_order) / 100 AS amount
        FROM ({{cards}}) AS cards GROUP BY lane, currency
    ) AS summed
    LEFT JOIN deals_exchangerate AS own ON own.currency = summed.currency
        AND own.date = (SELECT max(date) FROM deals_exchangerate)
) AS one
"""  # noqa: S608 (made of constants)
_RATES = (
    "SELECT jsonb_build_object('date', max(date), 'currencies', jsonb_agg(currency ORDER BY"
    " currency)) FROM deals_exchangerate WHERE date = (SELECT max(date) FROM deals_exchangerate)"
)


@dataclass(frozen=True)
class Lane:
    """A step towards the sale, with the stage of it that each kind of deal has; or a status."""

    code: str
    status: Status
    stages: tuple[Stage, ...] = ()

    @property
    def percent(self) -> int | None:
        return self.stages[0].percent if self.stages else None

    @property
    def is_closed(self) -> bool:
        return self.status in CLOSED_STATUSES

    def parts(self, deals: QuerySet[Deal]) -> list[QuerySet[Deal]]:
        """Its deals, as one range of an index each."""
        if self.status == Status.RECEIVED:
            # By their rank: the status alone would lead to an index of all companies' received.
            return [in_group(deals, Group.RECEIVED)]
        deals = deals.filter(status=self.status)
        return [deals.filter(stage=stage.code) for stage in self.stages] or [deals]


@dataclass(frozen=True)
class Cards:
    deals: Sequence[Deal] = ()
    has_more: bool = False


@dataclass(frozen=True)
class Sum:
    currency: str
    deals: int
    amount: Decimal


@dataclass
class LaneTotal:
    """`amount` adds up what could be converted; `unrated` names the rest."""

    deals: int = 0
    amount: Decimal = Decimal(0)
    unrated: list[Sum] = field(default_factory=list)

    @property
    def is_capped(self) -> bool:
        return self.deals > MOST_SUMMED


@dataclass(frozen=True)
class Rates:
    """The currencies that have a rate on the newest day; no day where none were loaded."""

    day: date | None
    currencies: Sequence[str]


def lanes_of(tab: Tab, group: Group | None, filters: Filters) -> list[Lane]:
    """The columns that can hold a deal of this list; of the closed ones usually Won alone."""
    lanes = []
    if group in (None, Group.RECEIVED) and tab != Tab.OUTBOUND:
        lanes.append(Lane(Status.RECEIVED, Status.RECEIVED))
    if group in (None, Group.ACCEPTED):
        lanes += _steps(tab, filters)
    if group in (None, Group.CLOSED):
        shown = set(filters.status) | ({Status.WON} if group is None else set(CLOSED_STATUSES))
        lanes += [Lane(one, one) for one in _endings(tab) if one in shown]
    return [lane for lane in lanes if _can_hold(lane, filters)]


def cards_of(
    lanes: Sequence[Lane], deals: QuerySet[Deal], *, member: Membership, sort: Sort, more: str
) -> dict[str, Cards]:
    """The first cards of each lane, of the lane `more` more of them; one statement."""
    sizes = {lane.code: MORE_CARDS if lane.code == more else CARDS for lane in lanes}
    parts = [
        part.annotate(
            is_favorite=is_favorite_of(member), lane=Value(lane.code, output_field=TextField())
        )
        .order_by(*sort.order_by())
        .only(*ROW_COLUMNS, *sort.keys)[: sizes[lane.code] + 1]
        for lane in lanes
        for part in lane.parts(deals)
    ]
    found: dict[str, list[Deal]] = {}
    for deal in parts[0].union(*parts[1:], all=True) if parts else ():
        found.setdefault(deal.lane, []).append(deal)
    return {code: _cards(found.get(code, []), sort, size) for code, size in sizes.items()}


def totals_select(lanes: Sequence[Lane], deals: QuerySet[Deal], *, currency: str) -> Select:
    """What `read_totals` reads: the database converts, at the rates of the newest day."""
    rows: list[str] = []
    params: list[Any] = []
    for number, lane in enumerate(lanes):
        for part in lane.parts(deals):
            values = part.order_by().values("currency", "value_order")
            sql, some = values[: MOST_SUMMED + 1].query.sql_with_params()
            rows.append(f"SELECT {number} AS lane, part.* FROM ({sql}) AS part")  # noqa: S608 (made by the ORM)
            params += some
    if not rows:
        return "SELECT NULL", []
    return _TOTALS.format(cards=" UNION ALL ".join(rows)), [currency, currency, *params]


def read_totals(stored: str | None, lanes: Sequence[Lane]) -> dict[str, LaneTotal]:
    totals = {lane.code: LaneTotal() for lane in lanes}
    for row in json.loads(stored or "[]", parse_float=Decimal):
        total = totals[lanes[row["lane"]].code]
        total.deals += row["deals"]
        if row["converted"] is None:
            total.unrated.append(Sum(row["currency"], row["deals"], Decimal(row["amount"])))
        else:
            total.amount += Decimal(row["converted"])
    return totals


def rates_select() -> Select:
    return _RATES, []


def read_rates(stored: str) -> Rates:
    found: Mapping[str, Any] = json.loads(stored)
    day = date.fromisoformat(found["date"]) if found["date"] else None
    return Rates(day, found["currencies"] or [])


def _steps(tab: Tab, filters: Filters) -> list[Lane]:
    firsts = [FIRST_STAGES[way] for way in directions_of(tab)]
    kinds = [SALES_STAGES] if _wants(filters.type, set(DealType) - {DealType.ASSESSMENT}) else []
    # No assessment comes in (3.6).
    has_assessments = tab != Tab.INBOUND and _wants(filters.type, {DealType.ASSESSMENT})
    kinds += [ASSESSMENT_STAGES] if has_assessments else []
    steps = [tuple(firsts), *zip(*kinds, strict=True)]
    return [Lane(str(stages[0].percent), Status.ACCEPTED, stages) for stages in steps]


def _endings(tab: Tab) -> list[Status]:
    never = UNANSWERED_STATUSES if tab == Tab.OUTBOUND else ()
    return [status for status in CLOSED_STATUSES if status not in never]


def _can_hold(lane: Lane, filters: Filters) -> bool:
    codes = {stage.code.value for stage in lane.stages}
    # A lost deal keeps the stage that it had.
    keeps_any = lane.status in (Status.LOST, Status.ERROR)
    has_stage = keeps_any or _wants(filters.stage, codes)
    return has_stage and _wants(filters.status, {lane.status.value})


def _wants(chosen: Collection[str], offered: Collection[str]) -> bool:
    return not chosen or not set(chosen).isdisjoint(offered)


def _cards(found: list[Deal], sort: Sort, size: int) -> Cards:
    """The parts of a lane come one after the other."""
    found.sort(key=lambda deal: [getattr(deal, key) for key in sort.keys], reverse=sort.backwards)
    return Cards(found[:size], has_more=len(found) > size)
