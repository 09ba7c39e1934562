"""Every filter, the search, and what an address says that makes no sense."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from deals.listing.counts import list_counts
from deals.models import Deal, Favorite, Status
from deals.stages import DealType, StageCode
from partners.models import User
from tests.deals.listed import inbound, list_url, make_deals, names, page_for
from tests.factories import CustomerFactory
from tests.identity import as_owner
from tests.world import World, person_of_member

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
MIDNIGHT = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


@pytest.fixture
def anna(world: World, client: Client) -> Client:
    client.force_login(world.anna.user)
    return client


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=won", {"b"}),
        ("status=won&status=accepted", {"a", "b"}),
        ("stage=proposed", {"c"}),
        ("type=private", {"b"}),
        ("type=private&type=p2p", {"b", "c"}),
        ("country=DE", {"c"}),
        ("currency=PLN", {"b", "c"}),
        ("currency=PLN&value_min=100", {"b", "c"}),
        ("currency=PLN&value_min=100.01", {"c"}),
        ("currency=PLN&value_min=100,01", {"c"}),
        ("currency=PLN&value_min=1,000", set()),
        ("currency=PLN&value_max=1 000,00", {"b", "c"}),
        ("currency=PLN&value_max=200", {"b", "c"}),
        ("currency=PLN&value_max=199.99", {"b"}),
        ("currency=PLN&value_min=150&value_max=250", {"c"}),
        (f"closes_from={TODAY + timedelta(days=10)}", {"b", "c"}),
        (f"closes_to={TODAY + timedelta(days=10)}", {"a", "b"}),
        (f"closes_from={TODAY}&closes_to={TODAY + timedelta(days=19)}", {"a", "b"}),
        (f"created_from={TODAY - timedelta(days=3)}", {"a", "c"}),
        (f"created_to={TODAY - timedelta(days=3)}", {"b", "c"}),
        (f"created_from={TODAY - timedelta(days=5)}&created_to={TODAY - timedelta(days=1)}", {"c"}),
        ("created_from=0001-01-01&created_to=9999-12-31", {"a", "b", "c"}),
        ("currency=PLN&status=lost&country=DE&type=p2p", {"c"}),
        ("status=won&country=DE", set()),
    ],
)
def test_filter_lets_through(world: World, query: str, expected: set[str]) -> None:
    german = CustomerFactory(organization=world.contoso.organization, country="DE")
    make_deals(
        world.contoso,
        {"name": "a", "value": 150, "close_date": TODAY},
        {
            "name": "b", "status": Status.WON, "type": DealType.PRIVATE, "currency": "PLN",
            "value": 100, "close_date": TODAY + timedelta(days=10),
            "created_at": timezone.now() - timedelta(days=10),
        },
        {
            "name": "c", "status": Status.LOST, "stage": StageCode.PROPOSED, "type": DealType.P2P,
            "customer": german, "customer_country": "DE", "currency": "PLN", "value": 200,
            "close_date": TODAY + timedelta(days=20),
            "created_at": MIDNIGHT - timedelta(days=3),
        },
    )  # fmt: skip
    with world.as_member(world.anna):
        listed, page = page_for(world.anna, "outbound", query)
        counts = list_counts(world.anna, tab=listed.tab, filters=listed.filters)
    assert {deal.name for deal in page.deals} == expected
    assert not listed.notes
    assert counts.of(None) == len(expected)


def test_mine_are_the_deals_whose_team_i_am_on(world: World, anna: Client) -> None:
    world.deal(name="Piotr's", team=[person_of_member(world.piotr)])
    world.deal(name="Mine")
    assert names(anna.get(list_url(world, "outbound", "mine=1"))) == ["Mine"]


def test_expiring_are_those_to_answer_within_three_days(world: World, anna: Client) -> None:
    now = timezone.now()
    make_deals(
        world.contoso,
        inbound(name="soon", respond_by=now + timedelta(days=2)),
        inbound(name="later", respond_by=now + timedelta(days=4)),
        inbound(name="too late", respond_by=now - timedelta(minutes=1)),
        inbound(name="answered", respond_by=now + timedelta(days=2), status=Status.ACCEPTED),
    )
    assert names(anna.get(list_url(world, "inbound", "expiring=1"))) == ["soon"]


@pytest.mark.parametrize(
    "q", ["lakehouse", "LAKE", "Łódzka", "lodzka", "CO-TEST", "crm-77", "spring-9", "ask the CFO"]
)
def test_search_looks_into_every_field(world: World, anna: Client, q: str) -> None:
    make_deals(
        world.contoso,
        {
            "name": "Lakehouse", "reference": "CO-TEST-0001", "customer_name": "Łódzka Fabryka",
            "crm_id": "crm-77", "campaign_id": "spring-9", "notes": "We ask the CFO first.",
        },
        {"name": "Other"},
    )  # fmt: skip
    assert names(anna.get(list_url(world, "outbound", f"q={q}"))) == ["Lakehouse"]


def test_search_and_filters_hold_together(world: World, anna: Client) -> None:
    make_deals(
        world.contoso,
        {"name": "Lakehouse one"},
        {"name": "Lakehouse two", "status": Status.WON},
        {"name": "Other", "status": Status.WON},
        inbound(name="Lakehouse three", status=Status.WON),
    )
    response = anna.get(list_url(world, "outbound", "q=lakehouse&status=won"))
    assert names(response) == ["Lakehouse two"]
    assert [group.count for group in response.context["groups"]] == ["1", "0", "1"]


def test_wildcards_are_searched_as_they_are(world: World, anna: Client) -> None:
    make_deals(world.contoso, {"name": "100%_sure"}, {"name": "100 percent"})
    assert names(anna.get(list_url(world, "outbound", "q=100%25_"))) == ["100%_sure"]


def test_search_of_two_letters_says_that_three_are_needed(world: World, anna: Client) -> None:
    make_deals(world.contoso, {"name": "zz top"}, {"name": "Other"})
    response = anna.get(list_url(world, "outbound", "q=zz"))
    assert len(names(response)) == 2
    assert response.context["notes"] == ["Type at least 3 letters to search."]
    assert 'value="zz"' in response.content.decode()
    assert not response.context["chips"]


@pytest.mark.parametrize("limit", [2, 3, 4, 1000])
def test_search_finds_all_however_many_there_are(
    world: World, anna: Client, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    for module in ("criteria", "counts"):
        monkeypatch.setattr(f"deals.listing.{module}.SEARCH_LIMIT", limit)
    make_deals(
        world.contoso,
        {"name": "Łódź 100% a"},
        {"name": "łódź 100% b", "status": Status.WON},
        {"name": "LODZ 100% c"},
        {"name": "Łódź 100 d"},
        inbound(name="Łódź 100% e"),
    )
    response = anna.get(list_url(world, "outbound", "q=łódź 100%25&sort=name"))
    assert names(response) == ["Łódź 100% a", "łódź 100% b", "LODZ 100% c"]
    assert [group.count for group in response.context["groups"]] == ["3", "2", "1"]


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("status=bogus", "Status: “bogus” is unknown and was ignored."),
        ("status=received", "Status: “received” is unknown and was ignored."),
        ("stage=won", "Sales stage: “won” is unknown and was ignored."),
        ("type=%00", "Deal type: “\0” is unknown and was ignored."),
        ("country=XX", "Country: Select a valid choice."),
        ("currency=DOGE", "Currency: Select a valid choice."),
        ("value_min=10", "Currency: Choose the currency that the values are in."),
        ("currency=EUR&value_min=ten", "Value from: Enter a number."),
        ("currency=EUR&value_min=1.000", "Value from: “1.000” can be read in two ways."),
        ("currency=EUR&value_max=NaN", "Value to: Enter a number."),
        ("currency=EUR&value_max=-1", "Value to: An amount cannot be negative."),
        ("currency=EUR&value_max=1e400", "Value to: Enter a number."),
        ("currency=EUR&value_min=9&value_max=1", "Value to: The lowest value is above"),
        ("closes_from=31.12.2026", "Closes from: Enter a valid date."),
        ("closes_from=2026-05-02&closes_to=2026-05-01", "Closes to: The first date is after"),
        ("created_from=2026-05-02&created_to=2026-05-01", "Created to: The first date is after"),
        ("expiring=1", "The address asks for “expiring”, which this list does not know."),
        ("colour=red", "The address asks for “colour”, which this list does not know."),
        ("group=bogus", "Group: “bogus” is unknown and was ignored."),
        ("sort=bogus", "Order: “bogus” is unknown and was ignored."),
        ("sort=-time_left", "Order: “-time_left” is unknown and was ignored."),
        ("size=1000000", "Page size: “1000000” is unknown and was ignored."),
        ("after=bogus", "That page of the list does not exist; this is the first one."),
        ("q=a%00b", "Search: Null characters are not allowed."),
    ],
)
def test_what_makes_no_sense_is_named_and_ignored(world: World, query: str, note: str) -> None:
    make_deals(world.contoso, {"name": "Ours"})
    with world.as_member(world.anna):
        listed, page = page_for(world.anna, "outbound", query)
    assert [deal.name for deal in page.deals] == ["Ours"]
    (said,) = listed.notes
    assert said.startswith(note)
    assert listed.state.url("contoso") in (
        list_url(world),
        list_url(world, "outbound", "currency=EUR"),
    )


def test_known_choices_survive_beside_unknown_ones(world: World, anna: Client) -> None:
    make_deals(world.contoso, {"name": "open"}, {"name": "won", "status": Status.WON})
    response = anna.get(list_url(world, "outbound", "status=won&status=bogus"))
    assert names(response) == ["won"]
    assert len(response.context["notes"]) == 1


def test_refused_value_stays_in_its_field(world: World, anna: Client) -> None:
    query = "currency=EUR&value_min=ten"
    page = anna.get(list_url(world, "outbound", query))
    text = anna.get(page.context["filters_url"]).content.decode()
    assert 'value="ten"' in text
    assert "Enter a number." in text


def test_chips_name_the_filters_and_lead_to_the_list_without_them(
    world: World, anna: Client
) -> None:
    query = (
        "q=lake&status=accepted&status=won&country=PL&currency=EUR&value_min=1000&closes_to="
        "2026-05-01&created_from=2026-04-01&mine=1&sort=name"
    )
    response = anna.get(list_url(world, "outbound", query))
    chips = {chip.code: chip for chip in response.context["chips"]}
    assert {code: chip.value for code, chip in chips.items()} == {
        "q": "“lake”",
        "status": "Created, Won",
        "country": "Poland",
        "currency": "from 1,000\u00a0EUR",
        "closes_from": "up to 1 May 2026",
        "created_from": "from 1 Apr 2026",
        "mine": "I am on it",
    }
    without = anna.get(chips["currency"].url)
    assert [chip.code for chip in without.context["chips"]] == [
        code for code in chips if code != "currency"
    ]
    assert without.context["listed"].sort.code == "name"


def test_filters_of_favorites_span_both_directions(world: World, anna: Client) -> None:
    deals = make_deals(
        world.contoso,
        {"name": "ours", "value": Decimal("10.50")},
        inbound(name="theirs", status=Status.ACCEPTED),
        inbound(name="waiting"),
    )
    with as_owner():
        Favorite.objects.bulk_create(
            Favorite(organization=world.contoso.organization, membership=world.anna, deal=deal)
            for deal in deals
        )
        assert Deal.objects.filter(name="ours", value_order=-1050).exists()
    response = anna.get(list_url(world, "favorites", "status=accepted"))
    assert set(names(response)) == {"ours", "theirs"}
    assert [group.count for group in response.context["groups"]] == ["2", "0", "2", "0"]


def test_filters_offer_the_countries_and_currencies_that_occur(world: World, anna: Client) -> None:
    make_deals(
        world.contoso,
        {"customer_country": "PL", "currency": "EUR"},
        {"customer_country": "DE", "currency": "CZK"},
        inbound(customer_country="AT", currency="USD"),
    )
    make_deals(world.fabrikam, {"customer_country": "SE", "currency": "SEK"})
    offered = offers(anna, world, "outbound", "country=FR")
    assert offered("country") == ["", "FR", "DE", "PL"]
    assert offered("currency") == ["", "EUR", "CZK"]
    assert len(offers(anna, world, "favorites")("country")) == 4


def test_filters_offer_the_solutions_and_campaigns_that_occur(world: World, anna: Client) -> None:
    world.deal(campaign_id="spring")
    make_deals(world.contoso, {"campaign_id": "autumn"}, inbound(campaign_id="winter"), {})
    world.deal(world.mallory, campaign_id="theirs")
    offered = offers(anna, world, "outbound", "campaign=gone")
    assert offered("campaign") == ["", "gone", "autumn", "spring"]
    assert offered("solution") == ["", world.contoso.solution.code]


def test_who_sees_only_own_deals_is_told_only_what_those_hold(world: World, client: Client) -> None:
    make_deals(world.contoso, {"campaign_id": "secret", "customer_country": "AT"})
    world.deal(campaign_id="anna", team=[person_of_member(world.anna)])
    client.force_login(world.bob.user)
    offered = offers(client, world, "outbound")
    for name in ("campaign", "solution", "country", "currency"):
        assert offered(name) == [""], name
    world.deal(campaign_id="ours", team=[person_of_member(world.bob)])
    offered = offers(client, world, "outbound")
    assert offered("campaign") == ["", "ours"]
    assert offered("solution") == ["", world.contoso.solution.code]
    assert offered("country") == ["", "PL"]


def offers(client: Client, world: World, tab: str, query: str = "") -> Any:
    """What each field of the filters offers, by name."""
    response = client.get(f"/o/contoso/deals/{tab}/filters/?{query}")
    assert response.status_code == 200
    form = response.context["form"]
    return lambda name: [code for code, _label in form.fields[name].widget.choices]


def test_customer_is_found_by_how_the_name_begins(world: World, anna: Client) -> None:
    make_deals(
        world.contoso,
        {"name": "a", "customer_name": "Łódzka Fabryka"},
        {"name": "b", "customer_name": "LODZKA Huta"},
        {"name": "c", "customer_name": "Nowa Łódzka"},
    )
    response = anna.get(list_url(world, "outbound", "customer=łódz"))
    assert set(names(response)) == {"a", "b"}
    assert [(chip.code, chip.value) for chip in response.context["chips"]] == [
        ("customer", "łódz…")
    ]
    assert names(anna.get(list_url(world, "outbound", "customer=LODZKA+f"))) == ["a"]
    assert names(anna.get(list_url(world, "outbound", "customer=%25"))) == []


def test_deals_of_a_campaign(world: World, anna: Client) -> None:
    make_deals(world.contoso, {"name": "a", "campaign_id": "spring"}, {"name": "b"})
    assert names(anna.get(list_url(world, "outbound", "campaign=spring"))) == ["a"]
    assert names(anna.get(list_url(world, "outbound", "campaign=sprin"))) == []


def test_deals_with_a_solution(world: World, anna: Client) -> None:
    world.deal(name="with")
    make_deals(world.contoso, {"name": "without"})
    code = world.contoso.solution.code
    response = anna.get(list_url(world, "outbound", f"solution={code}"))
    assert names(response) == ["with"]
    assert [chip.value for chip in response.context["chips"]] == ["Contoso Suite"]
    assert names(anna.get(list_url(world, "outbound", "solution=SOL-0000-NONE"))) == []


def test_where_the_other_side_stands(world: World, anna: Client) -> None:
    world.referral(world.deal(name="waiting"))
    world.accepted(world.referral(world.deal(name="accepted")))
    two = world.deal(name="both")
    world.accepted(world.referral(two))
    world.referral(two, recipient=world.fabrikam)
    world.deal(name="alone")
    for query, expected in (
        ("counterpart=received", {"waiting", "both"}),
        ("counterpart=accepted", {"accepted", "both"}),
        ("counterpart=accepted&counterpart=received", {"waiting", "accepted", "both"}),
        ("counterpart=won", set()),
    ):
        response = anna.get(list_url(world, "outbound", query))
        assert set(names(response)) == expected, query
        assert response.context["groups"][0].count == str(len(expected))
    assert [chip.label for chip in response.context["chips"]] == ["Other side"]


def test_where_who_invited_us_stands(world: World, anna: Client) -> None:
    world.referral(world.deal(world.sam, name="theirs"), sender=world.sam, recipient=world.contoso)
    world.referral(world.deal(name="ours"))
    assert names(anna.get(list_url(world, "inbound", "counterpart=accepted"))) == ["theirs"]
    assert names(anna.get(list_url(world, "inbound", "counterpart=won"))) == []
    response = anna.get(list_url(world, "inbound", "counterpart=received"))
    assert response.context["notes"] == [
        "Status of the other side: “received” is unknown and was ignored."
    ]


def test_other_side_among_favorites_of_both_directions(world: World, anna: Client) -> None:
    sent = world.referral(world.deal(name="ours"))
    received = world.referral(
        world.deal(world.sam, name="theirs"), sender=world.sam, recipient=world.contoso
    )
    for pk in (sent.sender_deal_id, received.recipient_deal_id):
        anna.post(f"/o/contoso/deals/{pk}/favorite/", {"on": "1"})
    assert names(anna.get(list_url(world, "favorites", "counterpart=received"))) == ["ours"]
    assert names(anna.get(list_url(world, "favorites", "counterpart=accepted"))) == ["theirs"]


def test_panel_gets_only_its_fields_and_the_page_has_all(world: World, anna: Client) -> None:
    url = "/o/contoso/deals/outbound/filters/?status=won&q=lake&sort=name"
    part = anna.get(url, headers={"HX-Request": "true", "HX-Target": "filter-fields"})
    text = part.content.decode()
    assert text.strip().startswith('<div class="panel-body form" id="filter-fields">')
    assert 'name="q"' not in text
    assert 'name="sort" value="name"' in text
    page = anna.get(url).content.decode()
    assert "<html" in page
    assert 'name="q" value="lake"' in page


def test_search_keeps_the_filters_of_a_panel_that_was_not_opened(
    world: World, anna: Client
) -> None:
    text = anna.get(list_url(world, "outbound", "status=won&q=lake&sort=name")).content.decode()
    for name, value in (("status", "won"), ("sort", "name")):
        assert f'<input type="hidden" name="{name}" value="{value}" form="list-form">' in text
    assert '<input type="hidden" name="q"' not in text


def test_what_was_ignored_is_spoken_too(world: World, anna: Client) -> None:
    text = anna.get(list_url(world, "outbound", "q=zz")).content.decode()
    assert 'data-announce="Type at least 3 letters to search. 0 deals"' in text


@pytest.mark.parametrize(("language", "shown"), [("en", "12,000.50"), ("pl", "12 000,50")])
def test_amount_in_an_address_is_the_same_for_all_and_shown_as_each_writes_it(
    world: World, anna: Client, language: str, shown: str
) -> None:
    make_deals(world.contoso, {"name": "a", "value": Decimal("12000.50")}, {"name": "b"})
    with as_owner():
        User.objects.filter(pk=world.anna.user_id).update(language=language)
    query = "currency=EUR&value_min=12000.5"
    assert names(anna.get(list_url(world, query=query))) == ["a"]
    page = anna.get(f"/o/contoso/deals/outbound/filters/?{query}").text
    assert f'value="{shown}"' in page.replace("\u00a0", " ")
    typed = anna.get(list_url(world, query=f"currency=EUR&value_min={shown}"))
    assert "value_min=12000.50" in typed.context["listed"].state.query
