"""Net 1: every URL × actor × method, from the resolver, so that a new route cannot escape.

The expectation of each cell follows from what the route declares: its permission, and whether it is
named among the public ones here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from deals.models import Deal, Draft
from partners.models import Membership
from partners.permissions import Permission
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db

# Reached without an organisation. What each of them shows is tested where it is made.
PUBLIC = {
    "home",
    "healthz",
    "readyz",
    "theme",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "demo_sign_in",
    "notifications:mailbox",
    "notifications:mail",
    "notifications:mail_body",
}
# The deal that a route is about, where it is not the one that Contoso created.
ABOUT_RECEIVED = {"referrals:accept", "referrals:decline"}
VENDORS_OWN = {Permission.MANAGE_PARTNERS}


@dataclass(frozen=True)
class Route:
    name: str
    parameters: tuple[str, ...]
    view: Callable[..., HttpResponseBase]

    @property
    def permission(self) -> Permission | None:
        return getattr(self.view, "permission", None)


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
METHODS = [("get", False), ("get", True), ("post", False), ("post", True)]


@dataclass
class Stage:
    """What the URLs of one test are about."""

    world: World
    outbound: Deal
    received: Deal
    referral_id: UUID
    draft: Draft

    def url(self, route: Route, *, organization: str = "contoso", hidden: bool = False) -> str:
        deal = self.received if route.name in ABOUT_RECEIVED else self.outbound
        values = {
            "organization": organization,
            "deal_id": uuid4() if hidden else deal.pk,
            "referral_id": uuid4() if hidden else self.referral_id,
            "draft_id": uuid4() if hidden else self.draft.pk,
            "tab": "outbound",
            "key": "customer",
            "transition": "win",
            "partner": "fabrikam",
            "mail_id": 1,
            "uidb36": "a",
        }
        return reverse(route.name, kwargs={name: values[name] for name in route.parameters})


@pytest.fixture
def stage(world: World) -> Stage:
    referral = world.referral()
    received = world.referral(world.deal(world.sam), sender=world.sam, recipient=world.contoso)
    with as_owner():
        return Stage(
            world,
            outbound=Deal.objects.get(pk=referral.sender_deal_id),
            received=Deal.objects.get(pk=received.recipient_deal_id),
            referral_id=referral.pk,
            draft=Draft.objects.create(
                organization=world.contoso.organization, membership=world.anna
            ),
        )


def ask(member: Membership | None, url: str, method: str, htmx: bool) -> Any:
    """One request that leaves nothing behind."""
    client = signed_in(member) if member else Client()
    with transaction.atomic():
        response = getattr(client, method)(url, headers={"HX-Request": "true"} if htmx else {})
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


def not_found_bytes() -> bytes:
    return Client().get("/there/is/no/such/page").content


def test_every_route_is_guarded_or_named_public() -> None:
    unguarded = {route.name for route in GUARDED if route.permission is None}
    assert unguarded == set()
    assert {route.name for route in GUARDED} >= {"deals:list", "deals:detail", "partners:start"}


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_anonymous_is_sent_to_sign_in_and_back(stage: Stage, route: Route) -> None:
    for method, htmx in METHODS:
        response = ask(None, stage.url(route), method, htmx)
        if response.status_code == 405:
            continue
        where = response.headers.get("HX-Redirect" if htmx else "Location", "")
        assert where.startswith("/account/login/?next="), (method, htmx, response.status_code)


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_stranger_sees_what_a_nonexisting_page_shows(stage: Stage, route: Route) -> None:
    """Mallory on Contoso's URL, and with Contoso's ids inside her own organisation."""
    nothing = not_found_bytes()
    urls = [stage.url(route)]
    if {"deal_id", "draft_id", "referral_id"} & set(route.parameters):
        urls.append(stage.url(route, organization="outsider"))
    for url in urls:
        for method, htmx in METHODS:
            response = ask(stage.world.mallory, url, method, htmx)
            if response.status_code == 405:
                continue
            if url != urls[0] and response.status_code == 403:
                # Too little role in her own company is told before an id is looked at.
                assert route.permission not in stage.world.mallory.permissions
                continue
            assert response.status_code == 404, (url, method, htmx)
            assert response.content == nothing, (url, method, htmx)


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_own_people_get_in_by_role(stage: Stage, route: Route) -> None:
    world = stage.world
    for member in (world.anna, world.piotr, world.olga):
        for method, htmx in METHODS:
            response = ask(member, stage.url(route), method, htmx)
            cell = (member.user.first_name, method, htmx, response.status_code)
            if response.status_code == 405:
                continue
            if route.permission in member.permissions:
                theirs = member == world.anna or "draft_id" not in route.parameters
                assert response.status_code in (
                    {200, 204, 302, 303, 409, 422} if theirs else {404}
                ), cell
            else:
                assert response.status_code == 403, cell
                assert b"Piotr Nowak" in response.content, cell


@pytest.mark.parametrize(
    "route", [one for one in GUARDED if one.permission in VENDORS_OWN], ids=lambda route: route.name
)
def test_vendors_admin_gets_in_where_partners_do_not(stage: Stage, route: Route) -> None:
    for method, htmx in METHODS:
        url = stage.url(route, organization="microsoft")
        response = ask(stage.world.victor, url, method, htmx)
        assert response.status_code in {200, 302, 405, 422}, (method, htmx)
        for member in (stage.world.sam, stage.world.rita):
            response = ask(member, url, method, htmx)
            assert response.status_code in {403, 405}, (method, htmx)


@pytest.mark.parametrize(
    "route", [one for one in GUARDED if "deal_id" in one.parameters], ids=lambda route: route.name
)
def test_referrals_user_off_the_team_sees_nothing(stage: Stage, route: Route) -> None:
    nothing = not_found_bytes()
    for method, htmx in METHODS:
        response = ask(stage.world.bob, stage.url(route), method, htmx)
        if response.status_code != 405:
            assert (response.status_code, response.content) == (404, nothing), (method, htmx)


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_other_side_of_a_referral_has_no_way_in(stage: Stage, route: Route) -> None:
    """The vendor's seller knows the engagement, and still nothing of Contoso's deal."""
    for method, htmx in METHODS:
        response = ask(stage.world.sam, stage.url(route), method, htmx)
        assert response.status_code in {404, 405}, (method, htmx)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_head_and_unusual_methods_never_fail(stage: Stage, route: Route) -> None:
    for method in ("head", "options", "put", "patch", "delete", "trace"):
        response = ask(stage.world.anna, stage.url(route), method, False)
        assert response.status_code != 500
        if method == "trace":
            assert response.status_code == 405


def test_not_found_page_tells_nothing(stage: Stage) -> None:
    content = not_found_bytes()
    for telling in (b"csrf", b"/there/is", b"contoso", b"anna", b"Sign out"):
        assert telling not in content
    assert ask(stage.world.anna, "/there/is/no/such/page", "get", False).content == content
