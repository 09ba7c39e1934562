"""The public profile: edited by the company's admin, found by others (1.1)."""

import re

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cosell.core.errors import NotAllowed
from cosell.core.tenancy import APP_ROLE, database_identity
from partners.models import Organization, Solution
from partners.profile import Description, describe
from tests.factories import OrganizationFactory, SolutionFactory
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db

PROFILE = "/o/contoso/profile/"
GIVEN = {
    "description": "We move SAP landscapes.\nIn 120 days.",
    "website": "contoso.example",
    "country": "PL",
    "industries": ["finance", "retail"],
    "countries": ["PL", "DE"],
}


@pytest.fixture
def piotr(client: Client, world: World) -> Client:
    client.force_login(world.piotr.user)
    return client


@pytest.fixture
def frank(world: World) -> Client:
    client = Client()
    client.force_login(world.frank.user)
    return client


def part(page: str, start: str, end: str) -> str:
    found = re.search(rf"{start}.*?{end}", page, re.DOTALL)
    assert found, start
    return " ".join(found.group().split())


def test_others_find_what_the_admin_wrote(piotr: Client, frank: Client) -> None:
    assert "The profile is saved." in piotr.post(PROFILE, GIVEN, follow=True).text
    page = frank.get("/o/fabrikam/directory/contoso/").text
    for words in (
        "We move SAP landscapes.<br>In 120 days.",
        'href="https://contoso.example"',
        "Banking and capital markets, Retail and consumer goods",
        "Poland, Germany",
        "Contoso main",
        "Contoso Suite",
    ):
        assert words in page
    listed = frank.get("/o/fabrikam/directory/", {"q": "conto"}).text
    assert "Contoso Suite" in listed
    assert "Outsider" not in listed.split("<tbody>")[1]
    everybody = frank.get("/o/fabrikam/directory/").text.split("<tbody>")[1]
    assert re.findall(r"/directory/(\w+)/", everybody) == ["contoso", "outsider"]


def test_preview_is_the_very_part_that_others_see(
    piotr: Client, frank: Client, world: World
) -> None:
    piotr.post(PROFILE, GIVEN)
    ours = piotr.get(PROFILE).text
    theirs = frank.get("/o/fabrikam/directory/contoso/").text
    profile = ('<section class="card" aria-labelledby="profile-of">', "</ul>")
    assert part(ours, *profile) == part(theirs, *profile)
    deal = world.deal(world.frank)
    search = frank.get(f"/o/fabrikam/deals/{deal.pk}/invite/partners/").text
    match = ('<span class="suggestion-name">Contoso', "(?=</div>|</button>)")
    assert part(ours, *match) == part(search, *match)


def test_company_without_a_ready_solution_is_not_found(
    piotr: Client, frank: Client, world: World
) -> None:
    with as_owner():
        Solution.objects.filter(pk=world.contoso.solution.pk).update(is_published=False)
    assert "Nobody finds you yet" in piotr.get(PROFILE).text
    assert "Contoso" not in frank.get("/o/fabrikam/directory/").text.split("<tbody>")[1]
    hidden = frank.get("/o/fabrikam/directory/contoso/")
    unknown = frank.get("/o/fabrikam/directory/no-such-company/")
    assert (hidden.status_code, hidden.content) == (404, unknown.content)


def test_vendor_stands_in_no_directory(client: Client, frank: Client, world: World) -> None:
    client.force_login(world.victor.user)
    assert "not in their search" in client.get("/o/microsoft/profile/").text
    assert frank.get("/o/fabrikam/directory/microsoft/").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"website": "javascript:alert(1)"}, "website", "valid URL"),
        ({"website": "ftp://contoso.example"}, "website", "valid URL"),
        ({"description": "x" * 1001}, "description", "at most 1000"),
        ({"country": "ZZ"}, "country", "valid choice"),
        ({"countries": ["PL", "ZZ"]}, "countries", "not one of the available choices"),
        ({"industries": ["spying"]}, "industries", "not one of the available choices"),
    ],
)
def test_refusal_stands_beside_its_field(
    piotr: Client, wrong: dict[str, str], field: str, sentence: str
) -> None:
    response = piotr.post(PROFILE, {**GIVEN, **wrong})
    assert response.status_code == 422
    assert re.search(rf'id="id_{field}_error".*?{sentence}', response.text, re.DOTALL)
    assert Organization.objects.get(slug="contoso").industries == []


def test_database_keeps_other_links_out(world: World) -> None:
    with pytest.raises(IntegrityError, match="organization_website_is_http"):
        OrganizationFactory(website="javascript:alert(1)")


def test_nobody_writes_the_profile_of_another_company(client: Client, world: World) -> None:
    client.force_login(world.anna.user)
    response = client.post(PROFILE, GIVEN)
    assert (response.status_code, "piotr@contoso.example" in response.text) == (403, True)
    told = Description("Mine", "", "PL", [], [])
    with pytest.raises(NotAllowed):
        describe(world.contoso.organization, description=told, actor=world.anna.actor)
    with database_identity(APP_ROLE, organization=world.outsider.pk):
        describe(world.contoso.organization, description=told, actor=world.piotr.actor)
    assert Organization.objects.get(slug="contoso").description == ""


def test_directory_takes_as_many_statements_for_two_as_for_five(frank: Client) -> None:
    frank.get("/o/fabrikam/directory/")
    with CaptureQueriesContext(connection) as two:
        frank.get("/o/fabrikam/directory/")
    for number in range(3):
        SolutionFactory(organization=OrganizationFactory(slug=f"more-{number}"))
    with CaptureQueriesContext(connection) as five:
        assert frank.get("/o/fabrikam/directory/").text.count("<tr>") == 1 + 5
    assert len(five) == len(two)
