"""Leaving the resting identity of tests, which is the app role without an organisation."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

from cosell.core.tenancy import APP_ROLE, Identity, _current, database_identity

# The identity of the owner that is assumed now: whoever is it already need not become it.
_owner: ContextVar[Identity | None] = ContextVar("owner", default=None)


@contextmanager
def resting() -> Iterator[None]:
    """As a request before it enters an organisation; ends with the transaction."""
    identity = Identity(APP_ROLE)
    identity.assume()
    token = _current.set(identity)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def as_owner() -> Iterator[None]:
    """See and write every row, to arrange a test or to look at what it left behind."""
    if _owner.get() is _current.get():
        yield
        return
    if connection.in_atomic_block:
        with database_identity("none"):
            token = _owner.set(_current.get())
            try:
                yield
            finally:
                _owner.reset(token)
        return
    set_session_role("none")
    token = _owner.set(_current.get())
    try:
        yield
    finally:
        _owner.reset(token)
        set_session_role(APP_ROLE)


def set_session_role(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, false)", [role])
