"""Everybody reads their own language (7.4): chosen on any page, kept with the person."""

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from partners.models import Membership, User
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db

LIST = "/o/contoso/deals/outbound/"
POLISH = {"Accept-Language": "pl"}


def language_of(member: Membership) -> str:
    return User.objects.get(pk=member.user_id).language


def keep(member: Membership, language: str) -> None:
    with as_owner():
        User.objects.filter(pk=member.user_id).update(language=language)


def choose(client: Client, language: str, *, on: str = "/account/login/") -> object:
    return client.post(reverse("language"), {"language": language}, headers={"Referer": on})


def test_first_sign_in_keeps_the_language_of_the_browser(world: World, client: Client) -> None:
    with as_owner():
        world.anna.user.set_password("a-good-long-password")
        world.anna.user.save()
    given = {"login": world.anna.user.email, "password": "a-good-long-password"}
    client.post(reverse("account_login"), given, headers=POLISH)
    assert language_of(world.anna) == "pl"


def test_sign_in_elsewhere_changes_nothing(world: World, client: Client) -> None:
    keep(world.anna, "en")
    world.anna.user.refresh_from_db()
    client.force_login(world.anna.user)
    page = client.get(LIST, headers=POLISH)
    assert (page.headers["Content-Language"], language_of(world.anna)) == ("en", "en")


@pytest.mark.parametrize("back", [f"{LIST}?status=open&q=a%26b", "/account/password/change/"])
def test_chosen_on_a_page_it_is_kept_and_leads_back_there(
    world: World, client: Client, back: str
) -> None:
    client.force_login(world.anna.user)
    response = choose(client, "pl", on=f"http://testserver{back}")
    assert response["Location"] == f"http://testserver{back}"  # type: ignore[index]
    assert language_of(world.anna) == "pl"
    elsewhere = Client()
    elsewhere.force_login(User.objects.get(pk=world.anna.user_id))
    assert '<html lang="pl"' in elsewhere.get(LIST).text


def test_stranger_chooses_for_the_browser(client: Client) -> None:
    choose(client, "pl")
    page = client.get("/account/login/", headers={"Accept-Language": "en"})
    assert '<html lang="pl"' in page.text


def test_preferences_choose_it_for_person_and_browser(world: World, client: Client) -> None:
    client.force_login(world.anna.user)
    url = reverse("notifications:preferences", args=["contoso"])
    form = client.get(url).context["form"]
    given = {one.name: one.value() for one in form if one.value() not in (None, False)}
    page = client.post(url, given | {"language": "pl"}, follow=True)
    assert "Preferencje zostały zapisane." in page.text
    assert (language_of(world.anna), client.cookies["language"].value) == ("pl", "pl")


def test_who_looks_around_in_the_demo_reads_on_as_before(
    world: World, client: Client, settings: Settings
) -> None:
    settings.DEMO = True
    keep(world.anna, "en")
    choose(client, "pl")
    client.post(reverse("demo_sign_in"), {"email": world.anna.user.email})
    assert '<html lang="pl"' in client.get(LIST).text


@pytest.mark.parametrize("language", ["de", "", "xx/../", "PL"])
def test_what_is_not_offered_changes_nothing(world: World, client: Client, language: str) -> None:
    client.force_login(world.anna.user)
    response = choose(client, language)
    assert response.status_code == 302  # type: ignore[attr-defined]
    assert language_of(world.anna) == "en"
    assert "language" not in client.cookies


@pytest.mark.parametrize("referer", ["https://evil.example/", "//evil.example/", ""])
def test_choosing_leads_to_no_other_site(client: Client, referer: str) -> None:
    response = choose(client, "pl", on=referer)
    assert response["Location"] == reverse("home")  # type: ignore[index]


def test_choice_needs_its_token() -> None:
    assert choose(Client(enforce_csrf_checks=True), "pl").status_code == 403  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/account/login/", "/account/password/reset/", LIST])
def test_every_page_offers_all_languages(world: World, client: Client, path: str) -> None:
    if path == LIST:
        client.force_login(world.anna.user)
    page = client.get(path).text
    assert 'value="en" lang="en" aria-pressed="true"' in page
    assert 'value="pl" lang="pl" aria-pressed="false"' in page


def test_language_costs_no_statement(world: World, client: Client) -> None:
    client.force_login(world.anna.user)
    client.get(LIST)
    counts = []
    for language in ("", "pl"):
        keep(world.anna, language)
        with CaptureQueriesContext(connection) as statements:
            assert f'<html lang="{language or "en"}"' in client.get(LIST).text
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_language_that_is_no_longer_offered_is_the_installations(
    world: World, client: Client, settings: Settings
) -> None:
    keep(world.anna, "de")
    world.anna.user.refresh_from_db()
    client.force_login(world.anna.user)
    assert client.get(LIST, headers=POLISH).headers["Content-Language"] == "pl"
    assert world.anna.user.reading_language == settings.LANGUAGE_CODE


def test_mail_about_an_account_is_in_its_readers_language(world: World, client: Client) -> None:
    keep(world.anna, "pl")
    client.post(reverse("account_reset_password"), {"email": world.anna.user.email})
    client.post(reverse("account_reset_password"), {"email": world.bob.user.email})
    assert [one.subject for one in mail.outbox] == [
        "Ustaw nowe hasło w Deal desk",
        "Set a new password for the deal desk",
    ]


def test_stranger_is_written_to_in_the_language_of_who_writes(client: Client) -> None:
    client.post(reverse("account_reset_password"), {"email": "new@x.example"}, headers=POLISH)
    assert [one.subject for one in mail.outbox] == ["W Deal desk nie ma konta z tym adresem"]
