"""Inviting partners to a deal that exists already, as many as wanted in one go (3.10, 5.6)."""

from collections.abc import Collection
from dataclasses import dataclass
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
from deals.customers import industry_of
from deals.forms.contact import ContactForm
from deals.forms.partner import PartnerForm
from deals.forms.partners import PartnerPicker, Sent, sent_after_button
from deals.links import deal_address, deal_context
from deals.models import Deal
from deals.overtaken import why_stale
from deals.parts import Person, person_of
from deals.queries import contact_of, visible_deals
from deals.services import edit_contact
from partners.access import MemberRequest, member_view
from partners.permissions import Permission
from referrals.combinations import why_nobody
from referrals.models import HelpType
from referrals.queries import invited_before, invited_just_now, taking_part
from referrals.services import invite
from referrals.suggestions import suggest_partners
from referrals.traits import traits_of


@dataclass
class Inviting:
    """What the page asks for: partners, and the customer's contact where there is none (3.3)."""

    picker: PartnerPicker
    contact_form: ContactForm | None

    @property
    def is_valid(self) -> bool:
        contact_is_fine = self.contact_form is None or self.contact_form.is_valid()
        return bool(self.picker.ids) and self.picker.is_valid and contact_is_fine

    @property
    def new_contact(self) -> Person | None:
        return self.contact_form.person if self.contact_form else None


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INVITE)
def invite_partners(request: MemberRequest, deal_id: UUID) -> HttpResponseBase:
    """`partner` in the address is chosen already; a button comes back with nothing checked."""
    deal = deal_that_invites(request, deal_id, is_to_vendor=False)
    if request.method != "POST":
        chosen = MultiValueDict({"partners": request.GET.getlist("partner")})
        return _page(request, deal, _inviting(request, deal, chosen, checked=False))
    sent = _received(request)
    pressed = sent_after_button(sent)
    if pressed is not None:
        return _page(request, deal, _inviting(request, deal, pressed, checked=False))
    inviting = _inviting(request, deal, sent, checked=True)
    status = _status_of_sending(request, deal, inviting)
    if status:
        twice = pressed_twice(request, deal, inviting.picker.ids)
        return twice or _page(request, deal, inviting, status=status)
    messages.success(request, _("Invited: %(companies)s.") % {"companies": inviting.picker.names})
    return redirect(deal_address(request, deal))


def pressed_twice(
    request: MemberRequest, deal: Deal, companies: Collection[UUID]
) -> HttpResponseBase | None:
    """To the deal, for who is refused because their own first click did it."""
    if not invited_just_now(deal, by=request.member.user_id, companies=companies):
        return None
    messages.success(request, _("Your invitation is out; it was sent once."))
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


def _inviting(request: MemberRequest, deal: Deal, sent: Sent, *, checked: bool) -> Inviting:
    picker = _picker(request, deal, sent, checked=checked)
    if contact_of(deal):
        return Inviting(picker, None)
    wanted = _("Needed to share the contact.") if picker.shares_contact else ""
    region = request.member.organization.country
    form = ContactForm(sent, region=region, needed=wanted)
    if not checked:
        typed = {name: form[name].data for name in form.fields}
        form = ContactForm(region=region, needed=wanted, initial=typed)
    return Inviting(picker, form)


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
        may_share=True,
        taken=taking_part(deal),
        history=lambda companies: invited_before(deal, companies),
        suggest=lambda besides: suggest_partners(
            request.member, traits_of(deal, industry=industry_of(deal.customer)), besides=besides
        ),
    )


def _status_of_sending(request: MemberRequest, deal: Deal, inviting: Inviting) -> int:
    """0 when every invitation is out."""
    if not inviting.is_valid:
        return 422
    refused = _send(request, deal, inviting)
    return refused.status if refused else 0


def _send(request: MemberRequest, deal: Deal, inviting: Inviting) -> Refused | None:
    """All of them or none; the one that was refused says so, the others keep what was typed."""
    form, actor = inviting.picker.forms[0], request.member.actor
    try:
        with transaction.atomic():
            if person := inviting.new_contact:
                edit_contact(deal, actor=actor, version=deal.version, contact=person, consent=False)
            for form in inviting.picker.forms:
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
    request: MemberRequest, deal: Deal, inviting: Inviting, *, status: int = 200
) -> HttpResponse:
    picker = inviting.picker
    context: dict[str, Any] = {
        "picker": picker,
        "contact_form": inviting.contact_form,
        "missing": status == 422 and not picker.ids,
    }
    return render(
        request,
        "referrals/invite_partners.html",
        deal_context(request, deal) | context,
        status=status,
    )
