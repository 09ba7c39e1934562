"""The company's history: who changed what about people and signing in (1.2, 1.3)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cosell.core.typed import typed
from partners.access import MemberRequest, member_view
from partners.history import PAGE, history_of, in_words
from partners.models import Change, CompanyEvent, CoSellStatus
from partners.permissions import Permission

# Icon and its tone.
_LOOKS = {
    Change.TENANT_LINKED: ("link", "green"),
    Change.TENANT_UNLINKED: ("ban", "red"),
    Change.LINK_ASKED: ("inbox", "accent"),
    Change.LINK_GRANTED: ("circle-check", "green"),
    Change.LINK_REFUSED: ("circle-x", "red"),
    Change.FACTOR_REQUIRED: ("shield-check", "green"),
    Change.FACTOR_OPTIONAL: ("shield-check", ""),
    Change.PERSON_JOINED: ("user-plus", "green"),
    Change.ROLE_CHANGED: ("user-check", "accent"),
    Change.PERSON_DEACTIVATED: ("lock", "red"),
    Change.MARK_LOWERED: ("badge-check", "red"),
    Change.PERSON_REACTIVATED: ("undo-2", ""),
}


@require_safe
@member_view(Permission.MANAGE_COMPANY)
def company_history(request: MemberRequest) -> HttpResponse:
    before = typed(request, "before")
    # No id has more digits than fit into the column.
    last = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None
    found = list(history_of(request.member.organization_id, before=last))
    context = {
        "nav": "history",
        "slug": request.member.organization.slug,
        "entries": [_entry(event) for event in found[:PAGE]],
        "older": found[PAGE - 1].pk if len(found) > PAGE else None,
        "is_newest": last is None,
    }
    return render(request, "partners/history.html", context)


def _entry(event: CompanyEvent) -> dict[str, Any]:
    icon, tone = _LOOKS[Change(event.kind)]
    who = event.by_name or _("The system")
    before, after = in_words(event.data.get("before")), in_words(event.data.get("after"))
    if "marks" in event.data:
        before, after = (str(CoSellStatus(mark).label) for mark in event.data["marks"])
    return {
        "at": event.at,
        "icon": icon,
        "tone": tone,
        "who": f"{who} ({event.by_company})" if event.by_company else who,
        "what": event.get_kind_display(),
        "subject": event.subject,
        "before": before,
        "after": after,
        "note": event.data.get("reason", ""),
        "person": event.data.get("person", ""),
    }
