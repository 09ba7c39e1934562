"""Where somebody signed in from: the directory tenant of a session (1.2). No model, no query."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_DNS, UUID, uuid5

from django.db.models import Q

SESSION_KEY = "directory_tenant"


@dataclass(frozen=True)
class Tenant:
    """`is_verified`: Microsoft Entra vouches for the id. Otherwise it stands for the domain of an
    address, which is all that a password tells."""

    id: UUID
    domain: str
    is_verified: bool = False

    @property
    def matching(self) -> Q:
        """Rows of DirectoryTenant by which somebody from here gets in."""
        return Q(tenant_id=self.id) if self.is_verified else Q(domain=self.domain)


def domain_of(email: str) -> str:
    return email.rpartition("@")[2].lower()


def tenant_of_domain(domain: str) -> Tenant:
    """The tenant that owns a domain where nobody vouches for another one: always the same id."""
    return Tenant(uuid5(NAMESPACE_DNS, domain.lower()), domain.lower())


def remember_tenant(session: MutableMapping[str, Any], tenant_id: UUID) -> None:
    session[SESSION_KEY] = str(tenant_id)


def forget_tenant(session: MutableMapping[str, Any]) -> None:
    session.pop(SESSION_KEY, None)


def tenant_of(session: MutableMapping[str, Any], *, email: str) -> Tenant:
    """What Microsoft Entra vouched for when the session began; else the address's own."""
    verified = session.get(SESSION_KEY)
    if verified:
        return Tenant(UUID(verified), domain_of(email), is_verified=True)
    return tenant_of_domain(domain_of(email))
