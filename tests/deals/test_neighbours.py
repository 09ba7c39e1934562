"""Previous and next inside a deal: the list it was opened from, in its order and filters (2.5)."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deals.listing.neighbours import Neighbour, Neighbours
from deals.listing.sorts import SORTS
from deals.models import Deal, Favorite, Status
from deals.views.list_parts import neighbours
from tests.deals.listed import inbound, make_deals, page_for
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def anna(world: World, client: Client) -> Client:
    client.force_login(world.anna.user)
    return client


def open_from(client: Client, world: World, deal: Deal, state: str) -> Any:
    query = f"?{urlencode({'from': state})}" if state else ""
    return client.get(f"/o/contoso/deals/{deal.pk}/{query}")


def walk(client: Client, world: World, first: Deal, state: str, *, side: str) -> list[str]:
    """The names from `first` on, each page being asked for the one beside it."""
    seen, deal = [first.name], first
    while True:
        response = open_from(client, world, deal, state)
        beside = getattr(response.context["neighbours"], side)
        if beside is None:
            return seen
        seen.append(beside.name)
        deal = Deal(pk=beside.id)


def beside_each(world: World, listed: list[Deal], state: str) -> list[Neighbours | None]:
    with world.as_member(world.anna):
        return [
            neighbours(world.anna, Deal.objects.get(pk=deal.pk), came_from=state) for deal in listed
        ]


def along(listed: list[Deal]) -> list[Neighbours]:
    """What each deal has beside it in a list of just these."""
    row = [None, *(Neighbour(deal.pk, deal.name) for deal in listed), None]
    return [Neighbours(row[place], row[place + 2]) for place in range(len(listed))]


@pytest.mark.parametrize(
    "sort", [one for one in SORTS if not one.only_in], ids=lambda sort: sort.code or "rank"
)
def test_deals_beside_one_are_those_of_its_list(world: World, sort: Any) -> None:
    make_deals(
        world.contoso,
        *(
            {
                "name": f"Deal {number}", "value": 100 * (number % 2), "created_at": NOW,
                "currency": ("EUR", "PLN")[number % 2],
                "status": (Status.ACCEPTED, Status.WON, Status.LOST)[number % 3],
                "customer_name": f"Customer {number % 2}",
            }
            for number in range(5)
        ),
    )  # fmt: skip
    with world.as_member(world.anna):
        _listed, page = page_for(world.anna, "outbound", f"sort={sort.code}")
    listed = list(page.deals)
    assert len(listed) == 5
    assert beside_each(world, listed, f"outbound?sort={sort.code}") == along(listed)


def test_pages_lead_along_the_list_forwards_and_backwards(world: World, anna: Client) -> None:
    deals = make_deals(world.contoso, *({"name": name} for name in "abc"))
    state = "outbound?sort=-name"
    assert walk(anna, world, deals[2], state, side="next") == ["c", "b", "a"]
    assert walk(anna, world, deals[0], state, side="previous") == ["a", "b", "c"]


def test_received_deals_by_time_left(world: World) -> None:
    five, nine, two = make_deals(
        world.contoso,
        *(
            inbound(name=f"{days} days", respond_by=NOW + timedelta(days=days))
            for days in (5, 9, 2)
        ),
    )
    listed = [nine, five, two]
    assert beside_each(world, listed, "inbound?group=received&sort=-time_left") == along(listed)


def test_filters_group_and_search_bound_the_walk(world: World, anna: Client) -> None:
    first, *_rest = make_deals(
        world.contoso,
        {"name": "platform a", "created_at": NOW},
        {"name": "platform b", "created_at": NOW - timedelta(days=2), "currency": "PLN"},
        {"name": "other c", "created_at": NOW - timedelta(days=3)},
        {"name": "platform d", "created_at": NOW - timedelta(days=4)},
        {"name": "platform e", "created_at": NOW - timedelta(days=5), "status": Status.WON},
    )
    state = "outbound?q=platform&currency=EUR&group=accepted"
    assert walk(anna, world, first, state, side="next") == ["platform a", "platform d"]


def test_deals_of_others_and_of_the_other_list_are_not_beside(world: World, anna: Client) -> None:
    make_deals(world.fabrikam, {"name": "Secret"}, {"name": "Secret too"})
    make_deals(world.contoso, inbound(name="Received"))
    (ours,) = make_deals(world.contoso, {"name": "Ours"})
    beside = open_from(anna, world, ours, "outbound").context["neighbours"]
    assert (beside.previous, beside.next) == (None, None)
    with world.as_member(world.anna):
        for state in ("outbound?sort=name", "outbound?sort=-name"):
            assert neighbours(world.anna, ours, came_from=state) == Neighbours()


def test_without_a_list_there_is_nothing_beside(world: World, anna: Client) -> None:
    ours, _other = make_deals(world.contoso, {}, {})
    response = open_from(anna, world, ours, "")
    assert response.context["neighbours"] is None
    assert b'rel="next"' not in response.content


def test_links_carry_the_list_on(world: World, anna: Client) -> None:
    ours, other = make_deals(world.contoso, {"name": "a"}, {"name": "b <i>"})
    text = open_from(anna, world, ours, "outbound?sort=name").content.decode()
    assert (
        f'href="/o/contoso/deals/{other.pk}/?from=outbound%3Fsort%3Dname" title="b &lt;i&gt;"'
        in text
    )
    assert "Next deal: b &lt;i&gt;" in text
    assert 'rel="prev"' not in text


def test_a_deal_that_left_the_list_still_has_a_place_in_it(world: World, anna: Client) -> None:
    (won, *_open) = make_deals(
        world.contoso,
        {"name": "b", "status": Status.WON},
        {"name": "a"},
        {"name": "c"},
    )
    beside = open_from(anna, world, won, "outbound?status=accepted&sort=name").context["neighbours"]
    assert (beside.previous.name, beside.next.name) == ("a", "c")


@pytest.mark.parametrize("query", ["", "?sort=name", "?sort=-value", "?sort=close"])
def test_a_step_is_one_range_of_an_index(world: World, query: str) -> None:
    """Both steps are one statement, and neither sorts."""
    deals = make_deals(world.contoso, *({"name": f"Deal {n}"} for n in range(40)))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    with world.as_member(world.anna), CaptureQueriesContext(connection) as captured:
        neighbours(world.anna, Deal.objects.get(pk=deals[5].pk), came_from=f"outbound{query}")
    steps = [
        one["sql"] for one in captured if "UNION ALL" in one["sql"] and "is_before" in one["sql"]
    ]
    assert len(steps) == 1
    with world.as_member(world.anna), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {steps[0]}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert plan.count("Index") >= 2, plan
    assert "Sort" not in plan, plan


def test_favorites_walk_over_both_directions(world: World, anna: Client) -> None:
    ours, received = make_deals(world.contoso, {"name": "a"}, inbound(name="b"))
    with as_owner():
        Favorite.objects.bulk_create(
            Favorite(organization=world.contoso.organization, membership=world.anna, deal=deal)
            for deal in (ours, received)
        )
    state = "favorites?sort=name"
    assert open_from(anna, world, ours, state).context["neighbours"].next.name == "b"
    assert beside_each(world, [ours, received], state) == along([ours, received])
