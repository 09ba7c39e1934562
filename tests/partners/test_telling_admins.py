"""What the vendor's admin is told about a mail that was sent, or could not be."""

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from partners.models import Membership, User
from tests.identity import as_owner
from tests.partners.test_partner_organizations import ADD, LIST, give_password, typed
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

REMIND = f"{LIST}litware-lodz/remind/"
BUTTON = "Send the link again<span"


@pytest.fixture
def victor(client: Client, world: World) -> Client:
    for member in (world.piotr, world.frank):
        give_password(member.user)
    client.force_login(world.victor.user)
    return client


def disconnect(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9


def connect(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def test_newcomer_gets_a_link(victor: Client) -> None:
    page = victor.post(ADD, typed(), follow=True).text
    assert "Litware Łódź is added. Ewa Sikora gets a mail with a link" in page
    page = victor.post(REMIND, follow=True).text
    assert "The admin of Litware Łódź gets a new mail." in page
    assert [one.to for one in mail.outbox] == [["ewa.sikora@litware.example"]] * 2


def test_name_of_a_known_account_is_not_told(victor: Client) -> None:
    sent = typed(email="FRANK@fabrikam.example", first_name="Typed", last_name="Name")
    page = victor.post(ADD, sent, follow=True).text
    assert "Typed Name has an account already and is told by mail." in page
    assert "Frank" not in page
    assert BUTTON not in page
    assert mail.outbox[0].subject == "Litware Łódź is now at the deal desk"


@pytest.mark.parametrize("email", ["frank@fabrikam.example", "ewa.sikora@litware.example"])
def test_mail_that_failed_is_admitted_and_sent_again(
    victor: Client, settings: Settings, email: str
) -> None:
    disconnect(settings)
    page = victor.post(ADD, typed(email=email), follow=True).text
    assert "Litware Łódź is added, but the mail to Ewa Sikora could not be sent." in page
    assert page.count(BUTTON) == 1
    page = victor.post(REMIND, follow=True).text
    assert "The mail to the admin of Litware Łódź could not be sent." in page
    assert page.count(BUTTON) == 1
    connect(settings)
    page = victor.post(REMIND, follow=True).text
    assert "The admin of Litware Łódź gets a new mail." in page
    assert "Frank" not in page
    (sent,) = mail.outbox
    assert sent.to == [email]
    with as_owner():
        user = User.objects.get(email=email)
        assert not Membership.objects.filter(awaits_mail=True).exists()
    # A link can be lost; who signs in with a password has no need of another mail.
    assert (BUTTON in page) == (not user.has_usable_password())
    assert ("password/reset" in str(sent.body)) == (not user.has_usable_password())
