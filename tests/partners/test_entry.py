import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from partners.cast import CAST
from partners.models import Membership
from partners.permissions import Role
from tests.factories import MembershipFactory, UserFactory
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db


def become(client: Client, email: str, **given: str) -> str:
    response = client.post(reverse("demo_sign_in"), {"email": email, **given})
    return response["Location"] if response.status_code == 302 else str(response.status_code)


def test_one_click_signs_in_as_one_of_the_cast(client: Client, world: World) -> None:
    assert become(client, "anna@contoso.example") == "/"
    assert client.session["_auth_user_id"] == str(world.anna.user_id)


def test_one_click_opens_the_wanted_page(client: Client, world: World) -> None:
    wanted = "/o/contoso/deals/outbound/"
    page = client.get(reverse("account_login"), {"next": wanted}).text
    assert page.count(f'name="next" value="{wanted}"') == len(CAST) + 2
    assert become(client, "anna@contoso.example", next=wanted) == wanted
    assert become(client, "anna@contoso.example", next="https://evil.example") == "/"
    assert become(client, "anna@contoso.example", next="no-route-has-this-name") != "/"


def test_one_click_is_for_the_cast_alone(client: Client, world: World) -> None:
    UserFactory(email="eve@contoso.example")
    assert become(client, "eve@contoso.example") == "404"
    assert "_auth_user_id" not in client.session


def test_one_click_does_not_exist_outside_the_demo(
    client: Client, world: World, settings: Settings
) -> None:
    settings.DEMO = False
    assert become(client, "anna@contoso.example") == "404"
    assert "_auth_user_id" not in client.session
    assert "anna@contoso.example" not in client.get(reverse("account_login")).text


def test_one_click_needs_the_token_of_the_page(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    assert become(client, "anna@contoso.example") == "403"


def test_one_click_before_the_data_is_there_says_so(client: Client) -> None:
    location = become(client, "anna@contoso.example", next="/o/contoso/")
    assert location == f"{reverse('account_login')}?next=%2Fo%2Fcontoso%2F"
    assert "still being loaded" in client.get(location).text


def test_one_click_cannot_be_a_link(client: Client) -> None:
    assert client.get(reverse("demo_sign_in")).status_code == 405


def test_somebody_without_organisation_is_told_what_to_do(client: Client) -> None:
    client.force_login(UserFactory(email="nobody@nowhere.example"))
    response = client.get("/")
    assert response.status_code == 403
    assert "No organisation has added you yet" in response.text
    assert "nobody@nowhere.example" in response.text


@pytest.fixture
def piotr_in_two(world: World) -> Membership:
    second: Membership = MembershipFactory(
        organization=world.fabrikam.organization, user=world.piotr.user, role=Role.OBSERVER
    )
    return second


def test_somebody_in_two_organisations_chooses(
    client: Client, world: World, piotr_in_two: Membership
) -> None:
    client.force_login(world.piotr.user)
    page = client.get("/").text
    assert 'href="/o/contoso/"' in page
    assert 'href="/o/fabrikam/"' in page
    assert "Outsider" not in page


def test_last_organisation_is_opened_next_time(
    client: Client, world: World, piotr_in_two: Membership
) -> None:
    client.force_login(world.piotr.user)
    client.get("/o/fabrikam/")
    assert client.get("/")["Location"] == "/o/fabrikam/"
    with as_owner():
        Membership.objects.filter(pk=piotr_in_two.pk).update(is_active=False)
    assert client.get("/")["Location"] == "/o/contoso/"


def test_switcher_lists_own_organisations(
    client: Client, world: World, piotr_in_two: Membership
) -> None:
    client.force_login(world.piotr.user)
    page = client.get("/o/contoso/deals/inbound/").text
    assert 'href="/o/fabrikam/"' in page
    assert 'href="/o/outsider/"' not in page


def test_stranger_and_unknown_organisation_look_the_same(client: Client, world: World) -> None:
    client.force_login(world.mallory.user)
    theirs, nowhere = client.get("/o/contoso/"), client.get("/o/no-such-company/")
    assert (theirs.status_code, nowhere.status_code) == (404, 404)
    assert theirs.content == nowhere.content
