"""Asking a company to let one more tenant in, and the answer (1.2).

One of the modules that may act for another organisation: the vendor's admins answer for a partner
that has nobody who can.
"""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cosell.core.errors import NotAllowed, Refused, Stale
from cosell.core.tenancy import acting_for
from partners.announcements import News, announce
from partners.history import record
from partners.models import (
    Change,
    DirectoryTenant,
    Membership,
    Organization,
    TenantLinkRequest,
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
    _tell_admins(asked, member, judge)
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
        announce(
            News.LINK_ANSWERED,
            organization_id=asked.organization_id,
            person=asked.membership_id,
            path=reverse("partners:start", args=[asked.organization.slug]),
            who=admin.user.full_name,
            company=asked.organization.name,
            domain=asked.domain,
            is_granted=is_granted,
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


def _tell_admins(asked: TenantLinkRequest, member: Membership, judge: Organization) -> None:
    """Who can answer, the company's own admins first; the vendor's where it has no other."""
    company, page = member.organization, "partners:tenant_request"
    if all(admin.pk == member.user_id for admin in admins_of(company.pk)):
        company, page = judge, "partners:partner_tenant_request"
    with acting_for(company.pk):
        announce(
            News.LINK_ASKED,
            organization_id=company.pk,
            besides=member.pk,
            path=reverse(page, args=[company.slug, asked.pk]),
            who=asked.asked_by_name,
            email=asked.asked_by_email,
            company=member.organization.name,
            domain=asked.domain,
            tenant_id=str(asked.tenant_id),
        )


def _may_answer(asked: TenantLinkRequest, admin: Membership) -> bool:
    if _is_colleague(asked, admin):
        return admin.may(Permission.MANAGE_COMPANY)
    return admin.organization_id == asked.vendor_id and admin.may(Permission.MANAGE_PARTNERS)


def _is_colleague(asked: TenantLinkRequest, admin: Membership) -> bool:
    return admin.organization_id == asked.organization_id
