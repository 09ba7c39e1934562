"""What is done with the deals ticked in a list: asked, previewed, done, reported (2.3)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from deals.bulk import (
    MOST,
    MOST_AT_ONCE,
    Action,
    change_of,
    chosen_deals,
    deals_of,
    outcomes_of,
    own_selections,
    preview,
    progress_of,
    select_deals,
    set_change,
    start,
    told,
)
from deals.forms.list_request import read_list_request
from deals.forms.selection import ChangeForm, selected_ids
from deals.list_state import ListState
from deals.listing.counts import listed_deals
from deals.models import Deal, Selection
from deals.stage_names import shown_names, stage_in_words
from deals.stages import stage_of
from deals.views.export import deals_as_csv, report_as_csv
from partners.access import MemberRequest, member_view
from partners.models import Membership
from partners.permissions import Permission

EXPORT = "export"
# So many lines a page shows; the file of the report has them all.
MOST_SHOWN = 200


@require_POST
@member_view(Permission.VIEW_DEALS)
def selection(request: MemberRequest) -> HttpResponseBase:
    """The deals ticked, or with `all` every deal of the list: as a file, or on to their page."""
    member, slug = request.member, request.member.organization.slug
    state = ListState.parse(request.POST.get("from", ""))
    deals = _chosen(request, state)
    action = request.POST.get("do", "")
    if action == EXPORT and deals.exists():
        return deals_as_csv(deals[:MOST], member)
    if action in Action.values:
        kept = select_deals(member, deals, action=Action(action), came_from=state.parameter)
        if kept:
            return redirect("deals:change", slug, kept.pk)
    messages.info(request, _("Tick the deals first, then choose what to do with them."))
    return redirect(state.url(slug))


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.VIEW_DEALS)
def change(request: MemberRequest, selection_id: UUID) -> HttpResponseBase:
    """One address for all that follows, so that it can be loaded again at any moment."""
    member = request.member
    chosen = get_object_or_404(own_selections(member), pk=selection_id)
    if chosen.started_at:
        return _again(request, chosen) if request.method == "POST" else _started(request, chosen)
    if request.method == "POST" and "confirm" in request.POST:
        start(chosen, member=member)
        return _again(request, chosen)
    if request.method == "POST":
        return _told(request, chosen)
    if change_of(chosen) is None or "ask" in request.GET:
        return _ask(request, chosen, _form(request, chosen))
    done, refused = told(preview(member, chosen))
    return _page(request, chosen, done=done, refused=refused, is_preview=True)


@require_safe
@member_view(Permission.VIEW_DEALS)
def report(request: MemberRequest, selection_id: UUID) -> HttpResponseBase:
    """What became of every deal, as a file."""
    chosen = get_object_or_404(own_selections(request.member), pk=selection_id)
    return report_as_csv(outcomes_of(request.member, chosen))


def _chosen(request: MemberRequest, state: ListState) -> QuerySet[Deal]:
    if "all" not in request.POST:
        return chosen_deals(request.member, selected_ids(request.POST))
    return _whole_list(request.member, state)


def _whole_list(member: Membership, state: ListState) -> QuerySet[Deal]:
    listed = read_list_request(QueryDict(state.query), tab=state.tab, member=member)
    deals = listed_deals(member, tab=listed.tab, group=listed.group, filters=listed.filters)
    return deals.order_by(*listed.sort.order_by())


def _told(request: MemberRequest, chosen: Selection) -> HttpResponseBase:
    form = _form(request, chosen)
    if not form.is_valid() or not form.fields:
        return _ask(request, chosen, form, status=422)
    set_change(chosen, form.change)
    return _again(request, chosen)


def _ask(
    request: MemberRequest, chosen: Selection, form: ChangeForm, *, status: int = 200
) -> HttpResponse:
    deals = deals_of(request.member, chosen, limit=MOST_SHOWN)
    return _page(request, chosen, form=form, deals=deals, status=status)


def _form(request: MemberRequest, chosen: Selection) -> ChangeForm:
    return ChangeForm(
        request.POST if request.method == "POST" else None,
        action=Action(chosen.action),
        stage_names=shown_names(request.member.organization_id),
    )


def _again(request: MemberRequest, chosen: Selection) -> HttpResponse:
    return redirect("deals:change", request.member.organization.slug, chosen.pk)


def _started(request: MemberRequest, chosen: Selection) -> HttpResponseBase:
    is_part = request.htmx and not request.htmx.history_restore_request
    if not chosen.finished_at:
        return _page(request, chosen, part="#progress" if is_part else "")
    if is_part:
        return HttpResponseClientRefresh()
    done, refused = told(outcomes_of(request.member, chosen))
    return _page(request, chosen, done=done, refused=refused)


def _page(
    request: MemberRequest, chosen: Selection, *, part: str = "", status: int = 200, **more: Any
) -> HttpResponse:
    state, slug = ListState.parse(chosen.came_from), request.member.organization.slug
    progress, names = progress_of(chosen), shown_names(request.member.organization_id)
    change = change_of(chosen)
    stage = stage_of(change.stage) if change else None
    context = {
        "nav": state.tab,
        "slug": slug,
        "list_name": state.tab.label,
        "list_url": state.url(slug),
        "action": Action(chosen.action),
        "change": change,
        "new_stage": stage_in_words(stage, names) if stage else "",
        "stage_names": names,
        "selection": chosen,
        "progress": progress,
        "most_shown": MOST_SHOWN,
        "previewed": MOST_AT_ONCE,
        "is_cut": progress.total == MOST,
        "in_background": progress.total > MOST_AT_ONCE,
        **more,
    }
    return render(request, f"deals/selection.html{part}", context, status=status)
