"""Moving a card of a board to another stage: by its menu, which is a page too, or by dragging."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from cosell.core.errors import Refused, Stale
from cosell.core.money import format_percentage
from deals.lifecycle import advance
from deals.list_state import BOARD, ListState, list_state_of
from deals.models import Deal, Status
from deals.overtaken import why_stale
from deals.queries import events_since, visible_deals
from deals.stage_names import shown_names, stage_in_words
from deals.stages import lifecycle_stages, stage_at
from deals.transitions import Name
from deals.views.board import Told
from deals.views.lists import LIST_ID, show_list
from partners.access import MemberRequest, member_view
from partners.permissions import Permission


@dataclass(frozen=True)
class Target:
    """A stage to move to; `to` is the column of the board."""

    to: str
    label: str
    percent: int
    is_current: bool


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.EDIT_DEALS)
def move(request: MemberRequest, deal_id: UUID) -> HttpResponseBase:
    """`to` is a column, `version` what the board or the menu showed, `from` the state of the list.

    What is final, or an answer, has a page of its own that asks first.
    """
    deal = get_object_or_404(visible_deals(request.member), pk=deal_id)
    if request.method != "POST":
        return _menu(request, deal)
    to = request.POST.get("to", "")
    page = _page_that_asks(request, deal, to)
    if page:
        return HttpResponseClientRedirect(page) if request.htmx else redirect(page)
    try:
        _move(request, deal, to)
    except Refused as refusal:
        return _refused(request, deal, refusal)
    return _moved(request, deal)


def _page_that_asks(request: MemberRequest, deal: Deal, to: str) -> str:
    slug, query = request.member.organization.slug, f"?{_state(request, deal).as_origin}"
    if deal.status == Status.ACCEPTED and to in (Status.WON, Status.LOST):
        name = Name.WIN if to == Status.WON else Name.LOSE
        return reverse("deals:close", args=[slug, deal.pk, name]) + query
    if deal.status == Status.RECEIVED and to == _first_column(deal):
        return reverse("referrals:accept", args=[slug, deal.pk]) + query
    return ""


def _first_column(deal: Deal) -> str:
    return str(lifecycle_stages(deal.type, inbound=deal.is_inbound)[0].percent)


def _move(request: MemberRequest, deal: Deal, to: str) -> None:
    if deal.status == Status.RECEIVED:
        raise Refused("not_accepted", _("Accept the invitation first; then the deal can be moved."))
    stage = stage_at(to, deal.type, inbound=deal.is_inbound)
    if stage is None:
        raise Refused("stage", _("This deal has no such stage."), field="to")
    _check_version(deal, request.POST.get("version", ""))
    actor = request.member.actor
    advance(deal, Name.MARK_STAGE, actor=actor, stage=stage.code, version=deal.version)


def _check_version(deal: Deal, seen: str) -> None:
    if deal.is_closed:
        raise why_stale(deal)
    if seen == str(deal.version):
        return
    is_number = seen.isascii() and seen.isdecimal() and len(seen) < 10
    since = events_since(deal, version=int(seen)) if is_number else []
    raise Stale(
        "changed",
        _("%(who)s changed this deal meanwhile. Nothing was moved; this is how it is now.")
        % {"who": (since[-1].actor_name if since else "") or _("Somebody")},
    )


def _state(request: MemberRequest, deal: Deal) -> ListState:
    """The board that the card is on; also for who came to the menu by its address alone."""
    text = request.POST.get("from") or request.GET.get("from", "")
    state = list_state_of(text, deal=deal)
    return state if text else state.changed(layout=BOARD)


def _moved(request: MemberRequest, deal: Deal) -> HttpResponseBase:
    message = _("“%(name)s” is in %(stage)s now.") % {"name": deal.name, "stage": _where(deal)}
    state = _state(request, deal)
    if _is_on_board(request):
        told = Told(deal.pk, deal.name, message)
        return show_list(request, QueryDict(state.query), state.tab, told=told)
    messages.success(request, message)
    return redirect(f"{state.url(request.member.organization.slug)}#deal-{deal.pk}")


def _refused(request: MemberRequest, deal: Deal, refusal: Refused) -> HttpResponseBase:
    if _is_on_board(request):
        state = _state(request, deal)
        told = Told(deal.pk, deal.name, str(refusal.message), status=refusal.status)
        return show_list(request, QueryDict(state.query), state.tab, told=told)
    deal = get_object_or_404(visible_deals(request.member), pk=deal.pk)
    return _menu(request, deal, refusal=refusal)


def _menu(request: MemberRequest, deal: Deal, *, refusal: Refused | None = None) -> HttpResponse:
    state, slug = _state(request, deal), request.member.organization.slug
    context: dict[str, Any] = {
        "deal": deal,
        "slug": slug,
        "nav": state.tab,
        "list_name": state.tab.label,
        "list_url": state.url(slug),
        "came_from": state.parameter,
        "origin": f"?{state.as_origin}",
        "where": _where(deal),
        "targets": _targets(deal),
        "refusal": refusal.message if refusal else "",
    }
    is_dialog = request.htmx and not request.htmx.history_restore_request
    template = "deals/move.html#dialog" if is_dialog else "deals/move.html"
    context["is_dialog"] = is_dialog
    return render(request, template, context, status=refusal.status if refusal else 200)


def _targets(deal: Deal) -> list[Target]:
    """The stages in their order; none for a deal that has none, or keeps the one it has."""
    if deal.status != Status.ACCEPTED:
        return []
    *stages, _won = lifecycle_stages(deal.type, inbound=deal.is_inbound)
    names = shown_names(deal.organization_id)
    return [
        Target(str(one.percent), stage_in_words(one, names), one.percent, one.code == deal.stage)
        for one in stages
    ]


def _where(deal: Deal) -> str:
    stage = deal.current_stage
    if stage is None or deal.is_closed:
        return str(deal.status_label)
    words = stage_in_words(stage, shown_names(deal.organization_id))
    return f"{words}, {format_percentage(stage.percent)}"


def _is_on_board(request: MemberRequest) -> bool:
    return request.htmx.target == LIST_ID
