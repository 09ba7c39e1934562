"""The lists: Inbound, Outbound and Favorites (2.1-2.4), and the heart."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from deals.forms.filters import FORM_ID
from deals.forms.list_request import ListRequest, read_list_request
from deals.list_state import list_state_of
from deals.listing.columns import Column
from deals.listing.counts import ListCounts, list_counts, shown
from deals.listing.criteria import Tab, filtered_deals, in_group, matching_ids
from deals.listing.pages import page_of
from deals.listing.values import values_in_use
from deals.models import Deal
from deals.queries import visible_deals
from deals.services import set_favorite
from deals.stage_names import shown_names
from deals.views import list_chips, list_parts, list_views
from deals.views.board import Board, Told
from deals.views.list_rows import ListRows, registration_read_by
from notifications.inbox import few_unread
from partners.access import MemberRequest, member_view
from partners.models import Membership
from partners.permissions import Permission
from partners.queries import vendor

LIST_ID = "list"


@require_safe
@member_view(Permission.VIEW_DEALS)
def deal_list(request: MemberRequest, tab: str) -> HttpResponseBase:
    return show_list(request, request.GET, Tab(tab))


def show_list(
    request: MemberRequest, params: QueryDict, tab: Tab, *, told: Told | None = None
) -> HttpResponseBase:
    """The whole page, or for htmx what a filter, an order or another page changes of it.

    `told` is what became of a card that somebody moved; the address stays what it is then.
    """
    member = request.member
    listed = read_list_request(params, tab=tab, member=member)
    board = Board(listed, member, told=told) if listed.is_board else None
    counts = list_counts(
        member,
        tab=listed.tab,
        filters=listed.filters,
        also=board.also if board else None,
        others={"unread": few_unread(member)},
    )
    listed.form.name_stages(counts.stage_names)
    if not params and not _is_fragment(request):
        opens_with = list_views.default_view(counts)
        if opens_with:
            return redirect(opens_with.url(member.organization.slug))
    if counts.default_view:
        listed = list_views.told_apart(listed)
    found = matching_ids(listed.filters.q) if counts.is_search_rare else None
    deals = filtered_deals(member, listed.tab, listed.filters, found=found)
    context = _frame(request, listed, counts, params)
    context |= board.context(deals, counts) if board else _table(member, listed, counts, deals)
    if context["is_empty"]:
        context |= _when_empty()
    if not _is_fragment(request):
        return render(request, "deals/list.html", context)
    response = render(request, "deals/list.html#fragment", context)
    if told:
        response.status_code = told.status
    else:
        response["HX-Push-Url"] = listed.state.url(member.organization.slug)
    return response


@require_safe
@member_view(Permission.VIEW_DEALS)
def list_filters(request: MemberRequest, tab: str) -> HttpResponse:
    """The filters of a list: for htmx the fields, when their panel is opened; else a page."""
    member, slug = request.member, request.member.organization.slug
    listed = read_list_request(request.GET, tab=Tab(tab), member=member)
    listed.form.offer(values_in_use(member, listed.tab))
    listed.form.name_stages(shown_names(member.organization_id))
    context = {
        "nav": listed.tab,
        "listed": listed,
        "slug": slug,
        "form": listed.form,
        "form_id": FORM_ID,
        "kept": list_parts.kept_by_filters(listed),
        "list_url": listed.state.url(slug),
        "clear_url": list_parts.clear_url(list_views.told_apart(listed), slug),
    }
    is_part = request.htmx and not request.htmx.history_restore_request
    return render(
        request, "deals/filters.html#fields" if is_part else "deals/filters.html", context
    )


@require_POST
@member_view(Permission.VIEW_DEALS)
def favorite(request: MemberRequest, deal_id: UUID) -> HttpResponse:
    """Give (`on=1`) or take the heart; back to the list, or with `back=deal` to the deal."""
    deal = get_object_or_404(visible_deals(request.member), pk=deal_id)
    is_on = request.POST.get("on") == "1"
    set_favorite(deal, member=request.member, on=is_on)
    slug = request.member.organization.slug
    if request.htmx:
        context = {"deal": deal, "slug": slug, "is_on": is_on, "is_answer": True}
        return render(request, "deals/_heart.html", context)
    state = list_state_of(request.POST.get("from", ""), deal=deal)
    if request.POST.get("back") == "deal":
        return redirect(f"{reverse('deals:detail', args=[slug, deal.pk])}?{state.as_origin}")
    return redirect(f"{state.url(slug)}#deal-{deal.pk}")


def _is_fragment(request: MemberRequest) -> bool:
    return request.htmx.target == LIST_ID and not request.htmx.history_restore_request


def _frame(
    request: MemberRequest, listed: ListRequest, counts: ListCounts, params: QueryDict
) -> dict[str, Any]:
    """What stands around the deals."""
    member, slug = request.member, request.member.organization.slug
    return {
        "nav": listed.tab,
        "waiting_count": shown(counts.waiting) if counts.waiting else "",
        "unread_count": counts.others["unread"],
        "listed": listed,
        "slug": slug,
        "form_id": FORM_ID,
        "typed": listed.form["q"].value() or "",
        "filters_url": list_parts.filters_url(params, listed.tab, slug),
        "views": list_views.views_menu(listed, counts, member),
        "kept": list_parts.kept_by_search(listed),
        "notes": listed.notes,
        "tabs": list_parts.tabs(listed, counts, slug),
        "groups": list_parts.groups(listed, counts, slug),
        "layouts": list_parts.layouts(listed, slug),
        "sorts": list_parts.sort_menu(listed, slug),
        "chips": list_chips.chips(listed, slug, solution=counts.solution),
        "clear_url": list_parts.clear_url(listed, slug),
        "spoken": list_parts.spoken(counts.of(listed.group)),
        "first_url": listed.state.changed().url(slug),
        "why_not_create": list_parts.why_not_create(member, counts),
        "may_edit": member.may(Permission.EDIT_DEALS),
        "is_tab_empty": not counts.tabs[listed.tab],
        **_swap(request),
    }


def _table(
    member: Membership, listed: ListRequest, counts: ListCounts, deals: QuerySet[Deal]
) -> dict[str, Any]:
    slug, total = member.organization.slug, counts.of(listed.group)
    page = page_of(
        in_group(deals, listed.group),
        member=member,
        sort=listed.sort,
        size=listed.size,
        place=listed.place,
        registration=(
            registration_read_by(member) if Column.REGISTRATION in counts.columns else None
        ),
    )
    rows = ListRows(
        member,
        columns=counts.columns,
        origin=listed.state.as_origin,
        shows_direction=listed.tab == Tab.FAVORITES,
        stage_names=counts.stage_names,
    )
    return {
        "heads": list_parts.heads(listed, slug, rows),
        "sizes": list_parts.page_sizes(listed, total, slug),
        "rows": rows.of(page.deals),
        "previous_url": _edge(listed, slug, before=page.previous),
        "next_url": _edge(listed, slug, after=page.next),
        "summary": list_parts.summary(page, total),
        "total": shown(total),
        "is_empty": not page.deals,
    }


def _edge(listed: ListRequest, slug: str, **cursor: str) -> str:
    return listed.state.changed(**cursor).url(slug) if any(cursor.values()) else ""


def _swap(request: MemberRequest) -> dict[str, Any]:
    """Which parts outside the list a fragment brings along: never the field being typed in."""
    trigger = request.htmx.trigger or ""
    return {
        "is_fragment": _is_fragment(request),
        "swaps_controls": trigger != FORM_ID,
        # What was clicked is gone, or hidden, after the swap; the list then takes the focus.
        "takes_focus": trigger.startswith(("chip-", "page-", "sort-", "filters-", "totals-")),
    }


def _when_empty() -> dict[str, Any]:
    company = vendor()
    return {
        "vendor_name": company.name if company else "",
        "invitation_days": settings.INVITATION_DAYS,
    }
