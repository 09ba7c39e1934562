"""Asking the vendor for help with a deal that exists already; makes it co-sell (3.3, 3.8, 5.6)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cosell.core.errors import NotAllowed, Refused, Stale
from deals.forms.contact import ContactForm, needed_to_invite
from deals.forms.help import HelpForm
from deals.forms.solutions import kept_solutions
from deals.links import deal_address, deal_context
from deals.models import CustomerContact, Deal
from deals.queries import contact_of
from deals.services import confirm_consent, edit_contact
from partners.access import MemberRequest, member_view
from partners.models import Organization
from partners.permissions import Permission
from partners.queries import vendor
from referrals.models import Referral
from referrals.offers import Invitation
from referrals.queries import invited_before, taking_part
from referrals.services import invite
from referrals.views.inviting import deal_that_invites, pressed_twice, team_of


@dataclass
class Asking:
    """What the page asks for: help, and what is missing of contact and consent (3.3)."""

    deal: Deal
    seller: Organization
    contact: CustomerContact | None
    form: HelpForm
    contact_form: ContactForm
    history: list[Referral]
    days = settings.INVITATION_DAYS

    @property
    def needs_contact(self) -> bool:
        return self.contact is None or self.contact.consent_at is None

    @property
    def needs_only_consent(self) -> bool:
        """The contact is a partner's already and can only be shared as it is."""
        return self.needs_contact and is_fixed(self.contact)

    @property
    def is_valid(self) -> bool:
        contact_is_fine = not self.needs_contact or self.contact_form.is_valid()
        return self.form.is_valid() and contact_is_fine


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INVITE)
def invite_vendor(request: MemberRequest, deal_id: UUID) -> HttpResponseBase:
    """`version` is of the page that asked: what is sent must be what was shown."""
    deal = deal_that_invites(request, deal_id, is_to_vendor=True)
    seller = _seller(request)
    # Only the page itself sends a version.
    if "version" in request.POST and (twice := pressed_twice(request, deal, [seller.pk])):
        return twice
    asking = _asking(request, deal, seller)
    if request.method != "POST":
        return _page(request, asking)
    if request.POST.get("version") != str(deal.version):
        return _page(request, asking, status=409, is_changed=True)
    if not asking.is_valid:
        return _page(request, asking, status=422)
    refused = _send(request, asking)
    if refused:
        twice = pressed_twice(request, deal, [seller.pk])
        return twice or _page(request, asking, status=refused.status)
    messages.success(request, _("%(company)s is invited.") % {"company": asking.seller.name})
    return redirect(deal_address(request, deal))


def _seller(request: MemberRequest) -> Organization:
    seller = vendor()
    if seller is None or seller.pk == request.member.organization_id:
        raise Http404
    return seller


def _asking(request: MemberRequest, deal: Deal, seller: Organization) -> Asking:
    if seller.pk in taking_part(deal):
        raise Refused(
            "invited_already",
            _("%(company)s was invited to this deal already.") % {"company": seller.name},
        )
    data = request.POST if request.method == "POST" else None
    contact = contact_of(deal)
    contact_form = ContactForm(
        data,
        initial=ContactForm.initial_from(deal),
        company=seller.name,
        region=request.member.organization.country,
        needed=needed_to_invite(seller.name),
        is_fixed=is_fixed(contact),
    )
    return Asking(
        deal,
        seller,
        contact,
        HelpForm(data, company=seller.name, is_needed=True),
        contact_form,
        invited_before(deal, [seller.pk]).get(seller.pk, []),
    )


def _send(request: MemberRequest, asking: Asking) -> Refused | None:
    deal, actor = asking.deal, request.member.actor
    try:
        with transaction.atomic():
            if asking.needs_only_consent:
                confirm_consent(deal, actor=actor)
            elif asking.needs_contact and (person := asking.contact_form.person):
                edit_contact(deal, actor=actor, version=deal.version, contact=person, consent=True)
            shown = deal.version
            invite(
                deal,
                sender=request.member.organization,
                recipient=asking.seller,
                actor=actor,
                offer=_offer(asking),
            )
            # Known once the deal is locked.
            if deal.version != shown:
                raise Stale("changed", _("Somebody changed the deal at the same moment."))
    except NotAllowed:
        raise
    except Refused as refusal:
        field = refusal.field if refusal.field in asking.form.fields else None
        asking.form.add_error(field, str(refusal))
        return refusal
    return None


def is_fixed(contact: CustomerContact | None) -> bool:
    return contact is not None and contact.first_shared_at is not None


def _offer(asking: Asking) -> Invitation:
    deal = asking.deal
    return Invitation(
        value=deal.value,
        currency=deal.currency,
        close_date=deal.close_date,
        help_type=asking.form.chosen_help,
        message=asking.form.cleaned_data["message"],
        people=team_of(deal),
        solutions=kept_solutions(deal),
        shares_contact=True,
    )


def _page(
    request: MemberRequest, asking: Asking, *, status: int = 200, is_changed: bool = False
) -> HttpResponse:
    context: dict[str, Any] = deal_context(request, asking.deal) | {
        "asking": asking,
        "company": asking.seller.name,
        "is_changed": is_changed,
    }
    return render(request, "referrals/invite_vendor.html", context, status=status)
