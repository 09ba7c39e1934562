"""How django-allauth behaves here: nobody signs up by themselves, people are added by an admin."""

from smtplib import SMTPException
from typing import Any
from uuid import UUID

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.beginnings import begin_session
from partners.mails import account_mail, is_sent, password_link
from partners.models import User

log = structlog.get_logger(__name__)

# By the name of the mail that allauth would send.
NEWS = {
    "account/email/password_changed": gettext_lazy("Your password was changed."),
    "account/email/password_reset": gettext_lazy("Your password was set anew by a link in a mail."),
    "account/email/password_set": gettext_lazy("A password was set for your account."),
    "mfa/email/totp_activated": gettext_lazy("An authenticator app was set up."),
    "mfa/email/totp_deactivated": gettext_lazy("The authenticator app was taken away."),
    "mfa/email/webauthn_added": gettext_lazy("A passkey was added."),
    "mfa/email/webauthn_removed": gettext_lazy("A passkey was taken away."),
    "mfa/email/recovery_codes_generated": gettext_lazy("New recovery codes were made."),
    "socialaccount/email/account_connected": gettext_lazy("A Microsoft account was connected."),
    "socialaccount/email/account_disconnected": gettext_lazy(
        "A Microsoft account was disconnected."
    ),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(
        self,
        request: HttpRequest,
        user: User,
        *,
        signal_kwargs: dict[str, Any] | None,
        **kwargs: Any,
    ) -> HttpResponseBase:
        response: HttpResponseBase = super().post_login(
            request, user, signal_kwargs=signal_kwargs, **kwargs
        )
        login = (signal_kwargs or {}).get("sociallogin")
        tenant_id = UUID(login.account.extra_data["tid"]) if login else None
        begin_session(request, response, user, ip=self.get_client_ip(request), tenant_id=tenant_id)
        return response

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """About the safety of an account: one mail for all that can happen to it."""
        news = NEWS.get(template_prefix)
        if news:
            context = {"user": user, "news": news}
            is_sent(account_mail("account/email/news", to=[user.email], context=context))

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        to = [email] if isinstance(email, str) else email
        return account_mail(template_prefix, to=to, context=context)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is down must not look like a broken page."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            log.warning("account_mail_failed", mail=template_prefix, error=str(error))
            messages.error(
                self.request,
                _("The mail could not be sent just now. Please try again in a few minutes."),
            )

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        return password_link(uid, token)
