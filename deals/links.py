"""How the pages about one deal lead back: to the deal, and to the list one came from (2.3)."""

from typing import Any

from django.urls import reverse

from deals.list_state import list_state_of, origin_of
from deals.models import Deal
from partners.access import MemberRequest


def deal_context(request: MemberRequest, deal: Deal) -> dict[str, Any]:
    """`origin` is the query that carries the state of the list on from page to page."""
    slug, came_from = request.member.organization.slug, _came_from(request)
    state = list_state_of(came_from, deal=deal)
    return {
        "deal": deal,
        "slug": slug,
        "nav": state.tab,
        "list_name": state.tab.label,
        "list_url": state.url(slug),
        "origin": origin_of(came_from),
        "came_from": came_from,
    }


def deal_address(request: MemberRequest, deal: Deal) -> str:
    address = reverse("deals:detail", args=[request.member.organization.slug, deal.pk])
    return address + origin_of(_came_from(request))


def _came_from(request: MemberRequest) -> str:
    return request.GET.get("from", "")
