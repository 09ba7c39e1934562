"""The admin's pages about the people of the company (1.3)."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cosell.core.errors import NotAllowed, Refused
from cosell.core.typed import typed
from deals.handover import HandedOver, hand_over, open_deals_of, possible_heirs
from partners import people
from partners.access import MemberRequest, member_view
from partners.forms.people import HandOverForm, InviteForm, StandingForm
from partners.joining import Invited, invite_person, mail_invitation, renew
from partners.joining import revoke as revoke_invitation
from partners.models import JoinInvitation, Membership
from partners.permissions import Permission
from partners.queries import MOST_PEOPLE, locations_to_limit, open_invitations, people_of

_GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@member_view(Permission.MANAGE_COMPANY)
def people_list(request: MemberRequest) -> HttpResponse:
    query = typed(request, "q")
    found = people_of(request.member.organization_id, query=query)
    context = {
        "nav": "people",
        "query": query,
        "people": found[:MOST_PEOPLE],
        "has_more": len(found) > MOST_PEOPLE,
        "most": MOST_PEOPLE,
        "invitations": open_invitations(request.member.organization_id),
    }
    narrowed = (
        request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    )
    return render(request, f"partners/people.html{'#found' if narrowed else ''}", context)


@_GET_AND_POST
@member_view(Permission.MANAGE_COMPANY)
def invite(request: MemberRequest) -> HttpResponseBase:
    member = request.member
    form = InviteForm(
        request.POST if request.method == "POST" else None,
        organization=member.organization,
        locations=locations_to_limit(member.organization_id),
    )
    if form.is_valid():
        try:
            invited = invite_person(
                member, email=form.cleaned_data["email"], standing=form.standing
            )
        except Refused as refusal:
            _add_refusal(form, refusal)
        else:
            transaction.on_commit(partial(_mail, request, invited))
            return _to_list(request)
    context = {"form": form, "nav": "people"}
    return render(request, "partners/invite.html", context, status=422 if form.errors else 200)


@require_POST
@member_view(Permission.MANAGE_COMPANY)
def resend(request: MemberRequest, invitation_id: UUID) -> HttpResponseBase:
    invited = renew(_invitation(request, invitation_id), actor=request.member.actor)
    transaction.on_commit(partial(_mail, request, invited))
    return _to_list(request)


@require_POST
@member_view(Permission.MANAGE_COMPANY)
def revoke(request: MemberRequest, invitation_id: UUID) -> HttpResponseBase:
    invitation = _invitation(request, invitation_id)
    revoke_invitation(invitation, actor=request.member.actor)
    text = _("The invitation of %(email)s is revoked: its link no longer works.")
    messages.success(request, text % {"email": invitation.email})
    return _to_list(request)


@_GET_AND_POST
@member_view(Permission.MANAGE_COMPANY)
def person(request: MemberRequest, membership_id: UUID) -> HttpResponseBase:
    """Who somebody is here, and the form that changes it."""
    membership, member = _person(request, membership_id), request.member
    form = StandingForm(
        request.POST if request.method == "POST" else None,
        initial={"role": membership.role, "locations": list(membership.locations.all())},
        organization=member.organization,
        locations=locations_to_limit(member.organization_id, holder=membership),
    )
    if form.is_valid():
        try:
            people.change_standing(membership, standing=form.standing, actor=member.actor)
        except Refused as refusal:
            _add_refusal(form, refusal)
        else:
            text = _("The role of %(name)s is saved. It holds from the next page they open.")
            messages.success(request, text % {"name": membership.user.full_name})
            return _to_list(request)
    return _person_page(request, membership, "partners/person.html", form)


@_GET_AND_POST
@member_view(Permission.MANAGE_COMPANY)
def deactivate(request: MemberRequest, membership_id: UUID) -> HttpResponseBase:
    """Asks first; a colleague can take the open deals over in the same step."""
    membership = _person(request, membership_id)
    form = _hand_over_form(request, membership, is_needed=False)

    def leave() -> HandedOver | None:
        heir = form.cleaned_data["colleague"]
        handed = hand_over(membership, to=heir, actor=request.member.actor) if heir else None
        people.deactivate(membership, actor=request.member.actor)
        return handed

    if form.is_valid():
        told = _("%(name)s is deactivated and signed out everywhere.")
        if _is_done(request, membership, form, leave, told):
            return redirect("partners:person", request.member.organization.slug, membership.pk)
    return _person_page(request, membership, "partners/deactivate.html", form)


@_GET_AND_POST
@member_view(Permission.MANAGE_COMPANY)
def give_away(request: MemberRequest, membership_id: UUID) -> HttpResponseBase:
    """Hands somebody's open deals to a colleague, whether they leave or not."""
    membership = _person(request, membership_id)
    form = _hand_over_form(request, membership, is_needed=True)

    def give() -> HandedOver | None:
        return hand_over(membership, to=form.cleaned_data["colleague"], actor=request.member.actor)

    if form.is_valid() and _is_done(request, membership, form, give, ""):
        return redirect("partners:person", request.member.organization.slug, membership.pk)
    return _person_page(request, membership, "partners/hand_over.html", form)


@require_POST
@member_view(Permission.MANAGE_COMPANY)
def reactivate(request: MemberRequest, membership_id: UUID) -> HttpResponseBase:
    membership = _person(request, membership_id)
    people.reactivate(membership, actor=request.member.actor)
    text = _("%(name)s is active again, as %(role)s, and sees the deals of earlier.")
    words = {"name": membership.user.full_name, "role": membership.get_role_display()}
    messages.success(request, text % words)
    return redirect("partners:person", request.member.organization.slug, membership.pk)


def _person(request: MemberRequest, membership_id: UUID) -> Membership:
    return get_object_or_404(
        Membership.objects.select_related("organization", "user"),
        organization_id=request.member.organization_id,
        pk=membership_id,
    )


def _invitation(request: MemberRequest, invitation_id: UUID) -> JoinInvitation:
    return get_object_or_404(
        JoinInvitation.objects.select_related("organization", "invited_by"),
        organization_id=request.member.organization_id,
        pk=invitation_id,
    )


def _hand_over_form(
    request: MemberRequest, membership: Membership, *, is_needed: bool
) -> HandOverForm:
    return HandOverForm(
        request.POST if request.method == "POST" else None,
        heirs=possible_heirs(membership),
        is_needed=is_needed,
    )


def _is_done(
    request: MemberRequest,
    membership: Membership,
    form: HandOverForm,
    change: Callable[[], HandedOver | None],
    told: str,
) -> bool:
    """All of it or nothing; what was refused stands beside its field."""
    try:
        with transaction.atomic():
            handed = change()
    except Refused as refusal:
        _add_refusal(form, refusal)
        return False
    if told:
        messages.success(request, told % {"name": membership.user.full_name})
    if handed:
        _tell_of_deals(request, handed, form.cleaned_data["colleague"])
    return True


def _tell_of_deals(request: MemberRequest, handed: HandedOver, heir: Membership) -> None:
    text = ngettext(
        "%(name)s took over %(n)s open deal.", "%(name)s took over %(n)s open deals.", handed.deals
    )
    messages.success(request, text % {"name": heir.user.full_name, "n": handed.deals})
    if handed.left:
        text = ngettext(
            "%(n)s more is left: hand over once more.",
            "%(n)s more are left: hand over once more.",
            handed.left,
        )
        messages.warning(request, text % {"n": handed.left})


def _person_page(
    request: MemberRequest, membership: Membership, template: str, form: Any
) -> HttpResponse:
    member = request.member
    is_oneself = membership.pk == member.pk
    context = {
        "nav": "people",
        "slug": member.organization.slug,
        "person": membership,
        "locations": list(membership.locations.order_by("name")),
        "form": form,
        "open_deals": open_deals_of(membership).count(),
        "why_not": people.why_not_oneself(member.organization_id, member.user_id)
        if is_oneself
        else "",
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _add_refusal(form: Any, refusal: Refused) -> None:
    """Beside its field; a missing right is a page of its own, which names an admin."""
    if isinstance(refusal, NotAllowed):
        raise refusal
    form.add_error(refusal.field or None, str(refusal.message))


def _mail(request: MemberRequest, invited: Invited) -> None:
    words = {"email": invited.invitation.email}
    if mail_invitation(invited):
        text = _("%(email)s gets a mail with a link. It works once, for seven days.")
        messages.success(request, text % words)
    else:
        text = _(
            "The mail to %(email)s could not be sent. Send the link again from this list in a few"
            " minutes."
        )
        messages.warning(request, text % words)


def _to_list(request: MemberRequest) -> HttpResponse:
    return redirect("partners:people", request.member.organization.slug)
