"""Each person's columns: chosen, ordered, of all that 2.2 names; and the rows that show them."""

import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from deals.listing.columns import USUAL, Column
from deals.models import ListPreference
from tests.deals.listed import list_url, make_deals
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db
URL = "/o/contoso/deals/columns/"


@pytest.fixture
def anna(world: World, client: Client) -> Client:
    client.force_login(world.anna.user)
    return client


def press(client: Client, *buttons: str, **headers: str) -> Any:
    for button in buttons:
        response = client.post(URL + "?from=outbound", {"do": button}, headers=headers)
    return response


def shown(client: Client) -> list[str]:
    return [one.value for one in client.get(URL).context["shown"]]


def heads(client: Client, world: World) -> list[str]:
    return [head.code for head in client.get(list_url(world)).context["heads"]]


def test_who_never_chose_has_the_usual_columns(world: World, anna: Client) -> None:
    make_deals(world.contoso, {})
    assert heads(anna, world) == ["name", *USUAL]
    assert shown(anna) == [*USUAL]


def test_columns_are_added_moved_hidden_and_put_back(world: World, anna: Client) -> None:
    make_deals(world.contoso, {})
    press(anna, "add:crm_id", "up:crm_id", "remove:customer", "down:status")
    expected = ["stage", "status", "counterpart", "value", "close", "crm_id", "created"]
    assert shown(anna) == expected
    assert heads(anna, world) == ["name", *expected]
    press(anna, "reset")
    assert shown(anna) == [*USUAL]


@pytest.mark.parametrize(
    "button", ["up:customer", "down:created", "add:status", "remove:crm_id", "up:notes", "x", ""]
)
def test_what_cannot_be_done_changes_nothing(world: World, anna: Client, button: str) -> None:
    assert press(anna, button).status_code == 302
    assert shown(anna) == [*USUAL]


def test_name_alone_is_a_list_too(world: World, anna: Client) -> None:
    make_deals(world.contoso, {"name": "Ours"})
    press(anna, *(f"remove:{column}" for column in USUAL))
    assert heads(anna, world) == ["name"]
    assert "Ours" in anna.get(list_url(world)).content.decode()


def test_all_columns_show_what_the_deal_holds(world: World, anna: Client) -> None:
    (deal,) = make_deals(
        world.contoso,
        {"name": "<b>", "crm_id": "CRM <7>", "campaign_id": "spring-9", "customer_country": "DE"},
    )
    press(anna, *(f"add:{column}" for column in Column))
    text = anna.get(list_url(world)).content.decode()
    row = re.search(rf'<tr id="deal-{deal.pk}".*?</tr>', text, re.DOTALL)
    assert row
    cells = re.findall(r'<td[^>]*?data-label="([^"]+)"[^>]*>(.*?)</td>', row[0])
    cells = [(label, re.sub("<[^>]+>", "", content)) for label, content in cells]
    assert ("CRM ID", "CRM &lt;7&gt;") in cells
    assert ("Campaign ID", "spring-9") in cells
    assert ("Country", "Germany") in cells
    assert ("Type", "Co-sell") in cells
    assert ("Referral ID", deal.reference) in cells
    assert row[0].count(deal.reference) == 1
    assert row[0].count("Germany") == 1
    assert ">&lt;b&gt;</a>" in row[0]


def test_choice_is_ones_own(world: World, anna: Client, client: Client) -> None:
    press(anna, "remove:customer")
    client.force_login(world.piotr.user)
    assert shown(client) == [*USUAL]


def test_observer_chooses_columns_too(world: World, client: Client) -> None:
    client.force_login(world.olga.user)
    press(client, "remove:customer")
    assert "customer" not in shown(client)


def test_column_that_is_no_more_is_left_out(world: World, anna: Client) -> None:
    press(anna, "remove:customer")
    with as_owner():
        ListPreference.objects.update(columns=["gone", "status", "status"])
    make_deals(world.contoso, {})
    assert heads(anna, world) == ["name", "status"]


def test_with_htmx_the_form_answers_with_itself(world: World, anna: Client) -> None:
    response = press(anna, "remove:customer", **{"HX-Request": "true", "HX-Target": "columns"})
    text = response.content.decode()
    assert text.strip().startswith("<form")
    assert 'id="toggle-customer" name="do" value="add:customer"' in text


def test_heart_in_a_row_is_the_heart_of_the_deal_page(world: World, anna: Client) -> None:
    """Rows are not made of templates; only where the answer goes stands around all rows."""
    (deal,) = make_deals(world.contoso, {"name": "A <deal>"})
    for on in ("1", "0"):
        anna.post(f"/o/contoso/deals/{deal.pk}/favorite/", {"on": on})
        text = anna.get(list_url(world)).content.decode()
        button = re.search(r'<button class="heart".*?</button>', text, re.DOTALL)
        assert button
        context = {"deal": deal, "slug": "contoso", "is_on": on == "1"}
        alone = render_to_string("deals/_heart.html", context).strip()
        around = ' hx-target="this" hx-swap="outerHTML"'
        assert around in alone
        in_row = button[0].replace('"../', '"/o/contoso/deals/')
        assert in_row == alone.replace(around, "")


@pytest.mark.parametrize("size", [25, 100])
def test_rows_stay_small(world: World, anna: Client, size: int) -> None:
    make_deals(world.contoso, *({"name": f"Deal number {n}"} for n in range(size)))
    text = anna.get(list_url(world, "outbound", f"size={size}")).content.decode()
    rows = re.findall(r"<tr id=.*?</tr>", text, re.DOTALL)
    assert len(rows) == size
    assert max(len(row) for row in rows) < 1600
