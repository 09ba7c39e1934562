"""To Microsoft Entra and back."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal.flows.connect import disconnect as disconnect_account
from allauth.socialaccount.internal.flows.connect import validate_disconnect
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from partners.entra import is_configured
from partners.provider import PROVIDER, EntraAdapter
from partners.views.account import wanted_page


class _Callback(OAuth2CallbackView):  # type: ignore[misc]  # allauth is untyped
    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        self.adapter.nonce = state.get("nonce") if state else None
        return state, response


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    return _to_entra(request, AuthProcess.LOGIN, next_url=wanted_page(request) or None)


@require_POST
@login_required
@reauthentication_required(app="allauth.socialaccount")  # type: ignore[untyped-decorator]  # allauth is untyped
def connect(request: HttpRequest) -> HttpResponse:
    """Somebody who is signed in connects their Microsoft account: both sides are proven."""
    return _to_entra(request, AuthProcess.CONNECT, next_url=None)


@require_POST
@login_required
@reauthentication_required(app="allauth.socialaccount")  # type: ignore[untyped-decorator]  # allauth is untyped
def disconnect(request: HttpRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(SocialAccount, user=request.user, provider=PROVIDER, pk=pk)
    try:
        validate_disconnect(request, account)
        disconnect_account(request, account)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("mfa_index")


@require_safe
def callback(request: HttpRequest) -> HttpResponseBase:
    _require_configured()
    answer: HttpResponseBase = _Callback.adapter_view(EntraAdapter)(request)
    return answer


def _to_entra(request: HttpRequest, process: str, *, next_url: str | None) -> HttpResponse:
    _require_configured()
    provider = get_adapter().get_provider(request, PROVIDER)
    answer: HttpResponse = provider.redirect(request, process, next_url=next_url)
    return answer


def _require_configured() -> None:
    if not is_configured():
        raise Http404
