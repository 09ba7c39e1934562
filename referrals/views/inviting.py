"""Inviting partners to a deal that exists already, as many as wanted in one go (3.10, 5.6)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cosell.core.errors import NotAllowed, Refused, Stale
from cosell.core.typed import storable
from deals.forms.partner import PartnerForm
from deals.forms.partners import PartnerPicker, Sent, sent_after_button
from deals.lifecycle import why_stale
from deals.links import deal_address, deal_context
from deals.models import Deal
from deals.queries import contact_of, visible_deals
from deals.services import Person, person_of
from partners.access import MemberRequest, member_view
from partners.permissions import Permission
from referrals.combinations import why_nobody
from referrals.models import HelpType
from referrals.queries import invited_before, taking_part
from referrals.services import invite


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INVITE)
def invite_partners(request: MemberRequest, deal_id: UUID) -> HttpResponseBase:
    """`partner` in the address is chosen already; a button comes back with nothing checked."""
    deal = deal_that_invites(request, deal_id, is_to_vendor=False)
    if request.method != "POST":
        chosen = MultiValueDict({"partners": request.GET.getlist("partner")})
        return _page(request, deal, _picker(request, deal, chosen, checked=False))
    sent = _received(request)
    pressed = sent_after_button(sent)
    if pressed is not None:
        return _page(request, deal, _picker(request, deal, pressed, checked=False))
    picker = _picker(request, deal, sent, checked=True)
    if not picker.ids or not picker.is_valid:
        return _page(request, deal, picker, status=422)
    refused = _send(request, deal, picker.forms)
    if refused:
        return _page(request, deal, picker, status=refused.status)
    messages.success(request, _("Invited: %(companies)s.") % {"companies": picker.names})
    return redirect(deal_address(request, deal))


def _received(request: MemberRequest) -> Sent:
    post = request.POST
    return MultiValueDict({name: [storable(text) for text in post.getlist(name)] for name in post})


def deal_that_invites(request: MemberRequest, deal_id: UUID, *, is_to_vendor: bool) -> Deal:
    deal = get_object_or_404(visible_deals(request.member), pk=deal_id)
    if deal.is_closed:
        raise why_stale(deal)
    sender = request.member.organization
    if reason := why_nobody(deal, sender=sender, is_to_vendor=is_to_vendor):
        raise Refused("combination", reason)
    return deal


def team_of(deal: Deal) -> list[Person]:
    return [person_of(person) for person in deal.team.all()]


def _picker(request: MemberRequest, deal: Deal, sent: Sent, *, checked: bool) -> PartnerPicker:
    return PartnerPicker(
        request.member.organization,
        sent,
        checked=checked,
        prefilled={
            "value": deal.value,
            "currency": deal.currency,
            "close_date": deal.close_date,
            "help_type": HelpType.GENERAL,
        },
        people=team_of(deal),
        may_share=contact_of(deal) is not None,
        taken=taking_part(deal),
        history=lambda companies: invited_before(deal, companies),
    )


def _send(request: MemberRequest, deal: Deal, forms: Sequence[PartnerForm]) -> Refused | None:
    """All of them or none; the one that was refused says so, the others keep what was typed."""
    form = forms[0]
    try:
        with transaction.atomic():
            for form in forms:
                _send_one(request, deal, form)
    except NotAllowed:
        raise
    except Refused as refusal:
        if isinstance(refusal, Stale):
            form.add_error(None, str(refusal))
        else:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return refusal
    return None


def _send_one(request: MemberRequest, deal: Deal, form: PartnerForm) -> None:
    invite(
        deal,
        sender=request.member.organization,
        recipient=form.partner.organization,
        actor=request.member.actor,
        offer=form.offer,
    )


def _page(
    request: MemberRequest, deal: Deal, picker: PartnerPicker, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"picker": picker, "missing": status == 422 and not picker.ids}
    return render(
        request,
        "referrals/invite_partners.html",
        deal_context(request, deal) | context,
        status=status,
    )
