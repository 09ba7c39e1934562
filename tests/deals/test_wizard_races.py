"""A double click, and two tabs at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from deals.models import Deal, Draft
from tests.deals.walking import Walk
from tests.factories import ReferenceCustomerFactory
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def together(walk: Walk, *posts: Callable[[Client], HttpResponse]) -> list[HttpResponse]:
    """Released at the same moment, each from a connection of its own."""
    start = Barrier(len(posts))

    def run(post: Callable[[Client], HttpResponse]) -> HttpResponse:
        client = Client()
        client.cookies = walk.client.cookies
        start.wait(timeout=60)
        try:
            return post(client)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(posts)) as pool:
        return list(pool.map(run, posts))


def test_double_click_makes_one_deal(world: World, client: Client) -> None:
    walk = Walk(client, world.anna)
    walk.to("review", world.contoso.solution)

    reviewed = {"create": "1", "seen": walk.seen}

    def create(one: Client) -> HttpResponse:
        return one.post(walk.url("review"), reviewed)  # type: ignore[return-value]  # test client

    answers = together(walk, *[create] * 4)
    with as_owner():
        deal = Deal.objects.get()
        assert not Draft.objects.exists()
    assert {one["Location"] for one in answers} == {deal.get_absolute_url()}


def test_double_click_on_the_first_page_begins_one_draft(world: World, client: Client) -> None:
    walk = Walk(client, world.anna)
    sent = {"page_id": "1", "choose": f"directory:{ReferenceCustomerFactory().pk}"}

    def choose(one: Client) -> HttpResponse:
        return one.post(walk.base, sent)  # type: ignore[return-value]  # test client

    answers = together(walk, *[choose] * 4)
    with as_owner():
        walk.draft_id = Draft.objects.get().pk
    assert {one["Location"] for one in answers} == {walk.url("customer")}


def test_two_tabs_in_different_steps_lose_nothing(world: World, client: Client) -> None:
    walk = Walk(client, world.anna)
    walk.to_last_step(world.contoso.solution)

    def details(one: Client) -> HttpResponse:
        sent = {**walk.details(name="From the first tab"), "leave": "1"}
        return one.post(walk.url("details"), sent)  # type: ignore[return-value]  # test client

    def help_wanted(one: Client) -> HttpResponse:
        sent = {"help_type": "quotes", "message": "From the second tab", "leave": "1"}
        return one.post(walk.url("help"), sent)  # type: ignore[return-value]  # test client

    together(walk, details, help_wanted)
    with as_owner():
        data = Draft.objects.get().data
    assert data["details"]["name"] == ["From the first tab"]
    assert data["help"]["message"] == ["From the second tab"]
