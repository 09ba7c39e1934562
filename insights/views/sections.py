"""The sections of the page, made of figures: what each chart is called and what its lines say."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from cosell.core.money import country_name, format_percentage
from deals.models import CloseReason, Status
from deals.stages import StageCode, stage_of
from insights.figures import BEFORE, CURRENT, Fact, Figures
from insights.models import Measure
from insights.views.charts import MOST_LINES, Chart
from insights.views.links import TAKEN, Filters, with_status
from insights.views.over_time import months, waits
from insights.views.tables import Row, Tables

FUNNEL_STEPS = (20, 40, 60, 80)
_ENDS = (Status.WON, Status.LOST, Status.ERROR)


@dataclass
class Sections:
    tables: Tables
    stage_names: Mapping[str, str]
    solution_names: Mapping[str, str]

    @property
    def figures(self) -> Figures:
        return self.tables.figures

    def charts(self) -> list[Chart]:
        return [
            self.funnel(), waits(self.figures), months(self.tables), self.stages(),
            self.solutions(), self.countries(), self.campaigns(), self.declined(), self.lost(),
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
        return self.tables.chart(
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
        return self.tables.chart(
            "stages", _("Value by stage"), _("Where the deals stand now that came in."),
            _("Stage"), [row for row in rows if row.facts], most=MOST_LINES,
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
        return self.tables.chart(code, title, lead, what, rows, taken=True)

    def _reasons(self, status: Status, code: str, title: str, lead: str) -> Chart:
        groups = self.figures.by(self.figures.of(Measure.CLOSED, status), lambda fact: fact.key)
        rows = [Row(str(CloseReason(key).label), facts) for key, facts in groups.items()]
        rows.sort(key=lambda row: (-self.figures.sum(row.facts).deals, row.label))
        return self.tables.chart(code, title, lead, _("Reason"), rows, by_value=False)

    def _stage(self, code: StageCode) -> str:
        return self.stage_names.get(code, str(code.label))

    def _step(self, percent: int) -> str:
        """The sales stage of this percentage; an assessment's stands for it, too."""
        code = next(
            code for code in StageCode if (one := stage_of(code)) and one.percent == percent
        )
        return f"{self._stage(code)} ({format_percentage(percent)})"

    def _worth(self, row: Row) -> tuple[Decimal, int, Decimal]:
        now, before = (self.figures.sum(row.facts, period) for period in (CURRENT, BEFORE))
        return -now.value, -now.deals, -before.value


def _with(facts: Iterable[Fact], status: Status) -> list[Fact]:
    return [fact for fact in facts if fact.status == status]


def _reached(facts: Iterable[Fact], percent: int) -> list[Fact]:
    """Deals in a stage of at least this percentage, or closed in one."""
    return [fact for fact in facts if (stage := stage_of(fact.key)) and stage.percent >= percent]
