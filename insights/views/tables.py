"""Breakdowns: for each line how many deals and what they are worth, now and before, and where they
are listed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cosell.core.money import format_compact, format_number, format_share
from deals.models import Direction
from insights.figures import BEFORE, CURRENT, Fact, Figures, Sum
from insights.views.charts import (
    MOST_BARS,
    Bar,
    Cell,
    Chart,
    Line,
    Link,
    Part,
    count_cell,
    money_cell,
    text_cell,
)
from insights.views.links import DealLinks, Filters


@dataclass(frozen=True)
class Row:
    """One line of a breakdown: its facts of both periods, and the list that shows its deals."""

    label: str
    facts: Sequence[Fact]
    # None where no list can be asked for these deals.
    filters: Filters | None = None


@dataclass(frozen=True)
class Tables:
    figures: Figures
    links: DealLinks

    def chart(
        self, code: str, title: str, lead: str, what: str, rows: Sequence[Row], *,
        by_value: bool = True, taken: bool = False, of: int = 0, most: int = MOST_BARS,
    ) -> Chart:  # fmt: skip
        """Bars as long as their value, or their number of deals; with `of` the text of a bar says
        which share of so many deals it is. `taken`: the rows are of deals taken on alone."""
        head = [what, _("Deals"), _("Period before"), _("Value"), _("Period before")]
        is_empty = not any(fact.deals for row in rows for fact in row.facts)
        return Chart(
            code, title, lead, head,
            [self._line(row, taken=taken) for row in rows] if not is_empty else (),
            bars=[self._bar(row, by_value=by_value, taken=taken, of=of) for row in rows[:most]]
            if not is_empty else (),
            legend=[
                *((way.value, str(way.label)) for way in self.links.ways),
                ("before", _("Period before")),
            ],
        )  # fmt: skip

    def _line(self, row: Row, *, taken: bool) -> Line:
        now, before = (self.figures.sum(row.facts, period) for period in (CURRENT, BEFORE))
        cells = [
            text_cell(row.label), count_cell(now.deals), count_cell(before.deals),
            self.money(now), self.money(before),
        ]  # fmt: skip
        links = [
            Link(f"{way.label} {format_number(deals)}", url)
            for way, deals, url in self._ways(row, taken=taken)
            if url and deals
        ]
        return Line(cells, links)

    def _bar(self, row: Row, *, by_value: bool, taken: bool, of: int) -> Bar:
        def amount(facts: Iterable[Fact], period: str = CURRENT) -> float:
            found = self.figures.sum(facts, period)
            return float(found.value) if by_value else found.deals

        parts = [
            Part(
                way.value, amount(_going(row.facts, way)),
                f"{row.label}, {way.label}: {self._told(self.figures.sum(_going(row.facts, way)))}",
                url if deals else "",
            )
            for way, deals, url in self._ways(row, taken=taken)
        ]  # fmt: skip
        now = self.figures.sum(row.facts)
        text = self.short(now) if by_value else format_number(now.deals)
        if of:
            text = f"{text}\u00a0·\u00a0{format_share(now.deals / of)}"
        return Bar(row.label, text, parts, amount(row.facts, BEFORE))

    def _ways(self, row: Row, *, taken: bool) -> list[tuple[Direction, int, str]]:
        """For each direction how many deals, and the address of the list that shows them."""
        url = self.links.taken if taken else self.links.url
        return [
            (
                way,
                self.figures.sum(_going(row.facts, way)).deals,
                "" if row.filters is None else url(way, row.filters),
            )
            for way in self.links.ways
        ]

    def money(self, found: Sum) -> Cell:
        return money_cell(found.value, self.figures.currency)

    def short(self, found: Sum) -> str:
        return format_compact(found.value, self.figures.currency)

    def _told(self, found: Sum) -> str:
        deals = ngettext("%(n)s deal", "%(n)s deals", found.deals) % {
            "n": format_number(found.deals)
        }
        return f"{deals}, {self.short(found)}"


def _going(facts: Iterable[Fact], way: Direction) -> list[Fact]:
    return [fact for fact in facts if fact.direction == way]
