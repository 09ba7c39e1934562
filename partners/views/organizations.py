"""The vendor's pages about its partner organisations (1.7)."""

from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cosell.core.errors import Refused
from partners.access import MemberRequest, member_view
from partners.forms import PartnerForm
from partners.models import Kind, Organization
from partners.permissions import Permission
from partners.provisioning import (
    Provisioned,
    add_organization,
    admins_without_password,
    mail_first_password,
    mail_membership,
)
from partners.queries import MOST_PARTNERS, partner_organizations


@require_safe
@member_view(Permission.MANAGE_PARTNERS)
def organization_list(request: MemberRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()
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
            )
        except Refused as refusal:
            form.add_error(refusal.field or None, str(refusal.message))
        else:
            _tell(request, added)
            return redirect("partners:organizations", request.member.organization.slug)
    context = {"form": form, "nav": "organizations"}
    return render(request, "partners/add.html", context, status=422 if form.errors else 200)


@require_POST
@member_view(Permission.MANAGE_PARTNERS)
def remind(request: MemberRequest, partner: str) -> HttpResponse:
    """Send the first admins who never came a new link."""
    organization = get_object_or_404(Organization, slug=partner, kind=Kind.PARTNER)
    newcomers = admins_without_password(organization)
    for user in newcomers:
        send = partial(mail_first_password, user.pk, company=organization.name)
        transaction.on_commit(send)
    if newcomers:
        names = ", ".join(user.full_name for user in newcomers)
        messages.success(request, _("%(names)s will get a new link.") % {"names": names})
    else:
        messages.info(request, _("Their admin has set a password already; no mail was sent."))
    return redirect("partners:organizations", request.member.organization.slug)


def _tell(request: MemberRequest, added: Provisioned) -> None:
    company, person = added.organization.name, added.admin
    if added.needs_password:
        send = partial(mail_first_password, person.pk, company=company)
        text = _("%(company)s is added. %(person)s will get a mail with a link to set a password.")
    else:
        send = partial(mail_membership, person.pk, company=company, slug=added.organization.slug)
        text = _("%(company)s is added. %(person)s has an account already and is told by mail.")
    transaction.on_commit(send)
    messages.success(request, text % {"company": company, "person": person.full_name})
