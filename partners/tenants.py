"""Directory tenants: from where a company lets its people sign in (1.2).

A company that lists no tenant does not ask.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cosell.core.errors import NotAllowed, Refused, Stale
from partners.history import record
from partners.models import Change, DirectoryTenant, Membership, OrganizationAccount
from partners.origins import Tenant, domain_of
from partners.permissions import Permission


def tenants_of(organization_id: UUID) -> QuerySet[DirectoryTenant]:
    return DirectoryTenant.objects.filter(organization_id=organization_id).order_by("domain", "pk")


def shut_out(organization_id: UUID) -> list[tuple[str, int]]:
    """Domains of active people that no listed tenant has, and how many people that are; none where
    no tenant is listed. Who comes by Microsoft Entra may get in all the same."""
    listed = set(tenants_of(organization_id).values_list("domain", flat=True))
    if not listed:
        return []
    people = Membership.objects.filter(
        organization_id=organization_id, is_active=True, user__is_active=True
    )
    found: dict[str, int] = {}
    for email in people.values_list("user__email", flat=True):
        domain = domain_of(email)
        if domain not in listed:
            found[domain] = found.get(domain, 0) + 1
    return sorted(found.items())


@transaction.atomic
def link_tenant(admin: Membership, *, tenant: Tenant, own: Tenant) -> DirectoryTenant:
    """List a tenant. `own` is where the admin signed in from: it has to be the first, because from
    then on only people of listed tenants get in."""
    _require(admin)
    listed = locked_tenants(admin.organization_id)
    wanted = DirectoryTenant(tenant_id=tenant.id, domain=tenant.domain)
    if not listed and not lets_in([wanted], own):
        raise Refused(
            "own_first",
            _("List %(domain)s first, where you sign in from: you would lock yourself out.")
            % {"domain": own.domain},
            field="domain",
        )
    try:
        with transaction.atomic():
            linked = DirectoryTenant.objects.create(
                organization_id=admin.organization_id,
                tenant_id=tenant.id,
                domain=tenant.domain,
                linked_by_name=admin.user.full_name,
            )
    except IntegrityError as error:
        raise Refused("linked", _("This tenant is listed already."), field="domain") from error
    record(
        admin.organization_id, Change.TENANT_LINKED, actor=admin.actor, subject=tenant.domain,
        tenant_id=str(tenant.id),
    )  # fmt: skip
    return linked


@transaction.atomic
def unlink_tenant(tenant: DirectoryTenant, *, admin: Membership, own: Tenant) -> None:
    """Nobody who signs in from there gets in from the next page on. Taking the last one away lets
    everybody in again who belongs to the company."""
    _require(admin)
    others = [one for one in locked_tenants(tenant.organization_id) if one.pk != tenant.pk]
    if others and not lets_in(others, own):
        raise Refused("own", why_not_unlinked(own))
    deleted, _rows = DirectoryTenant.objects.filter(pk=tenant.pk).delete()
    if not deleted:
        raise Stale("unlinked_already", _("Somebody was faster: it is not listed any more."))
    record(
        tenant.organization_id, Change.TENANT_UNLINKED, actor=admin.actor, subject=tenant.domain,
        tenant_id=str(tenant.tenant_id),
    )  # fmt: skip


def why_not_unlinked(own: Tenant) -> str:
    return _(
        "You yourself sign in from %(domain)s: unlinking it would lock you out. An admin who signs"
        " in from another linked tenant can do it."
    ) % {"domain": own.domain}


def is_only_way_in(
    tenant: DirectoryTenant, *, listed: Iterable[DirectoryTenant], own: Tenant
) -> bool:
    """Whether unlinking it would lock this person out."""
    others = [one for one in listed if one.pk != tenant.pk]
    return bool(others) and not lets_in(others, own)


def people_of_domain(organization_id: UUID, domain: str) -> int:
    """How many active people have an address of it."""
    people = Membership.objects.filter(
        organization_id=organization_id, is_active=True, user__is_active=True
    )
    return people.filter(user__email__endswith=f"@{domain}").count()


def locked_tenants(organization_id: UUID) -> list[DirectoryTenant]:
    """As they are now, while nobody else changes any of them; also where there is none yet."""
    accounts = OrganizationAccount.objects.filter(organization_id=organization_id)
    list(accounts.select_for_update(no_key=True))
    return list(tenants_of(organization_id))


def lets_in(listed: Iterable[DirectoryTenant], own: Tenant) -> bool:
    if own.is_verified:
        return any(one.tenant_id == own.id for one in listed)
    return any(one.domain == own.domain for one in listed)


def _require(admin: Membership) -> None:
    if not admin.may(Permission.MANAGE_COMPANY):
        raise NotAllowed("permission", _("Your role does not allow linking tenants."))
