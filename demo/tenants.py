"""Contoso lists the tenant its people sign in from; somebody of a company that it bought does not
get in yet (1.2)."""

from datetime import datetime

from demo.companies import Company
from demo.names import Names
from partners.models import Change, CompanyEvent, DirectoryTenant, Membership, User
from partners.origins import tenant_of_domain
from partners.permissions import Role

SLUG, DOMAIN = "contoso", "contoso.example"
NEWCOMER = ("nora@nordic-data.example", "Nora", "Lind")


def load_tenants(names: Names, companies: dict[str, Company], *, since: datetime) -> None:
    company = companies[SLUG]
    admin = next(
        one for one in company.people if one.membership and one.membership.role == Role.MPN_ADMIN
    )
    tenant = tenant_of_domain(DOMAIN)
    DirectoryTenant.objects.create(
        id=names.uuid(),
        organization=company.organization,
        tenant_id=tenant.id,
        domain=tenant.domain,
        linked_at=since,
        linked_by_name=admin.name,
    )
    CompanyEvent.objects.create(
        organization=company.organization,
        kind=Change.TENANT_LINKED,
        at=since,
        by=admin.user,
        by_name=admin.name,
        subject=tenant.domain,
        data={"tenant_id": str(tenant.id)},
    )
    # Everybody has the same password, hashed once.
    _add_newcomer(names, company, password=admin.user.password if admin.user else "")


def _add_newcomer(names: Names, company: Company, *, password: str) -> None:
    email, first_name, last_name = NEWCOMER
    user = User.objects.create(
        id=names.uuid(),
        email=email,
        first_name=first_name,
        last_name=last_name,
        password=password,
    )
    Membership.objects.create(
        id=names.uuid(),
        organization=company.organization,
        user=user,
        role=Role.REFERRALS_ADMIN,
    )
