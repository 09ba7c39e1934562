"""The vendor's pages about its partner organisations (1.7)."""

from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cosell.core.errors import Refused
from cosell.core.typed import typed
from partners.access import MemberRequest, member_view
from partners.forms import PartnerForm
from partners.models import Kind, Membership, Organization
from partners.permissions import Permission
from partners.provisioning import (
    NewAdmin,
    Provisioned,
    add_organization,
    admins_to_mail,
    mail_first_admin,
)
from partners.queries import MOST_PARTNERS, partner_organizations


@require_safe
@member_view(Permission.MANAGE_PARTNERS)
def organization_list(request: MemberRequest) -> HttpResponse:
    query = typed(request, "q")
    found = partner_organizations(query)
    context = {
        "nav": "organizations",
        "query": query,
        "partners": found[:MOST_PARTNERS],
        "has_more": len(found) > MOST_PARTNERS,
        "most": MOST_PARTNERS,
    }
    narrowed = (
        request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    )
    return render(request, f"partners/organizations.html{'#found' if narrowed else ''}", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.MANAGE_PARTNERS)
def add(request: MemberRequest) -> HttpResponse:
    form = PartnerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            added = add_organization(
                form.organization,
                location=form.location,
                admin=form.admin,
                actor=request.member.actor,
                awaits_mail=True,
            )
        except Refused as refusal:
            form.add_error(refusal.field or None, str(refusal.message))
        else:
            transaction.on_commit(partial(_tell, request, added, form.admin))
            return redirect("partners:organizations", request.member.organization.slug)
    context = {"form": form, "nav": "organizations"}
    return render(request, "partners/add.html", context, status=422 if form.errors else 200)


@require_POST
@member_view(Permission.MANAGE_PARTNERS)
def remind(request: MemberRequest, partner: str) -> HttpResponse:
    """Tell the first admins again who never came, or whom no mail told yet."""
    organization = get_object_or_404(Organization, slug=partner, kind=Kind.PARTNER)
    untold = admins_to_mail(organization)
    if untold:
        transaction.on_commit(partial(_remind, request, organization, untold))
    else:
        messages.info(request, _("Their admin has set a password already; no mail was sent."))
    return redirect("partners:organizations", request.member.organization.slug)


def _remind(request: MemberRequest, organization: Organization, admins: list[Membership]) -> None:
    """Names nobody: who the accounts belong to is not the vendor's business."""
    company = {"company": organization.name}
    sent = [mail_first_admin(one) for one in admins]
    if all(sent):
        messages.success(request, _("The admin of %(company)s gets a new mail.") % company)
    else:
        text = _("The mail to the admin of %(company)s could not be sent. Please try again later.")
        messages.error(request, text % company)


def _tell(request: MemberRequest, added: Provisioned, typed_admin: NewAdmin) -> None:
    """Names the admin as typed, whoever the account of the address belongs to."""
    person = f"{typed_admin.first_name} {typed_admin.last_name}"
    words = {"company": added.organization.name, "person": person}
    if not mail_first_admin(added.membership):
        text = _(
            "%(company)s is added, but the mail to %(person)s could not be sent."
            " Send the link again from this list in a few minutes."
        )
        messages.warning(request, text % words)
        return
    if added.needs_password:
        text = _("%(company)s is added. %(person)s gets a mail with a link to set a password.")
    else:
        text = _("%(company)s is added. %(person)s has an account already and is told by mail.")
    messages.success(request, text % words)
