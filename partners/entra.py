"""Signing in with Microsoft Entra: what its token must say before anything in it is believed, and
whose account it opens (1.2).

The issuer of Entra's tokens names the tenant that vouches for the person, and everybody can have a
tenant: a valid token says only what that tenant says. One of the modules that may act for another
organisation: whoever signs in has none yet.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings

from cosell.core.tenancy import APP_ROLE, acting_for, database_identity
from partners.models import DirectoryTenant, Membership, User
from partners.origins import domain_of

ALGORITHM = "RS256"
# Any tenant of an organisation; a tenant's own id means that one alone.
ANY_ORGANIZATION = "organizations"
# The tenant of everybody's private Microsoft account: nobody vouches for anybody there.
PRIVATE_ACCOUNTS = UUID("9188040d-6c67-4c5b-b112-36a304b66dad")
CLOCKS_DIFFER = 60
_TIMEOUT = 5


class Unbelievable(OAuth2Error):  # type: ignore[misc]  # allauth is untyped
    """The token is not for us, not from whom it says, or too old."""


@dataclass(frozen=True)
class Claims:
    """What a checked token says. `email` is the tenant's word and nobody else's."""

    tenant_id: UUID
    object_id: str
    email: str


def is_configured() -> bool:
    return bool(settings.ENTRA_CLIENT_ID)


def endpoint(name: str) -> str:
    return f"{settings.ENTRA_AUTHORITY}/{settings.ENTRA_TENANT}/{name}"


def believed(token: str, *, nonce: str | None) -> Claims:
    """Check signature, audience, times, nonce, and that the issuer is that of the named tenant."""
    try:
        claims = jwt.decode(
            token,
            _keys(endpoint("discovery/v2.0/keys")).get_signing_key_from_jwt(token).key,
            algorithms=[ALGORITHM],
            audience=settings.ENTRA_CLIENT_ID,
            leeway=CLOCKS_DIFFER,
            options={"require": ["aud", "exp", "iat", "iss", "sub", "tid", "nonce"]},
        )
        tenant_id = UUID(claims["tid"])
    except (jwt.PyJWTError, ValueError, AttributeError) as error:
        raise Unbelievable(str(error)) from error
    _check_issuer(claims, tenant_id)
    if not nonce or claims["nonce"] != nonce:
        raise Unbelievable("the nonce is not that of this attempt")
    return Claims(tenant_id, str(claims.get("oid") or claims["sub"]), _email_in(claims))


def account_that_may_be_connected(claims: Claims) -> User | None:
    """Whose account this address opens on the word of this tenant.

    An e-mail claim of a foreign tenant is worth nothing: its admin writes there what they like.
    Every company that the person belongs to has to list this tenant together with the domain of the
    address; one company alone could let itself into another one's.
    """
    user = User.objects.filter(email=claims.email, is_active=True).first()
    if user is None:
        return None
    with database_identity(APP_ROLE, user=user.pk):
        parts = Membership.objects.filter(user=user, is_active=True, organization__is_active=True)
        companies = list(parts.values_list("organization_id", flat=True))
    is_vouched_for = bool(companies) and all(_vouches(one, claims) for one in companies)
    return user if is_vouched_for else None


def _vouches(organization_id: UUID, claims: Claims) -> bool:
    with acting_for(organization_id):
        return DirectoryTenant.objects.filter(
            organization_id=organization_id,
            tenant_id=claims.tenant_id,
            domain=domain_of(claims.email),
        ).exists()


def _check_issuer(claims: dict[str, Any], tenant_id: UUID) -> None:
    """Entra's issuer is a template: without this any tenant could speak for any other."""
    if claims["iss"] != f"{settings.ENTRA_AUTHORITY}/{tenant_id}/v2.0":
        raise Unbelievable("the issuer is not that of the tenant")
    wanted = settings.ENTRA_TENANT
    if tenant_id == PRIVATE_ACCOUNTS or wanted not in {ANY_ORGANIZATION, str(tenant_id)}:
        raise Unbelievable("people of this tenant do not sign in here")


def _email_in(claims: dict[str, Any]) -> str:
    return str(claims.get("email") or claims.get("preferred_username") or "").strip().lower()


@cache
def _keys(address: str) -> jwt.PyJWKClient:
    """Keeps the keys for some minutes, and asks again for one that it does not know."""
    return jwt.PyJWKClient(address, timeout=_TIMEOUT)
