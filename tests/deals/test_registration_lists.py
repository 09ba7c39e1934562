"""The registration's status in the lists (2.3)."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.deals.listed import list_url, names
from tests.deals.pages import as_, text
from tests.deals.registering import registered, review, won_deal
from tests.deals.test_lists import TRANSACTIONS
from tests.world import World

pytestmark = pytest.mark.django_db
COLUMNS = "/o/contoso/deals/columns/?from=outbound"


@pytest.fixture
def anna(world: World) -> Client:
    """With the column, and a deal of each of three kinds."""
    registered(world, won_deal(world, name="Waiting"))
    review(world, registered(world, won_deal(world, name="Done")), "approve")
    world.deal(name="Open")
    client = as_(world.anna)
    client.post(COLUMNS, {"do": "add:registration"})
    return client


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("registration=pending", {"Waiting"}),
        ("registration=approved", {"Done"}),
        ("registration=approved&registration=pending", {"Waiting", "Done"}),
        ("registration=rejected", set()),
        ("registration=approved&q=waiting", set()),
        ("registration=nonsense", {"Waiting", "Done", "Open"}),
    ],
)
def test_filter_lets_through(world: World, anna: Client, query: str, expected: set[str]) -> None:
    for tab in ("outbound", "favorites"):
        wanted = expected if tab == "outbound" else set()
        assert set(names(anna.get(list_url(world, tab, query)))) == wanted


def test_filter_is_a_chip_and_survives_in_the_address(world: World, anna: Client) -> None:
    page = anna.get(list_url(world, query="registration=approved"))
    (chip,) = page.context["chips"]
    assert (chip.label, chip.value) == ("Registration", "Approved")
    assert "registration=approved" in page.context["rows"][0].html.replace("%3D", "=")


def test_column_shows_the_status(world: World, anna: Client) -> None:
    rows = {row.deal.name: row.html for row in anna.get(list_url(world)).context["rows"]}
    assert "Pending review" in rows["Waiting"]
    assert "Approved" in rows["Done"]
    assert "pill-green" not in rows["Open"].rpartition("<td")[2]


@pytest.mark.django_db(transaction=True)
def test_page_with_column_and_filter_costs_eight_statements(world: World, anna: Client) -> None:
    counted = []
    for _more in range(2):
        for query in ("", "registration=pending&registration=approved"):
            anna.get(list_url(world, query=query))
            with CaptureQueriesContext(connection) as captured:
                anna.get(list_url(world, query=query))
            asked = [one["sql"] for one in captured]
            counted.append(sum(not one.startswith(TRANSACTIONS) for one in asked))
        registered(world)
    assert counted == [8] * 4


def test_lists_of_who_never_registers_have_no_such_filter(world: World, anna: Client) -> None:
    for client, address in (
        (anna, list_url(world, "inbound", "registration=pending")),
        (as_(world.sam), "/o/microsoft/deals/outbound/?registration=pending"),
    ):
        assert "does not know" in " ".join(client.get(address).context["notes"])


def test_download_has_it_too(world: World, anna: Client) -> None:
    deals = [row.deal for row in anna.get(list_url(world)).context["rows"]]
    selected: Any = anna.post(
        "/o/contoso/deals/selection/",
        {"deal": [str(one.pk) for one in deals], "do": "export", "from": "outbound"},
    )
    assert selected.status_code == 200, text(selected)
    content = b"".join(selected.streaming_content).decode().removeprefix("\ufeff")
    found = {row["Deal"]: row["Registration"] for row in csv.DictReader(StringIO(content))}
    assert found == {"Waiting": "Pending review", "Done": "Approved", "Open": ""}
