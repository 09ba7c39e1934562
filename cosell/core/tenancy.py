"""The one door to the database's role and organisation.

Row-level security reads two settings, `cosell.organization` and `cosell.user`; nothing else in the
code sets them or changes role. Everything is transaction-local: a session-level setting would be
handed to the next client of a pooled connection.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

OWNER_ROLE = "cosell_owner"
APP_ROLE = "cosell_app"
WORKER_ROLE = "cosell_worker"


@dataclass(frozen=True)
class Identity:
    """What PostgreSQL is told; the role "none" is the one the connection signed in with."""

    role: str = "none"
    organization: str = ""
    user: str = ""

    def assume(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('role', %s, true), set_config('cosell.organization', %s, true),"
                " set_config('cosell.user', %s, true)",
                [self.role, self.organization, self.user],
            )


_SIGNED_IN = Identity()
_current: ContextVar[Identity] = ContextVar("cosell_identity", default=_SIGNED_IN)


@contextmanager
def database_identity(
    role: str, *, organization: UUID | None = None, user: UUID | None = None
) -> Iterator[None]:
    """Run a transaction (or savepoint) as `role`, seeing the rows of `organization`.

    Leaving a nested block restores the outer identity: settings made in a savepoint survive its
    RELEASE. A rolled-back savepoint and the end of the transaction restore it by themselves.
    """
    outer, nested = _current.get(), connection.in_atomic_block
    identity = Identity(role, str(organization or ""), str(user or ""))
    with transaction.atomic():
        identity.assume()
        token = _current.set(identity)
        try:
            yield
        finally:
            _current.reset(token)
        if nested:
            outer.assume()


@contextmanager
def acting_for(organization: UUID) -> Iterator[None]:
    """Write for another organisation inside the caller's transaction.

    Only the modules that a guard test lists may call it.
    """
    with database_identity(APP_ROLE, organization=organization):
        yield
