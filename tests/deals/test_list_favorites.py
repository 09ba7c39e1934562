"""The heart: with and without htmx, by everybody who sees the deal, on closed deals too."""

import uuid

import pytest
from django.test import Client

from deals.list_state import ListState
from deals.models import Favorite, Status
from tests.deals.listed import favorite_url, inbound, list_url, make_deals, names
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def hearts(world: World) -> int:
    with as_owner():
        return Favorite.objects.filter(organization=world.contoso.organization).count()


def test_heart_is_given_once_and_taken_once(world: World, client: Client) -> None:
    (deal,) = make_deals(world.contoso, {})
    client.force_login(world.anna.user)
    for on, expected in (("1", 1), ("1", 1), ("0", 0), ("0", 0)):
        assert client.post(favorite_url(world, deal.pk), {"on": on}).status_code == 302
        assert hearts(world) == expected


def test_plain_heart_leads_back_to_the_row_of_the_same_list(world: World, client: Client) -> None:
    (deal,) = make_deals(world.contoso, {})
    client.force_login(world.anna.user)
    state = ListState.parse("outbound?status=accepted&sort=-value")
    response = client.post(favorite_url(world, deal.pk), {"on": "1", "from": state.parameter})
    assert response["Location"] == (
        list_url(world, "outbound", "status=accepted&sort=-value") + f"#deal-{deal.pk}"
    )


def test_htmx_heart_answers_with_itself(world: World, client: Client) -> None:
    (deal,) = make_deals(world.contoso, {"name": "Ours"})
    client.force_login(world.anna.user)
    text = client.post(favorite_url(world, deal.pk), {"on": "1"}, headers=HTMX).content.decode()
    assert text.startswith("<button")
    assert 'aria-pressed="true"' in text
    assert 'value="0"' in text
    assert "Added to favorites" in text


@pytest.mark.parametrize("status", [Status.WON, Status.DECLINED])
def test_closed_deals_take_hearts(world: World, client: Client, status: Status) -> None:
    (deal,) = make_deals(world.contoso, inbound(status=status))
    client.force_login(world.anna.user)
    client.post(favorite_url(world, deal.pk), {"on": "1"})
    assert names(client.get(list_url(world, "favorites"))) == [deal.name]


def test_observer_has_hearts_of_their_own(world: World, client: Client) -> None:
    (deal,) = make_deals(world.contoso, {})
    client.force_login(world.olga.user)
    client.post(favorite_url(world, deal.pk), {"on": "1"})
    assert names(client.get(list_url(world, "favorites"))) == [deal.name]
    client.force_login(world.anna.user)
    assert names(client.get(list_url(world, "favorites"))) == []


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_hidden_deal_answers_like_an_unknown_one(
    world: World, client: Client, headers: dict[str, str]
) -> None:
    ours, theirs = make_deals(world.contoso, {}) + make_deals(world.fabrikam, {})
    for member, hidden in ((world.bob, ours), (world.anna, theirs), (world.mallory, ours)):
        client.force_login(member.user)
        answers = [
            client.post(favorite_url(world, pk), {"on": "1"}, headers=headers)
            for pk in (hidden.pk, uuid.uuid4())
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    assert hearts(world) == 0


def test_looking_at_the_address_gives_no_heart(world: World, client: Client) -> None:
    (deal,) = make_deals(world.contoso, {})
    client.force_login(world.anna.user)
    assert client.get(favorite_url(world, deal.pk)).status_code == 405
    assert hearts(world) == 0
