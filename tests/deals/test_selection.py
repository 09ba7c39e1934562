"""Selected deals: asked, previewed, changed one by one, reported; and exported (2.3)."""

import csv
import re
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cosell.core.spreadsheets import harmless
from deals.lifecycle import advance
from deals.models import Deal, DealEvent, EventKind, Favorite, Selection, Status, TeamMember
from deals.stages import DealType, StageCode
from deals.transitions import Name
from notifications.models import Notice
from partners.models import Membership
from partners.permissions import Role
from tests.deals.listed import inbound, list_url, make_deals
from tests.identity import as_owner
from tests.world import World, person_of_member

pytestmark = pytest.mark.django_db
URL = "/o/contoso/deals/selection/"
NEXT_YEAR = timezone.localdate() + timedelta(days=365)


@pytest.fixture
def anna(world: World, client: Client) -> Client:
    client.force_login(world.anna.user)
    return client


def post(client: Client, do: str, deals: list[Deal], **form: Any) -> Any:
    """Select, and tell on the page that follows what that asks for: the preview."""
    sent = {"do": do, "from": "outbound", "deal": [deal.pk for deal in deals]}
    page = client.post(URL, sent, follow=True)
    return client.post(address_of(page), form, follow=True) if form else page


def confirm(client: Client, preview: Any) -> Any:
    """Press the button of the preview."""
    report = client.post(address_of(preview), {"confirm": "1"})
    assert report.status_code == 302
    return client.get(report["Location"])


def address_of(page: Any) -> str:
    return str(page.request["PATH_INFO"])


def told(response: Any) -> tuple[set[str], dict[str, str]]:
    refused = {one.deal.name: str(one.refusal) for one in response.context["refused"]}
    return {deal.name for deal in response.context["done"]}, refused


def stage_of(deal: Deal) -> str:
    with as_owner():
        return Deal.objects.get(pk=deal.pk).stage


def some_deals(world: World) -> list[Deal]:
    return make_deals(
        world.contoso,
        {"name": "open"},
        {"name": "won", "status": Status.WON},
        {"name": "assessment", "type": DealType.ASSESSMENT},
        {"name": "proposed", "stage": StageCode.PROPOSED},
    )


def test_stage_is_asked_for_then_previewed_then_marked(world: World, anna: Client) -> None:
    deals = some_deals(world)
    asked = post(anna, "stage", deals)
    assert asked.status_code == 200
    assert 'name="stage"' in asked.content.decode()
    preview = post(anna, "stage", deals, stage="proposed")
    done, refused = told(preview)
    assert done == {"open"}
    assert refused["assessment"] == "This deal has no such stage."
    assert refused["proposed"] == "The deal is in this stage already."
    assert re.fullmatch("The deal is closed: “Won” since .*", refused["won"])
    assert set(refused) == {"won", "assessment", "proposed"}
    assert stage_of(deals[0]) == StageCode.CREATED
    report = confirm(anna, preview)
    assert told(report) == (done, refused)
    assert stage_of(deals[0]) == StageCode.PROPOSED
    assert "1 deal was changed." in report.content.decode()


def test_preview_leaves_nothing_behind(world: World, anna: Client) -> None:
    deal = world.deal(name="ours")
    world.accepted(world.referral(deal))

    def traces() -> list[Any]:
        with as_owner():
            rows = Deal.objects.order_by("pk").values_list("version", "stage", "updated_at")
            return [*rows, DealEvent.objects.count(), Notice.objects.count()]

    before = traces()
    assert told(post(anna, "stage", [deal], stage="qualified"))[0] == {"ours"}
    assert told(post(anna, "close_date", [deal], close_date=NEXT_YEAR))[0] == {"ours"}
    post(anna, "favorite", [deal])
    assert traces() == before
    with as_owner():
        assert not Favorite.objects.exists()


def test_close_date_moves_with_an_event_per_deal_and_keeps_all_else(
    world: World, anna: Client
) -> None:
    deals = make_deals(
        world.contoso,
        {"name": "a", "crm_id": "7", "notes": "keep"},
        inbound(name="received"),
        {"name": "b"},
    )
    preview = post(anna, "close_date", deals, close_date=NEXT_YEAR)
    report = confirm(anna, preview)
    done, refused = told(report)
    assert done == {"a", "b"}
    assert refused == {"received": "Only an accepted deal that is open can be edited."}
    with as_owner():
        assert set(
            Deal.objects.filter(close_date=NEXT_YEAR).values_list("name", "crm_id", "notes")
        ) == {("a", "7", "keep"), ("b", "", "")}
        assert DealEvent.objects.filter(kind=EventKind.EDITED).count() == 2


def test_deal_that_changed_after_the_preview_is_left_alone(world: World, anna: Client) -> None:
    deals = make_deals(world.contoso, {"name": "a"}, {"name": "b"})
    preview = post(anna, "stage", deals, stage="qualified")
    with as_owner():
        Deal.objects.filter(pk=deals[0].pk).update(stage=StageCode.NEGOTIATED, version=2)
    done, refused = told(confirm(anna, preview))
    assert done == {"b"}
    assert refused == {"a": "Somebody else changed this deal after you selected it."}
    assert stage_of(deals[0]) == StageCode.NEGOTIATED


def test_refusals_say_how_a_deal_stands_and_blame_nobody(world: World, anna: Client) -> None:
    waiting = world.referral(world.deal(world.frank), sender=world.frank, recipient=world.contoso)
    won = world.deal(name="won")
    with world.as_member(world.piotr):
        advance(Deal.objects.get(pk=won.pk), Name.WIN, actor=world.piotr.actor)
        received = Deal.objects.get(pk=waiting.recipient_deal_id)
    _done, refused = told(post(anna, "stage", [received, won], stage="qualified"))
    assert refused[received.name] == "The invitation waits for an answer; accept it first."
    assert re.fullmatch("The deal is closed: “Won” since .*, by Piotr Nowak.", refused["won"])
    _done, refused = told(post(anna, "close_date", [won], close_date=NEXT_YEAR))
    assert re.fullmatch("The deal is closed: “Won” since .*, by Piotr Nowak.", refused["won"])


def test_confirming_before_it_is_known_what_to_change_changes_nothing(
    world: World, anna: Client
) -> None:
    (deal,) = make_deals(world.contoso, {"name": "a"})
    asked = post(anna, "stage", [deal])
    refused = anna.post(address_of(asked), {"confirm": "1"})
    assert refused.status_code == 422
    assert stage_of(deal) == StageCode.CREATED


def test_another_value_can_be_chosen_until_it_is_confirmed(world: World, anna: Client) -> None:
    (deal,) = make_deals(world.contoso, {"name": "a"})
    preview = post(anna, "stage", [deal], stage="proposed")
    assert "New stage: <strong>Proposed</strong>" in preview.content.decode()
    again = anna.get(address_of(preview), {"ask": "1"})
    assert 'name="stage"' in again.content.decode()
    confirm(anna, anna.post(address_of(preview), {"stage": "qualified"}, follow=True))
    assert stage_of(deal) == StageCode.QUALIFIED
    assert anna.post(address_of(preview), {"stage": "proposed"}).status_code == 302
    assert stage_of(deal) == StageCode.QUALIFIED


def test_report_is_loaded_again_and_confirmed_twice_without_a_second_change(
    world: World, anna: Client
) -> None:
    deal = world.deal(name="a")
    preview = post(anna, "close_date", [deal], close_date=NEXT_YEAR)
    first = confirm(anna, preview)
    for again in (anna.get(address_of(preview)), confirm(anna, preview)):
        assert told(again) == told(first) == ({"a"}, {})
    with as_owner():
        assert DealEvent.objects.filter(deal=deal, kind=EventKind.EDITED).count() == 1


def test_hearts_for_all_of_them_closed_ones_too(world: World, anna: Client) -> None:
    deals = some_deals(world)
    preview = post(anna, "favorite", deals)
    assert told(preview) == ({"open", "won", "assessment", "proposed"}, {})
    confirm(anna, preview)
    with as_owner():
        assert Favorite.objects.filter(membership=world.anna).count() == 4


def offered(client: Client, world: World) -> list[str]:
    page = client.get(list_url(world)).content.decode()
    return re.findall(r'name="do" value="(\w+)"', page)


def test_observer_may_favor_and_export_and_is_offered_no_change(
    world: World, client: Client, anna: Client
) -> None:
    (deal,) = make_deals(world.contoso, {"name": "a"})
    assert offered(anna, world) == ["favorite", "stage", "close_date", "export"]
    client.force_login(world.olga.user)
    assert offered(client, world) == ["favorite", "export"]
    for do in ("stage", "close_date"):
        refused = client.post(URL, {"do": do, "deal": [deal.pk]})
        assert refused.status_code == 403
        assert "does not change them" in refused.content.decode()
        assert world.piotr.user.email in refused.content.decode()
    with as_owner():
        assert not Selection.objects.exists()
    assert told(post(client, "favorite", [deal]))[0] == {"a"}
    assert post(client, "export", [deal]).status_code == 200


def test_who_may_no_longer_edit_is_refused_each_change(world: World, anna: Client) -> None:
    (deal,) = make_deals(world.contoso, {"name": "a"})
    page = post(anna, "stage", [deal])
    with as_owner():
        Membership.objects.filter(pk=world.anna.pk).update(role=Role.OBSERVER)
    preview = anna.post(address_of(page), {"stage": "qualified"}, follow=True)
    assert told(preview) == (set(), {"a": "Your role does not allow this."})


def test_deals_one_does_not_see_are_as_if_not_selected(world: World, client: Client) -> None:
    theirs = make_deals(world.fabrikam, {"name": "secret"})
    hidden = make_deals(world.contoso, {"name": "hidden"})
    own = world.deal(name="own", team=[person_of_member(world.bob)])
    client.force_login(world.bob.user)
    response = post(client, "export", [*theirs, *hidden, own])
    assert [row["Deal"] for row in read(response)] == ["own"]
    nothing = post(client, "favorite", [*theirs, *hidden])
    assert "Tick the deals first" in nothing.content.decode()


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"do": "stage", "stage": "won"}, "Select a valid choice"),
        ({"do": "close_date", "close_date": "soon"}, "Enter a valid date."),
        ({"do": "close_date", "close_date": "2020-01-01"}, "Choose a day from today on."),
        ({"do": "close_date", "close_date": ""}, "This field is required."),
    ],
)
def test_refused_value_is_explained(
    world: World, anna: Client, form: dict[str, str], message: str
) -> None:
    deals = make_deals(world.contoso, {})
    response = post(anna, form.pop("do"), deals, **form)
    assert response.status_code == 422
    assert message in response.content.decode()


@pytest.mark.parametrize(
    "form", [{}, {"do": "stage"}, {"do": "stage", "deal": "x"}, {"do": "drop", "deal": "all"}]
)
def test_nothing_selected_leads_back_to_the_list(
    world: World, anna: Client, form: dict[str, str]
) -> None:
    make_deals(world.contoso, {})
    response = anna.post(URL, {"from": "outbound?status=accepted", **form}, follow=True)
    assert response.redirect_chain == [(list_url(world, "outbound", "status=accepted"), 302)]
    assert "Tick the deals first" in response.content.decode()


def test_deal_that_left_ones_sight_is_neither_changed_nor_named(
    world: World, client: Client
) -> None:
    deals = [
        world.deal(name=name, team=[person_of_member(world.bob)]) for name in ("stays", "leaves")
    ]
    client.force_login(world.bob.user)
    preview = post(client, "stage", deals, stage="qualified")
    with as_owner():
        TeamMember.objects.filter(deal=deals[1]).update(membership=None)
    report = confirm(client, preview)
    assert told(report) == ({"stays"}, {})
    assert "1 was not." in report.content.decode()
    assert stage_of(deals[1]) == StageCode.CREATED


def test_report_is_a_file_too(world: World, anna: Client) -> None:
    preview = post(anna, "stage", some_deals(world), stage="proposed")
    confirm(anna, preview)
    rows = read(anna.get(f"{address_of(preview)}report.csv"))
    assert {(row["Deal"], row["Changed"]) for row in rows} == {
        ("open", "Yes"), ("won", "No"), ("assessment", "No"), ("proposed", "No"),
    }  # fmt: skip
    assert "This deal has no such stage." in {row["Reason"] for row in rows}


def read(response: Any) -> list[dict[str, str]]:
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    text = b"".join(response.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text[1:])))


def test_export_holds_every_column(world: World, anna: Client) -> None:
    deal = world.deal(name="Łódź, “phase 1”", crm_id="7", close_date=date(2030, 1, 2))
    world.referral(deal)
    (row,) = read(post(anna, "export", [deal]))
    assert row["Deal"] == "Łódź, “phase 1”"
    assert row["Counterpart"] == "Microsoft: Received"
    assert (row["Value"], row["Currency"], row["Close date"]) == ("25000.00", "EUR", "2030-01-02")
    assert (row["Status"], row["Stage"], row["CRM ID"]) == ("Created", "Created", "7")
    assert row["Country"] == "Poland"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1"])
def test_export_holds_no_formula(world: World, anna: Client, name: str) -> None:
    deals = make_deals(world.contoso, {"name": name, "crm_id": "=HYPERLINK(0)"})
    (row,) = read(post(anna, "export", deals))
    assert row["Deal"] == re.sub(r"^(\s*)", r"\1'", name)
    assert row["CRM ID"] == "'=HYPERLINK(0)"
    assert harmless("a=1; b-2, c") == "a=1; b-2, c"


@pytest.mark.parametrize("separator", [";", ",", "|", "\t", "\r\n"])
@pytest.mark.parametrize("before", ["", " ", '"', "\n"])
def test_export_holds_no_formula_wherever_cells_are_split(separator: str, before: str) -> None:
    assert harmless(f"x{separator}{before}=1+1").count("'") == 1
    cells = re.split(r"[;,|\t\r\n]", harmless(f"x{separator}{before}=1+1"))
    assert not any(cell.lstrip(' "').startswith("=") for cell in cells)


def test_names_of_others_are_no_formula_in_the_export(world: World, anna: Client) -> None:
    world.microsoft.organization.name = "Mine;=1+1"
    deal = world.deal(name="ours;=1+1")
    world.referral(deal)
    (row,) = read(post(anna, "export", [deal]))
    assert row["Deal"] == "ours;'=1+1"
    assert row["Counterpart"] == "Mine;'=1+1: Received"


def test_rows_can_be_ticked(world: World, anna: Client) -> None:
    (deal,) = make_deals(world.contoso, {"name": "A <deal>"})
    text = anna.get(list_url(world)).content.decode()
    assert (
        f'<input type="checkbox" form="selection" name="deal" value="{deal.pk}"'
        ' aria-label="Select: A &lt;deal&gt;">'
    ) in text
    assert 'action="/o/contoso/deals/selection/"' in text
