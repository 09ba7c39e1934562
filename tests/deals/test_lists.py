"""The list pages: who sees what, tabs, groups, counts, columns, empty states."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deals.listing.counts import CAP
from deals.models import Direction, Favorite, Status
from deals.stages import DealType
from partners.models import CoSellStatus, MembershipLocation, Solution
from tests.deals.listed import inbound, list_url, make_deals, names, statements_of
from tests.factories import LocationFactory
from tests.identity import as_owner
from tests.world import World, person_of_member

pytestmark = pytest.mark.django_db


def test_admin_sees_the_deals_of_each_tab(world: World, client: Client) -> None:
    make_deals(world.contoso, {"name": "Ours"}, inbound(name="Theirs"))
    client.force_login(world.anna.user)
    assert names(client.get(list_url(world, "outbound"))) == ["Ours"]
    assert names(client.get(list_url(world, "inbound"))) == ["Theirs"]
    assert names(client.get(list_url(world, "favorites"))) == []


def test_referrals_user_sees_only_deals_of_their_team(world: World, client: Client) -> None:
    world.deal(name="Anna's")
    world.deal(name="Bob's too", team=[person_of_member(world.anna), person_of_member(world.bob)])
    client.force_login(world.bob.user)
    response = client.get(list_url(world))
    assert names(response) == ["Bob's too"]
    assert [tab.count for tab in response.context["tabs"]] == ["0", "1", "0"]


def test_role_for_a_location_sees_only_its_deals(world: World, client: Client) -> None:
    elsewhere = LocationFactory(organization=world.contoso.organization, name="Gdańsk")
    make_deals(world.contoso, {"name": "Main"}, {"name": "Gdańsk", "location": elsewhere})
    with as_owner():
        world.anna.is_location_scoped = True
        world.anna.save()
        MembershipLocation.objects.create(
            organization=world.contoso.organization, membership=world.anna, location=elsewhere
        )
    client.force_login(world.anna.user)
    response = client.get(list_url(world))
    assert names(response) == ["Gdańsk"]
    assert [group.count for group in response.context["groups"]] == ["1", "1", "0"]


def test_observer_sees_all_and_is_told_why_not_to_create(world: World, client: Client) -> None:
    make_deals(world.contoso, {"name": "Ours"})
    client.force_login(world.olga.user)
    response = client.get(list_url(world))
    assert names(response) == ["Ours"]
    assert response.context["why_not_create"] == (
        "Your role looks at deals and does not create them."
        " Ask Piotr Nowak (piotr@contoso.example)."
    )


def test_vendor_seller_has_the_same_tabs(world: World, client: Client) -> None:
    world.referral()
    client.force_login(world.sam.user)
    response = client.get("/o/microsoft/deals/inbound/")
    assert names(response) == ["Data platform"]
    assert response.context["why_not_create"] == ""


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true", "HX-Target": "list"}])
def test_stranger_gets_the_page_of_an_unknown_company(
    world: World, client: Client, htmx: dict[str, str]
) -> None:
    client.force_login(world.mallory.user)
    hidden = client.get(list_url(world), headers=htmx)
    unknown = client.get("/o/nowhere/deals/outbound/", headers=htmx)
    assert (hidden.status_code, hidden.content) == (404, unknown.content)


def test_deals_of_another_company_are_in_no_list(world: World, client: Client) -> None:
    make_deals(world.fabrikam, {"name": "Secret"}, inbound(name="Secret too"))
    client.force_login(world.anna.user)
    for tab in ("inbound", "outbound", "favorites"):
        response = client.get(list_url(world, tab, "q=Secret"))
        assert names(response) == []
        assert [one.count for one in response.context["tabs"]] == ["0", "0", "0"]
        assert "Secret" not in client.get(list_url(world, tab)).content.decode()


def test_company_without_ready_solution_is_told_so(world: World, client: Client) -> None:
    with as_owner():
        Solution.objects.filter(organization=world.contoso.organization).update(
            status=CoSellStatus.IN_MARKET
        )
    reason = "Your company needs a published co-sell-ready solution first."
    for member, advice in (
        (world.anna, "Ask Piotr Nowak (piotr@contoso.example)."),
        (world.piotr, "You can publish one under Solutions."),
    ):
        client.force_login(member.user)
        assert client.get(list_url(world)).context["why_not_create"] == f"{reason} {advice}"


def test_groups_split_a_tab(world: World, client: Client) -> None:
    make_deals(
        world.contoso,
        *(inbound(name=f"{status}", status=status) for status in Status),
    )
    client.force_login(world.anna.user)
    assert names(client.get(list_url(world, "inbound", "group=received"))) == ["received"]
    assert names(client.get(list_url(world, "inbound", "group=accepted"))) == ["accepted"]
    closed = client.get(list_url(world, "inbound", "group=closed"))
    assert set(names(closed)) == {*Status} - {"received", "accepted"}
    assert [(one.code, one.count) for one in closed.context["groups"]] == [
        ("", "8"),
        ("received", "1"),
        ("accepted", "1"),
        ("closed", "6"),
    ]


def test_outbound_has_no_group_of_received_deals(world: World, client: Client) -> None:
    make_deals(world.contoso, {"name": "Ours"})
    client.force_login(world.anna.user)
    response = client.get(list_url(world, "outbound", "group=received"))
    assert [group.code for group in response.context["groups"]] == ["", "accepted", "closed"]
    assert names(response) == ["Ours"]
    assert "Group: “received” is unknown" in response.content.decode()


def test_what_needs_an_answer_stands_first_then_open_then_closed(
    world: World, client: Client
) -> None:
    now = timezone.now()
    make_deals(
        world.contoso,
        inbound(name="old win", status=Status.WON, closed_at=now - timedelta(days=3)),
        inbound(name="new loss", status=Status.LOST, closed_at=now - timedelta(days=1)),
        inbound(name="old work", status=Status.ACCEPTED, created_at=now - timedelta(days=9)),
        inbound(name="new work", status=Status.ACCEPTED, created_at=now - timedelta(days=2)),
        inbound(name="later", respond_by=now + timedelta(days=9)),
        inbound(name="urgent", respond_by=now + timedelta(hours=1)),
    )
    client.force_login(world.anna.user)
    response = client.get(list_url(world, "inbound"))
    assert names(response) == ["urgent", "later", "new work", "old work", "new loss", "old win"]


def test_counts_stop_at_their_cap(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert CAP == 999
    for module in ("listing.counts", "views.list_parts"):
        monkeypatch.setattr(f"deals.{module}.CAP", 30)
    make_deals(world.contoso, *({} for _ in range(32)), *(inbound() for _ in range(30)))
    client.force_login(world.anna.user)
    response = client.get(list_url(world))
    assert [tab.count for tab in response.context["tabs"]] == ["30", "30+", "0"]
    assert response.context["spoken"] == "More than 30 deals"
    assert response.context["summary"] == "1 to 25 of 30+"


def test_row_tells_columns_and_counterparts(world: World, client: Client) -> None:
    deal = world.deal(name="Lakehouse", value=1234567)
    world.accepted(world.referral(deal))
    client.force_login(world.anna.user)
    text = client.get(list_url(world)).content.decode()
    assert f"{deal.reference}" in text
    assert deal.customer_name in text
    assert "1,234,567\u00a0EUR" in text
    assert "Microsoft: Accepted" in text
    client.force_login(world.sam.user)
    assert "Contoso: Created" in client.get("/o/microsoft/deals/inbound/").content.decode()


def test_navigation_counts_what_waits_on_every_page(world: World, client: Client) -> None:
    referral = world.referral(recipient=world.microsoft)
    world.accepted(world.referral())
    client.force_login(world.sam.user)
    pages = ("inbound/", "outbound/", f"{referral.recipient_deal_id}/", "new/")
    for page in pages:
        text = client.get(f"/o/microsoft/deals/{page}").content.decode()
        assert 'title="Waiting for your answer">1</span>' in text
    refused = client.get(f"/o/microsoft/deals/{referral.recipient_deal_id}/edit/details/")
    assert refused.status_code == 422
    assert 'title="Waiting for your answer">1</span>' in refused.content.decode()
    world.accepted(referral)
    assert "Waiting for your answer" not in client.get("/o/microsoft/deals/new/").content.decode()


def test_received_deal_shows_the_time_left(world: World, client: Client) -> None:
    make_deals(world.contoso, inbound(respond_by=timezone.now() + timedelta(days=2, hours=1.5)))
    client.force_login(world.anna.user)
    assert "2 days 1 hour left" in client.get(list_url(world, "inbound")).content.decode()


def test_row_says_expired_from_the_second_of_the_deadline(world: World, client: Client) -> None:
    """Both sides' lists, before the sweep has been there (4.4)."""
    world.overdue_referral(world.deal())
    for member, tab in ((world.sam, "inbound"), (world.anna, "outbound")):
        client.force_login(member.user)
        text = client.get(f"/o/{member.organization.slug}/deals/{tab}/").content.decode()
        row = text.partition('<tr id="deal-')[2].partition("</tr>")[0]
        assert "Expired" in row
        assert "Received" not in row


def test_own_open_deal_is_called_created(world: World, client: Client) -> None:
    make_deals(world.contoso, {})
    client.force_login(world.anna.user)
    text = client.get(list_url(world)).content.decode()
    assert ">Created</span>" in text.replace("</svg>", ">")


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("inbound", "When Microsoft or another partner invites your company"),
        ("outbound", "Create a deal to follow an opportunity"),
        ("favorites", "No favorites yet"),
    ],
)
def test_empty_tab_says_what_to_do(world: World, client: Client, tab: str, words: str) -> None:
    client.force_login(world.anna.user)
    assert words in client.get(list_url(world, tab)).content.decode()


def test_nothing_found_offers_to_clear_the_filters(world: World, client: Client) -> None:
    make_deals(world.contoso, {})
    client.force_login(world.anna.user)
    response = client.get(list_url(world, "outbound", "q=zebra&country=PL&sort=name"))
    assert "No deal here matches “zebra”" in response.content.decode()
    assert response.context["clear_url"] == list_url(world, "outbound", "sort=name")


def test_empty_group_of_a_full_tab_is_no_mistake(world: World, client: Client) -> None:
    make_deals(world.contoso, inbound(status=Status.WON))
    client.force_login(world.anna.user)
    text = client.get(list_url(world, "inbound", "group=received")).content.decode()
    assert "Nothing waits for your answer" in text


def test_favorites_span_both_directions(world: World, client: Client) -> None:
    ours, theirs, _other = make_deals(
        world.contoso, {"name": "Ours"}, inbound(name="Theirs"), {"name": "Other"}
    )
    with as_owner():
        for deal in (ours, theirs):
            Favorite.objects.create(
                organization=world.contoso.organization, membership=world.anna, deal=deal
            )
    client.force_login(world.anna.user)
    assert set(names(client.get(list_url(world, "favorites")))) == {"Ours", "Theirs"}
    client.force_login(world.piotr.user)
    assert names(client.get(list_url(world, "favorites"))) == []


def test_fragment_brings_the_results_and_pushes_the_address(world: World, client: Client) -> None:
    make_deals(world.contoso, {"name": "Ours"})
    client.force_login(world.anna.user)
    response = client.get(
        list_url(world, "outbound", "q=Ours&country=&size=25"),
        headers={"HX-Request": "true", "HX-Target": "list", "HX-Trigger": "list-form"},
    )
    text = response.content.decode()
    assert "<html" not in text
    assert "Ours" in text
    assert 'id="list-search"' not in text
    assert response["HX-Push-Url"] == list_url(world, "outbound", "q=Ours")
    assert "no-store" in response["Cache-Control"]


def test_history_restore_gets_the_whole_page(world: World, client: Client) -> None:
    client.force_login(world.anna.user)
    response = client.get(
        list_url(world),
        headers={
            "HX-Request": "true",
            "HX-Target": "list",
            "HX-History-Restore-Request": "true",
        },
    )
    assert "<html" in response.content.decode()


@pytest.mark.parametrize("query", ["", "q=platform&status=accepted&sort=-value&size=100"])
def test_page_costs_eight_statements_however_many_rows(
    world: World, client: Client, query: str
) -> None:
    client.force_login(world.anna.user)
    counted = []
    for more in (1, 97):
        world.referral(world.deal(name="platform"))
        make_deals(world.contoso, *({"name": "platform"} for _ in range(more)))
        with CaptureQueriesContext(connection) as captured:
            response = client.get(list_url(world, "outbound", query))
        assert response.status_code == 200
        counted.append(len(statements_of(captured)))
    assert counted == [8, 8]


def test_types_and_directions_are_told_apart_in_favorites(world: World, client: Client) -> None:
    (deal,) = make_deals(world.contoso, {"type": DealType.PRIVATE})
    with as_owner():
        Favorite.objects.create(
            organization=world.contoso.organization, membership=world.anna, deal=deal
        )
    client.force_login(world.anna.user)
    text = client.get(list_url(world, "favorites")).content.decode()
    assert "Private · " in text
    assert f"· {Direction.OUTBOUND.label}</span>" in text


def test_fragment_of_a_click_brings_the_controls_and_takes_the_focus(
    world: World, client: Client
) -> None:
    make_deals(world.contoso, {"name": "Ours"})
    client.force_login(world.anna.user)
    headers = {"HX-Request": "true", "HX-Target": "list", "HX-Trigger": "chip-q"}
    text = client.get(list_url(world, "outbound", "status=accepted"), headers=headers).content
    for part in (b'id="list-search"', b'id="filters"', b'id="list-groups"', b'id="list-sort"'):
        assert text.count(part) == 1
    assert b"data-focus" in text
    assert text.count(b'hx-swap-oob="true"') == 7
