"""Signing in and out and setting a password, by django-allauth in this product's manner."""

from typing import Any

from allauth.account import views as allauth
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.core.internal.httpkit import get_client_ip as client_ip
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cosell.core.pages import back_where_one_was, remember_language
from partners.beginnings import begin_session
from partners.cast import CAST, persona_of
from partners.entra import is_configured
from partners.language import keep_language
from partners.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Unprocessable:
    """A refused form answers 422, as everywhere here, where allauth says 200."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # a mixin
        response.status_code = 422
        return response


class SignIn(Unprocessable, allauth.LoginView):  # type: ignore[misc]  # allauth is untyped
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {
            **context,
            "cast": CAST if settings.DEMO else (),
            "has_entra": is_configured(),
            "next": wanted_page(self.request),
        }


class ChangePassword(Unprocessable, allauth.PasswordChangeView):  # type: ignore[misc]  # as above
    pass


class SetPassword(Unprocessable, allauth.PasswordSetView):  # type: ignore[misc]  # as above
    pass


class ResetPassword(Unprocessable, allauth.PasswordResetView):  # type: ignore[misc]  # as above
    pass


class ResetFromKey(Unprocessable, allauth.PasswordResetFromKeyView):  # type: ignore[misc]  # as above
    pass


_GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])

sign_in = _GET_AND_POST(SignIn.as_view())
change_password = _GET_AND_POST(ChangePassword.as_view())
set_password = _GET_AND_POST(SetPassword.as_view())
reset = _GET_AND_POST(ResetPassword.as_view())
reset_sent = require_safe(allauth.password_reset_done)
reset_from_key = _GET_AND_POST(ResetFromKey.as_view())
reset_from_key_done = require_safe(allauth.password_reset_from_key_done)
inactive = require_safe(allauth.account_inactive)


@_GET_AND_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Pages that are left in the browser's memory must not be shown by Back."""
    response: HttpResponseBase = allauth.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache"'
    return response


@require_POST
def become(request: HttpRequest) -> HttpResponse:
    """One click instead of a password, for the cast of a demo and nobody else."""
    persona = persona_of(request.POST.get("email", "")) if settings.DEMO else None
    if persona is None:
        raise Http404
    wanted = wanted_page(request)
    user = User.objects.filter(email=persona.email, is_active=True).first()
    if user is None:
        messages.warning(request, _("The demo data is still being loaded. Try again in a moment."))
        query = f"?{urlencode({'next': wanted})}" if wanted else ""
        return redirect(f"{reverse('account_login')}{query}")
    # Whoever looks around reads on in the language of the page that they came from.
    keep_language(user, get_language() or settings.LANGUAGE_CODE)
    if is_mfa_enabled(user):
        # The click stands for the password alone.
        logout(request)
        asked: HttpResponse = perform_login(
            request, Login(user=user, redirect_url=wanted or reverse("home"))
        )
        return asked
    login(request, user, backend=BACKEND)
    # `redirect` would take an address without a slash for the name of a route.
    response = HttpResponseRedirect(wanted or reverse("home"))
    begin_session(request, response, user, ip=client_ip(request), is_told=False)
    return response


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """The person's from now on, and this browser's."""
    language = request.POST.get("language", "")
    response = back_where_one_was(request)
    if language in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            keep_language(request.user, language)
        remember_language(response, language)
    return response


def wanted_page(request: HttpRequest) -> str:
    """Where somebody wanted to go before they were asked to sign in; only within this site."""
    page = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure())
    return page if safe else ""
