"""The sections of the page, made of figures: what each chart is called and what its lines say."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cosell.core.money import country_name, format_compact, format_number, format_share
from deals.models import CloseReason, Direction, Status
from deals.stages import StageCode, stage_of
from insights.figures import BEFORE, CURRENT, Fact, Figures, Sum, answers
from insights.models import Measure
from insights.views.charts import (
    MOST_BARS,
    MOST_LINES,
    Bar,
    Cell,
    Chart,
    Column,
    Line,
    Link,
    Part,
    count_cell,
    money_cell,
    text_cell,
)
from insights.views.links import TAKEN, DealLinks, Filters, with_status

FUNNEL_STEPS = (20, 40, 60, 80)
# Hours up to which an answer belongs to a bar.
WAITS = (4, 24, 3 * 24, 7 * 24)
_ENDS = (Status.WON, Status.LOST, Status.ERROR)


@dataclass(frozen=True)
class Row:
    """One line of a breakdown: its facts of both periods, and the list that shows its deals."""

    label: str
    facts: Sequence[Fact]
    # None where no list can be asked for these deals.
    filters: Filters | None = None


@dataclass
class Sections:
    figures: Figures
    links: DealLinks
    stage_names: Mapping[str, str]
    solution_names: Mapping[str, str]

    def charts(self) -> list[Chart]:
        return [
            self.funnel(), self.waits(), self.months(), self.stages(), self.solutions(),
            self.countries(), self.campaigns(), self.declined(), self.lost(),
        ]  # fmt: skip

    def funnel(self) -> Chart:
        came = self.figures.came
        rows = [
            Row(_("Came in"), came, ()),
            Row(_("Accepted or created"), self.figures.taken, ()),
            *(Row(self._step(percent), _reached(came, percent)) for percent in FUNNEL_STEPS),
            Row(self._stage(StageCode.WON), self.figures.of(Measure.STAGE, Status.WON)),
        ]
        filters: list[Filters | None] = [(), TAKEN, None, None, None, None, with_status(Status.WON)]
        rows = [Row(row.label, row.facts, to) for row, to in zip(rows, filters, strict=True)]
        return self._chart(
            "funnel",
            _("Funnel"),
            _("How far the deals got that came in during this period. Each step counts the deals"
              " that are there or further on; a lost deal counts up to where it was lost."),
            _("Step"),
            rows,
            by_value=False,
            of=self.figures.sum(came).deals,
        )  # fmt: skip

    def stages(self) -> Chart:
        taken = self.figures.taken
        open_deals = self.figures.by(_with(taken, Status.ACCEPTED), lambda fact: fact.key)
        rows = [
            Row(
                self._stage(code),
                open_deals[code],
                [*with_status(Status.ACCEPTED), ("stage", code)],
            )
            for code in StageCode
            if code in open_deals
        ]
        rows += [
            Row(str(status.label), _with(taken, status), with_status(status)) for status in _ENDS
        ]
        return self._chart(
            "stages", _("Value by stage"), _("Where the deals stand now that came in."),
            _("Stage"), [row for row in rows if row.facts],
        )  # fmt: skip

    def solutions(self) -> Chart:
        return self._breakdown(
            Measure.SOLUTION, "solutions", _("Value by solution"),
            _("A deal with several solutions counts in full with each of them."), _("Solution"),
            lambda code: Row(self.solution_names.get(code, code), (), [("solution", code)]),
        )  # fmt: skip

    def countries(self) -> Chart:
        return self._breakdown(
            Measure.COUNTRY, "countries", _("Value by country"), _("The country of the customer."),
            _("Country"), lambda code: Row(country_name(code), (), [("country", code)]),
        )  # fmt: skip

    def campaigns(self) -> Chart:
        return self._breakdown(
            Measure.CAMPAIGN, "campaigns", _("Value by campaign"),
            _("The marketing campaign that a deal names."), _("Campaign"),
            lambda code: Row(code, (), [("campaign", code)]) if code else Row(_("No campaign"), ()),
        )  # fmt: skip

    def declined(self) -> Chart:
        return self._reasons(
            Status.DECLINED, "declined", _("Why invitations were declined"),
            _("Invitations that your company declined during this period."),
        )  # fmt: skip

    def lost(self) -> Chart:
        return self._reasons(
            Status.LOST, "lost", _("Why deals were lost"),
            _("Deals that were closed as lost during this period."),
        )  # fmt: skip

    def waits(self) -> Chart:
        rows = [Row(_within(hours), ()) for hours in WAITS]
        labels = [*(row.label for row in rows), _("More than a week"), _("Not at all: expired")]
        now, before = (self._waits(period) for period in (CURRENT, BEFORE))
        return Chart(
            "answers", _("Time to answer"),
            _("How long invitations waited that were answered or expired during this period."),
            [_("Time"), _("Invitations"), _("Period before")],
            [
                Line([text_cell(label), count_cell(a), count_cell(b)])
                for label, a, b in zip(labels, now, before, strict=True)
            ],
            bars=[
                Bar(label, format_number(a), [Part("inbound", a, f"{label}: {a}")], b)
                for label, a, b in zip(labels, now, before, strict=True)
            ] if any((*now, *before)) else (),
            legend=[("inbound", _("This period")), ("before", _("Period before"))],
        )  # fmt: skip

    def months(self) -> Chart:
        series = (self.figures.taken, self.figures.of(Measure.CLOSED, Status.WON))
        months = self.links.asked.period.months
        by_month = [
            [self.figures.sum(fact for fact in facts if fact.month == month) for facts in series]
            for month in months
        ]
        totals = [
            (label, [self.figures.sum(facts, period) for facts in series])
            for label, period in ((_("Together"), CURRENT), (_("Period before"), BEFORE))
        ]
        every = [one for sums in by_month for one in sums]
        return Chart(
            "months", _("Value by month"),
            _("What came in and was accepted or created, by the month it came in; and what was won,"
              " by the month it was won."),
            [_("Month"), _("Deals taken on"), _("Value taken on"), _("Deals won"), _("Value won")],
            [
                *(self._month_line(date_format(month, "F Y"), sums)
                  for month, sums in zip(months, by_month, strict=True)),
                *(self._month_line(label, sums, is_total=True) for label, sums in totals),
            ],
            columns=list(map(self._column, months, by_month))
            if any(one.deals for one in every) else (),
            tones=("inbound", "won"),
            legend=[("inbound", _("Taken on")), ("won", str(Status.WON.label))],
            top=self._short(max(every, key=lambda one: one.value)),
            is_wide=True,
        )  # fmt: skip

    def _breakdown(
        self, measure: Measure, code: str, title: str, lead: str, what: str,
        row_of: Callable[[str], Row],
    ) -> Chart:  # fmt: skip
        """By what it is worth, and the rest of very many in one line."""
        groups = self.figures.by(self.figures.of(measure), lambda fact: fact.key)
        rows = [
            Row(row.label, facts, row.filters)
            for row, facts in ((row_of(key), facts) for key, facts in groups.items())
        ]
        rows.sort(key=lambda row: (*self._worth(row), row.label))
        rest = [fact for row in rows[MOST_LINES:] for fact in row.facts]
        rows = [*rows[:MOST_LINES], *([Row(_("All others"), rest)] if rest else [])]
        # Of a solution or campaign everything was taken on: that is what these are counted of.
        return self._chart(code, title, lead, what, rows, taken=True)

    def _reasons(self, status: Status, code: str, title: str, lead: str) -> Chart:
        groups = self.figures.by(self.figures.of(Measure.CLOSED, status), lambda fact: fact.key)
        rows = [Row(str(CloseReason(key).label), facts) for key, facts in groups.items()]
        rows.sort(key=lambda row: (-self.figures.sum(row.facts).deals, row.label))
        return self._chart(code, title, lead, _("Reason"), rows, by_value=False)

    def _chart(
        self, code: str, title: str, lead: str, what: str, rows: Sequence[Row], *,
        by_value: bool = True, taken: bool = False, of: int = 0,
    ) -> Chart:  # fmt: skip
        head = [what, _("Deals"), _("Period before"), _("Value"), _("Period before")]
        is_empty = not any(fact.deals for row in rows for fact in row.facts)
        return Chart(
            code, title, lead, head,
            [self._line(row, taken=taken) for row in rows] if not is_empty else (),
            bars=[self._bar(row, by_value=by_value, taken=taken, of=of) for row in rows[:MOST_BARS]]
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
            self._money(now), self._money(before),
        ]  # fmt: skip
        links = [
            Link(f"{way.label} {format_number(deals)}", url)
            for way, deals, url in self._ways(row, taken=taken)
            if url and deals
        ]
        return Line(cells, links)

    def _bar(self, row: Row, *, by_value: bool, taken: bool, of: int) -> Bar:
        """With `of` the text says which share of so many deals these are."""

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
        text = self._short(now) if by_value else format_number(now.deals)
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

    def _waits(self, period: str) -> list[int]:
        found = answers(self.figures, period)
        counts = [0] * (len(WAITS) + 1)
        for hours, deals in found.hours.items():
            place = next((n for n, most in enumerate(WAITS) if hours < most), len(WAITS))
            counts[place] += deals
        return [*counts, found.expired]

    def _column(self, month: date, sums: Sequence[Sum]) -> Column:
        amounts = [float(one.value) for one in sums]
        return Column(date_format(month, "M y"), amounts, [self._short(one) for one in sums])

    def _month_line(self, label: str, sums: Sequence[Sum], *, is_total: bool = False) -> Line:
        cells: list[Cell] = [text_cell(label)]
        for one in sums:
            cells += [count_cell(one.deals), self._money(one)]
        return Line(cells, is_total=is_total)

    def _money(self, found: Sum) -> Cell:
        return money_cell(found.value, self.figures.currency)

    def _short(self, found: Sum) -> str:
        return format_compact(found.value, self.figures.currency)

    def _told(self, found: Sum) -> str:
        deals = ngettext("%(n)s deal", "%(n)s deals", found.deals) % {
            "n": format_number(found.deals)
        }
        return f"{deals}, {self._short(found)}"

    def _stage(self, code: StageCode) -> str:
        return self.stage_names.get(code, str(code.label))

    def _step(self, percent: int) -> str:
        """The sales stage of this percentage; an assessment's stands for it, too."""
        code = next(
            code for code in StageCode if (one := stage_of(code)) and one.percent == percent
        )
        return f"{self._stage(code)} ({percent}\u00a0%)"

    def _worth(self, row: Row) -> tuple[Decimal, int, Decimal]:
        now, before = (self.figures.sum(row.facts, period) for period in (CURRENT, BEFORE))
        return -now.value, -now.deals, -before.value


def _going(facts: Iterable[Fact], way: Direction) -> list[Fact]:
    return [fact for fact in facts if fact.direction == way]


def _with(facts: Iterable[Fact], status: Status) -> list[Fact]:
    return [fact for fact in facts if fact.status == status]


def _reached(facts: Iterable[Fact], percent: int) -> list[Fact]:
    """Deals in a stage of at least this percentage, or closed in one."""
    return [fact for fact in facts if (stage := stage_of(fact.key)) and stage.percent >= percent]


def _within(hours: int) -> str:
    if hours < 24:
        return ngettext("Within %(n)d hour", "Within %(n)d hours", hours) % {"n": hours}
    days = hours // 24
    return ngettext("Within %(n)d day", "Within %(n)d days", days) % {"n": days}
