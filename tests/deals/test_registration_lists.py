"""The registration's status in the lists (2.3)."""

import csv
from copy import deepcopy
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deals.lifecycle import advance
from deals.transitions import Name
from partners.models import Membership
from tests.built_once import Once
from tests.deals.listed import list_url, names, page_for, statements_of
from tests.deals.pages import as_, text
from tests.deals.registering import registered, review, won_deal
from tests.referrals.endings import decline
from tests.world import World

pytestmark = pytest.mark.django_db
COLUMNS = "/o/contoso/deals/columns/?from=outbound"


def scene_in(world: World) -> World:
    """A deal of each of three kinds."""
    registered(world, won_deal(world, name="Waiting"))
    review(world, registered(world, won_deal(world, name="Done")), "approve")
    world.referral(world.deal(name="Open"))
    as_(world.anna).post(COLUMNS, {"do": "add:registration"})
    return world


@pytest.fixture(scope="module")
def _scene_once(once: Once) -> World:
    return once(scene_in)


@pytest.fixture
def world(_scene_once: World) -> World:
    return deepcopy(_scene_once)


@pytest.fixture
def anna(world: World) -> Client:
    """With the column."""
    return as_(world.anna)


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
def test_filter_lets_through(world: World, query: str, expected: set[str]) -> None:
    assert found_by(world, world.anna, "outbound", query) == expected
    assert found_by(world, world.anna, "favorites", query) == set()


def found_by(world: World, member: Membership, tab: str, query: str) -> set[str]:
    with world.as_member(member):
        _listed, page = page_for(member, tab, query)
        return {deal.name for deal in page.deals}


def test_filter_is_a_chip_and_survives_in_the_address(world: World, anna: Client) -> None:
    page = anna.get(list_url(world, query="registration=approved"))
    assert names(page) == ["Done"]
    (chip,) = page.context["chips"]
    assert (chip.label, chip.value) == ("Registration", "Approved")
    assert "registration=approved" in page.context["rows"][0].html.replace("%3D", "=")


def test_column_shows_the_status(world: World, anna: Client) -> None:
    rows = {row.deal.name: row.html for row in anna.get(list_url(world)).context["rows"]}
    assert "Pending review" in rows["Waiting"]
    assert "Approved" in rows["Done"]
    assert "pill-green" not in rows["Open"].rpartition("<td")[2]


def test_page_with_column_and_filter_costs_eight_statements(world: World, anna: Client) -> None:
    counted = []
    for _more in range(2):
        for query in ("", "registration=pending&registration=approved"):
            anna.get(list_url(world, query=query))
            with CaptureQueriesContext(connection) as captured:
                anna.get(list_url(world, query=query))
            counted.append(len(statements_of(captured)))
        registered(world)
    assert counted == [8] * 4


def test_lists_of_who_never_registers_have_no_such_filter(world: World, anna: Client) -> None:
    query = "registration=pending"
    for client, address in (
        (anna, list_url(world, "inbound", query)),
        (as_(world.rita), f"/o/microsoft/deals/outbound/?{query}"),
        (as_(world.sam), f"/o/microsoft/deals/inbound/?{query}"),
    ):
        assert "does not know" in " ".join(client.get(address).context["notes"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("registration=pending", {"Waiting"}),
        ("registration=approved&registration=pending", {"Waiting", "Done"}),
        ("registration=rejected", set()),
        ("registration=approved&counterpart=won", {"Done"}),
        ("registration=approved&q=waiting", set()),
        ("registration=nonsense", {"Waiting", "Done", "Open"}),
    ],
)
def test_vendors_filter_finds_the_deals_that_its_reviewers_know(
    world: World, query: str, expected: set[str]
) -> None:
    for reader in (world.rita, world.victor):
        assert found_by(world, reader, "inbound", query) == expected


def test_invitation_that_the_vendor_refused_first_has_no_registration(world: World) -> None:
    deal = world.deal(name="Asked twice")
    decline(world, world.referral(deal), by=world.sam)
    world.accepted(world.referral(deal))
    with world.as_member(world.anna):
        advance(deal, Name.WIN, actor=world.anna.actor)
    registered(world, deal)
    rita = as_(world.rita)
    found = rita.get("/o/microsoft/deals/inbound/?registration=pending").context["rows"]
    assert [row.deal.status for row in found if row.deal.name == deal.name] == ["accepted"]
    everything = rita.get("/o/microsoft/deals/inbound/").context["rows"]
    of_both = {row.deal.status for row in everything if row.deal.name == deal.name}
    assert of_both == {"accepted", "declined"}


def test_vendors_column_and_download_show_the_status_to_reviewers(
    world: World, anna: Client
) -> None:
    expected = {world.rita: "Approved", world.sam: ""}
    for reader, status in expected.items():
        client = as_(reader)
        client.post("/o/microsoft/deals/columns/?from=inbound", {"do": "add:registration"})
        rows = client.get("/o/microsoft/deals/inbound/").context["rows"]
        (html,) = (row.html for row in rows if row.deal.name == "Done")
        assert ("Approved" in html) is bool(status)
        assert downloaded(client, "microsoft", rows)["Done"] == status


def test_vendors_page_with_column_and_filter_costs_eight_statements(
    world: World, anna: Client
) -> None:
    victor, counted = as_(world.victor), []
    victor.post("/o/microsoft/deals/columns/?from=inbound", {"do": "add:registration"})
    for _more in range(2):
        address = "/o/microsoft/deals/inbound/?registration=pending&registration=approved"
        victor.get(address)
        with CaptureQueriesContext(connection) as captured:
            victor.get(address)
        counted.append(len(statements_of(captured)))
        registered(world)
    assert counted == [8] * 2


def downloaded(client: Client, slug: str, rows: Any) -> dict[str, str]:
    selected: Any = client.post(
        f"/o/{slug}/deals/selection/",
        {"deal": [str(row.deal.pk) for row in rows], "do": "export", "from": "outbound"},
    )
    assert selected.status_code == 200, text(selected)
    content = b"".join(selected.streaming_content).decode().removeprefix("\ufeff")
    return {row["Deal"]: row["Registration"] for row in csv.DictReader(StringIO(content))}


def test_download_has_it_too(world: World, anna: Client) -> None:
    found = downloaded(anna, "contoso", anna.get(list_url(world)).context["rows"])
    assert found == {"Waiting": "Pending review", "Done": "Approved", "Open": ""}
