"""The vendor's queue of solutions that partners want marked (1.5)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cosell.core.errors import Refused
from cosell.core.folding import with_words
from cosell.core.typed import typed
from partners import cosell
from partners.access import MemberRequest, member_view
from partners.forms.solutions import AnswerForm, LowerForm
from partners.models import CoSellRequest
from partners.permissions import Permission
from partners.queries import marked_solutions, requests_to

# What the button says that was pressed.
ANSWERS = {"grant": True, "refuse": False}
MOST_ANSWERED = 20
MOST_MARKED = 100


@require_safe
@member_view(Permission.MANAGE_PARTNERS)
def queue(request: MemberRequest) -> HttpResponse:
    """What waits, the oldest first; then the newest answers."""
    asked = requests_to(request.member.organization_id)
    context = {
        "nav": "co_sell",
        "waiting": asked.filter(answered_at=None, withdrawn_at=None).order_by("asked_at", "pk"),
        "answered": asked.exclude(answered_at=None).order_by("-answered_at")[:MOST_ANSWERED],
    }
    return render(request, "partners/co_sell.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.MANAGE_PARTNERS)
def co_sell_request(request: MemberRequest, request_id: UUID) -> HttpResponseBase:
    asked = get_object_or_404(requests_to(request.member.organization_id), pk=request_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    decision = ANSWERS.get(request.POST.get("answer", ""))
    if request.method == "POST" and decision is None:
        form.add_error(None, _("Choose one of the two answers."))
    elif decision is not None and form.is_valid() and _is_answered(request, asked, form, decision):
        return redirect("partners:co_sell", request.member.organization.slug)
    context = {"nav": "co_sell", "asked": asked, "form": form}
    status = 422 if form.errors else 200
    return render(request, "partners/co_sell_request.html", context, status=status)


@require_safe
@member_view(Permission.MANAGE_PARTNERS)
def marks(request: MemberRequest) -> HttpResponse:
    """Every solution of a partner that carries a mark."""
    query = typed(request, "q")
    found = with_words(marked_solutions(), query, "name", "code", "organization__name")
    shown = list(found[: MOST_MARKED + 1])
    context = {
        "nav": "co_sell",
        "query": query,
        "solutions": shown[:MOST_MARKED],
        "has_more": len(shown) > MOST_MARKED,
        "most": MOST_MARKED,
    }
    return render(request, "partners/co_sell_marks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.MANAGE_PARTNERS)
def lower(request: MemberRequest, solution_id: UUID) -> HttpResponseBase:
    """Says what follows, and asks for the reason."""
    solution = get_object_or_404(marked_solutions(), pk=solution_id)
    form = LowerForm(request.POST if request.method == "POST" else None, solution=solution)
    if form.is_valid():
        to, reason = form.cleaned_data["status"], form.cleaned_data["reason"]
        cosell.lower_mark(solution, to=to, reason=reason, actor=request.member.actor)
        told = _("%(name)s is %(status)s from now on; %(company)s gets a mail with the reason.")
        words = {
            "name": solution.name, "status": to.label, "company": solution.organization.name
        }  # fmt: skip
        messages.success(request, told % words)
        return redirect("partners:co_sell_marks", request.member.organization.slug)
    context = {"nav": "co_sell", "solution": solution, "form": form}
    status = 422 if form.errors else 200
    return render(request, "partners/co_sell_lower.html", context, status=status)


def _is_answered(
    request: MemberRequest, asked: CoSellRequest, form: AnswerForm, is_granted: bool
) -> bool:
    try:
        cosell.answer(
            asked,
            is_granted=is_granted,
            reason=form.cleaned_data["reason"],
            actor=request.member.actor,
        )
    except Refused as refusal:
        if not refusal.field:
            raise
        form.add_error(refusal.field, str(refusal.message))
        return False
    if is_granted:
        told = _("%(name)s is marked as %(status)s; %(company)s gets a mail.")
    else:
        told = _("%(name)s is not marked as %(status)s; %(company)s gets a mail with the reason.")
    words = {
        "name": asked.name,
        "status": asked.get_wanted_display(),
        "company": asked.organization.name,
    }
    messages.success(request, told % words)
    return True
