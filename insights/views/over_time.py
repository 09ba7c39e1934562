"""Charts with time across: by month, and how long invitations waited."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cosell.core.money import format_number
from deals.models import Status
from insights.figures import BEFORE, CURRENT, Figures, Sum, answers
from insights.models import Measure
from insights.views.charts import Bar, Cell, Chart, Column, Line, Part, count_cell, text_cell
from insights.views.tables import Tables

# The hours from which on an answer belongs to the next bar.
WAITS = {
    4: gettext_lazy("Within 4 hours"),
    24: gettext_lazy("4 to 24 hours"),
    3 * 24: gettext_lazy("1 to 3 days"),
    7 * 24: gettext_lazy("3 to 7 days"),
}


def months(tables: Tables) -> Chart:
    figures = tables.figures
    series = (figures.taken, figures.of(Measure.CLOSED, Status.WON))
    months = tables.links.asked.period.months
    by_month = [
        [figures.sum(fact for fact in facts if fact.month == month) for facts in series]
        for month in months
    ]
    totals = [
        (label, [figures.sum(facts, period) for facts in series])
        for label, period in ((_("Together"), CURRENT), (_("Period before"), BEFORE))
    ]
    every = [one for sums in by_month for one in sums]
    return Chart(
        "months", _("Value by month"),
        _("What came in and was accepted or created, by the month it came in; and what was won,"
          " by the month it was won."),
        [_("Month"), _("Deals taken on"), _("Value taken on"), _("Deals won"), _("Value won")],
        [
            *(_month_line(tables, date_format(month, "F Y"), sums)
              for month, sums in zip(months, by_month, strict=True)),
            *(_month_line(tables, label, sums, is_total=True) for label, sums in totals),
        ],
        columns=[_column(tables, *one) for one in zip(months, by_month, strict=True)]
        if any(one.deals for one in every) else (),
        tones=("inbound", "won"),
        legend=[("inbound", _("Taken on")), ("won", str(Status.WON.label))],
        top=tables.short(max(every, key=lambda one: one.value)),
        is_wide=True,
    )  # fmt: skip


def _column(tables: Tables, month: date, sums: Sequence[Sum]) -> Column:
    amounts = [float(one.value) for one in sums]
    return Column(date_format(month, "M y"), amounts, [tables.short(one) for one in sums])


def _month_line(tables: Tables, label: str, sums: Sequence[Sum], *, is_total: bool = False) -> Line:
    cells: list[Cell] = [text_cell(label)]
    for one in sums:
        cells += [count_cell(one.deals), tables.money(one)]
    return Line(cells, is_total=is_total)


def waits(figures: Figures) -> Chart:
    labels = [*map(str, WAITS.values()), _("More than a week"), _("Not at all: expired")]
    now, before = (_waits(figures, period) for period in (CURRENT, BEFORE))
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


def _waits(figures: Figures, period: str) -> list[int]:
    found = answers(figures, period)
    counts = [0] * (len(WAITS) + 1)
    for hours, deals in found.hours.items():
        place = next((n for n, most in enumerate(WAITS) if hours < most), len(WAITS))
        counts[place] += deals
    return [*counts, found.expired]
