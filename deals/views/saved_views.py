"""Saved views: keeping one, looking after them, and counting what they hold (2.3)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cosell.core.errors import Refused
from deals.forms.list_request import read_list_request
from deals.forms.views import ViewForm
from deals.list_state import ListState
from deals.listing.counts import count_of, shown
from deals.listing.criteria import Tab
from deals.models import SavedView
from deals.saved_views import (
    change_view,
    default_views_of,
    delete_view,
    may_change,
    require_change,
    save_view,
    set_default_view,
    state_of,
    visible_views,
)
from partners.access import MemberRequest, member_view
from partners.permissions import Permission

# So many counts take about as long as a list; the next ones are asked for.
COUNTED_AT_ONCE = 20


@require_safe
@member_view(Permission.VIEW_DEALS)
def view_list(request: MemberRequest) -> HttpResponse:
    """All views by list, with what may be done to each."""
    member, slug = request.member, request.member.organization.slug
    defaults = default_views_of(member)
    rows = [
        {
            "view": view,
            "tab": Tab(view.tab),
            "url": state_of(view).url(slug),
            "is_own": view.membership_id == member.pk,
            "may_change": may_change(view, member),
            "is_default": defaults.get(view.tab) == str(view.pk),
        }
        for view in visible_views(member)
    ]
    tabs = [(tab, [row for row in rows if row["tab"] == tab]) for tab in Tab]
    return render(request, "deals/views.html", {"nav": "views", "slug": slug, "tabs": tabs})


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.VIEW_DEALS)
def new_view(request: MemberRequest) -> HttpResponseBase:
    state = ListState.parse(request.GET.get("from", ""))
    form = ViewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            view = save_view(
                request.member,
                state=state,
                name=form.cleaned_data["name"],
                is_shared=form.cleaned_data["is_shared"],
            )
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            return _saved(request, view, form)
    return _form(request, form, state=state)


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.VIEW_DEALS)
def edit_view(request: MemberRequest, view_id: UUID) -> HttpResponseBase:
    """A colleague's shared view can only be made one's default."""
    view = get_object_or_404(visible_views(request.member), pk=view_id)
    came_from = request.GET.get("from", "")
    initial = {
        "name": view.name,
        "is_shared": view.is_shared,
        "is_default": default_views_of(request.member).get(view.tab) == str(view.pk),
        "replaces": True,
    }
    form = ViewForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        may_change=may_change(view, request.member),
        has_list=ListState.parse(came_from).tab == view.tab and bool(came_from),
    )
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, view, form, came_from)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            return _saved(request, view, form)
    state = ListState.parse(came_from) if came_from else state_of(view)
    return _form(request, form, state=state, view=view)


def _change(request: MemberRequest, view: SavedView, form: ViewForm, came_from: str) -> None:
    if "name" not in form.fields:
        return
    given = form.cleaned_data
    change_view(
        view,
        member=request.member,
        name=given["name"],
        is_shared=given["is_shared"],
        state=ListState.parse(came_from) if given.get("replaces") else None,
    )


def _saved(request: MemberRequest, view: SavedView, form: ViewForm) -> HttpResponseBase:
    tab = Tab(view.tab)
    if form.cleaned_data["is_default"]:
        set_default_view(request.member, tab=tab, view=view)
    elif default_views_of(request.member).get(tab) == str(view.pk):
        set_default_view(request.member, tab=tab, view=None)
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    return redirect(state_of(view).url(request.member.organization.slug))


def _form(
    request: MemberRequest, form: ViewForm, *, state: ListState, view: SavedView | None = None
) -> HttpResponse:
    slug = request.member.organization.slug
    context: dict[str, Any] = {
        "nav": state.tab,
        "slug": slug,
        "form": form,
        "view": view,
        "list_name": state.tab.label,
        "list_url": state.url(slug),
        "may_change": view is None or may_change(view, request.member),
    }
    return render(request, "deals/view_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.VIEW_DEALS)
def remove_view(request: MemberRequest, view_id: UUID) -> HttpResponseBase:
    """Asks first: a shared view is gone for the whole company."""
    view = get_object_or_404(visible_views(request.member), pk=view_id)
    slug, name = request.member.organization.slug, view.name
    require_change(view, request.member)
    if request.method != "POST":
        context = {"nav": view.tab, "slug": slug, "view": view}
        return render(request, "deals/view_delete.html", context)
    delete_view(view, member=request.member)
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": name})
    return redirect(reverse("deals:views", args=[slug]))


@require_safe
@member_view(Permission.VIEW_DEALS)
def view_counts(request: MemberRequest, tab: str) -> HttpResponse:
    """How many deals each view of a list holds; asked for when the menu of views is opened.

    Views beyond the first ones are counted when somebody presses the button, `beyond` as many.
    """
    beyond = _number(request.GET.get("beyond", ""))
    views = visible_views(request.member).filter(tab=tab)
    found = list(views[beyond : beyond + COUNTED_AT_ONCE + 1])
    counted = found[:COUNTED_AT_ONCE]
    context = {
        "counts": [(view.pk, shown(_count(request, view))) for view in counted],
        "slug": request.member.organization.slug,
        "tab": tab,
        "beyond": beyond + COUNTED_AT_ONCE if len(found) > len(counted) else None,
    }
    return render(request, "deals/view_counts.html", context)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _count(request: MemberRequest, view: SavedView) -> int:
    listed = read_list_request(QueryDict(view.query), tab=Tab(view.tab), member=request.member)
    return count_of(request.member, tab=listed.tab, group=listed.group, filters=listed.filters)
