"""Signing in with Microsoft Entra, against a provider on this machine (1.2)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from partners.entra import PRIVATE_ACCOUNTS
from partners.models import Membership, User
from tests.factories import DirectoryTenantFactory, MembershipFactory, UserFactory
from tests.identity import as_owner
from tests.partners.authority import CLIENT_ID, SECRET, Authority, new_key, running
from tests.world import World

pytestmark = pytest.mark.django_db

INSIDE = "/o/contoso/deals/inbound/"
ANNA = "anna@contoso.example"
PASSWORD = "a-good-long-password"


@pytest.fixture(scope="module")
def server() -> Iterator[Authority]:
    with running() as authority:
        yield authority


@pytest.fixture
def entra(server: Authority, settings: Settings) -> Authority:
    """Says that it is Anna, of a tenant of her own."""
    settings.ENTRA_CLIENT_ID, settings.ENTRA_CLIENT_SECRET = CLIENT_ID, SECRET
    settings.ENTRA_AUTHORITY, settings.ENTRA_TENANT = server.address, "organizations"
    server.tenant_id = uuid4()
    server.claims = {"email": ANNA, "name": "Anna Kowalska"}
    server.signing_key, server.algorithm = server.key, "RS256"
    return server


@pytest.fixture
def listed(world: World, entra: Authority) -> None:
    """Contoso lists that tenant with its domain."""
    DirectoryTenantFactory(
        organization=world.contoso.organization,
        domain="contoso.example",
        tenant_id=entra.tenant_id,
    )


def ask(client: Client, entra: Authority, path: str, **given: str) -> dict[str, str]:
    """What the browser carries to Entra."""
    address = urlsplit(client.post(path, given)["Location"])
    assert f"{address.scheme}://{address.netloc}" == entra.address
    assert address.path == "/organizations/oauth2/v2.0/authorize"
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    entra.nonce, entra.challenge = query["nonce"], query["code_challenge"]
    return query


def come_back(client: Client, query: dict[str, str], **given: str) -> Any:
    answer = {"code": "a-code", "state": query["state"], **given}
    return client.get(reverse("entra_callback"), answer)


def sign_in(client: Client, entra: Authority, **given: str) -> Any:
    return come_back(client, ask(client, entra, reverse("entra_login"), **given))


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_without_a_client_there_is_no_button_and_no_way(client: Client) -> None:
    assert "Sign in with Microsoft" not in client.get(reverse("account_login")).text
    assert client.post(reverse("entra_login")).status_code == 404
    assert client.get(reverse("entra_callback")).status_code == 404


def test_button_stands_on_the_page_and_no_link_begins_it(client: Client, entra: Authority) -> None:
    assert "Sign in with Microsoft" in client.get(reverse("account_login")).text
    assert client.get(reverse("entra_login")).status_code == 405


def test_person_of_a_listed_tenant_gets_in(
    client: Client, world: World, entra: Authority, listed: None
) -> None:
    done = sign_in(client, entra, next=INSIDE)
    assert done["Location"] == INSIDE
    assert client.get(INSIDE).status_code == 200
    account = SocialAccount.objects.get(user=world.anna.user)
    assert account.extra_data == {"tid": str(entra.tenant_id), "email": ANNA}
    assert entra.asked[-1]["client_id"] == CLIENT_ID


def test_session_keeps_the_tenant_until_the_next_sign_in(
    client: Client, world: World, entra: Authority, listed: None
) -> None:
    sign_in(client, entra)
    with as_owner():
        world.contoso.organization.tenants.all().delete()
        DirectoryTenantFactory(
            organization=world.contoso.organization, domain="contoso.example", tenant_id=uuid4()
        )
    page = client.get(INSIDE)
    assert page.status_code == 403
    assert str(entra.tenant_id) in page.text
    with as_owner():
        world.anna.user.set_password(PASSWORD)
        world.anna.user.save()
    client.post(reverse("account_logout"))
    client.post(reverse("account_login"), {"login": ANNA, "password": PASSWORD})
    assert client.get(INSIDE).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://login.microsoftonline.com/{tenantid}/v2.0"},
        {"iss": None},
        {"tid": "11111111-1111-1111-1111-111111111111"},
        {"tid": "no uuid"},
        {"tid": None},
        {"aud": "22222222-2222-3333-4444-555555555555"},
        {"aud": None},
        # In 2001. A moment of today would make this another test in each process.
        {"exp": 1_000_000_000},
        {"exp": None},
        {"nonce": "of-another-attempt"},
        {"nonce": None},
        {"sub": None},
    ],
    ids=str,
)
def test_token_that_says_something_wrong_signs_nobody_in(
    client: Client, world: World, entra: Authority, listed: None, wrong: dict[str, Any]
) -> None:
    entra.claims |= wrong
    page = sign_in(client, entra)
    assert page.status_code == 403
    assert "Microsoft did not sign you in" in page.text
    assert not signed_in(client)
    assert not SocialAccount.objects.exists()


def test_issuer_of_another_tenant_is_refused(
    client: Client, world: World, entra: Authority, listed: None
) -> None:
    """Whose token is whose: a valid one of a foreign tenant that claims the id of ours."""
    entra.claims["iss"] = f"{entra.address}/{uuid4()}/v2.0"
    assert sign_in(client, entra).status_code == 403
    assert not signed_in(client)


def test_wrong_signature_and_no_signature_are_refused(
    client: Client, world: World, entra: Authority, listed: None
) -> None:
    entra.signing_key = new_key()
    assert sign_in(client, entra).status_code == 403
    entra.algorithm = "none"
    assert sign_in(client, entra).status_code == 403
    assert not signed_in(client)


def test_private_accounts_and_other_tenants_than_the_configured_are_refused(
    client: Client, world: World, entra: Authority, listed: None, settings: Settings
) -> None:
    entra.tenant_id = PRIVATE_ACCOUNTS
    assert sign_in(client, entra).status_code == 403
    query = ask(client, entra, reverse("entra_login"))
    settings.ENTRA_TENANT = str(uuid4())
    assert come_back(client, query).status_code == 403
    assert not signed_in(client)


def test_answer_that_nobody_asked_for_is_refused(
    client: Client, world: World, entra: Authority, listed: None
) -> None:
    query = ask(client, entra, reverse("entra_login"))
    assert come_back(Client(), query).status_code == 403
    assert come_back(client, {"state": "made up"}).status_code == 403
    assert come_back(client, query).status_code == 302
    # Used up.
    again = Client()
    again.cookies = client.cookies
    assert come_back(again, query).status_code == 403


def test_cancelling_there_is_said_calmly(client: Client, entra: Authority) -> None:
    query = ask(client, entra, reverse("entra_login"))
    page = client.get(
        reverse("entra_callback"), {"error": "access_denied", "state": query["state"]}
    )
    assert "You cancelled it there" in page.text


def test_address_that_a_foreign_tenant_names_opens_nothing(
    client: Client, world: World, entra: Authority
) -> None:
    """The attack known as nOAuth: the admin of any tenant writes any address into a claim."""
    page = sign_in(client, entra)
    assert page.status_code == 403
    assert "opens nothing here yet" in page.text
    assert not signed_in(client)
    assert not SocialAccount.objects.exists()


def test_one_company_cannot_vouch_for_people_of_another(
    client: Client, world: World, entra: Authority, listed: None
) -> None:
    """Somebody lists their own tenant with a foreign domain, in a company the victim is in, too."""
    MembershipFactory(organization=world.outsider.organization, user=world.anna.user)
    assert sign_in(client, entra).status_code == 403
    DirectoryTenantFactory(
        organization=world.outsider.organization,
        domain="contoso.example",
        tenant_id=entra.tenant_id,
    )
    assert sign_in(client, entra).status_code == 302


def test_listed_with_another_domain_is_not_enough(
    client: Client, world: World, entra: Authority
) -> None:
    for domain, tenant_id in (("other.example", entra.tenant_id), ("contoso.example", uuid4())):
        DirectoryTenantFactory(
            organization=world.contoso.organization, domain=domain, tenant_id=tenant_id
        )
    assert sign_in(client, entra).status_code == 403


def test_stranger_gets_no_account(client: Client, world: World, entra: Authority) -> None:
    people = User.objects.count()
    entra.claims["email"] = "stranger@nowhere.example"
    page = sign_in(client, entra)
    assert page.status_code == 403
    assert str(entra.tenant_id) in page.text
    assert User.objects.count() == people


def test_page_is_the_same_for_strangers_and_for_people_we_know(
    client: Client, world: World, entra: Authority
) -> None:
    known = sign_in(client, entra).text
    entra.claims["email"] = "stranger@nowhere.example"
    unknown = Client()
    stranger = sign_in(unknown, entra).text.replace("stranger@nowhere.example", ANNA)
    assert _without_tokens(known) == _without_tokens(stranger)


def _without_tokens(page: str) -> str:
    return "".join(line for line in page.splitlines() if "csrf" not in line.lower())


def test_owner_connects_by_hand_whatever_the_tenant_is(world: World, entra: Authority) -> None:
    with as_owner():
        world.anna.user.set_password(PASSWORD)
        world.anna.user.save()
    client = Client()
    client.force_login(world.anna.user)
    asked = client.post(reverse("entra_connect"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    entra.claims["email"] = "anna.private@else.example"
    done = come_back(client, ask(client, entra, reverse("entra_connect")))
    assert done["Location"] == reverse("mfa_index")
    account = SocialAccount.objects.get(user=world.anna.user)
    assert "anna.private@else.example" in client.get(reverse("mfa_index")).text
    other = Client()
    sign_in(other, entra)
    assert other.session["_auth_user_id"] == str(world.anna.user_id)
    client.post(reverse("entra_disconnect", args=[account.pk]))
    assert not SocialAccount.objects.exists()
    assert sign_in(Client(), entra).status_code == 403


def test_second_factor_is_asked_for_after_microsoft_too(
    client: Client, world: World, entra: Authority, listed: None
) -> None:
    Authenticator.objects.create(user=world.anna.user, type=Authenticator.Type.TOTP, data={})
    done = sign_in(client, entra)
    assert done["Location"] == reverse("mfa_authenticate")
    assert not signed_in(client)


def test_person_without_company_or_switched_off_stays_out(
    client: Client, world: World, entra: Authority, listed: None
) -> None:
    UserFactory(email="nobody@nowhere.example")
    entra.claims["email"] = "nobody@nowhere.example"
    assert sign_in(client, entra).status_code == 403
    entra.claims["email"] = ANNA
    with as_owner():
        Membership.objects.filter(pk=world.anna.pk).update(is_active=False)
    assert sign_in(client, entra).status_code == 403
