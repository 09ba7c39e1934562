"""Who acts: a member of an organisation, or the system itself."""

from dataclasses import dataclass
from uuid import UUID

from partners.permissions import Permission


@dataclass(frozen=True)
class Actor:
    name: str
    user_id: UUID | None
    organization_id: UUID | None
    permissions: frozenset[Permission]


SYSTEM = Actor(name="", user_id=None, organization_id=None, permissions=frozenset(Permission))
