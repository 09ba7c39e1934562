"""What happens whenever somebody has signed in, however they did it."""

from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from partners.devices import is_known_device, name_of_device, remember_device
from partners.mails import account_mail, is_sent
from partners.models import SignIn, User
from partners.origins import forget_tenant, remember_tenant
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
    agent = request.headers.get("User-Agent", "")
    session_key = request.session.session_key or ""
    with transaction.atomic():
        noted, is_first = note_sign_in(user, session_key=session_key, user_agent=agent, ip=ip)
    mark_session(request.session, noted)
    if tenant_id:
        remember_tenant(request.session, tenant_id)
    else:
        forget_tenant(request.session)
    if is_told and not is_first and not is_known_device(request, user):
        transaction.on_commit(partial(_tell, user, noted))
    remember_device(request, response, user)


def _tell(user: User, noted: SignIn) -> None:
    context: dict[str, Any] = {
        "user": user,
        "sign_in": noted,
        "device": name_of_device(noted.user_agent),
        "url": f"{settings.SITE_URL.rstrip('/')}{reverse('account_sessions')}",
    }
    is_sent(account_mail("partners/email/new_device", to=[user.email], context=context))
