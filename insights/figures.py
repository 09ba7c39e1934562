"""Numbers out of facts: how many deals and what they are worth, in one currency."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from deals.models import Status
from insights.facts import TAKEN_ON
from insights.models import Measure

CURRENT, BEFORE = "current", "before"


class Fact(NamedTuple):
    """Deals of one kind; `month` is told only where something is shown by month.

    `value` is in the currency that was asked for, or in that of `unrated`, which has no rate.
    """

    period: str
    month: date | None
    measure: str
    direction: str
    status: str
    key: str
    unrated: str
    deals: int
    value: Decimal


@dataclass(frozen=True)
class Rates:
    """What one unit of a base buys on the newest day; no day where none were loaded."""

    day: date | None
    of: Mapping[str, Decimal]

    def factors(self, to: str) -> dict[str, Decimal]:
        """What one unit of each currency is worth; of itself also where it has no rate."""
        target = self.of.get(to)
        known = {code: target / rate for code, rate in self.of.items()} if target else {}
        return known | {to: Decimal(1)}


class Sum(NamedTuple):
    deals: int
    value: Decimal


@dataclass(frozen=True)
class Unrated:
    """Deals whose currency has no rate: counted, but not in any value."""

    currency: str
    deals: int
    amount: Decimal


@dataclass(frozen=True)
class Figures:
    """`as_of` is when the oldest change happened that is not counted yet; None: all are."""

    facts: Sequence[Fact]
    rates: Rates
    currency: str
    as_of: datetime | None = None
    is_first_count: bool = False

    def of(self, measure: Measure, *statuses: str) -> list[Fact]:
        """Of both periods; without statuses whatever became of the deals."""
        return [
            fact
            for fact in self.facts
            if fact.measure == measure and (not statuses or fact.status in statuses)
        ]

    @property
    def came(self) -> list[Fact]:
        return self.of(Measure.STAGE)

    @property
    def taken(self) -> list[Fact]:
        return self.of(Measure.STAGE, *TAKEN_ON)

    @property
    def is_empty(self) -> bool:
        return not any(fact.period == CURRENT for fact in self.facts)

    def sum(self, facts: Iterable[Fact], period: str = CURRENT) -> Sum:
        deals, value = 0, Decimal(0)
        for fact in facts:
            if fact.period == period:
                deals += fact.deals
                value += 0 if fact.unrated else fact.value
        return Sum(deals, value)

    def by(self, facts: Iterable[Fact], key: Callable[[Fact], str]) -> dict[str, list[Fact]]:
        groups: dict[str, list[Fact]] = {}
        for fact in facts:
            groups.setdefault(key(fact), []).append(fact)
        return groups

    @property
    def unrated(self) -> list[Unrated]:
        """Of the deals that came in during this period."""
        own = [fact for fact in self.came if fact.period == CURRENT and fact.unrated]
        return [
            Unrated(
                code, sum(one.deals for one in facts), sum((f.value for f in facts), Decimal(0))
            )
            for code, facts in sorted(self.by(own, lambda fact: fact.unrated).items())
        ]


@dataclass(frozen=True)
class WinRate:
    """won / (accepted + outbound), of the deals that came in during the period (8.4)."""

    won: int
    taken_on: int
    still_open: int

    @property
    def share(self) -> float | None:
        return self.won / self.taken_on if self.taken_on else None


def win_rate(figures: Figures, period: str = CURRENT) -> WinRate:
    def deals(*statuses: str) -> int:
        return figures.sum(figures.of(Measure.STAGE, *statuses), period).deals

    return WinRate(deals(Status.WON), deals(*TAKEN_ON), deals(Status.ACCEPTED))


@dataclass(frozen=True)
class Answers:
    """Invitations that were answered, by whole hours, and those that expired instead."""

    hours: Mapping[int, int]
    expired: int

    @property
    def answered(self) -> int:
        return sum(self.hours.values())

    @property
    def median_hours(self) -> float | None:
        """To the hour: half of the answers took no longer."""
        every = [hours for hours, deals in self.hours.items() for _deal in range(deals)]
        return median(every) if every else None

    @property
    def share_in_time(self) -> float | None:
        whole = self.answered + self.expired
        return self.answered / whole if whole else None


def answers(figures: Figures, period: str = CURRENT) -> Answers:
    hours: dict[int, int] = {}
    expired = 0
    for fact in figures.of(Measure.ANSWER):
        if fact.period == period and fact.status == Status.EXPIRED:
            expired += fact.deals
        elif fact.period == period:
            hours[int(fact.key)] = hours.get(int(fact.key), 0) + fact.deals
    return Answers(hours, expired)
