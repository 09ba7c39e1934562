"""Won, lost, closed as error: each on a page that says what becomes final and who is told (5.5)."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cosell.core.errors import Refused, Stale
from deals.forms.closing import ReasonForm
from deals.lifecycle import Offer, advance, offer_of
from deals.links import deal_address, deal_context
from deals.models import Deal
from deals.queries import visible_deals
from deals.transitions import Name
from deals.views.registration.parts import read_registration_part
from partners.access import MemberRequest, member_view
from partners.models import Membership
from partners.permissions import Permission
from referrals.cards import told_of_closing, withdrawn_by_closing
from referrals.models import Referral
from referrals.queries import received_referral


@dataclass(frozen=True)
class Wording:
    question: Promise
    button: Promise
    outcome: Promise
    done: Promise


WORDING = {
    Name.WIN: Wording(
        gettext_lazy("Did the customer buy?"),
        gettext_lazy("Yes, it is won"),
        gettext_lazy("Your deal is closed as Won, 100%."),
        gettext_lazy("The deal is won."),
    ),
    Name.LOSE: Wording(
        gettext_lazy("Is this deal lost?"),
        gettext_lazy("Close as lost"),
        gettext_lazy("Your deal is closed as Lost."),
        gettext_lazy("The deal is closed as lost."),
    ),
    Name.CLOSE_AS_ERROR: Wording(
        gettext_lazy("Should this deal not exist?"),
        gettext_lazy("Close as error"),
        gettext_lazy("Your deal is closed as an error and counts neither as won nor as lost."),
        gettext_lazy("The deal is closed as an error."),
    ),
}


ASSESSED = Wording(
    gettext_lazy("Is the assessment complete?"),
    gettext_lazy("Yes, it is won"),
    gettext_lazy("Your assessment is closed as Won, 100%."),
    gettext_lazy("The assessment is won."),
)


def wording_of(deal: Deal, name: Name) -> Wording:
    return ASSESSED if deal.is_assessment and name == Name.WIN else WORDING[name]


@dataclass(frozen=True)
class Closing:
    """What the page says before anything happens."""

    deal: Deal
    offer: Offer
    member: Membership

    @property
    def name(self) -> Name:
        return self.offer.transition.name

    @property
    def wording(self) -> Wording:
        return wording_of(self.deal, self.name)

    @cached_property
    def inviter(self) -> Referral | None:
        return received_referral(self.deal) if self.deal.is_inbound else None

    @cached_property
    def told(self) -> list[str]:
        return told_of_closing(self.deal, self.inviter)

    @cached_property
    def withdrawn(self) -> list[str]:
        return withdrawn_by_closing(self.deal)

    @property
    def is_registered_next(self) -> bool:
        return is_registered_next(self.deal, self.member)

    @cached_property
    def team(self) -> list[str]:
        return [person.full_name for person in self.deal.team.all()]


def is_registered_next(deal: Deal, member: Membership) -> bool:
    part = read_registration_part(deal, member)
    return part is not None and part.checklist.is_eligible and part.may_register


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.CLOSE_DEALS)
def close(request: MemberRequest, deal_id: UUID, transition: str) -> HttpResponseBase:
    """`version` is of the page that asked: what becomes final must be what was shown."""
    if transition not in WORDING:
        raise Http404
    deal = get_object_or_404(visible_deals(request.member), pk=deal_id)
    offer = offer_of(deal, Name(transition), actor=request.member.actor)
    form = _form(request, offer)
    if request.method != "POST":
        return _page(request, deal, offer, form)
    if request.POST.get("version") != str(deal.version):
        return _page(request, deal, offer, form, is_changed=True)
    if not form.is_valid():
        return _page(request, deal, offer, form)
    try:
        advance(
            deal,
            offer.transition.name,
            actor=request.member.actor,
            version=deal.version,
            **form.answer,
        )
    except Stale:
        raise
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return _page(request, deal, offer, form)
    messages.success(request, str(wording_of(deal, offer.transition.name).done))
    return redirect(_next_page(request, deal))


def _next_page(request: MemberRequest, deal: Deal) -> str:
    """A deal that can be registered asks about that first: now, or later (6.2)."""
    if not is_registered_next(deal, request.member):
        return deal_address(request, deal)
    address = reverse("deals:registration", args=[request.member.organization.slug, deal.pk])
    return address + str(deal_context(request, deal)["origin"])


def _form(request: MemberRequest, offer: Offer) -> ReasonForm:
    hint = _("For your own company. Needed with “Others”.")
    data = request.POST if request.method == "POST" else None
    return ReasonForm(data, transition=offer.transition, notes_hint=hint)


def _page(
    request: MemberRequest,
    deal: Deal,
    offer: Offer,
    form: ReasonForm,
    *,
    is_changed: bool = False,
) -> HttpResponse:
    context = deal_context(request, deal) | {
        "closing": Closing(deal, offer, request.member),
        "form": form,
        "is_changed": is_changed,
    }
    sent = 409 if is_changed else 422
    status = sent if request.method == "POST" else 200
    return render(request, "deals/close.html", context, status=status)
