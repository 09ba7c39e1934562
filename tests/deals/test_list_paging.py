"""Orders and pages: each deal exactly once, forwards and backwards, ties or not."""

import html
import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from deals.list_state import ListState
from deals.listing.pages import Place
from deals.listing.sorts import SORTS
from deals.models import Deal, Status
from tests.deals.listed import inbound, list_url, make_deals, names, page_for
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db
NOW = timezone.now()
# Of sixty deals; whoever turns more of them goes round in circles.
MOST_PAGES = 5
NO_SUCH_PAGE = "That page of the list does not exist; this is the first one."


@pytest.fixture
def anna(world: World, client: Client) -> Client:
    client.force_login(world.anna.user)
    return client


def ids(response: Any) -> list[UUID]:
    return [row.deal.pk for row in response.context["rows"]]


def walk(client: Client, url: str, *, by: str) -> tuple[list[list[UUID]], list[str], str]:
    """The pages from here on by that context variable, their summaries, and the last address."""
    pages, summaries = [], []
    while True:
        response = client.get(url)
        assert not response.context["notes"]
        pages.append(ids(response))
        summaries.append(response.context["summary"])
        if not response.context[by]:
            return pages, summaries, url
        url = response.context[by]


def with_ties(company: Any) -> list[Deal]:
    """Sixty received deals that share names, values, dates and instants by the dozen."""
    return make_deals(
        company,
        *(
            inbound(
                name=f"Deal {'abc'[n % 3]}",
                customer_name=f"Customer {n % 2}",
                value=100 * (n % 5),
                currency=("EUR", "PLN")[n % 2],
                close_date=timezone.localdate() + timedelta(days=n % 4),
                created_at=NOW - timedelta(days=n % 6),
                respond_by=NOW + timedelta(days=1 + n % 7),
            )
            for n in range(60)
        ),
    )


def test_pages_lead_along_the_list_forwards_and_backwards(world: World, anna: Client) -> None:
    deals = with_ties(world.contoso)
    first = list_url(world, "inbound", "group=received&sort=-value")
    forwards, summaries, last = walk(anna, first, by="next_url")
    assert sorted(pk for page in forwards for pk in page) == sorted(deal.pk for deal in deals)
    backwards, _summaries, _first = walk(anna, last, by="previous_url")
    assert backwards == forwards[::-1]
    assert summaries == ["1 to 25 of 60", "26 to 50 of 60", "51 to 60 of 60"]


def pages_along(world: World, query: str, *, side: str) -> tuple[list[list[UUID]], str]:
    """The pages from that address on, and the last address."""
    pages: list[list[UUID]] = []
    while len(pages) < MOST_PAGES:
        listed, page = page_for(world.anna, "inbound", query)
        assert not listed.notes
        pages.append([deal.pk for deal in page.deals])
        edge = page.next if side == "after" else page.previous
        if not edge:
            break
        query = listed.state.changed(**{side: edge}).query
    return pages, query


@pytest.mark.parametrize("sort", [sort.code for sort in SORTS])
def test_every_deal_is_on_exactly_one_page_both_ways(world: World, sort: str) -> None:
    deals = with_ties(world.contoso)
    with world.as_member(world.anna):
        forwards, last = pages_along(world, f"group=received&sort={sort}", side="after")
        backwards, _first = pages_along(world, last, side="before")
    assert [len(page) for page in forwards] == [25, 25, 10]
    assert sorted(pk for page in forwards for pk in page) == sorted(deal.pk for deal in deals)
    assert backwards == forwards[::-1]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["apple", "Banana", "Łódź", "Zebra"]),
        ("-name", ["Zebra", "Łódź", "Banana", "apple"]),
        ("customer", ["Łódź", "Zebra", "apple", "Banana"]),
        ("-customer", ["Banana", "apple", "Zebra", "Łódź"]),
        ("-value", ["Zebra", "apple", "Łódź", "Banana"]),
        ("value", ["Banana", "Łódź", "apple", "Zebra"]),
        ("close", ["Banana", "apple", "Zebra", "Łódź"]),
        ("-close", ["Łódź", "Zebra", "apple", "Banana"]),
        ("created", ["Zebra", "Łódź", "Banana", "apple"]),
        ("-created", ["apple", "Banana", "Łódź", "Zebra"]),
        ("status", ["apple", "Łódź", "Zebra", "Banana"]),
        ("-status", ["Banana", "Zebra", "Łódź", "apple"]),
    ],
)
def test_order(world: World, anna: Client, sort: str, expected: list[str]) -> None:
    today = timezone.localdate()
    rows = [
        ("apple", "d", 900, "EUR", 2, 0, Status.ACCEPTED),
        ("Banana", "E", 7, "PLN", 1, 1, Status.WON),
        ("Łódź", "a", 100, "PLN", 4, 2, Status.ERROR),
        ("Zebra", "ć", 1000, "EUR", 3, 3, Status.LOST),
    ]
    make_deals(
        world.contoso,
        *(
            {
                "name": name, "customer_name": customer, "value": value, "currency": currency,
                "close_date": today + timedelta(days=closes),
                "created_at": NOW - timedelta(days=age), "status": status,
            }
            for name, customer, value, currency, closes, age, status in rows
        ),
    )  # fmt: skip
    response = anna.get(list_url(world, "outbound", f"sort={sort}"))
    assert names(response) == expected
    sorted_heads = [head for head in response.context["heads"] if head.aria_sort]
    assert len(sorted_heads) == 1


def test_most_time_left_is_an_order_of_waiting_deals(world: World, anna: Client) -> None:
    make_deals(
        world.contoso,
        *(
            inbound(name=f"{days} days", respond_by=NOW + timedelta(days=days))
            for days in (5, 9, 2)
        ),
    )
    url = list_url(world, "inbound", "group=received&sort=-time_left")
    response = anna.get(url)
    assert names(response) == ["9 days", "5 days", "2 days"]
    everything = next(group for group in response.context["groups"] if not group.code)
    assert "sort" not in everything.url


def test_heading_of_the_time_left_turns_the_order_round_and_back(
    world: World, anna: Client
) -> None:
    make_deals(
        world.contoso,
        *(inbound(name=f"{days} days", respond_by=NOW + timedelta(days=days)) for days in (5, 2)),
    )
    url = list_url(world, "inbound", "group=received")
    seen = []
    for _click in range(3):
        response = anna.get(url)
        head = next(one for one in response.context["heads"] if one.code == "time_left")
        assert f'href="{html.escape(head.url)}"' in response.content.decode()
        seen.append((head.aria_sort, names(response)))
        url = head.url
    least, most = ("ascending", ["2 days", "5 days"]), ("descending", ["5 days", "2 days"])
    assert seen == [least, most, least]


def test_hundred_on_a_page(world: World, anna: Client) -> None:
    with_ties(world.contoso)
    response = anna.get(list_url(world, "inbound", "size=100"))
    assert len(ids(response)) == 60
    assert not response.context["next_url"]


def test_deal_that_leaves_the_list_shifts_no_page(world: World, anna: Client) -> None:
    with_ties(world.contoso)
    first = anna.get(list_url(world, "inbound", "sort=name"))
    with as_owner():
        Deal.objects.filter(pk=ids(first)[3]).delete()
    after = anna.get(first.context["next_url"])
    expected = anna.get(list_url(world, "inbound", "sort=name&size=100"))
    assert ids(after) == ids(expected)[24:49]


def test_page_that_emptied_leads_to_the_first(world: World, anna: Client) -> None:
    with_ties(world.contoso)
    second = anna.get(list_url(world, "inbound")).context["next_url"]
    with as_owner():
        Deal.objects.filter(pk__in=ids(anna.get(second))).delete()
        Deal.objects.filter(pk__in=ids(anna.get(second))).delete()
    response = anna.get(second)
    assert "There is nothing on this page any more" in response.content.decode()
    assert response.context["first_url"] == list_url(world, "inbound")


def test_longest_names_page_and_survive_the_way_through_a_deal(world: World, anna: Client) -> None:
    make_deals(world.contoso, *({"name": "漢" * 200, "notes": "漢" * 100} for _ in range(30)))
    first = anna.get(list_url(world), {"sort": "name", "q": "漢" * 100})
    second = anna.get(first.context["next_url"])
    assert len(ids(second)) == 5
    state = second.context["listed"].state
    assert ListState.parse(state.parameter) == state
    assert ids(anna.get(state.url("contoso"))) == ids(second)


def cursor(*parts: Any) -> str:
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("sort", "text"),
    [
        ("", "%%%"),
        ("", "AAAA"),
        ("", "é"),
        ("", cursor()),
        ("", cursor("", 1)),
        ("", cursor("name", 1, "a", "not-a-uuid")),
        ("", cursor("", 1, "1; drop table", "00000000-0000-0000-0000-000000000000")),
        ("", cursor("", 1, 2**70, "00000000-0000-0000-0000-000000000000")),
        ("", cursor("", 1, True, "00000000-0000-0000-0000-000000000000")),
        ("", cursor("", "x", 1, "00000000-0000-0000-0000-000000000000")),
        ("", cursor("", 1, 1, None)),
        ("name", cursor("name", 1, "\0", "00000000-0000-0000-0000-000000000000")),
        ("name", cursor("name", 1, "\ud800", "00000000-0000-0000-0000-000000000000")),
        ("created", cursor("created", 1, "2026-01-01T00:00:00", "0" * 32)),
        ("created", cursor("created", 1, "yesterday", "0" * 32)),
        ("close", cursor("close", 1, 20260101, "0" * 32)),
        ("", "W" * 5000),
        ("", urlsafe_b64encode(b"[" * 900).decode()),
    ],
)
def test_changed_cursor_gives_the_first_page(world: World, sort: str, text: str) -> None:
    with world.as_member(world.anna):
        for name in ("after", "before"):
            query = urlencode({"sort": sort, name: text}, errors="surrogatepass")
            listed, _page = page_for(world.anna, "outbound", query)
            assert listed.place == Place()
            assert listed.notes == [NO_SUCH_PAGE]


def test_changed_cursor_is_named_on_the_page(world: World, anna: Client) -> None:
    make_deals(world.contoso, {"name": "Ours"})
    for name in ("after", "before"):
        response = anna.get(f"{list_url(world)}", {name: cursor("name", 1, "a", "not-a-uuid")})
        assert response.status_code == 200
        assert names(response) == ["Ours"]
        assert response.context["notes"] == [NO_SUCH_PAGE]


def test_cursor_with_an_edge_of_ones_own_making_stays_in_the_list(
    world: World, anna: Client
) -> None:
    make_deals(world.contoso, {"name": "Ours"})
    make_deals(world.fabrikam, {"name": "Theirs"})
    edge = cursor("", -5, -(2**62), "00000000-0000-0000-0000-000000000000")
    response = anna.get(list_url(world), {"after": edge})
    assert names(response) == ["Ours"]
    assert response.context["summary"] == "1 to 1 of 1"
