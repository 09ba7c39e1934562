"""The admin's pages about the solutions of the company (1.5)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cosell.core.errors import NotAllowed, Refused
from deals.queries import open_deals_with
from partners import cosell, solutions
from partners.access import MemberRequest, member_view
from partners.forms.solutions import AskForm, SolutionForm
from partners.models import CoSellRequest, Solution, SolutionKind
from partners.permissions import Permission
from partners.queries import may_create_deals, requests_of, vendor

_GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@member_view(Permission.MANAGE_COMPANY)
def solution_list(request: MemberRequest) -> HttpResponse:
    """What is on offer first, then what is not yet, then what is not any more."""
    own = _own(request).order_by("retired_at", "-is_published", "-status", "name")
    context = {
        "nav": "solutions",
        "solutions": sorted(own, key=lambda one: one.retired_at is not None),
        "may_create": may_create_deals(request.member.organization),
    }
    return render(request, "partners/solutions.html", context)


@_GET_AND_POST
@member_view(Permission.MANAGE_COMPANY)
def add_solution(request: MemberRequest) -> HttpResponseBase:
    member = request.member
    form = SolutionForm(
        request.POST if request.method == "POST" else None, organization=member.organization
    )
    if form.is_valid():
        added = solutions.add_solution(
            member.organization, content=form.content, actor=member.actor
        )
        text = _("%(name)s is added as %(code)s. Publish it when it is ready.")
        messages.success(request, text % {"name": added.name, "code": added.code})
        return _to(request, added)
    context = {"nav": "solutions", "form": form}
    status = 422 if form.errors else 200
    return render(request, "partners/add_solution.html", context, status=status)


@_GET_AND_POST
@member_view(Permission.MANAGE_COMPANY)
def solution(request: MemberRequest, solution_id: UUID) -> HttpResponseBase:
    edited = _solution(request, solution_id)
    if request.method != "POST":
        return _page(request, edited, SolutionForm.showing(edited))
    form = SolutionForm(request.POST, organization=edited.organization)
    if form.is_valid():
        solutions.edit_solution(edited, content=form.content, actor=request.member.actor)
        messages.success(request, _("The solution is saved. Deals keep the name they have."))
        return _to(request, edited)
    return _page(request, _solution(request, solution_id), form)


@require_POST
@member_view(Permission.MANAGE_COMPANY)
def publish_solution(request: MemberRequest, solution_id: UUID) -> HttpResponseBase:
    return _change(request, solution_id, solutions.publish, _("%(name)s is published."))


@require_POST
@member_view(Permission.MANAGE_COMPANY)
def unpublish_solution(request: MemberRequest, solution_id: UUID) -> HttpResponseBase:
    text = _("%(name)s is no longer published. Deals that carry it keep it.")
    return _change(request, solution_id, solutions.unpublish, text)


@require_POST
@member_view(Permission.MANAGE_COMPANY)
def bring_back_solution(request: MemberRequest, solution_id: UUID) -> HttpResponseBase:
    text = _("%(name)s is back. Publish it when others should find it.")
    return _change(request, solution_id, solutions.bring_back, text)


@_GET_AND_POST
@member_view(Permission.MANAGE_COMPANY)
def retire_solution(request: MemberRequest, solution_id: UUID) -> HttpResponseBase:
    """Asks first, and says which deals keep it."""
    if request.method == "POST":
        text = _("%(name)s is retired. Deals that carry it keep it.")
        return _change(request, solution_id, solutions.retire, text)
    chosen = _solution(request, solution_id)
    context = {
        "nav": "solutions",
        "slug": request.member.organization.slug,
        "solution": chosen,
        "open_deals": open_deals_with(chosen),
    }
    return render(request, "partners/retire_solution.html", context)


@require_POST
@member_view(Permission.MANAGE_COMPANY)
def ask_co_sell(request: MemberRequest, solution_id: UUID) -> HttpResponseBase:
    asked_for, form = _solution(request, solution_id), AskForm(request.POST)
    if not form.is_valid():
        return _page(request, asked_for, SolutionForm.showing(asked_for), ask_form=form)
    asked = cosell.ask(request.member, solution=asked_for, message=form.cleaned_data["message"])
    text = _("%(vendor)s is asked to mark %(name)s as %(status)s. You get a mail with the answer.")
    words = {
        "vendor": asked.vendor.name, "name": asked.name, "status": asked.get_wanted_display()
    }  # fmt: skip
    messages.success(request, text % words)
    return _to(request, asked_for)


@require_POST
@member_view(Permission.MANAGE_COMPANY)
def withdraw_co_sell(request: MemberRequest, solution_id: UUID) -> HttpResponseBase:
    asked_for = _solution(request, solution_id)
    waiting = requests_of(asked_for).filter(answered_at=None, withdrawn_at=None).first()
    if waiting is None:
        raise Refused("nothing_asked", _("Nothing waits for an answer."))
    cosell.withdraw(waiting, actor=request.member.actor)
    messages.success(request, _("The request is withdrawn."))
    return _to(request, asked_for)


def _own(request: MemberRequest) -> Any:
    return Solution.objects.filter(
        organization_id=request.member.organization_id, kind=SolutionKind.SOLUTION
    ).select_related("organization")


def _solution(request: MemberRequest, solution_id: UUID) -> Solution:
    found: Solution = get_object_or_404(_own(request), pk=solution_id)
    return found


def _change(
    request: MemberRequest, solution_id: UUID, change: Callable[..., None], told: str
) -> HttpResponseBase:
    """What is refused stands on the page of the solution."""
    chosen = _solution(request, solution_id)
    try:
        change(chosen, actor=request.member.actor)
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, told % {"name": chosen.name})
    return _to(request, chosen)


def _page(
    request: MemberRequest, shown: Solution, form: SolutionForm, *, ask_form: AskForm | None = None
) -> HttpResponse:
    judge = vendor()
    levels = solutions.levels_of(shown, vendor=judge)
    wanted = None if shown.organization.is_vendor else cosell.next_level(levels)
    requests: list[CoSellRequest] = list(requests_of(shown))
    context = {
        "nav": "solutions",
        "slug": request.member.organization.slug,
        "solution": shown,
        "form": form,
        "levels": levels,
        "vendor": judge,
        "waiting": next((one for one in requests if one.is_open), None),
        "answered": [one for one in requests if one.answered_at],
        "wanted": wanted,
        "may_ask": wanted is not None and solutions.is_prepared_for(wanted, levels),
        "ask_form": ask_form or AskForm(),
    }
    failed = form.errors or (ask_form and ask_form.errors)
    return render(request, "partners/solution.html", context, status=422 if failed else 200)


def _to(request: MemberRequest, shown: Solution) -> HttpResponse:
    return redirect("partners:solution", request.member.organization.slug, shown.pk)
