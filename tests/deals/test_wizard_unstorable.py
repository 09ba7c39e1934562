"""Characters that PostgreSQL does not store, wherever the wizard takes a text."""

from typing import Any

import pytest
from django.test import Client

from deals.models import Draft
from tests.deals.walking import HTMX, Walk
from tests.factories import ReferenceCustomerFactory
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(world: World, client: Client) -> Walk:
    return Walk(client, world.anna)


def kept(walk: Walk, key: str) -> Any:
    with as_owner():
        return Draft.objects.get(pk=str(walk.draft_id)).data[key]


def test_customer_is_found_before_there_is_a_draft(walk: Walk) -> None:
    company = ReferenceCustomerFactory(name="Zeta Works", country="PL", city="Gdynia")
    looking = {"country": "PL", "city": "Gdy\0nia", "q": "Zeta\0", "search": "1"}
    page = walk.client.post(walk.base, looking, headers=HTMX)
    assert f"directory:{company.pk}" in page.text
    plain = walk.client.post(walk.base, {**looking, "country": "P\0L"}, follow=True)
    assert plain.status_code == 200
    assert f"directory:{company.pk}" in plain.text


def test_draft_keeps_the_rest_of_the_text(walk: Walk) -> None:
    walk.to("details")
    sent = {"name": "Cla\0ims", "notes": "\0"}
    saved = walk.send("details", sent, button="autosave-has-no-button")
    assert saved.status_code == 422
    assert kept(walk, "details") == {"name": ["Claims"], "notes": [""]}
    by_itself = walk.client.post(
        f"{walk.url('details')}?autosave", {**sent, "revision": walk.revision("details")}
    )
    assert by_itself.status_code == 204
    walk.client.post(walk.url("team"), {"people-0-first_name": "E\0wa", "add_person": ""})
    assert kept(walk, "team")["people-0-first_name"] == ["Ewa"]


def test_solutions_are_searched(world: World, walk: Walk) -> None:
    walk.to_last_step(world.contoso.solution)
    for query in ("Micro\0soft", "\0"):
        page = walk.client.get(walk.url("solutions"), {"q": query, "kind": "\0"})
        assert page.status_code == 200
    sent = {"q": "Micro\0soft", "search": "1", "solutions": "\0"}
    assert walk.client.post(walk.url("solutions"), sent, follow=True).status_code == 200


def test_partner_is_searched_by_the_vendor(world: World, client: Client) -> None:
    walk = Walk(client, world.sam)
    walk.to_last_step(world.microsoft.solution)
    page = walk.send("partners", {"partner_q": "Fab\0rikam"}, button="search", headers=HTMX)
    assert "Fabrikam" in page.content.decode()
    assert walk.send("partners", {}, button="choose_partner", value="\0").status_code == 302
