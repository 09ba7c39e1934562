"""Who gets in by Microsoft Entra: people with an account, and nobody by signing up."""

from typing import Any
from uuid import UUID

import structlog
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse

from partners.entra import Claims, account_that_may_be_connected, is_configured
from partners.provider import PROVIDER

log = structlog.get_logger(__name__)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The one of the environment, if there is one; none is kept in the database."""
        if not is_configured() or provider not in {None, PROVIDER}:
            return []
        return [
            SocialApp(
                provider=PROVIDER,
                provider_id=PROVIDER,
                name="Microsoft",
                client_id=settings.ENTRA_CLIENT_ID,
                secret=settings.ENTRA_CLIENT_SECRET,
                settings={},
            )
        ]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """A Microsoft account that nobody connected yet is connected where its tenant may speak for
        the address, and is told what to do otherwise."""
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        account = sociallogin.account
        tenant_id, _dot, object_id = account.uid.partition(".")
        told = Claims(UUID(tenant_id), object_id, account.extra_data["email"])
        user = account_that_may_be_connected(told)
        if user is None:
            context = {"email": told.email, "tenant_id": tenant_id}
            page = render(request, "account/stranger.html", context, status=403)
            raise ImmediateHttpResponse(page)
        sociallogin.connect(request, user)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        is_cancelled = error == AuthError.CANCELLED
        if not is_cancelled:
            log.warning("entra_refused", error=error, why=str(exception or ""))
        context = {"is_cancelled": is_cancelled}
        page = render(request, "account/entra_failed.html", context, status=403)
        raise ImmediateHttpResponse(page)

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("mfa_index")
