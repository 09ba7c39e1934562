"""The page of figures, and each of its tables as a file (8.4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cosell.core.spreadsheets import csv_file
from deals.stage_names import shown_names
from insights.figures import Figures
from insights.forms import InsightsForm
from insights.models import Measure
from insights.periods import Preset
from insights.queries import figures_of, has_deals, solution_names, visible_locations
from insights.views.charts import Chart
from insights.views.headlines import headlines, summary
from insights.views.links import DealLinks
from insights.views.sections import Sections
from insights.views.tables import Tables
from partners.access import MemberRequest, member_view
from partners.models import Location, Membership
from partners.permissions import Permission


@dataclass(frozen=True)
class Read:
    """What an address asks for; figures only where it makes sense."""

    form: InsightsForm
    locations: list[Location]
    figures: Figures | None


@require_safe
@member_view(Permission.VIEW_INSIGHTS)
def insights(request: MemberRequest) -> HttpResponse:
    read = _read(request)
    if read.figures is None:
        return _refused(request, read)
    member, figures, asked = request.member, read.figures, read.form.asked
    context = {
        **_frame(request, read),
        "period": asked.period,
        "before": asked.period.before,
        "figures": figures,
        "headlines": headlines(figures),
        "summary": summary(figures),
        "charts": _sections(member, read, figures).charts(),
        "query": request.GET.urlencode(),
        "is_new": figures.is_empty and not has_deals(member),
    }
    return render(request, "insights/overview.html", context)


@require_safe
@member_view(Permission.VIEW_INSIGHTS)
def chart_file(request: MemberRequest, chart: str) -> HttpResponseBase:
    """The table behind a chart, under the filters of the page."""
    read = _read(request)
    if read.figures is None:
        return _refused(request, read)
    found = summary(read.figures) if chart == "summary" else None
    sections = _sections(request.member, read, read.figures)
    found = found or next((one for one in sections.charts() if one.code == chart), None)
    if found is None:
        raise Http404
    period = read.form.days
    name = f"insights-{chart}-{period.first}-to-{period.last}"
    return csv_file(name, _rows(found, read.figures))


def _read(request: MemberRequest) -> Read:
    member = request.member
    locations = list(visible_locations(member))
    form = InsightsForm(request.GET, member=member, locations=locations)
    if not form.is_valid():
        return Read(form, locations, None)
    return Read(form, locations, figures_of(member, form.asked, locations=locations))


def _sections(member: Membership, read: Read, figures: Figures) -> Sections:
    codes = sorted({fact.key for fact in figures.of(Measure.SOLUTION)})
    return Sections(
        Tables(figures, DealLinks(member.organization.slug, read.form.asked)),
        stage_names=shown_names(member.organization_id),
        solution_names=solution_names(member, codes),
    )


def _rows(chart: Chart, figures: Figures) -> Iterator[list[Any]]:
    """The numbers without their units, which a spreadsheet cannot add up."""
    yield [*chart.head, _("Currency")]
    for line in chart.lines:
        yield [*(cell.raw for cell in line.cells), figures.currency]


def _refused(request: MemberRequest, read: Read) -> HttpResponse:
    return render(request, "insights/overview.html", _frame(request, read), status=422)


def _frame(request: MemberRequest, read: Read) -> dict[str, Any]:
    form = read.form
    return {
        "nav": "insights",
        "slug": request.member.organization.slug,
        "form": form,
        "presets": [
            {
                "label": preset.label,
                "url": f"?{_with_preset(form, preset)}",
                "is_current": form.is_valid() and not form.has_own_days and preset == form.preset,
            }
            for preset in Preset
        ],
        "scope": [one.name for one in read.locations] if request.member.is_location_scoped else [],
    }


def _with_preset(form: InsightsForm, preset: Preset) -> str:
    """The address with another preset, and everything else that was asked for and is known."""
    kept = {
        name: value
        for name, value in getattr(form, "cleaned_data", {}).items()
        if value and name not in ("since", "until", "period")
    }
    return urlencode({"period": preset.value, **kept})
