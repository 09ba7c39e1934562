"""System checks that keep row-level security honest."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from cosell.core.tenancy import APP_ROLE, OWNER_ROLE, WORKER_ROLE

SERVING = {"web": APP_ROLE, "worker": WORKER_ROLE, "beat": WORKER_ROLE}


@register(Tags.database)
def check_database_login(
    *, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse to serve as somebody whom policies do not bind."""
    expected = SERVING.get(settings.COSELL_PROCESS)
    if not databases or expected is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT session_user::text, rolsuper OR rolbypassrls,"
            " pg_has_role(session_user, %s, 'USAGE') OR pg_has_role(session_user, %s, 'MEMBER')"
            " FROM pg_roles WHERE rolname = session_user",
            [OWNER_ROLE, OWNER_ROLE],
        )
        login, bypasses, owns = cursor.fetchone()
    if bypasses:
        return [_refusal(login, "is a superuser or has BYPASSRLS", expected)]
    if owns:
        return [_refusal(login, "owns the tables, so policies do not bind it", expected)]
    if login != expected:
        return [_refusal(login, f"is not {expected}", expected)]
    return []


def _refusal(login: str, why: str, expected: str) -> Error:
    process = settings.COSELL_PROCESS
    return Error(
        f"The {process} process signs in to PostgreSQL as {login}, which {why}.",
        hint=f"Give DATABASE_URL of the {process} process the login {expected}.",
        id="cosell.E001",
    )
