"""The palette and the page of the keys."""

from typing import Any

import pytest
from django.test import Client

from deals.models import Status
from deals.stages import DealType
from tests.deals.listed import inbound, make_deals
from tests.world import World, person_of_member

pytestmark = pytest.mark.django_db

URL = "/o/contoso/deals/find/"


@pytest.fixture
def anna(world: World, client: Client) -> Client:
    client.force_login(world.anna.user)
    return client


def found(client: Client, q: str, **headers: str) -> dict[str, list[str]]:
    response = client.get(URL, {"q": q}, headers=headers)
    assert response.status_code == 200
    return {
        str(group.label): [hit.label for hit in group.hits] for group in response.context["groups"]
    }


def test_deals_come_by_beginning_then_by_what_needs_somebody(world: World, anna: Client) -> None:
    make_deals(
        world.contoso,
        {"name": "Cloud for Łódź, closed", "status": Status.WON},
        inbound(name="A cloud that waits"),
        {"name": "Big cloud"},
        {"name": "Cloud open"},
    )
    make_deals(world.fabrikam, {"name": "Cloud of others"})
    assert found(anna, "cloud")["Deals"] == [
        "Cloud open", "Cloud for Łódź, closed", "A cloud that waits", "Big cloud",
    ]  # fmt: skip
    assert found(anna, "LODZ")["Deals"] == ["Cloud for Łódź, closed"]


def test_deal_is_found_by_its_reference_and_its_customer(world: World, anna: Client) -> None:
    deal = world.deal(name="a deal")
    assert found(anna, deal.reference.lower())["Deals"] == ["a deal"]
    assert found(anna, deal.customer_name)["Deals"] == ["a deal"]


def test_customer_leads_to_its_deals_in_either_direction(world: World, anna: Client) -> None:
    make_deals(
        world.contoso,
        {"customer_name": "Świt S.A."},
        {"customer_name": "Świt S.A."},
        inbound(customer_name="Świt S.A."),
        {"customer_name": "Other", "name": "swit"},
    )
    response = anna.get(URL, {"q": "swit"})
    (customers,) = [one for one in response.context["groups"] if one.label == "Customers"]
    assert [(hit.label, hit.note) for hit in customers.hits] == [
        ("Świt S.A.", "1 deal, Inbound"),
        ("Świt S.A.", "2 deals, Outbound"),
    ]
    listed = anna.get(customers.hits[1].url)
    assert {row.deal.customer_name for row in listed.context["rows"]} == {"Świt S.A."}


def test_only_deals_that_one_sees_are_found_and_counted(world: World, client: Client) -> None:
    make_deals(world.contoso, {"name": "secret cloud", "customer_name": "Cloud Customer"})
    world.deal(name="cloud of mine", team=[person_of_member(world.bob)])
    client.force_login(world.bob.user)
    assert found(client, "cloud") == {"Deals": ["cloud of mine"]}


def test_pages_are_found_by_any_letters_and_by_right(world: World, client: Client) -> None:
    client.force_login(world.anna.user)
    assert found(client, "new d") == {"Pages": ["New deal"]}
    assert "Partner organisations" not in found(client, "")["Pages"]
    client.force_login(world.victor.user)
    response = client.get("/o/microsoft/deals/find/", {"q": "organis"})
    (pages,) = response.context["groups"]
    assert client.get(pages.hits[0].url).status_code == 200


@pytest.mark.parametrize("q", ["a", "zz", "%%%", "\0", "x" * 5000])
def test_nothing_found_says_so(world: World, anna: Client, q: str) -> None:
    make_deals(world.contoso, {"name": "zz"})
    text = anna.get(URL, {"q": q}).content.decode()
    assert ("Type at least 3 letters" in text) == (len(q.strip("\0")) in (1, 2))
    assert ("Nothing matches" in text) == (len(q) > 1)


def test_dialog_is_a_combobox_and_typing_swaps_what_was_found(world: World, anna: Client) -> None:
    deal = world.deal(name="a cloud", type=DealType.PRIVATE)
    headers = {"HX-Request": "true", "HX-Target": "dialog"}
    dialog = anna.get(URL, headers=headers).content.decode()
    assert '<h2 class="visually-hidden" id="dialog-title">' in dialog
    assert 'role="combobox" aria-expanded="true" aria-controls="hits"' in dialog
    assert "<html" not in dialog
    hits = anna.get(URL, {"q": "cloud"}, headers={**headers, "HX-Target": "found"})
    text = hits.content.decode()
    assert f'role="option" id="hit-deal-{deal.pk}" href="/o/contoso/deals/{deal.pk}/"' in text
    assert 'data-announce="1 result"' in text
    assert "combobox" not in text


def test_palette_and_keys_have_links_on_every_page(world: World, anna: Client) -> None:
    text = anna.get(f"/o/contoso/deals/{world.deal().pk}/").content.decode()
    assert f'id="open-find" href="{URL}"' in text
    assert 'id="open-keys" href="/o/contoso/deals/keys/"' in text


def test_single_keys_are_turned_off_and_on(world: World, anna: Client) -> None:
    def page() -> Any:
        return anna.get("/o/contoso/deals/keys/").content.decode()

    assert "data-keys" not in page()
    assert anna.post("/o/contoso/deals/keys/", {"keys": "off"}, follow=True).status_code == 200
    assert '<html lang="en" data-theme="auto" data-keys="off">' in page()
    assert "Turn single keys on" in page()
    anna.post("/o/contoso/deals/keys/", {"keys": "on"})
    assert "data-keys" not in page()
