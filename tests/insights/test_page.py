"""The page of figures: who sees it, what it says, where it leads, and its files (8.4)."""

import csv
import re
from decimal import Decimal
from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deals.lifecycle import advance
from deals.models import CloseReason, DealSolution, ExchangeRate, StageName
from deals.stages import DealType, StageCode
from deals.transitions import Name
from insights.counting import count_all_changes, count_anew
from insights.models import Uncounted
from insights.periods import today
from partners.models import Location, Membership, MembershipLocation
from partners.permissions import Role
from tests.deals.listed import make_deals
from tests.factories import LocationFactory
from tests.identity import as_owner
from tests.insights.some import DAY, ago, some_deals
from tests.world import World

pytestmark = pytest.mark.django_db

URL = "/o/contoso/insights/"
CHARTS = (
    "summary", "funnel", "answers", "months", "stages", "solutions", "countries", "campaigns",
    "declined", "lost",
)  # fmt: skip
TRANSACTIONS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@pytest.fixture
def anna(world: World, client: Client) -> Client:
    client.force_login(world.anna.user)
    return client


def told(page: Any) -> dict[str, tuple[str, str]]:
    return {one.code: (one.shown, one.shown_before) for one in page.context["headlines"]}


def chart(page: Any, code: str) -> Any:
    charts = [*page.context["charts"], page.context["summary"]]
    return next(one for one in charts if one.code == code)


def lines(page: Any, code: str) -> list[list[Any]]:
    return [[cell.raw for cell in line.cells] for line in chart(page, code).lines]


def rows_of(response: Any) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode()
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"))))


def test_figures_say_what_became_of_the_deals(world: World, anna: Client) -> None:
    some_deals(world.contoso)
    page = anna.get(URL, {"currency": "EUR"})
    assert told(page) == {
        "came": ("5", "2"),
        "taken": ("1.8K\u00a0EUR", "900\u00a0EUR"),
        "won": ("1.2K\u00a0EUR", "0\u00a0EUR"),
        "win-rate": ("33%", "50%"),
        "median": ("2 days", "–"),
        "in-time": ("75%", "–"),
    }


def test_tables_say_where_the_deals_and_their_value_are(world: World, anna: Client) -> None:
    some_deals(world.contoso)
    page = anna.get(URL, {"currency": "EUR"})
    assert lines(page, "funnel") == [
        ["Came in", 5, 2, Decimal("3800.00"), Decimal("900.00")],
        ["Accepted or created", 3, 2, Decimal("1800.00"), Decimal("900.00")],
        ["Qualified (20%)", 3, 1, Decimal("1800.00"), Decimal("700.00")],
        ["Developed (40%)", 2, 1, Decimal("1500.00"), Decimal("700.00")],
        ["Proposed (60%)", 2, 1, Decimal("1500.00"), Decimal("700.00")],
        ["Negotiated (80%)", 1, 1, Decimal("500.00"), Decimal("700.00")],
        ["Won", 1, 1, Decimal("500.00"), Decimal("700.00")],
    ]
    assert lines(page, "campaigns") == [
        ["FY26", 1, 0, Decimal("1000.00"), Decimal("0.00")],
        ["No campaign", 2, 2, Decimal("800.00"), Decimal("900.00")],
    ]
    assert lines(page, "solutions") == [
        ["Contoso Suite", 1, 1, Decimal("1000.00"), Decimal("200.00")]
    ]
    assert lines(page, "lost") == [
        ["Project budget isn't adequate", 1, 0, Decimal("300.00"), Decimal("0.00")]
    ]
    assert lines(page, "answers")[1:3] == [["4 to 24 hours", 0, 0], ["1 to 3 days", 3, 0]]
    assert lines(page, "months")[-2] == [
        "Together", 3, Decimal("1800.00"), 2, Decimal("1200.00")
    ]  # fmt: skip


def test_other_currencies_are_converted_at_the_newest_rates_and_the_rest_is_named(
    world: World, anna: Client
) -> None:
    make_deals(world.contoso, {"value": 100}, {"value": 400, "currency": "PLN"},
               {"value": 7, "currency": "ISK"})  # fmt: skip
    with as_owner():
        for day, rate in (("2026-01-02", "5"), ("2026-01-05", "4")):
            ExchangeRate.objects.create(date=day, currency="EUR", rate="1")
            ExchangeRate.objects.create(date=day, currency="PLN", rate=rate)
    page = anna.get(URL, {"currency": "EUR"})
    assert told(page)["taken"][0] == "200\u00a0EUR"
    assert "at the exchange rates of 5 Jan 2026" in page.text
    assert "1 deal of 7\u00a0ISK is counted, but not in any value" in page.text


def test_filters_narrow_every_figure(world: World, anna: Client) -> None:
    some_deals(world.contoso)
    make_deals(world.contoso, {"type": DealType.PRIVATE})
    assert told(anna.get(URL, {"direction": "inbound"}))["came"] == ("4", "0")
    assert told(anna.get(URL, {"direction": "outbound"}))["came"] == ("2", "2")
    assert told(anna.get(URL, {"type": "private"}))["came"] == ("1", "0")
    own_days = {"since": str(today() - 45 * DAY), "until": str(today() - 25 * DAY)}
    assert told(anna.get(URL, own_days))["came"] == ("2", "1")


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("", marks=pytest.mark.full),
        "?direction=inbound",
        "?type=co_sell&period=12m",
    ],
)
def test_links_lead_to_exactly_the_deals_that_were_counted(
    world: World, anna: Client, query: str
) -> None:
    some_deals(world.contoso)
    page = anna.get(URL + query)
    followed = 0
    for one in page.context["charts"]:
        for line in one.lines:
            for link in line.links:
                listed = anna.get(link.url)
                assert not listed.context["notes"], link
                assert listed.context["groups"][0].count == link.label.split()[-1], link
                followed += 1
    assert followed > 5
    assert {
        part.url for one in page.context["charts"] for bar in one.bars for part in bar.parts
    } - {""} == {
        link.url for one in page.context["charts"] for line in one.lines for link in line.links
    }


def test_files_have_the_numbers_of_the_tables_under_the_same_filters(
    world: World, anna: Client
) -> None:
    some_deals(world.contoso)
    query = {"currency": "EUR", "direction": "inbound", "period": "12m"}
    page = anna.get(URL, query)
    for code in CHARTS:
        address = re.search(rf'href="([^"]+/{code}\.csv[^"]*)"', page.text)
        assert bool(address) == bool(lines(page, code)), code
        if address:
            response = anna.get(unescape(address[1]))
            assert f"insights-{code}-" in response["Content-Disposition"]
            head, *rows = rows_of(response)
            assert head == [*chart(page, code).head, "Currency"], code
            assert rows == [[*map(str, line), "EUR"] for line in lines(page, code)], code


def test_file_is_harmless_in_a_spreadsheet(world: World, anna: Client) -> None:
    make_deals(world.contoso, {"campaign_id": "=HYPERLINK(1)"})
    rows = rows_of(anna.get(f"{URL}campaigns.csv"))
    assert [row[0] for row in rows[1:]] == ["'=HYPERLINK(1)"]


def test_unknown_chart_is_no_page(world: World, anna: Client) -> None:
    assert anna.get(f"{URL}nonsense.csv").status_code == 404


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("since=yesterday", "Enter a valid date."),
        ("since=2026-02-30&until=2026-03-01", "Enter a valid date."),
        ("until=2026-01-01", "Say from which day on."),
        ("since=2026-01-05&until=2026-01-01", "The last day is before the first."),
        ("since=1999-12-31&until=2000-01-05", "There is nothing before the year 2000."),
        ("since=2999-01-01", "This day is still to come."),
        ("since=2020-01-01&until=2026-01-01", "Choose three years at most."),
        ("since=2026-01-01&until=9999-12-31", "Choose three years at most."),
        ("direction=sideways", "Select a valid choice."),
        ("currency=DOGE", "Select a valid choice."),
        ("period=9y", "Select a valid choice."),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field_and_nothing_is_lost(
    world: World, anna: Client, query: str, message: str
) -> None:
    page = anna.get(f"{URL}?{query}&type=private")
    assert page.status_code == 422
    assert message in unescape(page.text)
    assert '<option value="private" selected>' in page.text
    for name, value in re.findall(r"(since|until)=([^&]+)", query):
        assert re.search(rf'name="{name}" value="{value}"', page.text), name


def test_what_makes_no_sense_is_said_instead_of_a_file_too(anna: Client) -> None:
    query = "since=yesterday&direction=sideways&type=private"
    page = anna.get(f"{URL}funnel.csv?{query}")
    assert page.status_code == 422
    for message in ("Enter a valid date.", "Select a valid choice."):
        assert message in page.text
    assert '<option value="private" selected>' in page.text
    assert 'name="since" value="yesterday"' in page.text


def test_new_company_is_told_what_will_be_here(world: World, anna: Client) -> None:
    page = anna.get(URL)
    assert "Here you will see how your deals are doing" in page.text
    make_deals(world.contoso, {"created_at": ago(800)})
    page = anna.get(URL)
    assert "Here you will see" not in page.text
    assert "Nothing in these days, nor in the ones before." in page.text


def test_who_sees_only_deals_of_their_team_is_told_whom_to_ask(
    world: World, client: Client
) -> None:
    client.force_login(world.bob.user)
    for address in (URL, f"{URL}funnel.csv"):
        page = client.get(address)
        assert page.status_code == 403
        assert "see the figures of the whole company" in page.text
        assert "Piotr Nowak" in page.text
        assert "piotr@contoso.example" in page.text


@pytest.mark.parametrize("name", ["anna", "piotr", "olga"])
def test_who_sees_the_whole_company_sees_its_figures(
    world: World, client: Client, name: str
) -> None:
    some_deals(world.contoso)
    client.force_login(world.cast[name].user)
    assert told(client.get(URL))["came"] == ("5", "2")


def limited(world: World, member: Membership, *locations: Location) -> None:
    with as_owner():
        Membership.objects.filter(pk=member.pk).update(
            is_location_scoped=True, role=Role.REFERRALS_ADMIN
        )
        MembershipLocation.objects.bulk_create(
            MembershipLocation(
                organization=world.contoso.organization, membership=member, location=one
            )
            for one in locations
        )


def test_role_for_a_location_sees_numbers_of_its_deals_alone(world: World, anna: Client) -> None:
    gdansk = LocationFactory(organization=world.contoso.organization, name="Gdańsk")
    make_deals(
        world.contoso,
        {"campaign_id": "SECRET", "created_at": ago(70)},
        *({"location": gdansk, "campaign_id": "OURS", "created_at": ago(days)} for days in (5, 70)),
    )
    count_anew(world.contoso.pk)
    assert told(anna.get(URL))["came"][0] == "3"
    assert told(anna.get(URL, {"location": str(gdansk.pk)}))["came"][0] == "2"
    limited(world, world.anna, gdansk)
    page = anna.get(URL)
    assert told(page)["came"][0] == "2"
    assert "SECRET" not in page.text
    assert "You see the deals of: Gdańsk." in page.text
    # The other location is not offered, and asking for it is no way in.
    assert world.contoso.location.name not in page.text
    assert anna.get(URL, {"location": str(world.contoso.location.pk)}).status_code == 200
    with as_owner():
        MembershipLocation.objects.all().delete()
    assert "Here you will see how your deals are doing" in anna.get(URL).text


def test_nothing_of_another_company_is_ever_here(world: World, anna: Client) -> None:
    for company in (world.fabrikam, world.outsider, world.microsoft):
        make_deals(company, {
            "name": "CANARY", "campaign_id": "CANARY", "customer_country": "IS",
            "close_notes": "CANARY",
        })  # fmt: skip
        some_deals(company)
    with as_owner():
        DealSolution.objects.update(name="CANARY")
    some_deals(world.contoso)
    page = anna.get(URL, {"period": "12m"})
    files = [anna.get(f"{URL}{code}.csv", {"period": "12m"}) for code in CHARTS]
    text = page.text + str([rows_of(one) for one in files])
    assert "CANARY" not in text
    assert "Iceland" not in [line[0] for line in lines(page, "countries")]
    assert told(page)["came"] == ("7", "0")


def test_page_costs_the_same_however_much_there_is(world: World, anna: Client) -> None:
    def statements() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            assert anna.get(URL).status_code == 200
        return [
            one["sql"] for one in captured if not one["sql"].startswith(TRANSACTIONS)
        ]  # fmt: skip

    world.deal(campaign_id="1")
    anna.get(URL)
    few = statements()
    some_deals(world.contoso)
    make_deals(world.contoso, *({"campaign_id": str(n), "created_at": ago(n)} for n in range(80)))
    many = statements()
    assert len(many) == len(few), set(many) ^ set(few)
    about_insights = [one for one in few if "insights" in one or "exchangerate" in one]
    assert len(about_insights) <= 3
    assert len(few) <= 15


def test_page_says_since_when_changes_are_not_counted(world: World, anna: Client) -> None:
    assert world.deal()
    count_all_changes()
    assert "Up to date." in anna.get(URL).text
    deal = world.deal()
    with world.as_member(world.anna):
        advance(deal, Name.LOSE, actor=world.anna.actor, reason=CloseReason.BUDGET)
    with as_owner():
        Uncounted.objects.update(at=ago(5 / 24 / 60))
    assert "As of 5\u00a0minutes ago" in anna.get(URL).text
    count_all_changes()
    assert "Up to date." in anna.get(URL).text
    with as_owner():
        Uncounted.objects.create(organization=world.contoso.organization)
    assert "being counted for the first time" in anna.get(URL).text


def test_stages_are_called_what_the_company_calls_them(world: World, anna: Client) -> None:
    with as_owner():
        StageName.objects.create(
            organization=world.contoso.organization, stage=StageCode.PROPOSED, name="Offer sent",
            is_shown=True,
        )  # fmt: skip
    some_deals(world.contoso)
    page = anna.get(URL)
    assert "Offer sent" in [line[0] for line in lines(page, "stages")]
    assert "Offer sent (60%)" in [line[0] for line in lines(page, "funnel")]
