"""Answering an invitation, and taking one back. Each asks on a page of its own first."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cosell.core.errors import Refused, Stale
from deals.forms.closing import ReasonForm
from deals.forms.details import DetailsForm
from deals.forms.people import PeopleFormSet, row_of, rows_after_button
from deals.lifecycle import advance, offer_of
from deals.links import deal_address, deal_context
from deals.models import Deal, Status
from deals.queries import recent_contacts, visible_deals
from deals.transitions import Name
from partners.access import MemberRequest, member_view
from partners.permissions import Permission
from referrals.forms import AcceptingTeam
from referrals.queries import received_referral, sent_referrals
from referrals.services import accept_referral, already_answered, withdraw_referral


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.ANSWER_REFERRALS)
def accept(request: MemberRequest, deal_id: UUID) -> HttpResponseBase:
    """The form of 4.2; a button of the team's rows comes back with nothing checked."""
    deal = get_object_or_404(visible_deals(request.member), pk=deal_id)
    offer_of(deal, Name.ACCEPT, actor=request.member.actor)
    if request.method != "POST":
        team = AcceptingTeam.showing([row_of(request.user)], member=request.member)
        return _accept_page(request, deal, _details_of(deal), team)
    rows = rows_after_button(request.POST, recent_contacts(request.member))
    if rows is not None:
        team = AcceptingTeam.showing(rows, member=request.member)
        typed = DetailsForm(initial=request.POST.dict())
        return _accept_page(request, deal, typed, team)
    form = DetailsForm(request.POST, initial=DetailsForm.initial_from(deal))
    team = AcceptingTeam.sent(request.POST, member=request.member)
    if not (form.is_valid() & team.is_valid()) or not _accepted(request, deal, form, team):
        return _accept_page(request, deal, form, team, status=422)
    messages.success(request, _("Accepted. You can mark stages and change everything now."))
    return redirect(deal_address(request, deal))


def _accepted(request: MemberRequest, deal: Deal, form: DetailsForm, team: PeopleFormSet) -> bool:
    try:
        accept_referral(deal, actor=request.member.actor, details=form.details, team=team.people)
    except Stale:
        raise
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True


def _details_of(deal: Deal) -> DetailsForm:
    return DetailsForm(initial=DetailsForm.initial_from(deal))


def _accept_page(
    request: MemberRequest, deal: Deal, form: DetailsForm, team: PeopleFormSet, *, status: int = 200
) -> HttpResponse:
    context = _context(request, deal) | {
        "form": form,
        "formset": team,
        "contacts": recent_contacts(request.member),
        "form_id": "accept-form",
        "live": "#people",
        "after_button": request.method == "POST" and status == 200,
    }
    is_part = bool(request.htmx) and request.htmx.target == "people"
    template = "deals/_team_editor.html" if is_part else "referrals/accept.html"
    return render(request, template, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.ANSWER_REFERRALS)
def decline(request: MemberRequest, deal_id: UUID) -> HttpResponseBase:
    deal = get_object_or_404(visible_deals(request.member), pk=deal_id)
    offer = offer_of(deal, Name.DECLINE, actor=request.member.actor)
    context = _context(request, deal)
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        transition=offer.transition,
        notes_hint=_("%(company)s reads them. Needed with “Others”.")
        % {"company": context["referral"].sender_name},
    )
    if request.method == "POST" and form.is_valid() and _declined(request, deal, form):
        messages.success(request, _("Declined."))
        return redirect(deal_address(request, deal))
    status = 422 if request.method == "POST" else 200
    return render(request, "referrals/decline.html", context | {"form": form}, status=status)


def _declined(request: MemberRequest, deal: Deal, form: ReasonForm) -> bool:
    try:
        advance(deal, Name.DECLINE, actor=request.member.actor, **form.answer)
    except Stale:
        raise
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INVITE)
def withdraw(request: MemberRequest, deal_id: UUID, referral_id: UUID) -> HttpResponseBase:
    deal = get_object_or_404(visible_deals(request.member), pk=deal_id)
    referral = get_object_or_404(sent_referrals(deal), pk=referral_id)
    if referral.current_status != Status.RECEIVED:
        raise already_answered(referral)
    if request.method != "POST":
        context = deal_context(request, deal) | {"referral": referral}
        return render(request, "referrals/withdraw.html", context)
    withdraw_referral(referral, actor=request.member.actor)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect(deal_address(request, deal))


def _context(request: MemberRequest, deal: Deal) -> dict[str, Any]:
    return deal_context(request, deal) | {"referral": received_referral(deal)}
