"""The palette: jump to a deal, a customer or a page (Ctrl-K); and what the keys do."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from cosell.core.typed import typed
from deals.finding import find_customers, find_deals, is_searchable
from deals.list_state import ListState
from deals.listing.criteria import SEARCH_MINIMUM, Tab
from deals.models import Deal, Direction
from partners.access import MemberRequest, member_view
from partners.models import Membership
from partners.permissions import Permission

LONGEST = 100
A_YEAR = 365 * 86400


@dataclass(frozen=True)
class Hit:
    id: str
    icon: str
    label: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Hits:
    label: str
    hits: list[Hit]


@require_safe
@member_view(Permission.VIEW_DEALS)
def find(request: MemberRequest) -> HttpResponse:
    """A page; for htmx what the dialog holds, or, while somebody types, what was found."""
    q = typed(request, "q")[:LONGEST]
    groups = [one for one in _groups(request.member, q) if one.hits]
    total = sum(len(one.hits) for one in groups)
    context = {
        "q": q,
        "groups": groups,
        "is_too_short": bool(q) and not is_searchable(q),
        "minimum": SEARCH_MINIMUM,
        "spoken": ngettext("%(n)s result", "%(n)s results", total) % {"n": total},
        "slug": request.member.organization.slug,
    }
    return render(request, f"deals/find.html{_part(request)}", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.VIEW_DEALS)
def keys(request: MemberRequest) -> HttpResponse:
    """What the keys do, and turning the single ones off: speech input presses keys by mistake."""
    slug = request.member.organization.slug
    if request.method != "POST":
        return render(request, f"deals/keys.html{_part(request)}", {"slug": slug})
    response = HttpResponseRedirect(reverse("deals:keys", args=[slug]))
    turned = "off" if request.POST.get("keys") == "off" else "on"
    response.set_cookie("keys", turned, max_age=A_YEAR, samesite="Lax", secure=request.is_secure())
    return response


def _part(request: MemberRequest) -> str:
    target = None if request.htmx.history_restore_request else request.htmx.target
    return f"#{target}" if target in {"dialog", "found"} else ""


def _groups(member: Membership, q: str) -> list[Hits]:
    slug = member.organization.slug
    deals = [_deal(one, slug) for one in find_deals(member, q)]
    customers = [
        Hit(
            f"customer-{number}",
            "building-2",
            one.name,
            ListState(Tab(one.direction), (("customer", one.name),)).url(slug),
            ngettext("%(n)s deal, %(list)s", "%(n)s deals, %(list)s", one.deals)
            % {"n": one.deals, "list": Direction(one.direction).label},
        )
        for number, one in enumerate(find_customers(member, q))
    ]
    return [
        Hits(_("Deals"), deals),
        Hits(_("Customers"), customers),
        Hits(_("Pages"), _pages(member, q)),
    ]


def _deal(deal: Deal, slug: str) -> Hit:
    url = reverse("deals:detail", args=[slug, deal.pk])
    note = f"{deal.customer_name} · {deal.status_label} · {deal.reference}"
    return Hit(f"deal-{deal.pk}", "send" if not deal.is_inbound else "inbox", deal.name, url, note)


def _pages(member: Membership, q: str) -> list[Hit]:
    slug = member.organization.slug
    lists = [("inbox", Tab.INBOUND), ("send", Tab.OUTBOUND), ("heart", Tab.FAVORITES)]
    pages: list[tuple[str, Any, str]] = [
        *((icon, tab.label, ListState(tab).url(slug)) for icon, tab in lists),
        ("plus", _("New deal"), reverse("deals:new", args=[slug])),
        ("bookmark", _("Views"), reverse("deals:views", args=[slug])),
        ("columns-3", _("Columns"), reverse("deals:columns", args=[slug])),
        ("list-checks", _("Keyboard shortcuts"), reverse("deals:keys", args=[slug])),
        ("key-round", _("Change password"), reverse("account_change_password")),
    ]
    if member.may(Permission.MANAGE_PARTNERS):
        organizations = reverse("partners:organizations", args=[slug])
        pages.append(("building-2", _("Partner organisations"), organizations))
    return [
        Hit(f"page-{number}", icon, str(label), url)
        for number, (icon, label, url) in enumerate(pages)
        if q.casefold() in str(label).casefold()
    ]
