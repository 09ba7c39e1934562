import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from partners.models import User
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db

PASSWORD = "a-good-long-password"


@pytest.fixture
def anna(world: World) -> User:
    with as_owner():
        world.anna.user.set_password(PASSWORD)
        world.anna.user.save()
    return world.anna.user


def sign_in(client: Client, **given: str) -> object:
    data = {"login": "anna@contoso.example", "password": PASSWORD, **given}
    return client.post(reverse("account_login"), data)


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def link_in(body: str) -> str:
    found = re.search(r"http\S+", body)
    assert found
    return found.group()


def without_token(page: str) -> str:
    return re.sub(r"\b\w{64}\b", "", page)


def path_of(link: str, settings: Settings) -> str:
    assert link.startswith(settings.SITE_URL)
    return link.removeprefix(settings.SITE_URL.rstrip("/"))


def test_password_opens_the_only_organisation(client: Client, anna: User) -> None:
    response = client.post(
        reverse("account_login"), {"login": anna.email, "password": PASSWORD}, follow=True
    )
    assert response.redirect_chain[-1][0] == "/o/contoso/deals/inbound/"
    assert response.status_code == 200


def test_email_is_read_in_any_case(client: Client, anna: User) -> None:
    sign_in(client, login="Anna@CONTOSO.example")
    assert signed_in(client)


def test_wrong_password_keeps_the_address(client: Client, anna: User) -> None:
    response = client.post(
        reverse("account_login"), {"login": anna.email, "password": "not this one"}
    )
    assert response.status_code == 422
    assert 'value="anna@contoso.example"' in response.text
    assert "not this one" not in response.text
    assert not signed_in(client)


def test_wanted_page_is_opened_after_signing_in(client: Client, anna: User) -> None:
    wanted = "/o/contoso/deals/outbound/?q=data&sort=value"
    asked = client.get(wanted)
    login_page = client.get(asked["Location"])
    assert 'name="next" value="/o/contoso/deals/outbound/?q=data&amp;sort=value"' in login_page.text
    response = client.post(
        reverse("account_login"), {"login": anna.email, "password": PASSWORD, "next": wanted}
    )
    assert response["Location"] == wanted


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_page_elsewhere_is_not_opened(client: Client, anna: User, page: str) -> None:
    response = client.post(
        reverse("account_login"), {"login": anna.email, "password": PASSWORD, "next": page}
    )
    assert response["Location"] == "/"
    assert "evil.example" not in client.get(reverse("account_login"), {"next": page}).text


def test_many_wrong_passwords_close_the_account_for_a_while(client: Client, anna: User) -> None:
    for _attempt in range(6):
        sign_in(client, password="not this one")
    sign_in(client)
    assert not signed_in(client)


def test_somebody_switched_off_is_told_so(client: Client, anna: User) -> None:
    with as_owner():
        User.objects.filter(pk=anna.pk).update(is_active=False)
    response = client.post(
        reverse("account_login"), {"login": anna.email, "password": PASSWORD}, follow=True
    )
    assert not signed_in(client)
    assert "switched off" in response.text


def test_signing_out_forgets_pages(client: Client, world: World) -> None:
    client.force_login(world.anna.user)
    response = client.post(reverse("account_logout"))
    assert response["Clear-Site-Data"] == '"cache"'
    assert response["Location"] == reverse("account_login")
    assert not signed_in(client)
    assert client.get("/o/contoso/deals/inbound/").status_code == 302


def test_opening_the_sign_out_page_asks_first(client: Client, world: World) -> None:
    client.force_login(world.anna.user)
    assert client.get(reverse("account_logout")).status_code == 200
    assert signed_in(client)


def test_pages_are_not_stored(client: Client, world: World) -> None:
    client.force_login(world.anna.user)
    assert "no-store" in client.get("/o/contoso/deals/inbound/")["Cache-Control"]


@pytest.mark.parametrize("name", ["account_signup", "account_email"])
def test_pages_of_allauth_that_make_no_sense_here_do_not_exist(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("path", ["signup/", "email/", "confirm-email/", "login/code/confirm/"])
def test_paths_of_those_pages_are_not_found(client: Client, path: str) -> None:
    assert client.get(f"/account/{path}").status_code == 404


def test_forgotten_password_is_set_by_the_link_once(
    client: Client, anna: User, settings: Settings
) -> None:
    response = client.post(reverse("account_reset_password"), {"email": anna.email}, follow=True)
    assert "Look into your mailbox" in response.text
    (sent,) = mail.outbox
    assert sent.to == [anna.email]
    assert sent.subject == "Set a new password for the deal desk"
    link = link_in(str(sent.body))
    html = sent.alternatives[0][0]  # type: ignore[attr-defined]  # EmailMultiAlternatives
    assert link in html
    form = client.get(path_of(link, settings), follow=True)
    new = "another-good-password"
    where = form.redirect_chain[-1][0]
    assert client.post(where, {"password1": new, "password2": "typo"}).status_code == 422
    done = client.post(where, {"password1": new, "password2": new}, follow=True)
    assert done.redirect_chain[-1][0] == "/o/contoso/deals/inbound/"
    again = Client().get(path_of(link, settings), follow=True)
    assert "does not work any more" in again.text
    other = Client()
    sign_in(other, password=new)
    assert signed_in(other)


def test_unknown_address_gets_the_same_page_and_another_mail(client: Client, anna: User) -> None:
    known = client.post(reverse("account_reset_password"), {"email": anna.email}, follow=True)
    unknown = client.post(
        reverse("account_reset_password"), {"email": "stranger@else.example"}, follow=True
    )
    assert without_token(known.text) == without_token(unknown.text)
    assert [sent.to for sent in mail.outbox] == [[anna.email], ["stranger@else.example"]]
    assert "no account" in str(mail.outbox[1].body)


def test_mail_server_that_is_down_is_said_calmly(
    client: Client, anna: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    response = client.post(reverse("account_reset_password"), {"email": anna.email}, follow=True)
    assert response.status_code == 200
    assert "could not be sent just now" in response.text


def test_password_is_changed_with_the_old_one(client: Client, anna: User) -> None:
    client.force_login(anna)
    new = "another-good-password"
    url = reverse("account_change_password")
    wrong = {"oldpassword": "wrong", "password1": new, "password2": new}
    assert client.post(url, wrong).status_code == 422
    client.post(url, {**wrong, "oldpassword": PASSWORD})
    anna.refresh_from_db()
    assert anna.check_password(new)


def test_too_many_requests_have_a_page(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    for _attempt in range(2):
        response = client.post(reverse("account_reset_password"), {"email": "a@b.example"})
    assert response.status_code == 429
    assert "Too many attempts" in response.text
