"""Net 1: every URL × actor × method, from the resolver, so that a new route cannot escape.

The expectation of each cell follows from what the route declares: its permission, and whether it is
named among the public ones.
"""

import pytest

from partners.permissions import Permission
from tests.architecture.routes import (
    ALL_WAYS,
    GUARDED,
    ROUTES,
    VENDORS_OWN,
    Route,
    Stage,
    Ways,
    answered,
    ask,
    not_found_bytes,
)

pytestmark = pytest.mark.django_db

# What people with the permission are answered where it is not the page (200) or, to an empty form,
# a refusal that stands beside a field (422).
ANSWERS = {
    ("partners:start", "get"): 302,
    ("partners:remind", "post"): 302,
    ("deals:favorite", "post"): 302,
    ("deals:draft", "get"): 302,
    ("deals:discard", "post"): 302,
    # Back to the first step that is not right.
    ("deals:review", "get"): 302,
    ("deals:review", "post"): 302,
    # Both say which state of the deal the page showed; an empty form says none.
    ("deals:mark_stage", "post"): 409,
    ("deals:close", "post"): 409,
    # Says which names the page showed.
    ("deals:stage_names", "post"): 409,
    # The form stands on the deal's page.
    ("deals:comment", "get"): 302,
    # The contact was shared with the invitation.
    ("deals:edit_contact", "get"): 422,
    ("referrals:withdraw", "post"): 302,
    # Invited already.
    ("referrals:invite_vendor", "get"): 422,
    # Is not won yet.
    ("deals:register", "get"): 422,
    # Says which version the page showed.
    ("deals:assign_review", "post"): 409,
    ("deals:columns", "post"): 302,
    ("deals:keys", "post"): 302,
    ("deals:remove_view", "post"): 302,
    ("partners:make_main", "post"): 302,
    # Is open already.
    ("partners:reopen_location", "post"): 409,
    ("partners:publish_solution", "post"): 302,
    ("partners:unpublish_solution", "post"): 302,
    ("partners:retire_solution", "post"): 302,
    ("partners:bring_back_solution", "post"): 302,
    ("partners:withdraw_co_sell", "post"): 302,
    ("partners:resend", "post"): 302,
    ("partners:revoke", "post"): 302,
    # Without a colleague who takes the deals over.
    ("partners:deactivate", "post"): 302,
    # Is active already.
    ("partners:reactivate", "post"): 409,
    # The only one that is listed.
    ("partners:unlink", "post"): 302,
    # Nothing is selected.
    ("deals:selection", "post"): 302,
    ("notifications:read", "post"): 302,
    ("notifications:read_all", "post"): 302,
}
PLAIN: Ways = [(method, htmx) for method, htmx in ALL_WAYS if not htmx]
# Strangers are refused before the method is looked at, so that two ways stand for all four.
in_some_ways = pytest.mark.parametrize(
    "ways",
    [
        pytest.param([("get", False), ("post", True)], id="two-ways"),
        pytest.param(ALL_WAYS, id="all-ways", marks=pytest.mark.full),
    ],
)
UNUSUAL = ("head", "options", "put", "patch", "delete", "trace")
ADMINS_OWN = {Permission.MANAGE_COMPANY, *VENDORS_OWN}
# Swapped in place.
FRAGMENTS = {
    ("deals:favorite", "post"): 200,
    ("deals:columns", "post"): 200,
    ("notifications:read", "post"): 200,
    ("notifications:read_all", "post"): 200,
}


def answer(route: Route, method: str, htmx: bool) -> int:
    usual = {"get": 200, "post": 422}[method]
    cell = (route.name, method)
    return (FRAGMENTS if htmx else {}).get(cell, ANSWERS.get(cell, usual))


def test_every_route_is_guarded_or_named_public() -> None:
    unguarded = {route.name for route in GUARDED if route.permission is None}
    assert unguarded == set()
    assert {route.name for route in GUARDED} >= {"deals:list", "deals:detail", "partners:start"}


@in_some_ways
@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_anonymous_is_sent_to_sign_in_and_back(stage: Stage, route: Route, ways: Ways) -> None:
    for method, htmx in answered(stage.url(route), ways):
        response = ask(None, stage.url(route), method, htmx)
        where = response.headers.get("HX-Redirect" if htmx else "Location", "")
        assert where.startswith("/account/login/?next="), (method, htmx, response.status_code)


@in_some_ways
@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_stranger_sees_what_a_nonexisting_page_shows(
    stage: Stage, route: Route, ways: Ways
) -> None:
    """Mallory on Contoso's URL, and with Contoso's ids inside her own organisation."""
    nothing = not_found_bytes()
    urls = [stage.url(route)]
    if route.names_a_thing:
        urls += [
            stage.url(route, organization="outsider"),
            stage.url(route, organization="outsider", hidden=True),
        ]
    for url in urls:
        for method, htmx in answered(stage.url(route), ways):
            response = ask(stage.world.mallory, url, method, htmx)
            if url != urls[0] and response.status_code == 403:
                # Too little role in her own company is told before an id is looked at.
                assert route.permission not in stage.world.mallory.permissions
                continue
            assert response.status_code == 404, (url, method, htmx)
            assert response.content == nothing, (url, method, htmx)


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_own_people_get_in_by_role(stage: Stage, route: Route) -> None:
    world = stage.world
    members = (world.anna, world.piotr, world.olga)
    # Parts of pages, and forms, are asked for by one person; who may is found out in the same way
    # for all.
    first = next((one for one in members if route.permission in one.permissions), world.anna)
    for member in members:
        ways = answered(stage.url(route), ALL_WAYS)
        for method, htmx in ways if member == first else ways[:1]:
            response = ask(member, stage.url(route), method, htmx)
            cell = (member.user.first_name, method, htmx, response.status_code)
            if route.permission not in member.permissions:
                assert response.status_code == 403, cell
                assert b"Piotr Nowak" in response.content, cell
                continue
            theirs = member == world.anna or not route.is_personal
            expected = answer(route, method, htmx) if theirs else 404
            assert response.status_code == expected, cell


@in_some_ways
@pytest.mark.parametrize(
    "route", [one for one in GUARDED if one.names_a_thing], ids=lambda route: route.name
)
def test_own_people_see_nothing_under_an_id_that_is_not_theirs(
    stage: Stage, route: Route, ways: Ways
) -> None:
    """A random id in their own company, and with the same bytes one of another company's."""
    world, nothing = stage.world, not_found_bytes()
    ours, theirs = (
        (world.piotr, world.victor) if route.permission in ADMINS_OWN else (world.anna, world.sam)
    )
    urls = [
        *([] if route.permission in VENDORS_OWN else [(ours, stage.url(route, hidden=True))]),
        (theirs, stage.url(route, organization="microsoft", hidden=True)),
    ]
    # What partners send to the vendor is the vendor's, too.
    if route.permission not in VENDORS_OWN:
        urls.append((theirs, stage.url(route, organization="microsoft")))
    for member, url in urls:
        # Looking for it is the view's; whose it is makes no difference to how it was asked for.
        for method, htmx in answered(stage.url(route), ALL_WAYS if url == urls[0][1] else ways):
            response = ask(member, url, method, htmx)
            cell = (member.user.first_name, method, htmx)
            assert (response.status_code, response.content) == (404, nothing), cell


@pytest.mark.parametrize(
    "route", [one for one in GUARDED if one.permission in VENDORS_OWN], ids=lambda route: route.name
)
def test_vendors_admin_gets_in_where_partners_do_not(stage: Stage, route: Route) -> None:
    url = stage.url(route, organization="microsoft")
    for member in (stage.world.victor, stage.world.sam, stage.world.rita):
        may = route.permission in member.permissions
        for method, htmx in answered(url, ALL_WAYS if may else PLAIN):
            response = ask(member, url, method, htmx)
            expected = answer(route, method, htmx) if may else 403
            assert response.status_code == expected, (member, method, htmx)


@in_some_ways
@pytest.mark.parametrize(
    "route", [one for one in GUARDED if "deal_id" in one.parameters], ids=lambda route: route.name
)
def test_referrals_user_off_the_team_sees_nothing(stage: Stage, route: Route, ways: Ways) -> None:
    nothing = not_found_bytes()
    for method, htmx in answered(stage.url(route), ways):
        response = ask(stage.world.bob, stage.url(route), method, htmx)
        assert (response.status_code, response.content) == (404, nothing), (method, htmx)


@in_some_ways
@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_other_side_of_a_referral_has_no_way_in(stage: Stage, route: Route, ways: Ways) -> None:
    """The vendor's seller knows the engagement, and still nothing of Contoso's deal."""
    for method, htmx in answered(stage.url(route), ways):
        response = ask(stage.world.sam, stage.url(route), method, htmx)
        assert response.status_code == 404, (method, htmx)


@pytest.mark.parametrize(
    ("member", "methods"),
    [
        pytest.param(None, ("head", "options", "put", "trace"), id="anonymous"),
        pytest.param("anna", UNUSUAL, id="anna", marks=pytest.mark.full),
    ],
)
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_head_and_unusual_methods_never_fail(
    stage: Stage, route: Route, member: str | None, methods: tuple[str, ...]
) -> None:
    who = stage.world.cast[member] if member else None
    for method in methods:
        response = ask(who, stage.url(route), method, False, raises=False)
        assert response.status_code != 500
        if method == "trace":
            assert response.status_code == 405


def test_not_found_page_tells_nothing(stage: Stage) -> None:
    content = not_found_bytes()
    for telling in (b"csrf", b"/there/is", b"contoso", b"anna", b"Sign out"):
        assert telling not in content
    assert ask(stage.world.anna, "/there/is/no/such/page", "get", False).content == content
