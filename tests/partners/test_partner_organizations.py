import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from cosell.core.errors import NotAllowed, Refused
from cosell.core.tenancy import APP_ROLE, acting_for, database_identity
from partners.forms import PartnerForm
from partners.models import Location, Membership, Organization, OrganizationAccount, User
from partners.permissions import Role
from partners.provisioning import add_member, add_organization
from tests.factories import OrganizationAccountFactory, OrganizationFactory, UserFactory
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db

LIST = "/o/microsoft/partners/"
ADD = "/o/microsoft/partners/add/"


def typed(**given: str) -> dict[str, str]:
    return {
        "name": "Litware Łódź",
        "country": "PL",
        "slug": "",
        "mpn_id": "4777001",
        "location_name": "Litware Fabryczna",
        "city": "Łódź",
        "location_country": "PL",
        "mpn_location_id": "5777001",
        "first_name": "Ewa",
        "last_name": "Sikora",
        "email": "Ewa.Sikora@litware.example",
        "phone": "+48 22 123 45 67",
        **given,
    }


def added_slugs() -> set[str]:
    return set(Organization.objects.values_list("slug", flat=True))


def give_password(user: User) -> None:
    with as_owner():
        user.set_password("a-good-long-password")
        user.save()


@pytest.fixture
def victor(client: Client, world: World) -> Client:
    client.force_login(world.victor.user)
    return client


def test_everything_a_company_needs_is_created(victor: Client) -> None:
    response = victor.post(ADD, typed(), follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    with as_owner():
        organization = Organization.objects.get(slug="litware-lodz")
        assert (organization.name, organization.kind) == ("Litware Łódź", "partner")
        assert OrganizationAccount.objects.get(organization=organization).mpn_id == "4777001"
        location = Location.objects.get(organization=organization)
        assert (location.name, location.city, location.is_main) == (
            "Litware Fabryczna", "Łódź", True,
        )  # fmt: skip
        membership = Membership.objects.get(organization=organization)
        assert membership.role == Role.MPN_ADMIN
        assert membership.user.email == "ewa.sikora@litware.example"
        assert str(membership.user.phone) == "+48 22 123 45 67"
        assert not membership.user.has_usable_password()


def test_first_admin_sets_a_password_and_is_in(
    victor: Client, settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        victor.post(ADD, typed())
    (sent,) = mail.outbox
    assert sent.to == ["ewa.sikora@litware.example"]
    assert sent.subject == "Litware Łódź is now at the deal desk: set your password"
    found = re.search(r"http\S+", str(sent.body))
    assert found
    assert found.group().startswith(settings.SITE_URL)
    ewa = Client()
    path = found.group().removeprefix(settings.SITE_URL.rstrip("/"))
    form = ewa.get(path, follow=True)
    new = "a-good-long-password"
    done = ewa.post(form.redirect_chain[-1][0], {"password1": new, "password2": new}, follow=True)
    assert done.redirect_chain[-1][0] == "/o/litware-lodz/deals/inbound/"
    assert "does not work any more" in Client().get(path, follow=True).text


def test_somebody_with_an_account_gets_a_membership(
    victor: Client, world: World,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    give_password(world.frank.user)
    with django_capture_on_commit_callbacks(execute=True):
        victor.post(ADD, typed(email="FRANK@fabrikam.example", first_name="Other"))
    assert mail.outbox[0].subject == "Litware Łódź is now at the deal desk"
    assert "password/reset" not in str(mail.outbox[0].body)
    with as_owner():
        frank = User.objects.get(email="frank@fabrikam.example")
        assert frank.first_name == "Frank"
        slugs = frank.memberships.values_list("organization__slug", flat=True)
        assert set(slugs) == {"fabrikam", "litware-lodz"}


def test_second_click_creates_nothing_and_says_so(victor: Client) -> None:
    victor.post(ADD, typed())
    before = added_slugs()
    response = victor.post(ADD, typed())
    assert response.status_code == 422
    assert "is taken" in response.text
    assert added_slugs() == before


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"slug": "contoso"}, "slug", "is taken"),
        ({"mpn_id": "4999999"}, "mpn_id", "Another organisation has this MPN account ID."),
        ({"mpn_id": "12ab"}, "mpn_id", "is a number of 4 to 12 digits"),
        ({"email": "gone@x.example"}, "email", "is switched off"),
        ({"email": "nonsense"}, "email", "valid email"),
        ({"phone": "12"}, "phone", "with its country code"),
        ({"name": ""}, "name", "required"),
        ({"name": "東京", "slug": ""}, "slug", "Latin letters"),
        ({"country": "ZZ"}, "country", "valid choice"),
        ({"city": "x" * 121}, "city", "at most 120"),
    ],
)
def test_refusal_stands_beside_its_field_and_keeps_what_was_typed(
    victor: Client, wrong: dict[str, str], field: str, sentence: str
) -> None:
    OrganizationAccountFactory(organization=OrganizationFactory(slug="holder"), mpn_id="4999999")
    UserFactory(email="gone@x.example", is_active=False)
    before = added_slugs()
    response = victor.post(ADD, typed(**wrong))
    assert response.status_code == 422
    assert re.search(rf'id="id_{field}_error".*?{sentence}', response.text, re.DOTALL)
    assert 'value="Litware Fabryczna"' in response.text
    assert added_slugs() == before
    with as_owner():
        assert not User.objects.filter(email="ewa.sikora@litware.example").exists()


def test_list_shows_partners_and_how_they_stand(victor: Client, world: World) -> None:
    victor.post(ADD, typed())
    give_password(world.piotr.user)
    page = victor.get(LIST).text
    rows = re.findall(r"<tr>(.*?)</tr>", page.split("<tbody>")[1], re.DOTALL)
    told = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    mpn_id = {}
    with as_owner():
        for company in (world.contoso, world.fabrikam, world.outsider):
            account = OrganizationAccount.objects.get(organization=company.organization)
            mpn_id[company.slug] = account.mpn_id
    assert told == [
        f"Contoso /o/contoso/ Poland {mpn_id['contoso']} 4 1 Vetted Withdraw… Contoso Active",
        f"Fabrikam /o/fabrikam/ Poland {mpn_id['fabrikam']} 1 1 Not vetted Vet… Fabrikam Active",
        "Litware Łódź /o/litware-lodz/ Poland 4777001 1 0 Not vetted Vet… Litware Łódź Invited"
        " Send the link again : Litware Łódź",
        f"Outsider /o/outsider/ Poland {mpn_id['outsider']} 1 1 Not vetted Vet… Outsider Active",
    ]


def test_search_narrows_the_list(victor: Client) -> None:
    page = victor.get(LIST, {"q": "FABRI"}).text
    assert "Fabrikam" in page
    assert "Contoso" not in page
    assert "No partner has this name" in victor.get(LIST, {"q": "nothing like this"}).text
    assert "Fabrikam" in victor.get(LIST, {"q": "fab\0ri"}).text


def test_fragment_is_the_found_part_of_the_page(victor: Client) -> None:
    page = victor.get(LIST, {"q": "fab"}).text
    fragment = victor.get(LIST, {"q": "fab"}, headers={"HX-Request": "true"}).text
    assert fragment.strip().startswith('<div id="found"')
    assert without_tokens(fragment).strip() in without_tokens(page)


def without_tokens(page: str) -> str:
    return re.sub(r'value="\w{64}"', "", page)


def test_list_takes_as_many_statements_for_three_as_for_nine(victor: Client) -> None:
    victor.get(LIST)
    with CaptureQueriesContext(connection) as three:
        victor.get(LIST)
    for number in range(6):
        organization = OrganizationFactory(slug=f"more-{number}")
        OrganizationAccountFactory(organization=organization)
    with CaptureQueriesContext(connection) as nine:
        assert victor.get(LIST).text.count("<tr>") == 1 + 9
    assert len(nine) == len(three)


def test_new_link_is_sent_to_who_never_came(
    victor: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    victor.post(ADD, typed())
    with django_capture_on_commit_callbacks(execute=True):
        victor.post(f"{LIST}litware-lodz/remind/")
    assert [sent.to for sent in mail.outbox] == [["ewa.sikora@litware.example"]]


def test_no_link_is_sent_to_who_has_a_password(
    victor: Client, world: World,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    give_password(world.piotr.user)
    with django_capture_on_commit_callbacks(execute=True):
        response = victor.post(f"{LIST}contoso/remind/", follow=True)
    assert "has set a password already" in response.text
    assert mail.outbox == []


def test_mail_server_that_is_down_keeps_the_organisation(
    victor: Client, settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with django_capture_on_commit_callbacks(execute=True):
        assert victor.post(ADD, typed()).status_code == 302
    assert "Send the link again" in victor.get(LIST).text


PATHS = [("get", LIST), ("get", ADD), ("post", ADD), ("post", f"{LIST}contoso/remind/")]


@pytest.mark.parametrize("name", ["sam", "rita"])
def test_other_vendor_people_are_told_whom_to_ask(client: Client, world: World, name: str) -> None:
    client.force_login(world.cast[name].user)
    for method, path in PATHS:
        response = getattr(client, method)(path, typed() if method == "post" else {})
        assert response.status_code == 403, (method, path)
        assert "victor@microsoft.example" in response.text, (method, path)
    assert "litware-lodz" not in added_slugs()


@pytest.mark.parametrize("name", ["anna", "piotr", "mallory"])
def test_other_companies_find_nothing(client: Client, world: World, name: str) -> None:
    client.force_login(world.cast[name].user)
    for method, path in PATHS:
        response = getattr(client, method)(path, {})
        nowhere = getattr(client, method)(path.replace("microsoft", "no-such-company"), {})
        found = (response.status_code, response.content)
        assert found == (404, nowhere.content), (method, path)


def test_partner_has_no_such_page_of_its_own(client: Client, world: World) -> None:
    client.force_login(world.piotr.user)
    assert client.get("/o/contoso/partners/").status_code == 403
    assert "/o/contoso/partners/" not in client.get("/o/contoso/deals/inbound/").text


def test_navigation_leads_the_vendors_admin_here(victor: Client) -> None:
    assert f'href="{LIST}"' in victor.get("/o/microsoft/deals/inbound/").text


def test_overview_shows_a_partner_nothing(world: World) -> None:
    for company, expected in ((world.contoso, 0), (world.microsoft, 3)):
        with database_identity(APP_ROLE, organization=company.pk), connection.cursor() as cursor:
            ids = list(Organization.objects.values_list("pk", flat=True))
            cursor.execute("SELECT count(*) FROM partner_overview(%s)", [ids])
            assert cursor.fetchone() == (expected,)


def test_service_refuses_who_may_not(world: World) -> None:
    form = PartnerForm(typed())
    assert form.is_valid()
    given: dict[str, Any] = {"location": form.location, "admin": form.admin}
    with pytest.raises(NotAllowed):
        add_organization(form.organization, actor=world.sam.actor, **given)


@pytest.mark.parametrize(
    ("company", "role"),
    [("contoso", Role.VENDOR_ADMIN), ("contoso", Role.REVIEWER), ("microsoft", Role.MPN_ADMIN)],
)
def test_nobody_joins_with_a_role_of_the_other_kind(world: World, company: str, role: Role) -> None:
    organization: Organization = getattr(world, company).organization
    user = UserFactory(email="new@x.example")
    with acting_for(organization.pk):
        with pytest.raises(Refused) as refusal:
            add_member(organization, user=user, role=role)
        assert refusal.value.code == "role"
        assert add_member(organization, user=user, role=Role.OBSERVER).pk
