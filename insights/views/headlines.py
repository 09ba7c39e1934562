"""The figures on top of the page, each with what it was in the period before."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cosell.core.money import format_compact, format_number, format_share
from deals.models import Status
from insights.figures import BEFORE, CURRENT, Figures, answers, win_rate
from insights.models import Measure
from insights.views.charts import Cell, Chart, Line, count_cell, money_cell, share_cell, text_cell

Number = int | float | Decimal


@dataclass(frozen=True)
class Headline:
    """`is_good` says whether more is better; None: neither."""

    code: str
    label: str
    now: Number | None
    before: Number | None
    shown: str
    shown_before: str
    told: str = ""
    is_good: bool | None = None

    @property
    def change(self) -> str:
        """Of what it was before: up, down, same, or nothing to compare."""
        if self.now is None or self.before is None:
            return ""
        if self.now == self.before:
            return "same"
        return "up" if self.now > self.before else "down"

    @property
    def tone(self) -> str:
        if self.is_good is None or self.change not in ("up", "down"):
            return ""
        return "green" if (self.change == "up") == self.is_good else "red"


def headlines(figures: Figures) -> list[Headline]:
    return [_came(figures), _taken(figures), _won(figures), _rate(figures), *_answers(figures)]


def _came(figures: Figures) -> Headline:
    now, before = (figures.sum(figures.came, period).deals for period in (CURRENT, BEFORE))
    return _counted("came", _("Came in"), now, before, _("Deals received or created"))


def _taken(figures: Figures) -> Headline:
    now, before = (figures.sum(figures.taken, period) for period in (CURRENT, BEFORE))
    told = ngettext("%(n)s deal accepted or created", "%(n)s deals accepted or created", now.deals)
    return _valued(
        "taken", _("Taken on"), now.value, before.value, figures.currency,
        told % {"n": format_number(now.deals)},
    )  # fmt: skip


def _won(figures: Figures) -> Headline:
    won = figures.of(Measure.CLOSED, Status.WON)
    now, before = (figures.sum(won, period) for period in (CURRENT, BEFORE))
    told = ngettext("%(n)s deal won in these days", "%(n)s deals won in these days", now.deals)
    return _valued(
        "won", str(Status.WON.label), now.value, before.value, figures.currency,
        told % {"n": format_number(now.deals)},
    )  # fmt: skip


def _rate(figures: Figures) -> Headline:
    now, before = win_rate(figures), win_rate(figures, BEFORE)
    told = _("%(won)s of %(taken)s taken on are won, %(open)s are still open") % {
        "won": format_number(now.won),
        "taken": format_number(now.taken_on),
        "open": format_number(now.still_open),
    }
    shown, shown_before = _share(now.share), _share(before.share)
    # Neither good nor bad: of the newer deals more are still open, so theirs is lower for a while.
    return Headline("win-rate", _("Win rate"), now.share, before.share, shown, shown_before, told)


def _answers(figures: Figures) -> list[Headline]:
    now, before = answers(figures), answers(figures, BEFORE)
    told = ngettext("%(n)s answer, half of them faster", "%(n)s answers, half of them faster",
                    now.answered) % {"n": format_number(now.answered)}  # fmt: skip
    late = ngettext("%(n)s invitation expired", "%(n)s invitations expired", now.expired) % {
        "n": format_number(now.expired)
    }
    return [
        Headline(
            "median", _("Time to answer"), now.median_hours, before.median_hours,
            _hours(now.median_hours), _hours(before.median_hours), told, is_good=False,
        ),
        Headline(
            "in-time", _("Answered in time"), now.share_in_time, before.share_in_time,
            _share(now.share_in_time), _share(before.share_in_time), late, is_good=True,
        ),
    ]  # fmt: skip


def _counted(code: str, label: str, now: int, before: int, told: str) -> Headline:
    return Headline(
        code, label, now, before, format_number(now), format_number(before), told, is_good=True
    )


def _valued(
    code: str, label: str, now: Decimal, before: Decimal, currency: str, told: str
) -> Headline:
    shown, shown_before = (format_compact(value, currency) for value in (now, before))
    return Headline(code, label, now, before, shown, shown_before, told, is_good=True)


def _share(share: float | None) -> str:
    return "–" if share is None else format_share(share)


def _hours(hours: float | None) -> str:
    """From two days on in days."""
    if hours is None:
        return "–"
    if hours < 48:
        return ngettext("%(n)d hour", "%(n)d hours", round(hours)) % {"n": round(hours)}
    days = round(hours / 24)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def summary(figures: Figures) -> Chart:
    """The same as a table and a file, exactly and in full."""
    won = figures.of(Measure.CLOSED, Status.WON)
    lost = figures.of(Measure.CLOSED, Status.LOST)
    both = (CURRENT, BEFORE)
    told = [answers(figures, period) for period in both]
    rates = [win_rate(figures, period) for period in both]
    sums = [
        (_("Came in"), _("Value that came in"), figures.came),
        (_("Accepted or created"), _("Value accepted or created"), figures.taken),
        (str(Status.WON.label), _("Value won"), won),
        (str(Status.LOST.label), _("Value lost"), lost),
    ]
    lines: list[Line] = []
    for deals, value, facts in sums:
        found = [figures.sum(facts, period) for period in both]
        lines.append(_of(deals, *(count_cell(one.deals) for one in found)))
        lines.append(_of(value, *(money_cell(one.value, figures.currency) for one in found)))
    lines += [
        _of(_("Won of those that came in"), *(count_cell(one.won) for one in rates)),
        _of(_("Win rate"), *(share_cell(one.share) for one in rates)),
        _of(_("Invitations answered"), *(count_cell(one.answered) for one in told)),
        _of(_("Invitations expired"), *(count_cell(one.expired) for one in told)),
        _of(_("Median hours to answer"), *(_hours_cell(one.median_hours) for one in told)),
        _of(_("Answered in time"), *(share_cell(one.share_in_time) for one in told)),
    ]
    head = [_("Figure"), _("This period"), _("Period before")]
    lead = _("The figures above, and the numbers that they are made of.")
    return Chart("summary", _("Key figures"), lead, head, lines, is_wide=True)


def _of(label: str, *cells: Cell) -> Line:
    return Line([text_cell(label), *cells])


def _hours_cell(hours: float | None) -> Cell:
    raw: Any = "" if hours is None else hours
    return Cell(raw, "–" if hours is None else f"{hours:g}")
