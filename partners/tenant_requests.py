"""Asking a company to let one more tenant in, and the answer (1.2).

One of the modules that may act for another organisation: the vendor's admins answer for a partner
that has nobody who can.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cosell.core.errors import NotAllowed, Refused, Stale
from cosell.core.tenancy import acting_for
from partners.history import record
from partners.mails import account_mail, is_sent
from partners.models import (
    Change,
    DirectoryTenant,
    Membership,
    Organization,
    TenantLinkRequest,
    User,
)
from partners.origins import Tenant
from partners.permissions import Permission
from partners.queries import admins_of, vendor
from partners.tenants import locked_tenants, tenants_of


def requests_of_company(organization_id: UUID) -> QuerySet[TenantLinkRequest]:
    return TenantLinkRequest.objects.filter(organization_id=organization_id)


def link_requests_to(vendor_id: UUID) -> QuerySet[TenantLinkRequest]:
    asked = TenantLinkRequest.objects.filter(vendor_id=vendor_id)
    return asked.select_related("organization")


def last_request(member: Membership, tenant: Tenant) -> TenantLinkRequest | None:
    asked = TenantLinkRequest.objects.filter(
        organization_id=member.organization_id, membership=member, tenant_id=tenant.id
    )
    return asked.order_by("-asked_at").first()


@transaction.atomic
def ask_link(member: Membership, *, tenant: Tenant) -> TenantLinkRequest:
    """Ask the admins to let this tenant in; once, until somebody answers."""
    listed = tenants_of(member.organization_id)
    judge = vendor()
    if judge is None or not listed.exists() or listed.filter(tenant.matching).exists():
        raise Refused("linked", _("You can get in already: there is nothing to ask for."))
    try:
        with transaction.atomic():
            asked = TenantLinkRequest.objects.create(
                organization_id=member.organization_id,
                vendor=judge,
                membership=member,
                tenant_id=tenant.id,
                domain=tenant.domain,
                asked_by_name=member.user.full_name,
                asked_by_email=member.user.email,
            )
    except IntegrityError as error:
        raise Stale("asked_already", _("You asked already, and nobody answered yet.")) from error
    record(
        member.organization_id, Change.LINK_ASKED, actor=member.actor, subject=tenant.domain,
        tenant_id=str(tenant.id),
    )  # fmt: skip
    return asked


@transaction.atomic
def answer_link(
    asked: TenantLinkRequest, *, is_granted: bool, reason: str, admin: Membership
) -> TenantLinkRequest:
    """By an admin of the company or of the vendor. A refusal needs a reason."""
    reason = reason.strip()
    if not _may_answer(asked, admin):
        raise NotAllowed("permission", _("Your role does not allow linking tenants."))
    if not is_granted and not reason:
        raise Refused("reason", _("Say why not."), field="reason")
    with acting_for(asked.organization_id):
        waiting = TenantLinkRequest.objects.filter(pk=asked.pk, answered_at=None)
        changed = waiting.update(
            answered_at=timezone.now(),
            is_granted=is_granted,
            reason=reason,
            answered_by_name=admin.user.full_name,
        )
        if not changed:
            raise Stale("answered_already", _("Somebody was faster: this is answered already."))
        if is_granted:
            _list_asked(asked, admin)
        record(
            asked.organization_id,
            Change.LINK_GRANTED if is_granted else Change.LINK_REFUSED,
            actor=admin.actor,
            subject=asked.domain,
            by_company="" if _is_colleague(asked, admin) else admin.organization.name,
            tenant_id=str(asked.tenant_id),
            person=asked.asked_by_name,
            reason=reason,
        )
    return asked


def _list_asked(asked: TenantLinkRequest, admin: Membership) -> None:
    if not locked_tenants(asked.organization_id):
        raise Stale(
            "unrestricted",
            _("The company lists no tenant any more: everybody who belongs to it gets in."),
        )
    DirectoryTenant.objects.bulk_create(
        [
            DirectoryTenant(
                organization_id=asked.organization_id,
                tenant_id=asked.tenant_id,
                domain=asked.domain,
                linked_by_name=admin.user.full_name,
            )
        ],
        ignore_conflicts=True,
    )


def tell_admins(asked: TenantLinkRequest) -> None:
    """Run after the commit: who can answer, the company's own admins first. The vendor's are asked
    where the company has no other."""
    with acting_for(asked.organization_id):
        organization = Organization.objects.get(pk=asked.organization_id)
        own = [one for one in admins_of(asked.organization_id) if one.email != asked.asked_by_email]
    if own:
        _tell_each(own, asked, organization, organization, "partners:tenant_request")
        return
    with acting_for(asked.vendor_id):
        judges = admins_of(asked.vendor_id)
        judge = Organization.objects.get(pk=asked.vendor_id)
    _tell_each(judges, asked, organization, judge, "partners:partner_tenant_request")


def tell_person(asked: TenantLinkRequest) -> None:
    """Run after the commit: what became of it."""
    with acting_for(asked.organization_id):
        told = requests_of_company(asked.organization_id).select_related("organization")
        asked = told.get(pk=asked.pk)
    context = {
        "request": asked,
        "company": asked.organization.name,
        "url": _address("partners:start", asked.organization.slug),
    }
    to = [asked.asked_by_email]
    is_sent(account_mail("partners/email/link_answered", to=to, context=context))


def _tell_each(
    admins: Iterable[User],
    asked: TenantLinkRequest,
    organization: Organization,
    theirs: Organization,
    page: str,
) -> None:
    context: dict[str, Any] = {
        "request": asked,
        "company": organization.name,
        "own": theirs.name,
        "url": _address(page, theirs.slug, asked.pk),
    }
    for admin in admins:
        is_sent(account_mail("partners/email/link_asked", to=[admin.email], context=context))


def _address(page: str, *arguments: Any) -> str:
    return f"{settings.SITE_URL.rstrip('/')}{reverse(page, args=arguments)}"


def _may_answer(asked: TenantLinkRequest, admin: Membership) -> bool:
    if _is_colleague(asked, admin):
        return admin.may(Permission.MANAGE_COMPANY)
    return admin.organization_id == asked.vendor_id and admin.may(Permission.MANAGE_PARTNERS)


def _is_colleague(asked: TenantLinkRequest, admin: Membership) -> bool:
    return admin.organization_id == asked.organization_id
