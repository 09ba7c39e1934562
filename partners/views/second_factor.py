"""Passkeys, authenticator apps and recovery codes, by django-allauth in this product's manner."""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount.models import SocialAccount
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from partners.entra import is_configured
from partners.views.account import Unprocessable

_GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


class Index(base.IndexView):  # type: ignore[misc]  # allauth is untyped
    """All the ways in which somebody shows who they are."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        microsoft = SocialAccount.objects.filter(user=self.request.user).order_by("pk")
        return {
            **super().get_context_data(**kwargs),
            "tab": "factors",
            "has_entra": is_configured(),
            "microsoft": list(microsoft),
        }


class Authenticate(base.AuthenticateView):  # type: ignore[misc]  # allauth is untyped
    """The second step of signing in."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response


class Reauthenticate(Unprocessable, base.ReauthenticateView):  # type: ignore[misc]  # as above
    pass


class ReauthenticateByPassword(Unprocessable, account.ReauthenticateView):  # type: ignore[misc]  # as above
    pass


class ActivateApp(Unprocessable, totp.ActivateTOTPView):  # type: ignore[misc]  # as above
    pass


class DeactivateApp(Unprocessable, totp.DeactivateTOTPView):  # type: ignore[misc]  # as above
    pass


class GenerateCodes(Unprocessable, recovery_codes.GenerateRecoveryCodesView):  # type: ignore[misc]  # as above
    pass


class AddPasskey(Unprocessable, webauthn.AddWebAuthnView):  # type: ignore[misc]  # as above
    pass


class RenamePasskey(Unprocessable, webauthn.EditWebAuthnView):  # type: ignore[misc]  # as above
    pass


index = require_safe(never_cache(Index.as_view()))
authenticate = _GET_AND_POST(never_cache(Authenticate.as_view()))
reauthenticate = _GET_AND_POST(Reauthenticate.as_view())
reauthenticate_by_password = _GET_AND_POST(ReauthenticateByPassword.as_view())
reauthenticate_by_passkey = _GET_AND_POST(webauthn.reauthenticate_webauthn)
activate_app = _GET_AND_POST(ActivateApp.as_view())
deactivate_app = _GET_AND_POST(DeactivateApp.as_view())
view_codes = require_safe(never_cache(recovery_codes.view_recovery_codes))
download_codes = require_safe(recovery_codes.download_recovery_codes)
generate_codes = _GET_AND_POST(GenerateCodes.as_view())
add_passkey = _GET_AND_POST(AddPasskey.as_view())
rename_passkey = _GET_AND_POST(RenamePasskey.as_view())
remove_passkey = _GET_AND_POST(webauthn.remove_webauthn)
sign_in_by_passkey = _GET_AND_POST(webauthn.login_webauthn)


@require_safe
def passkeys(request: HttpRequest) -> HttpResponse:
    """They stand among the other factors."""
    return redirect("mfa_index")
