"""Microsoft Entra as a provider of django-allauth, which looks for this module by its name."""

from secrets import token_urlsafe
from typing import Any

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from partners.entra import Unbelievable, believed, endpoint

PROVIDER = "entra"


class EntraAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth is untyped
    """Asks Entra at addresses that need not be looked up, and believes only what was checked."""

    nonce: str | None = None

    def __init__(self, request: HttpRequest, provider_id: str = PROVIDER) -> None:
        super().__init__(request, provider_id)

    @property
    def openid_config(self) -> dict[str, Any]:
        return {
            "authorization_endpoint": endpoint("oauth2/v2.0/authorize"),
            "token_endpoint": endpoint("oauth2/v2.0/token"),
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any
    ) -> Any:
        given = kwargs["response"].get("id_token")
        if not given:
            raise Unbelievable("there is no ID token")
        claims = believed(given, nonce=self.nonce)
        return self.get_provider().sociallogin_from_response(request, claims)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return str(build_absolute_uri(request, reverse("entra_callback")))


class EntraProvider(OpenIDConnectProvider):  # type: ignore[misc]  # as above
    id = PROVIDER
    name = "Microsoft"
    oauth2_adapter_class = EntraAdapter
    supports_token_authentication = False
    pkce_enabled_default = True

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:  # fmt: skip
        """With a nonce that the answer must repeat: a token of another attempt is none of ours."""
        nonce = token_urlsafe(24)
        kwargs["auth_params"] = {"nonce": nonce, "prompt": "select_account"}
        kwargs["scope"] = self.get_default_scope()
        answer: HttpResponse = super().redirect(
            request, process, next_url, data, nonce=nonce, **kwargs
        )
        return answer

    def get_callback_url(self) -> str:
        return reverse("entra_callback")

    def extract_uid(self, claims: Any) -> str:
        """The same person in two tenants is two people, as far as Entra goes."""
        return f"{claims.tenant_id}.{claims.object_id}"

    def extract_extra_data(self, claims: Any) -> dict[str, str]:
        return {"tid": str(claims.tenant_id), "email": claims.email}

    def extract_common_fields(self, claims: Any) -> dict[str, str]:
        return {"email": claims.email}

    def extract_email_addresses(self, claims: Any) -> list[Any]:
        """None is taken over: which address an account has is an admin's to say."""
        return []


provider_classes = [EntraProvider]
