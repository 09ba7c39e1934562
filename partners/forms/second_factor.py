"""Forms of django-allauth for second factors, in this product's words."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.utils.translation import gettext_lazy as _

from partners.forms import Plain

_CODE = {"code": _("Six digits from your authenticator app, or one of your recovery codes.")}


class PasswordForm(Plain, account.ReauthenticateForm):  # type: ignore[misc]  # allauth is untyped
    labels = {"password": _("Password")}


class CodeForm(Plain, base.AuthenticateForm):  # type: ignore[misc]  # as above
    labels = {"code": _("Code")}
    helps = _CODE


class ConfirmForm(Plain, base.ReauthenticateForm):  # type: ignore[misc]  # as above
    labels = {"code": _("Code")}
    helps = _CODE


class ActivateAppForm(Plain, totp.ActivateTOTPForm):  # type: ignore[misc]  # as above
    labels = {"code": _("Code")}
    helps = {"code": _("The six digits that the app shows now.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class AddPasskeyForm(Plain, webauthn.AddWebAuthnForm):  # type: ignore[misc]  # as above
    labels = {"name": _("Name"), "passwordless": _("Sign in with it alone, without the password")}
    helps = {"name": _("So that you know it again, such as the device it is on.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})["passwordless"] = True
        super().__init__(*args, **kwargs)


class RenamePasskeyForm(Plain, webauthn.EditWebAuthnForm):  # type: ignore[misc]  # as above
    labels = {"name": _("Name")}
