"""The deals that nobody seems to look after, and saying of one that it is still open (8.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cosell.core.errors import Stale
from deals.forms.stale import StillOpenForm
from deals.links import deal_address, deal_context
from deals.models import Deal, Status
from deals.overtaken import why_stale
from deals.queries import on_team, visible_deals
from deals.services import confirm_open
from deals.staleness import Staleness, long_unchanged, past_close_date, staleness_of
from deals.views.editing import seen_version
from partners.access import MemberRequest, member_view
from partners.permissions import Permission
from partners.queries import admins_of

MOST = 50


@dataclass(frozen=True)
class Section:
    """At most MOST deals of one kind of staleness."""

    deals: Sequence[Staleness]
    has_more: bool

    @classmethod
    def of(cls, deals: QuerySet[Deal]) -> "Section":
        found = [staleness_of(deal) for deal in deals[: MOST + 1]]
        stale = [one for one in found if one]
        return cls(stale[:MOST], has_more=len(stale) > MOST)


@require_safe
@member_view(Permission.VIEW_DEALS)
def stale_deals(request: MemberRequest) -> HttpResponse:
    """`mine=1`: only those on whose team one is."""
    member, mine = request.member, request.GET.get("mine") == "1"
    deals = visible_deals(member).defer("notes", "search", "close_notes")
    if mine:
        deals = deals.filter(on_team(member))
    today, zone = timezone.localdate(), timezone.get_current_timezone()
    may_edit = member.may(Permission.EDIT_DEALS)
    context = {
        "nav": "stale",
        "slug": member.organization.slug,
        "mine": mine,
        "past": Section.of(past_close_date(deals, today=today)),
        "unchanged": Section.of(long_unchanged(deals, today=today, zone=zone)),
        "today": today,
        "most": MOST,
        "may_edit": may_edit,
        "whom_to_ask": [] if may_edit else admins_of(member.organization_id),
    }
    return render(request, "deals/stale.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.EDIT_DEALS)
def still_open(request: MemberRequest, deal_id: UUID) -> HttpResponseBase:
    """`back` says where the button was: in the list of all or of one's own, or on the deal."""
    deal = get_object_or_404(visible_deals(request.member), pk=deal_id)
    if deal.status != Status.ACCEPTED:
        raise why_stale(deal)
    if request.method != "POST":
        return _page(request, deal, StillOpenForm(initial=_offered(deal)))
    form = StillOpenForm(request.POST)
    if not form.is_valid():
        return _page(request, deal, form, status=422)
    actor, version = request.member.actor, seen_version(request)
    try:
        confirm_open(deal, actor=actor, version=version, **form.cleaned_data)
    except Stale as refusal:
        return _page(request, deal, StillOpenForm(initial=_offered(deal)), refusal=refusal)
    messages.success(
        request,
        _("“%(name)s” is still open, until %(day)s.")
        % {"name": deal.name, "day": date_format(deal.close_date, "DATE_FORMAT")},
    )
    return redirect(_back(request, deal))


def _offered(deal: Deal) -> dict[str, Any]:
    stale = staleness_of(deal)
    return {"close_date": stale.proposed if stale else deal.close_date}


def _back(request: MemberRequest, deal: Deal) -> str:
    back = request.POST.get("back")
    if back == "deal":
        return deal_address(request, deal)
    address = reverse("deals:stale", args=[request.member.organization.slug])
    return f"{address}?mine=1" if back == "mine" else address


def _page(
    request: MemberRequest,
    deal: Deal,
    form: StillOpenForm,
    *,
    refusal: Stale | None = None,
    status: int = 200,
) -> HttpResponse:
    """The same form on a page of its own, for who came by a link or has to correct something."""
    context = deal_context(request, deal) | {
        "form": form,
        # After a refused date still the one that was seen: a conflict is told once it is right.
        "version": deal.version if refusal else seen_version(request) or deal.version,
        "back": request.POST.get("back") or request.GET.get("back", "deal"),
        "refusal": refusal.message if refusal else "",
    }
    status = refusal.status if refusal else status
    return render(request, "deals/still_open.html", context, status=status)
