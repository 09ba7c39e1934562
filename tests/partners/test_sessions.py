"""A person's own pages: where they are signed in, new devices, name and phone."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from notifications.inbox import Item
from notifications.models import Notice
from notifications.services import resolve_notices
from partners.devices import is_known_device, name_of_device
from partners.models import Membership, SignIn, User
from tests.factories import MembershipFactory
from tests.identity import as_owner
from tests.notifications.reading import mails_to
from tests.world import World

pytestmark = pytest.mark.django_db

PASSWORD = "a-good-long-password"
INSIDE = "/o/contoso/deals/inbound/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def anna(world: World) -> User:
    with as_owner():
        world.anna.user.set_password(PASSWORD)
        world.anna.user.save()
    return world.anna.user


def sign_in(user: User, *, agent: str = FIREFOX, client: Client | None = None) -> Client:
    client = client or Client()
    data = {"login": user.email, "password": PASSWORD}
    client.post(reverse("account_login"), data, headers={"User-Agent": agent})
    return client


def sessions(client: Client) -> list[tuple[str, bool]]:
    page: Any = client.get(reverse("account_sessions"))
    return [(one.device, one.is_current) for one in page.context["sessions"]]


def test_own_sessions_are_listed_and_one_is_ended(anna: User) -> None:
    here, there = sign_in(anna), sign_in(anna, agent=PHONE)
    assert sessions(here) == [("Firefox on Windows", True), ("Safari on iPhone", False)]
    phone = SignIn.objects.get(user_agent=PHONE)
    here.post(reverse("account_end_session", args=[phone.pk]))
    assert there.get(INSIDE).status_code == 302
    assert here.get(INSIDE).status_code == 200
    assert sessions(here) == [("Firefox on Windows", True)]
    again = here.post(reverse("account_end_session", args=[phone.pk]))
    assert again.status_code == 404


def test_all_others_are_ended_at_once(anna: User) -> None:
    here = sign_in(anna)
    others = [sign_in(anna, agent=PHONE) for _number in range(2)]
    here.post(reverse("account_end_other_sessions"))
    assert [other.get(INSIDE).status_code for other in others] == [302, 302]
    assert here.get(INSIDE).status_code == 200


def test_nobody_ends_or_sees_sessions_of_others(anna: User, world: World) -> None:
    here = sign_in(anna)
    theirs = SignIn.objects.get()
    stranger = Client()
    stranger.force_login(world.mallory.user)
    assert sessions(stranger) == []
    assert stranger.post(reverse("account_end_session", args=[theirs.pk])).status_code == 404
    assert here.get(INSIDE).status_code == 200


def test_new_password_keeps_this_session_and_ends_the_others(anna: User) -> None:
    here, there = sign_in(anna), sign_in(anna, agent=PHONE)
    new = "another-good-password"
    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert sessions(here) == [("Firefox on Windows", True)]
    assert there.get(INSIDE).status_code == 302


def test_use_is_written_down_not_more_than_every_quarter_of_an_hour(anna: User) -> None:
    here = sign_in(anna)
    before = SignIn.objects.get().last_seen_at
    here.get(INSIDE)
    with CaptureQueriesContext(connection) as seen:
        here.get(INSIDE)
    assert not [one for one in seen if "partners_signin" in one["sql"]]
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        here.get(INSIDE)
    assert SignIn.objects.get().last_seen_at > before


def test_new_device_is_told_by_mail_and_known_ones_are_not(anna: User) -> None:
    home = sign_in(anna)
    # Nobody is told of their very first sign-in.
    assert mails_to("@") == []
    home.post(reverse("account_logout"))
    sign_in(anna, client=home)
    assert mails_to("@") == []
    phone = sign_in(anna, agent=PHONE)
    (letter,) = mails_to("@")
    assert letter.to == [f"Anna Kowalska <{anna.email}>"]
    assert letter.subject == "New sign-in to the deal desk: Safari on iPhone"
    assert reverse("account_sessions") in str(letter.body)
    sign_in(anna, agent=PHONE, client=phone)
    assert len(mails_to("@")) == 1


@pytest.mark.parametrize("is_kept", [True, False])
def test_session_and_device_survive_a_new_key_as_long_as_the_old_one_is_known(
    anna: User, settings: Settings, is_kept: bool
) -> None:
    client = sign_in(anna)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if is_kept else []
    settings.SECRET_KEY = "another-secret-key"
    request = RequestFactory().get("/")
    request.COOKIES["known_device"] = client.cookies["known_device"].value
    assert is_known_device(request, anna) is is_kept
    assert client.get(reverse("account")).status_code == (200 if is_kept else 302)


def test_device_of_somebody_else_is_new(anna: User, world: World) -> None:
    with as_owner():
        world.bob.user.set_password(PASSWORD)
        world.bob.user.save()
    shared = sign_in(world.bob.user)
    sign_in(anna)
    shared.post(reverse("account_logout"))
    sign_in(anna, client=shared)
    assert [letter.to for letter in mails_to("@")] == [[f"Anna Kowalska <{anna.email}>"]]


def test_cookie_that_was_tampered_with_is_no_known_device(anna: User) -> None:
    client = sign_in(anna)
    client.post(reverse("account_logout"))
    client.cookies["known_device"] = client.cookies["known_device"].value.replace(":", "x:", 1)
    sign_in(anna, client=client)
    assert len(mails_to("@")) == 1


def test_name_and_phone_are_ones_own_to_change(anna: User) -> None:
    client = Client()
    client.force_login(anna)
    given = {"first_name": "Anna Maria", "last_name": "Nowa", "phone": "+48 22 555 00 11"}
    assert client.post(reverse("account"), {**given, "email": "x@y.example"}).status_code == 302
    anna.refresh_from_db()
    assert (anna.full_name, str(anna.phone)) == ("Anna Maria Nowa", "+48 22 555 00 11")
    assert anna.email == "anna@contoso.example"
    for wrong in ({"phone": "12"}, {"first_name": " "}):
        refused = client.post(reverse("account"), {**given, **wrong})
        assert refused.status_code == 422


@pytest.mark.parametrize("name", ["account", "account_sessions", "mfa_index"])
def test_own_pages_ask_to_sign_in(name: str) -> None:
    assert Client().get(reverse(name))["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Windows"),
        (PHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Linux"),
        ("", "A browser that does not say its name"),
    ],
)
def test_devices_have_names(agent: str, name: str) -> None:
    assert name_of_device(agent) == name


def news_of(member: Membership) -> list[Item]:
    resolve_notices()
    client = Client()
    client.force_login(member.user)
    page: Any = client.get(reverse("notifications:list", args=[member.organization.slug]))
    items: list[Item] = page.context["items"]
    return items


def test_new_device_is_told_where_the_person_worked_last(anna: User, world: World) -> None:
    now = timezone.now()
    other = MembershipFactory(organization=world.fabrikam.organization, user=anna, last_seen_at=now)
    with as_owner():
        Membership.objects.filter(pk=world.anna.pk).update(last_seen_at=now - timedelta(days=9))
    sign_in(anna)
    sign_in(anna, agent=PHONE)
    (item,) = news_of(other)
    assert item.about == "New sign-in to the deal desk: Safari on iPhone"
    assert news_of(world.anna) == []


def test_page_of_sessions_marks_the_news_read_that_led_to_it(anna: User, world: World) -> None:
    sign_in(anna)
    phone = sign_in(anna, agent=PHONE)
    (item,) = news_of(world.anna)
    page = reverse("account_sessions")
    with CaptureQueriesContext(connection) as captured:
        phone.get(page)
    assert "notifications_" not in str(captured.captured_queries)
    assert item.url.startswith(page)
    assert phone.get(item.url).status_code == 200
    (item,) = news_of(world.anna)
    assert not item.is_unread


def test_new_device_of_who_belongs_nowhere_is_not_told(anna: User, world: World) -> None:
    with as_owner():
        Membership.objects.filter(pk=world.anna.pk).update(is_active=False)
    sign_in(anna)
    assert "_auth_user_id" in sign_in(anna, agent=PHONE).session
    with as_owner():
        assert not Notice.objects.exists()
