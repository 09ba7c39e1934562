"""What is done with the deals ticked in a list: asked, previewed, done, reported (2.3)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deals.bulk import Action, Outcome, change_all, chosen_deals, preview
from deals.forms.selection import ChangeForm, seen_versions, selected_ids
from deals.list_state import ListState
from deals.models import Deal
from deals.stage_names import shown_names
from deals.views.export import csv_of
from partners.access import MemberRequest, member_view
from partners.permissions import Permission

EXPORT = "export"


@require_POST
@member_view(Permission.VIEW_DEALS)
def selection(request: MemberRequest) -> HttpResponseBase:
    """One address for the three steps: `do` alone asks and previews, with `confirm` it is done."""
    member = request.member
    state = ListState.parse(request.POST.get("from", ""))
    deals = chosen_deals(member, selected_ids(request.POST))
    action = request.POST.get("do", "")
    if not deals or action not in {*Action.values, EXPORT}:
        messages.info(request, _("Tick the deals first, then choose what to do with them."))
        return redirect(state.url(member.organization.slug))
    if action == EXPORT:
        return csv_of(deals, member)
    return _change(request, deals, Action(action), state)


def _change(
    request: MemberRequest, deals: list[Deal], action: Action, state: ListState
) -> HttpResponse:
    needs_nothing = action == Action.FAVORITE
    is_told = needs_nothing or action.value in request.POST
    stage_names = shown_names(request.member.organization_id)
    form = ChangeForm(request.POST if is_told else None, action=action, stage_names=stage_names)
    context: dict[str, Any] = {
        "nav": state.tab,
        "slug": request.member.organization.slug,
        "list_name": state.tab.label,
        "list_url": state.url(request.member.organization.slug),
        "came_from": state.parameter,
        "action": action,
        "form": form,
        "deals": deals,
        "stage_names": stage_names,
    }
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "deals/selection.html", context, status=status)
    is_done = "confirm" in request.POST
    if is_done:
        seen = seen_versions(request.POST)
        outcomes = change_all(request.member, deals, form.change, versions=seen)
    else:
        outcomes = preview(request.member, deals, form.change)
    context |= {"is_done": is_done, **_told(outcomes)}
    return render(request, "deals/selection.html", context)


def _told(outcomes: list[Outcome]) -> dict[str, Any]:
    return {
        "done": [one.deal for one in outcomes if one.is_done],
        "refused": [one for one in outcomes if not one.is_done],
    }
