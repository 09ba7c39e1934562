"""The list of notifications, and marking them read (7.4)."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from cosell.core.typed import typed
from notifications.inbox import (
    PAGE,
    few_unread,
    inbox_of,
    items_of,
    mark_read,
    newest_first,
    unread_of,
)
from notifications.models import Notification
from partners.access import MemberRequest, member_view
from partners.permissions import Permission


@require_safe
@member_view(Permission.VIEW_DEALS)
def notification_list(request: MemberRequest) -> HttpResponse:
    return _page(
        request, only_unread=typed(request, "show") == "unread", after=typed(request, "after")
    )


@require_POST
@member_view(Permission.VIEW_DEALS)
def read(request: MemberRequest, notification_id: UUID) -> HttpResponseBase:
    notification = get_object_or_404(inbox_of(request.member), pk=notification_id)
    mark_read(inbox_of(request.member).filter(pk=notification.pk))
    return _back(request)


@require_POST
@member_view(Permission.VIEW_DEALS)
def read_all(request: MemberRequest) -> HttpResponseBase:
    mark_read(inbox_of(request.member))
    return _back(request)


def _back(request: MemberRequest) -> HttpResponseBase:
    """To the page that the button stood on, which the form names."""
    only_unread, after = request.POST.get("show") == "unread", request.POST.get("after", "")
    if request.htmx:
        return _page(request, only_unread=only_unread, after=after)
    return redirect(_url(request.member.organization.slug, only_unread=only_unread, after=after))


def _page(request: MemberRequest, *, only_unread: bool, after: str) -> HttpResponse:
    member, slug = request.member, request.member.organization.slug
    shown = unread_of(member) if only_unread else inbox_of(member)
    found = newest_first(shown, after=_named(inbox_of(member), after))
    older = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    context = {
        "nav": "notifications",
        "slug": slug,
        "items": items_of(found[:PAGE], slug=slug),
        "only_unread": only_unread,
        "after": after,
        "unread_count": few_unread(member).count(),
        "url_of_all": _url(slug),
        "url_of_unread": _url(slug, only_unread=True),
        "url_of_newest": _url(slug, only_unread=only_unread) if after else "",
        "url_of_older": _url(slug, only_unread=only_unread, after=older) if older else "",
    }
    is_part = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    template = "notifications/list.html#inbox" if is_part else "notifications/list.html"
    return render(request, template, context | {"is_part": is_part})


def _named(own: QuerySet[Notification], pk: str) -> Notification | None:
    try:
        return own.filter(pk=UUID(pk)).first()
    except ValueError:
        return None


def _url(slug: str, *, only_unread: bool = False, after: str = "") -> str:
    given = {"show": "unread" if only_unread else "", "after": after}
    query = urlencode({name: value for name, value in given.items() if value})
    return reverse("notifications:list", args=[slug]) + (f"?{query}" if query else "")
