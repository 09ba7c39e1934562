"""A list as a board: columns by stage, totals in one currency, and moving a card (2.2)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deals.listing.board import CARDS, MOST_SUMMED, LaneTotal, Sum
from deals.models import Deal, ExchangeRate, Favorite, StageName, Status
from deals.stages import DealType, StageCode
from tests.deals.listed import inbound, list_url, make_deals, statements_of
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db

BOARD = "layout=board"


@pytest.fixture
def anna(world: World, client: Client) -> Client:
    client.force_login(world.anna.user)
    return client


@pytest.fixture
def rates() -> None:
    """Of two days, so that the newest counts."""
    given = {"EUR": "1", "PLN": "4", "CZK": "25"}
    with as_owner():
        ExchangeRate.objects.bulk_create(
            ExchangeRate(date=day, currency=code, rate=Decimal(rate) * times)
            for day, times in ((date(2026, 1, 2), 1), (date(2025, 1, 2), 7))
            for code, rate in given.items()
        )


def board(client: Client, world: World, query: str = "", tab: str = "outbound") -> Any:
    response = client.get(list_url(world, tab, f"{BOARD}&{query}"))
    assert response.status_code == 200
    return response


def lanes(response: Any) -> dict[str, list[str]]:
    """The names on the cards of each column."""
    return {
        one.lane.code: [name_on(card) for card in one.cards] for one in response.context["board"]
    }


def name_on(card: str) -> str:
    return card.split('class="grid-name"')[1].split(">")[1].split("<")[0]


def totals(response: Any) -> dict[str, str]:
    return {one.lane.code: one.total.replace("\u00a0", " ") for one in response.context["board"]}


def move(
    client: Client,
    deal: Deal,
    to: str,
    *,
    htmx: bool = True,
    state: str = f"outbound?{BOARD}",
    **sent: str,
) -> Any:
    headers = {"HX-Request": "true", "HX-Target": "list"} if htmx else {}
    values = {"to": to, "version": deal.version, "from": state, **sent}
    return client.post(f"/o/contoso/deals/{deal.pk}/move/", values, headers=headers)


def now(deal: Deal) -> Deal:
    with as_owner():
        return Deal.objects.get(pk=deal.pk)


def test_columns_are_stages_and_assessments_stand_at_their_percentage(
    world: World, anna: Client
) -> None:
    make_deals(
        world.contoso,
        {"name": "new"},
        {"name": "qualified", "stage": StageCode.QUALIFIED},
        {
            "name": "letter",
            "type": DealType.ASSESSMENT,
            "stage": StageCode.ENGAGEMENT_LETTER,
        },
        {"name": "won", "status": Status.WON},
        {"name": "lost", "status": Status.LOST},
    )
    make_deals(world.fabrikam, {"name": "theirs"})
    response = board(anna, world)
    assert lanes(response) == {
        "10": ["new"],
        "20": ["letter", "qualified"],
        "40": [],
        "60": [],
        "80": [],
        "won": ["won"],
    }
    text = response.content.decode()
    assert "Letter of engagement secured" in text
    assert 'Qualified <span class="muted num">20%</span>' in text


def test_inbound_begins_with_what_waits_and_closed_deals_have_a_column_each(
    world: World, anna: Client
) -> None:
    make_deals(
        world.contoso,
        inbound(name="received"),
        inbound(name="accepted", status=Status.ACCEPTED),
        inbound(name="declined", status=Status.DECLINED),
    )
    assert lanes(board(anna, world, tab="inbound"))["received"] == ["received"]
    assert lanes(board(anna, world, tab="inbound"))["10"] == ["accepted"]
    closed = lanes(board(anna, world, "group=closed", tab="inbound"))
    assert closed["declined"] == ["declined"]
    assert set(closed) == {"won", "lost", "declined", "expired", "withdrawn", "error"}


def test_filters_search_and_order_hold_for_the_board(world: World, anna: Client) -> None:
    make_deals(
        world.contoso,
        {"name": "beta cloud", "value": 5},
        {"name": "alpha cloud", "value": 9},
        {"name": "other", "type": DealType.PRIVATE},
    )
    assert lanes(board(anna, world, "q=cloud&sort=name"))["10"] == ["alpha cloud", "beta cloud"]
    assert lanes(board(anna, world, "q=cloud&sort=-name"))["10"] == ["beta cloud", "alpha cloud"]
    assert lanes(board(anna, world, "type=private")) == {
        "10": ["other"], "20": [], "40": [], "60": [], "80": [], "won": [],
    }  # fmt: skip
    assert set(lanes(board(anna, world, "stage=created&status=accepted"))) == {"10"}
    assert "No deal matches these filters" in board(anna, world, "country=JP").content.decode()


def test_favorites_mix_both_directions(world: World, anna: Client) -> None:
    deals = make_deals(
        world.contoso,
        {"name": "ours"},
        inbound(name="theirs", status=Status.ACCEPTED),
        {"name": "not mine"},
    )
    with as_owner():
        Favorite.objects.bulk_create(
            Favorite(organization=world.contoso.organization, membership=world.anna, deal=deal)
            for deal in deals[:2]
        )
    assert sorted(lanes(board(anna, world, tab="favorites"))["10"]) == ["ours", "theirs"]


@pytest.mark.usefixtures("rates")
def test_totals_are_converted_at_the_newest_day_and_the_rest_is_named(
    world: World, anna: Client
) -> None:
    make_deals(
        world.contoso,
        {"value": Decimal("100.50"), "currency": "PLN"},
        {"value": 100, "currency": "EUR"},
        {"value": 50, "currency": "CZK", "stage": StageCode.PROPOSED},
        {"value": 9, "currency": "XAF", "stage": StageCode.PROPOSED},
        {"value": 9, "currency": "JPY", "stage": StageCode.NEGOTIATED},
    )
    response = board(anna, world)
    assert totals(response) == {
        "10": "500 PLN", "20": "0 PLN", "40": "0 PLN", "60": "8 PLN", "80": "", "won": "0 PLN",
    }  # fmt: skip
    text = response.content.decode()
    assert "at the exchange rates of 2 Jan 2026" in text
    assert "1 deal in JPY, 1 deal in XAF" in text
    assert totals(board(anna, world, "totals=EUR"))["10"] == "125 EUR"
    assert totals(board(anna, world, "totals=JPY"))["80"] == "9 JPY"
    assert "“ABC” is unknown" in board(anna, world, "totals=ABC").content.decode()


def test_without_rates_the_own_currency_is_summed(world: World, anna: Client) -> None:
    make_deals(world.contoso, {"value": 7, "currency": "PLN"}, {"value": 7, "currency": "EUR"})
    response = board(anna, world)
    assert totals(response)["10"] == "7 PLN"
    assert "No exchange rates are loaded." in response.content.decode()
    assert response.context["unrated"] == ["1 deal in EUR"]


def test_total_of_very_many_deals_is_at_least_so_much() -> None:
    total = LaneTotal(deals=MOST_SUMMED, unrated=[Sum("XAF", 1, Decimal(1))])
    assert not total.is_capped
    total.deals += 1
    assert total.is_capped


def test_column_shows_some_then_more_then_the_list(world: World, anna: Client) -> None:
    make_deals(world.contoso, *({"name": f"deal {n}"} for n in range(CARDS + 2)))
    response = board(anna, world)
    (first,) = (one for one in response.context["board"] if one.lane.code == "10")
    assert (len(first.cards), first.count) == (CARDS, str(CARDS + 2))
    again = anna.get(first.more_url)
    assert len(lanes(again)["10"]) == CARDS + 2
    make_deals(world.contoso, *({"name": f"more {n}"} for n in range(100)))
    (first,) = (one for one in anna.get(first.more_url).context["board"] if one.lane.code == "10")
    listed = anna.get(first.list_url)
    assert listed.context["listed"].is_board is False
    assert listed.context["listed"].filters.stage == ("created",)


def test_layout_lives_in_the_address_and_in_what_leads_on(world: World, anna: Client) -> None:
    (deal,) = make_deals(world.contoso, {"name": "a deal"})
    response = board(anna, world, "status=accepted")
    text = response.content.decode()
    assert f"/deals/{deal.pk}/?from=outbound%3Fstatus%3Daccepted%26layout%3Dboard" in text
    back = anna.get(f"/o/contoso/deals/{deal.pk}/?from=outbound%3Flayout%3Dboard")
    assert back.context["list_url"] == list_url(world, "outbound", BOARD)
    groups = {one.code: one.url for one in response.context["groups"]}
    assert BOARD in groups["closed"]
    assert "“wall” is unknown" in anna.get(list_url(world, query="layout=wall")).content.decode()
    assert anna.get(list_url(world, query="layout=list")).context["listed"].notes == []


def test_board_can_be_kept_as_a_view(world: World, anna: Client) -> None:
    make_deals(world.contoso, {})
    new = f"/o/contoso/deals/views/new/?from=outbound%3F{BOARD}%26more%3D10"
    response = anna.post(new, {"name": "Pipeline"}, follow=True)
    assert response.context["listed"].is_board
    assert response.context["listed"].more == ""


def test_filters_opened_from_a_board_or_a_view_lead_back_to_it(world: World, anna: Client) -> None:
    response = anna.get(
        f"/o/contoso/deals/outbound/filters/?{BOARD}&totals=EUR&sort=name",
        headers={"HX-Request": "true"},
    )
    for name, value in (("layout", "board"), ("totals", "EUR"), ("sort", "name"), ("size", 25)):
        field = f'<input type="hidden" name="{name}" value="{value}" form="list-form">'
        assert field in response.content.decode()


def test_board_costs_eight_statements_however_many_cards(world: World, anna: Client) -> None:
    counted = []
    for more in (1, 9):
        world.referral(world.deal(name=f"deal {more}"))
        make_deals(world.contoso, *({"name": f"deal {n}"} for n in range(more)))
        make_deals(world.contoso, {"status": Status.WON}, {"currency": "XAF"})
        with CaptureQueriesContext(connection) as captured:
            board(anna, world, "q=deal&sort=-value")
        counted.append(len(statements_of(captured)))
    assert counted == [8, 8]


def test_card_is_moved_and_the_board_comes_back(world: World, anna: Client) -> None:
    deal = world.deal(name="a deal")
    response = move(anna, deal, "60")
    assert response.status_code == 200
    assert lanes(response)["60"] == ["a deal"]
    text = response.content.decode()
    assert 'data-announce="“a deal” is in Proposed, 60% now."' in text
    assert "HX-Push-Url" not in response.headers
    assert (now(deal).stage, now(deal).version) == (StageCode.PROPOSED, deal.version + 1)


def test_without_script_the_menu_is_a_page_and_leads_back_to_the_card(
    world: World, anna: Client
) -> None:
    deal = world.deal(name="a deal")
    menu = anna.get(f"/o/contoso/deals/{deal.pk}/move/?from=outbound%3F{BOARD}")
    assert '<button class="menu-item" name="to" value="60">' in menu.content.decode()
    response = move(anna, deal, "60", htmx=False)
    assert response["Location"] == f"{list_url(world, query=BOARD)}#deal-{deal.pk}"
    assert [str(one) for one in get_messages(response.wsgi_request)] == [
        "“a deal” is in Proposed, 60% now."
    ]
    assert now(deal).stage == StageCode.PROPOSED


def test_menu_opened_by_its_address_alone_leads_to_the_board(world: World, anna: Client) -> None:
    deal = world.deal()
    menu = anna.get(f"/o/contoso/deals/{deal.pk}/move/")
    assert menu.context["list_url"] == list_url(world, query=BOARD)


def test_assessment_moves_by_its_own_stages_and_in_order(world: World, anna: Client) -> None:
    deal = world.deal(type=DealType.ASSESSMENT)
    refused = move(anna, deal, "60")
    assert refused.status_code == 422
    message = "The stages of an assessment are marked in order: Letter of engagement secured"
    assert message in refused.content.decode()
    assert lanes(refused)["10"] == [deal.name]
    assert move(anna, deal, "20").status_code == 200
    assert now(deal).stage == StageCode.ENGAGEMENT_LETTER


def test_refusal_stands_on_the_card_and_takes_the_focus(world: World, anna: Client) -> None:
    deal = world.deal(name="a deal")
    refused = move(anna, deal, "10")
    assert refused.status_code == 409
    (card,) = next(one.cards for one in refused.context["board"] if one.lane.code == "10")
    assert f'id="refusal-{deal.pk}"' in card
    assert "The deal is in this stage already." in card
    assert f'data-focus aria-describedby="refusal-{deal.pk}"' in card


def test_refusal_of_a_card_that_the_board_does_not_show_stands_above_it(
    world: World, anna: Client
) -> None:
    deal = world.deal(name="a deal")
    for others in ([], [{"type": DealType.PRIVATE}]):
        make_deals(world.contoso, *others)
        refused = move(anna, deal, "10", state=f"outbound?{BOARD}&type=private")
        assert "<p>The deal is in this stage already.</p>" in refused.content.decode()


@pytest.mark.parametrize("htmx", [True, False])
def test_deal_that_somebody_changed_meanwhile_is_left_alone(
    world: World, anna: Client, htmx: bool
) -> None:
    deal = world.deal(name="a deal")
    piotr = Client()
    piotr.force_login(world.piotr.user)
    assert move(piotr, deal, "80").status_code == 200
    refused = move(anna, deal, "20", htmx=htmx)
    assert refused.status_code == 409
    message = "Piotr Nowak changed this deal meanwhile. Nothing was moved"
    assert message in refused.content.decode()
    assert now(deal).stage == StageCode.NEGOTIATED
    assert move(anna, now(deal), "20", htmx=htmx).status_code in (200, 302)


def test_closed_deal_stays_where_it_is(world: World, anna: Client) -> None:
    won, lost = make_deals(
        world.contoso, {"name": "won", "status": Status.WON}, {"status": Status.LOST}
    )
    (card,) = next(one.cards for one in board(anna, world).context["board"] if one.lane.is_closed)
    assert "draggable" not in card
    assert "Move to…" not in card
    for deal in (won, lost):
        for to in ("20", "won", "lost"):
            assert move(anna, deal, to).status_code in (409, 422)
        assert now(deal).version == deal.version
    menu = anna.get(f"/o/contoso/deals/{won.pk}/move/").content.decode()
    assert "This deal is closed, so it stays where it is." in menu


def test_what_is_final_or_an_answer_asks_first(world: World, anna: Client) -> None:
    deal = world.deal()
    referral = world.referral(world.deal(world.sam), sender=world.sam, recipient=world.contoso)
    received = now(Deal(pk=referral.recipient_deal_id))
    for one, to, page in (
        (deal, "won", "close/win"),
        (deal, "lost", "close/lose"),
        (received, "10", "accept"),
    ):
        response = move(anna, one, to)
        assert response["HX-Redirect"].startswith(f"/o/contoso/deals/{one.pk}/{page}/?from=")
        assert move(anna, one, to, htmx=False)["Location"] == response["HX-Redirect"]
        assert now(one).status == one.status
    refused = move(anna, received, "40", state=f"inbound?{BOARD}")
    assert refused.status_code == 422
    assert "Accept the invitation first; then the deal can be moved." in refused.content.decode()
    menu = anna.get(f"/o/contoso/deals/{received.pk}/move/").content.decode()
    assert "Accept…" in menu


def test_column_that_does_not_exist_is_refused(world: World, anna: Client) -> None:
    deal = world.deal()
    for to in ("", "0", "15", "sold", "9" * 5000, "١٠"):
        refused = move(anna, deal, to)
        assert refused.status_code == 422, to
        assert "This deal has no such stage." in refused.content.decode(), to


def test_version_that_nobody_saw_is_stale(world: World, anna: Client) -> None:
    deal = world.deal()
    for version in ("", "x", "-1", "9" * 50, "²"):
        assert move(anna, deal, "20", version=version).status_code == 409, version


def test_observer_sees_who_can_move_cards(world: World, client: Client) -> None:
    deal = world.deal()
    client.force_login(world.olga.user)
    (card,) = next(one.cards for one in board(client, world).context["board"] if one.cards)
    assert "draggable" not in card
    assert "hx-get" not in card
    page = client.get(f"/o/contoso/deals/{deal.pk}/move/")
    assert page.status_code == 403
    assert "piotr@contoso.example" in page.content.decode()
    assert move(client, deal, "20").status_code == 403


def test_columns_menu_and_messages_use_the_companys_own_stage_names(
    world: World, anna: Client
) -> None:
    with as_owner():
        StageName.objects.create(
            organization=world.contoso.organization,
            stage=StageCode.PROPOSED,
            name="Offer sent",
            is_shown=True,
        )
    deal = world.deal(name="a deal")
    labels = [one.label for one in board(anna, world).context["board"]]
    assert labels == ["Created", "Qualified", "Developed", "Offer sent", "Negotiated", "Won"]
    menu = anna.get(f"/o/contoso/deals/{deal.pk}/move/").content.decode()
    assert "<span>Offer sent</span>" in menu
    assert "“a deal” is in Offer sent, 60% now." in move(anna, deal, "60").content.decode()
    sent = {"do": "stage", "from": "outbound", "deal": [deal.pk]}
    page = anna.post("/o/contoso/deals/selection/", sent, follow=True)
    address = page.request["PATH_INFO"]
    preview = anna.post(address, {"stage": "proposed"}, follow=True).content.decode()
    assert "New stage: <strong>Offer sent</strong>" in preview


def test_invitation_that_nobody_answered_in_time_says_so(world: World, anna: Client) -> None:
    make_deals(world.contoso, inbound(respond_by=timezone.now()))
    (card,) = next(
        one.cards for one in board(anna, world, tab="inbound").context["board"] if one.cards
    )
    assert "Expired" in card
