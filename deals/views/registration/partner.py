"""Registering a deal: what stands against it, the form, and what became of it (6.1 to 6.4)."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cosell.core.errors import NotAllowed, Refused, Stale
from deals.forms.registration import RegistrationForm
from deals.links import deal_context
from deals.models import Deal, Registration, RegistrationStep
from deals.queries import visible_deals
from deals.registration.answers import Frame, answers_of
from deals.registration.lifecycle import why_stale
from deals.registration.queries import steps_of
from deals.registration.services import resubmit_registration, submit_registration
from deals.registration.words import HistoryItem, Row, history_of, rows_of
from deals.views.registration.parts import (
    RegistrationPart,
    read_registration_part,
    version_shown,
)
from partners.access import MemberRequest, member_view
from partners.models import Membership, User
from partners.permissions import Permission
from partners.queries import admins_of


@dataclass(frozen=True)
class RegistrationPage:
    """A registration as the company reads it that sent it."""

    part: RegistrationPart

    @property
    def registration(self) -> Registration | None:
        return self.part.registration

    @cached_property
    def _steps(self) -> list[RegistrationStep]:
        return list(steps_of(self.registration)) if self.registration else []

    @property
    def rows(self) -> list[Row]:
        return rows_of(self.registration, self._steps) if self.registration else []

    @property
    def history(self) -> list[HistoryItem]:
        deal = self.part.deal
        return history_of(self._steps, reader=deal.organization_id, currency=deal.currency)

    @cached_property
    def whom_to_ask(self) -> list[User]:
        """For who may not register what could be (1.4)."""
        if self.part.may_register or not (self.part.can_begin or self.part.must_correct):
            return []
        return admins_of(self.part.deal.organization_id)


@require_safe
@member_view(Permission.VIEW_DEALS)
def registration(request: MemberRequest, deal_id: UUID) -> HttpResponse:
    deal = get_object_or_404(visible_deals(request.member), pk=deal_id)
    page = RegistrationPage(_part(deal, request.member))
    context = deal_context(request, deal) | {"page": page, "part": page.part}
    return render(request, "deals/registration/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.REGISTER_DEALS)
def register(request: MemberRequest, deal_id: UUID) -> HttpResponseBase:
    """The first round, or the next one when changes were asked for."""
    deal = get_object_or_404(visible_deals(request.member), pk=deal_id)
    part = _part(deal, request.member)
    refusal = _why_not(part)
    form = _form(request, part)
    # Whoever sent a form that somebody was faster with gets it back below.
    if refusal and (request.method != "POST" or part.registration is None):
        raise refusal
    if request.method != "POST" or refusal or not form.is_valid():
        return _form_page(request, part, form, refusal)
    try:
        _send(request, part, form)
    except NotAllowed:
        raise
    except Refused as refused:
        if not isinstance(refused, Stale):
            form.add_error(refused.field or None, str(refused))
        return _form_page(request, part, form, refused)
    messages.success(request, _("%(vendor)s has your registration.") % {"vendor": part.vendor})
    address = reverse("deals:registration", args=[request.member.organization.slug, deal.pk])
    return redirect(address + deal_context(request, deal)["origin"])


def _part(deal: Deal, member: Membership) -> RegistrationPart:
    """404 where nothing could ever be registered."""
    part = read_registration_part(deal, member)
    if part is None:
        raise Http404
    return part


def _why_not(part: RegistrationPart) -> Refused | None:
    if part.registration is None:
        missing = part.checklist.why_not
        return Refused("not_eligible", missing) if missing else None
    if part.can_correct:
        return None
    return why_stale(part.registration, reader=part.deal.organization_id)


def _form(request: MemberRequest, part: RegistrationPart) -> RegistrationForm:
    known = part.registration
    day = timezone.localdate(known.submitted_at) if known else timezone.localdate()
    return RegistrationForm(
        request.POST if request.method == "POST" else None,
        frame=Frame(part.deal.currency, part.checklist.rules, sent_on=day),
        answers=answers_of(known) if known else None,
        remarks=known.messages if known else None,
        vendor=part.vendor,
    )


def _send(request: MemberRequest, part: RegistrationPart, form: RegistrationForm) -> None:
    if part.registration is None:
        submit_registration(
            part.deal, by=request.member, answers=form.answers, vendor=part.checklist.vendor
        )
        return
    resubmit_registration(
        part.registration,
        deal=part.deal,
        by=request.member,
        answers=form.answers,
        version=version_shown(request),
    )


def _form_page(
    request: MemberRequest, part: RegistrationPart, form: RegistrationForm, refusal: Any
) -> HttpResponse:
    """What was typed stays, also where somebody was faster."""
    stale = refusal if isinstance(refusal, Stale) else None
    context = deal_context(request, part.deal) | {"part": part, "form": form, "stale": stale}
    sent = 409 if stale else 422
    status = sent if request.method == "POST" else 200
    return render(request, "deals/registration/form.html", context, status=status)
