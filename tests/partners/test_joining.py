"""Inviting by e-mail, and what the link opens (1.3)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from cosell.core.errors import NotAllowed
from partners.joining import Invited, invite_person
from partners.models import JoinInvitation, Membership, User
from partners.people import Standing
from partners.permissions import Role
from tests.factories import LocationFactory, UserFactory
from tests.identity import as_owner, set_session_role
from tests.partners.test_partner_organizations import give_password
from tests.world import World

pytestmark = pytest.mark.django_db

LIST = "/o/contoso/people/"
INVITE = f"{LIST}invite/"
EWA = "ewa.sikora@contoso.example"
PASSWORD = "a-good-long-password"
NEWCOMER = {
    "first_name": "Ewa", "last_name": "Sikora", "phone": "22 123 45 67", "password": PASSWORD,
}  # fmt: skip


@pytest.fixture
def piotr(client: Client, world: World) -> Client:
    client.force_login(world.piotr.user)
    return client


def invited(world: World, email: str = EWA, role: Role = Role.OBSERVER) -> Invited:
    with world.as_member(world.piotr):
        return invite_person(world.piotr, email=email, standing=Standing(role))


def path_of(given: Invited) -> str:
    return f"/account/join/contoso/{given.secret}/"


def link_in(sent: Any) -> str:
    found = re.search(r"http\S+(/account/join/\S+)", str(sent.body))
    assert found
    return found.group(1)


def member_of(email: str) -> Membership:
    with as_owner():
        return Membership.objects.get(organization__slug="contoso", user__email=email)


def test_colleague_is_invited_with_a_role_and_a_location_and_joins(
    piotr: Client, world: World,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    berlin = LocationFactory(organization=world.contoso.organization, name="Contoso Berlin")
    sent = {"email": "Ewa.Sikora@Contoso.example", "role": "referrals_admin"}
    with django_capture_on_commit_callbacks(execute=True):
        assert piotr.post(INVITE, {**sent, "locations": [berlin.pk]}).status_code == 302
    (letter,) = mail.outbox
    assert letter.to == [EWA]
    assert letter.subject == "Piotr Nowak invites you to join Contoso at the deal desk"
    assert "Referrals admin (Contoso Berlin)" in str(letter.body)
    assert "Good until" in piotr.get(LIST).text
    ewa = Client()
    path = link_in(letter)
    assert "Piotr Nowak invited you" in ewa.get(path).text
    done = ewa.post(path, NEWCOMER, follow=True)
    assert done.redirect_chain[-1][0] == "/o/contoso/deals/inbound/"
    assert "Welcome to Contoso." in done.text
    member = member_of(EWA)
    assert (member.role, member.user.full_name) == (Role.REFERRALS_ADMIN, "Ewa Sikora")
    assert str(member.user.phone) == "+48 22 123 45 67"
    with as_owner():
        assert [scope.location for scope in member.scopes.all()] == [berlin]
    again = Client().get(path)
    assert again.status_code == 410
    assert "It was used already" in again.text
    assert EWA not in piotr.get(LIST).text.split("<tbody>")[0]


def test_secret_is_only_in_the_mail(world: World) -> None:
    given = invited(world)
    with as_owner():
        row = JoinInvitation.objects.values().get()
    assert given.secret not in str(row)


def test_somebody_with_an_account_signs_in_and_confirms(world: World) -> None:
    give_password(world.frank.user)
    given = invited(world, "frank@fabrikam.example")
    path = path_of(given)
    frank = Client()
    page = frank.get(path)
    assert f'href="/account/login/?next={path}"' in page.text
    assert frank.post(path, NEWCOMER).status_code == 403
    frank.force_login(User.objects.get(pk=world.frank.user_id))
    assert "Join Contoso" in frank.get(path).text
    assert frank.post(path).headers["Location"] == "/o/contoso/"
    member = member_of("frank@fabrikam.example")
    assert (member.role, member.user.first_name) == (Role.OBSERVER, "Frank")


def test_account_without_a_password_gets_its_first_one(world: World) -> None:
    UserFactory(email=EWA, first_name="Ewa", last_name="Typo", password="!unset")
    path = path_of(invited(world))
    assert 'value="Typo"' in Client().get(path).text
    assert Client().post(path, NEWCOMER).status_code == 302
    assert member_of(EWA).user.check_password(PASSWORD)


def test_link_is_for_the_invited_person_alone(client: Client, world: World) -> None:
    path = path_of(invited(world))
    client.force_login(world.mallory.user)
    page = client.get(path)
    assert f"The invitation is for {EWA}" in page.text
    assert client.post(path, NEWCOMER).status_code == 403
    with as_owner():
        assert not Membership.objects.filter(
            organization=world.contoso.organization, user=world.mallory.user
        ).exists()
    out = client.post("/account/logout/", {"next": path})
    assert out.headers["Location"] == path


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"first_name": ""}, "first_name", "required"),
        ({"phone": "12"}, "phone", "with its country code"),
        ({"password": "short"}, "password", "too short"),
        ({"password": "ewa.sikora@contoso"}, "password", "too similar"),
    ],
)
def test_newcomer_corrects_what_is_wrong(
    world: World, wrong: dict[str, str], field: str, sentence: str
) -> None:
    response = Client().post(path_of(invited(world)), {**NEWCOMER, **wrong})
    assert response.status_code == 422
    assert re.search(rf'id="id_{field}_error".*?{sentence}', response.text, re.DOTALL)
    with as_owner():
        assert not User.objects.filter(email=EWA).exists()


def test_link_ends_after_seven_days_to_the_second(world: World) -> None:
    given = invited(world)
    for left, status in ((1, 200), (-1, 410)):
        moment = given.invitation.expires_at - timedelta(seconds=left)
        with time_machine.travel(moment, tick=False):
            page = Client().get(path_of(given))
            assert page.status_code == status
            if status == 410:
                assert "piotr@contoso.example" in page.text
                assert Client().post(path_of(given), NEWCOMER).status_code == 410
    assert given.invitation.expires_at > timezone.now() + timedelta(days=6)


def test_new_link_replaces_the_old_one(
    piotr: Client, world: World,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    given = invited(world)
    with django_capture_on_commit_callbacks(execute=True):
        piotr.post(f"{LIST}invitations/{given.invitation.pk}/send/")
    old = Client().get(path_of(given))
    assert (old.status_code, "newer mail" in old.text) == (404, True)
    assert Client().get(link_in(mail.outbox[0])).status_code == 200


def test_revoked_link_opens_nothing(piotr: Client, world: World) -> None:
    given = invited(world)
    url = f"{LIST}invitations/{given.invitation.pk}/revoke/"
    assert f"The invitation of {EWA} is revoked" in piotr.post(url, follow=True).text
    page = Client().post(path_of(given), NEWCOMER)
    assert (page.status_code, "It was taken back." in page.text) == (410, True)
    for verb in ("revoke", "send"):
        again = piotr.post(f"{LIST}invitations/{given.invitation.pk}/{verb}/")
        assert (again.status_code, "waits no more" in again.text) == (409, True)
    assert invited(world)


@pytest.mark.parametrize("secret", ["nothing", "%00", "x" * 300])
def test_made_up_link_is_none(world: World, secret: str) -> None:
    invited(world)
    for slug in ("contoso", "no-such-company"):
        page = Client().get(f"/account/join/{slug}/{secret}/")
        assert page.status_code == 404
        assert "Contoso" not in page.text


def test_link_of_another_company_opens_nothing_here(world: World) -> None:
    given = invited(world)
    assert Client().get(path_of(given).replace("contoso", "fabrikam")).status_code == 404


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("anna@contoso.example", "belongs to Contoso already"),
        ("OLGA@contoso.example", "belonged to Contoso before"),
        ("waits@contoso.example", "was invited already"),
        ("nonsense", "valid email"),
    ],
)
def test_who_cannot_be_invited_is_said_beside_the_field(
    piotr: Client, world: World, email: str, sentence: str
) -> None:
    with as_owner():
        Membership.objects.filter(pk=world.olga.pk).update(is_active=False)
    invited(world, "waits@contoso.example")
    response = piotr.post(INVITE, {"email": email, "role": "observer"})
    assert response.status_code == 422
    assert re.search(rf'id="id_email_error".*?{sentence}', response.text, re.DOTALL)


def test_mail_server_that_is_down_keeps_the_invitation(
    piotr: Client, settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with django_capture_on_commit_callbacks(execute=True):
        assert piotr.post(INVITE, {"email": EWA, "role": "observer"}).status_code == 302
    assert "Mail not sent" in piotr.get(LIST).text


def test_only_an_admin_invites(world: World) -> None:
    with world.as_member(world.anna), pytest.raises(NotAllowed):
        invite_person(world.anna, email=EWA, standing=Standing(Role.OBSERVER))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_link_clicked_four_times_at_once_works_once(world: World) -> None:
    path = path_of(invited(world))
    together = Barrier(4)

    def click(_number: int) -> int:
        try:
            set_session_role("cosell_app")
            together.wait(timeout=30)
            return Client().post(path, NEWCOMER).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(click, range(4)))
    assert answers.count(500) == 0
    with as_owner():
        assert User.objects.filter(email=EWA).count() == 1
        assert Membership.objects.filter(user__email=EWA).count() == 1
