"""Names that other companies chose are text on every page, never markup: htmx would run it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from partners.models import Membership
from tests.architecture.routes import GUARDED, Stage, ask, not_found_bytes
from tests.deals.walking import CONSENT, CONTACT, Walk
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db

ELEMENT, TEXT = b"<b hx-get", b"&lt;b hx-get"
ASKING = {"help_type": "architecture", "message": "Who knows claims?"}


@pytest.fixture(scope="module")
def decorate() -> Callable[[World], None]:
    return give_markup_for_names


def give_markup_for_names(world: World) -> None:
    with as_owner():
        for company in (world.contoso, world.fabrikam, world.outsider, world.microsoft):
            named: tuple[Any, ...] = (company.organization, company.solution)
            for one in named:
                one.name = f"<b hx-get=/x>{one.name}</b>"
                one.save()


@pytest.fixture
def world(stage: Stage) -> World:
    return stage.world


@pytest.fixture
def walk(world: World, client: Client) -> Walk:
    """At the last page of the wizard, with help asked for."""
    walk = Walk(client, world.anna)
    walk.to_last_step(
        world.contoso.solution, world.microsoft.solution, contact={**CONTACT, **CONSENT}
    )
    walk.advance("help", ASKING)
    return walk


@pytest.mark.parametrize(
    "key", ["customer", "details", "team", "solutions", "partners", "help", "review"]
)
def test_names_are_text_in_the_wizard(walk: Walk, key: str) -> None:
    page = walk.get(key)
    assert (page.status_code, ELEMENT in page.content, TEXT in page.content) == (200, False, True)


def test_names_are_text_where_the_vendor_chooses_a_partner(world: World, client: Client) -> None:
    walk = Walk(client, world.sam)
    walk.to_last_step(world.microsoft.solution)
    choosing = walk.get("partners").content
    assert TEXT in choosing
    walk.send("partners", {}, button="choose_partner", value=str(world.fabrikam.pk))
    chosen = walk.get("partners").content
    assert b"&lt;b hx-get=/x&gt;Fabrikam&lt;/b&gt; reads this." in chosen
    assert ELEMENT not in choosing + chosen


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.name)
def test_names_are_text_on_every_page(stage: Stage, route: Any) -> None:
    visitors = _visitors(stage, route)
    seen = b""
    for member, slug in visitors:
        for method in ("get", "post"):
            response = ask(member, stage.url(route, organization=slug), method, False)
            if response.streaming:
                # A file is no page.
                return
            seen += response.content
    assert ELEMENT not in seen
    # Every page with a frame names the organisation in its top bar.
    assert TEXT in seen or b"<html" not in seen.replace(not_found_bytes(), b"")


def _visitors(stage: Stage, route: Any) -> list[tuple[Membership, str]]:
    """Who may, on each side; Olga reads why not where nobody of a partner may."""
    world = stage.world
    ours = next((one for one in (world.anna, world.piotr) if one.may(route.permission)), world.olga)
    visitors = [(ours, "contoso")]
    if "deal_id" not in route.parameters and "draft_id" not in route.parameters:
        theirs = (world.sam, world.victor, world.rita)
        visitors += [(one, "microsoft") for one in theirs if one.may(route.permission)][:1]
    return visitors


@pytest.mark.parametrize("name", ["accept", "decline"])
def test_names_are_text_where_an_invitation_is_answered(stage: Stage, name: str) -> None:
    route = next(one for one in GUARDED if one.name == f"referrals:{name}")
    page = ask(stage.world.anna, stage.url(route), "get", False)
    assert page.status_code == 200
    assert TEXT in page.content.split(b"</nav>")[-1]
    assert ELEMENT not in page.content
