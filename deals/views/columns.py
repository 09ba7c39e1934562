"""Choosing the columns of the lists, in an order of one's own (2.2)."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from deals.list_state import ListState, origin_of
from deals.listing.columns import (
    USUAL,
    Column,
    change_columns,
    columns_of,
    forget_columns,
)
from partners.access import MemberRequest, member_view
from partners.permissions import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.VIEW_DEALS)
def choose_columns(request: MemberRequest) -> HttpResponseBase:
    """Each button is saved at once, so that there is nothing to lose and nothing to submit."""
    if request.method == "POST":
        _change(request)
        if not request.htmx:
            address = reverse("deals:columns", args=[request.member.organization.slug])
            return redirect(address + origin_of(request.GET.get("from", "")))
    return _shown(request)


def _change(request: MemberRequest) -> None:
    action, _colon, column = request.POST.get("do", "").partition(":")
    if action == "reset":
        forget_columns(request.member)
    elif column in Column.values:
        change_columns(request.member, action=action, column=Column(column))


def _shown(request: MemberRequest) -> HttpResponse:
    shown = columns_of(request.member)
    state = ListState.parse(request.GET.get("from", ""))
    context: dict[str, Any] = {
        "nav": state.tab,
        "list_name": state.tab.label,
        "list_url": state.url(request.member.organization.slug),
        "shown": shown,
        "others": [column for column in Column if column not in shown],
        "is_usual": tuple(shown) == USUAL,
    }
    is_part = request.htmx and not request.htmx.history_restore_request
    template = "deals/columns.html#columns" if is_part else "deals/columns.html"
    return render(request, template, context)
