"""Authenticator apps and recovery codes, and a company that requires a second factor.

Passkeys need a browser: see tests/browser/test_second_factor.py.
"""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from partners.models import Change, CompanyEvent, OrganizationAccount, User
from tests.factories import MembershipFactory
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db

PASSWORD = "a-good-long-password"
INSIDE = "/o/contoso/deals/inbound/"


@pytest.fixture
def anna(world: World) -> User:
    with as_owner():
        world.anna.user.set_password(PASSWORD)
        world.anna.user.save()
    return world.anna.user


def by_password(user: User, **given: str) -> tuple[Client, str]:
    client = Client()
    data = {"login": user.email, "password": PASSWORD, **given}
    return client, client.post(reverse("account_login"), data)["Location"]


def code_of(secret: str, *, steps: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def confirm(client: Client) -> None:
    """Who changes how they sign in says once more who they are."""
    done = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert done.status_code == 302


def with_app(client: Client) -> str:
    """Sets an authenticator app up; returns its secret."""
    confirm(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret: str = page.context["form"].secret
    done = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    return secret


def require(world: World) -> None:
    with as_owner():
        accounts = OrganizationAccount.objects.filter(pk=world.contoso.pk)
        accounts.update(requires_second_factor=True)


def test_app_is_asked_for_at_the_next_sign_in(anna: User) -> None:
    client, _where = by_password(anna)
    secret = with_app(client)
    again, where = by_password(anna, next=INSIDE)
    assert where == reverse("mfa_authenticate")
    assert again.get(INSIDE).status_code == 302
    assert again.post(where, {"code": "000000"}).status_code == 422
    done = again.post(where, {"code": code_of(secret, steps=1)})
    assert done["Location"] == INSIDE
    assert again.get(INSIDE).status_code == 200


def test_wrong_code_sets_nothing_up(anna: User) -> None:
    client, _where = by_password(anna)
    confirm(client)
    client.get(reverse("mfa_activate_totp"))
    refused = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert refused.status_code == 422
    assert not Authenticator.objects.exists()


def test_recovery_code_works_once(anna: User) -> None:
    client, _where = by_password(anna)
    with_app(client)
    page = client.get(reverse("mfa_view_recovery_codes")).text
    codes = re.findall(r"<li>([^<]+)</li>", page)
    assert len(codes) == 10
    assert codes[0] in client.get(reverse("mfa_download_recovery_codes")).text
    for answer in (302, 422):
        again, where = by_password(anna)
        assert again.post(where, {"code": codes[0]}).status_code == answer
    assert "9 left" in client.get(reverse("mfa_index")).text


def test_one_click_stands_for_the_password_alone(anna: User, world: World) -> None:
    client, _where = by_password(anna)
    secret = with_app(client)
    for before in (world.bob.user, None):
        again = Client()
        if before:
            again.force_login(before)
        asked = again.post(reverse("demo_sign_in"), {"email": anna.email, "next": INSIDE})
        assert asked["Location"] == reverse("mfa_authenticate")
        assert again.get(INSIDE).status_code == 302
    done = again.post(asked["Location"], {"code": code_of(secret, steps=1)})
    assert done["Location"] == INSIDE
    assert again.get(INSIDE).status_code == 200


def test_one_click_opens_no_company_that_requires_a_second_factor(anna: User, world: World) -> None:
    require(world)
    client = Client()
    client.post(reverse("demo_sign_in"), {"email": anna.email})
    kept_out = client.get(INSIDE)
    assert kept_out.status_code == 403
    assert reverse("mfa_index") in kept_out.text


def test_secrets_are_encrypted_and_survive_a_new_key(anna: User, settings: Settings) -> None:
    client, _where = by_password(anna)
    secret = with_app(client)
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-key"
    again, where = by_password(anna)
    assert again.post(where, {"code": code_of(secret, steps=1)}).status_code == 302


def test_change_of_factors_asks_who_it_is(anna: User) -> None:
    client, _where = by_password(anna)
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert client.post(asked["Location"], {"password": "wrong"}).status_code == 422
    done = client.post(asked["Location"], {"password": PASSWORD})
    assert done["Location"] == reverse("mfa_activate_totp")
    assert client.get(done["Location"]).status_code == 200


def test_person_is_told_what_happens_to_their_account(
    anna: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client, _where = by_password(anna)
    with django_capture_on_commit_callbacks(execute=True):
        with_app(client)
    subjects = [letter.subject for letter in mail.outbox]
    assert "Your deal desk account: An authenticator app was set up." in subjects
    assert {tuple(letter.to) for letter in mail.outbox} == {(anna.email,)}


def test_app_is_removed_after_asking(anna: User) -> None:
    client, _where = by_password(anna)
    with_app(client)
    assert "Remove the authenticator app?" in client.get(reverse("mfa_deactivate_totp")).text
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()


def test_company_that_requires_a_factor_leads_to_setting_one_up(anna: User, world: World) -> None:
    require(world)
    MembershipFactory(organization=world.fabrikam.organization, user=anna)
    client, _where = by_password(anna)
    page = client.get(INSIDE)
    assert page.status_code == 403
    for told in (
        "Contoso requires a second factor", "piotr@contoso.example",
        reverse("mfa_activate_totp"), reverse("mfa_add_webauthn"),
    ):  # fmt: skip
        assert told in page.text
    assert 'id="navigation"' not in page.text
    assert client.get("/o/fabrikam/deals/inbound/").status_code == 200
    with_app(client)
    assert client.get(INSIDE).status_code == 200


def test_recovery_codes_alone_are_no_second_factor(anna: User, world: World) -> None:
    require(world)
    Authenticator.objects.create(user=anna, type=Authenticator.Type.RECOVERY_CODES, data={})
    client = Client()
    client.force_login(anna)
    assert client.get(INSIDE).status_code == 403


def test_admin_requires_a_factor_and_no_longer(world: World) -> None:
    client = Client()
    client.force_login(world.piotr.user)
    page = "/o/contoso/tenants/"
    assert "4 people have none yet." in client.get(page).text
    client.post("/o/contoso/second-factor/", {"decision": "require"})
    assert client.get(page).status_code == 403
    Authenticator.objects.create(user=world.piotr.user, type=Authenticator.Type.TOTP, data={})
    assert "Required" in client.get(page).text
    assert client.post("/o/contoso/second-factor/", {"decision": "require"}).status_code == 409
    assert client.post("/o/contoso/second-factor/", {"decision": "x"}).status_code == 422
    client.post("/o/contoso/second-factor/", {"decision": "relax"})
    with as_owner():
        kinds = list(CompanyEvent.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == [Change.FACTOR_REQUIRED, Change.FACTOR_OPTIONAL]


def test_passkey_page_offers_options_and_works_without_inline_script(anna: User) -> None:
    client, _where = by_password(anna)
    confirm(client)
    page = client.get(reverse("mfa_add_webauthn"))
    assert 'id="passkey-options" type="application/json"' in page.text
    assert '"challenge"' in page.text
    options = Client().get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    assert "challenge" in options.json()["request_options"]["publicKey"]
    refused = client.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": "{}"})
    assert refused.status_code == 422
    assert not Authenticator.objects.exists()
