"""Names that other companies chose are text in the wizard and in an answer, never markup.

The pages that one only opens are looked at by `test_what_pages_say`.
"""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.architecture.naming import ELEMENT, TEXT, give_markup_for_names
from tests.architecture.routes import GUARDED, Stage, ask
from tests.deals.walking import CONSENT, CONTACT, Walk
from tests.world import World

pytestmark = pytest.mark.django_db

ASKING = {"help_type": "architecture", "message": "Who knows claims?"}


@pytest.fixture(scope="module")
def decorate() -> Callable[[World], None]:
    return give_markup_for_names


@pytest.fixture
def world(stage: Stage) -> World:
    return stage.world


def test_names_are_text_in_the_wizard(world: World, client: Client) -> None:
    """At its last page, with help asked for."""
    walk = Walk(client, world.anna)
    walk.to_last_step(
        world.contoso.solution, world.microsoft.solution, contact={**CONTACT, **CONSENT}
    )
    walk.advance("help", ASKING)
    for key in ("customer", "details", "team", "solutions", "partners", "help", "review"):
        page = walk.get(key)
        found = (page.status_code, ELEMENT in page.content, TEXT in page.content)
        assert found == (200, False, True), key


def test_names_are_text_where_the_vendor_chooses_a_partner(world: World, client: Client) -> None:
    walk = Walk(client, world.sam)
    walk.to_last_step(world.microsoft.solution)
    choosing = walk.get("partners").content
    assert TEXT in choosing
    walk.send("partners", {}, button="choose_partner", value=str(world.fabrikam.pk))
    chosen = walk.get("partners").content
    assert b"&lt;b hx-get=/x&gt;Fabrikam&lt;/b&gt; reads this." in chosen
    assert ELEMENT not in choosing + chosen


@pytest.mark.parametrize("name", ["accept", "decline"])
def test_names_are_text_where_an_invitation_is_answered(stage: Stage, name: str) -> None:
    route = next(one for one in GUARDED if one.name == f"referrals:{name}")
    page = ask(stage.world.anna, stage.url(route), "get", False)
    assert page.status_code == 200
    assert TEXT in page.content.split(b"</nav>")[-1]
    assert ELEMENT not in page.content
