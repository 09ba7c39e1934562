"""Every URL of the product, from the resolver, and how tests ask for it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from comments.models import Comment
from deals.models import Deal, Draft, Registration, SavedView, Selection
from notifications.models import Notification
from partners.models import (
    CoSellRequest,
    DirectoryTenant,
    JoinInvitation,
    Membership,
    TenantLinkRequest,
)
from partners.permissions import Permission
from tests.world import World

# Reached without an organisation. What each of them shows is tested where it is made.
PUBLIC = {
    "home",
    "healthz",
    "readyz",
    "theme",
    "language",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_join",
    "account",
    "account_sessions",
    "account_end_session",
    "account_end_other_sessions",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_index",
    "entra_login",
    "entra_callback",
    "entra_connect",
    "entra_disconnect",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "demo_sign_in",
    "notifications:mailbox",
    "notifications:mail",
    "notifications:mail_body",
    "notifications:unsubscribe",
}
# The deal that a route is about, where it is not the one that Contoso created.
ABOUT_RECEIVED = {"referrals:accept", "referrals:decline"}
VENDORS_OWN = {Permission.MANAGE_PARTNERS, Permission.REVIEW_REGISTRATIONS}
PERSONAL = {"draft_id", "view_id", "comment_id", "selection_id", "notification_id"}


@dataclass(frozen=True)
class Route:
    name: str
    parameters: tuple[str, ...]
    view: Callable[..., HttpResponseBase]

    @property
    def permission(self) -> Permission | None:
        return getattr(self.view, "permission", None)

    @property
    def names_a_thing(self) -> bool:
        """Whether an id in the URL says what it is about."""
        return any(name.endswith("_id") and name != "mail_id" for name in self.parameters)

    @property
    def is_personal(self) -> bool:
        """Whether it is about what only the person who made it gets in to."""
        return not PERSONAL.isdisjoint(self.parameters)


def routes(
    patterns: list[Any] | None = None, namespace: str = "", parameters: tuple[str, ...] = ()
) -> Iterator[Route]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        own = (*parameters, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner, own)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern} has no name"
            yield Route(f"{namespace}{pattern.name}", own, pattern.callback)


ROUTES = list(routes())
GUARDED = [route for route in ROUTES if route.name not in PUBLIC]
# A method, and whether it asks for a part of the page.
Ways = list[tuple[str, bool]]
ALL_WAYS: Ways = [("get", False), ("get", True), ("post", False), ("post", True)]


@dataclass
class Stage:
    """What the URLs of one test are about."""

    world: World
    outbound: Deal
    received: Deal
    referral_id: UUID
    draft: Draft
    view: SavedView
    comment: Comment
    selection: Selection
    invitation: JoinInvitation
    request: CoSellRequest
    tenant: DirectoryTenant
    link: TenantLinkRequest
    notification: Notification
    registration: Registration

    def url(self, route: Route, *, organization: str = "contoso", hidden: bool = False) -> str:
        deal = self.received if route.name in ABOUT_RECEIVED else self.outbound
        values = {
            "organization": organization,
            "deal_id": uuid4() if hidden else deal.pk,
            "referral_id": uuid4() if hidden else self.referral_id,
            "draft_id": uuid4() if hidden else self.draft.pk,
            "view_id": uuid4() if hidden else self.view.pk,
            "comment_id": uuid4() if hidden else self.comment.pk,
            "selection_id": uuid4() if hidden else self.selection.pk,
            "membership_id": uuid4() if hidden else self.world.bob.pk,
            "location_id": uuid4() if hidden else self.world.contoso.location.pk,
            "solution_id": uuid4() if hidden else self.world.contoso.solution.pk,
            "request_id": uuid4() if hidden else self.request.pk,
            "invitation_id": uuid4() if hidden else self.invitation.pk,
            "tenant_id": uuid4() if hidden else self.tenant.pk,
            "link_id": uuid4() if hidden else self.link.pk,
            "notification_id": uuid4() if hidden else self.notification.pk,
            "registration_id": uuid4() if hidden else self.registration.pk,
            "tab": "outbound",
            "key": "customer",
            "chart": "funnel",
            "transition": "win",
            "partner": "fabrikam",
            "mail_id": 1,
            "token": "x",
            "uidb36": "a",
            "secret": "a",
            "sign_in_id": uuid4(),
            "pk": 1,
        }
        return reverse(route.name, kwargs={name: values[name] for name in route.parameters})


def ask(
    member: Membership | None,
    url: str,
    method: str,
    htmx: bool,
    *,
    raises: bool = True,
    language: str = "en",
) -> Any:
    """One request that leaves nothing behind; a failing view raises, or is answered as live."""
    headers = {"Accept-Language": language, **({"HX-Request": "true"} if htmx else {})}
    client = signed_in(member) if member else Client()
    client.raise_request_exception = raises
    with transaction.atomic():
        response = getattr(client, method)(url, headers=headers)
        transaction.set_rollback(True)
    return response


def signed_in(member: Membership) -> Client:
    """Signed in once for all requests of a test; a request that signs out takes no other along."""
    session = getattr(member, "test_session", "")
    client = Client()
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    else:
        client.force_login(member.user)
        member.test_session = client.cookies[settings.SESSION_COOKIE_NAME].value  # type: ignore[attr-defined]  # kept with the person
    return client


def answered(url: str, ways: Ways) -> Ways:
    """Those whose method is answered there at all."""
    return [(method, htmx) for method, htmx in ways if _is_answered(url, method)]


@cache
def _is_answered(url: str, method: str) -> bool:
    """A method is refused before anybody looks at who asks."""
    return bool(ask(None, url, method, False).status_code != 405)


def not_found_bytes() -> bytes:
    return Client().get("/there/is/no/such/page").content
