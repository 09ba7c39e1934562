"""What happens whenever somebody has signed in, however they did it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from cosell.core.tenancy import APP_ROLE, database_identity
from partners.announcements import News, announce
from partners.devices import is_known_device, remember_device
from partners.models import Membership, SignIn, User
from partners.origins import forget_tenant, remember_tenant, tenant_of
from partners.queries import memberships_of
from partners.sign_ins import mark_session, note_sign_in


def begin_session(
    request: HttpRequest,
    response: HttpResponseBase,
    user: User,
    *,
    ip: str | None,
    tenant_id: UUID | None = None,
    is_told: bool = True,
) -> None:
    """Write the session down, keep the tenant that Microsoft Entra vouched for, and tell the person
    where the browser is a new one. Nobody is told of their very first."""
    if tenant_id:
        remember_tenant(request.session, tenant_id)
    else:
        forget_tenant(request.session)
    agent = request.headers.get("User-Agent", "")
    session_key = request.session.session_key or ""
    with transaction.atomic():
        noted, is_first = note_sign_in(user, session_key=session_key, user_agent=agent, ip=ip)
        if is_told and not is_first and not is_known_device(request, user):
            _tell(request, user, noted)
    mark_session(request.session, noted)
    remember_device(request, response, user)


def _tell(request: HttpRequest, user: User, noted: SignIn) -> None:
    """In the company where they worked last. Nothing is open to who belongs to none."""
    memberships = memberships_of(user, tenant=tenant_of(request.session, email=user.email))
    if not memberships:
        return
    member = max(memberships, key=_comes_first)
    with database_identity(APP_ROLE, organization=member.organization_id):
        announce(
            News.NEW_DEVICE,
            organization_id=member.organization_id,
            person=member.pk,
            path=reverse("account_sessions"),
            agent=noted.user_agent,
            ip=noted.ip or "",
            at=noted.at.isoformat(),
        )


def _comes_first(member: Membership) -> tuple[bool, datetime]:
    return not member.is_kept_out, member.last_seen_at or member.user.date_joined
