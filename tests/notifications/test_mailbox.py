"""The demo's mailbox: read by anybody there, absent everywhere else."""

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from notifications.mailbox import KEPT, MailboxBackend
from notifications.models import DemoMail
from notifications.services import work_off
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings: Settings) -> None:
    settings.DEMO = True
    settings.EMAIL_BACKEND = "notifications.mailbox.MailboxBackend"


def send(to: str, subject: str = "Hello", *, html: str = "") -> DemoMail:
    message = EmailMultiAlternatives(subject, "In plain words: https://example.com/x", to=[to])
    if html:
        message.attach_alternative(html, "text/html")
    message.send()
    return DemoMail.objects.latest("pk")


def test_newcomer_reads_what_the_installation_told_somebody(world: World, client: Client) -> None:
    referral = world.referral(world.deal(name="Retail analytics"))
    work_off(seconds=60)
    page = client.get(reverse("notifications:mailbox"), {"q": "sam@microsoft"})
    assert page.status_code == 200
    assert "Contoso invites you: Retail analytics" in page.content.decode()
    shown = client.get(reverse("notifications:mail_body", args=[page.context["mail"].pk]))
    assert f"/o/microsoft/deals/{referral.recipient_deal_id}/" in shown.content.decode()


def test_newest_stands_first_and_open(client: Client) -> None:
    send("anna@contoso.example", "First")
    send("anna@contoso.example", "Second")
    page = client.get(reverse("notifications:mailbox"))
    assert [one.subject for one in page.context["mails"]] == ["Second", "First"]
    assert page.context["mail"].subject == "Second"


def test_search_finds_recipients_and_stays_while_reading(client: Client) -> None:
    wanted = send("Anna Kowalska <anna@contoso.example>", "Wanted")
    send("frank@fabrikam.example", "Other")
    page = client.get(reverse("notifications:mail", args=[wanted.pk]), {"q": "ANNA@"})
    assert [one.subject for one in page.context["mails"]] == ["Wanted"]
    assert f'href="/mailbox/{wanted.pk}/?q=ANNA%40"' in page.content.decode()


def test_search_without_result_and_empty_mailbox_say_what_to_do(client: Client) -> None:
    assert "No mail yet" in client.get(reverse("notifications:mailbox")).content.decode()
    send("anna@contoso.example")
    page = client.get(reverse("notifications:mailbox"), {"q": "nobody"}).content.decode()
    assert "No mail for this recipient" in page
    assert 'href="/mailbox/"' in page


def test_long_list_goes_on_with_older_mails(client: Client) -> None:
    for number in range(60):
        send("anna@contoso.example", f"Mail {number}")
    first = client.get(reverse("notifications:mailbox"))
    second = client.get(reverse("notifications:mailbox"), {"before": first.context["older"]})
    subjects = [one.subject for page in (first, second) for one in page.context["mails"]]
    assert subjects == [f"Mail {number}" for number in reversed(range(60))]
    assert second.context["older"] is None


@pytest.mark.parametrize("before", ["x", "-1", "²", "99999999999999999999999"])
def test_nonsense_in_the_address_shows_a_page(client: Client, before: str) -> None:
    send("anna@contoso.example")
    assert client.get(reverse("notifications:mailbox"), {"before": before}).status_code == 200


def test_links_in_plain_mails_work(client: Client) -> None:
    send("anna@contoso.example")
    page = client.get(reverse("notifications:mailbox")).content.decode()
    assert '<a href="https://example.com/x" rel="nofollow">' in page
    assert "<iframe" not in page


def test_what_a_mail_says_stays_in_a_frame_that_can_do_nothing(client: Client) -> None:
    html = "<html><head></head><body><script>alert(1)</script><b>Hi</b></body></html>"
    evil = send("anna@contoso.example", "<script>alert(1)</script>", html=html)
    page = client.get(reverse("notifications:mailbox"))
    assert "<script>alert(1)</script>" not in page.content.decode()
    assert f'src="/mailbox/{evil.pk}/body" sandbox="allow-top-navigation' in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    framed = client.get(reverse("notifications:mail_body", args=[evil.pk]))
    policy = framed["Content-Security-Policy"].split("; ")
    assert sorted(policy) == [
        "base-uri 'none'",
        "default-src 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-top-navigation-by-user-activation",
        "style-src 'unsafe-inline'",
    ]
    assert framed["X-Frame-Options"] == "SAMEORIGIN"


def test_other_pages_still_allow_no_frames(client: Client) -> None:
    policy = client.get(reverse("account_login"))["Content-Security-Policy"]
    assert "frame-src" not in policy
    assert "frame-ancestors 'none'" in policy


def test_each_reader_of_a_mail_gets_an_own_row() -> None:
    EmailMessage("Hello", "x", to=["a@example.com", "b@example.com"], cc=["c@example.com"]).send()
    rows = DemoMail.objects.order_by("pk")
    assert [one.to for one in rows] == ["a@example.com", "b@example.com", "c@example.com"]
    assert len({one.message_id for one in rows}) == 1


def test_oldest_mails_make_room() -> None:
    messages = [EmailMessage(f"Mail {n}", "x", to=["a@example.com"]) for n in range(KEPT + 3)]
    MailboxBackend().send_messages(messages)
    subjects = DemoMail.objects.order_by("pk").values_list("subject", flat=True)
    assert [len(subjects), subjects[0]] == [KEPT, "Mail 3"]


@pytest.mark.parametrize("name", ["mailbox", "mail", "mail_body"])
def test_without_demo_there_is_no_mailbox(client: Client, settings: Settings, name: str) -> None:
    existing = send("anna@contoso.example", html="<html><head></head></html>")
    url = reverse(f"notifications:{name}", args=[] if name == "mailbox" else [existing.pk])
    assert client.get(url).status_code == 200
    settings.DEMO = False
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("name", ["mail", "mail_body"])
def test_mail_that_is_gone_is_not_found(client: Client, name: str) -> None:
    assert client.get(reverse(f"notifications:{name}", args=[12345])).status_code == 404


def test_posting_is_refused(client: Client) -> None:
    assert client.post(reverse("notifications:mailbox")).status_code == 405


def test_list_of_any_length_takes_as_many_statements(client: Client) -> None:
    statements = []
    for _count in range(2):
        for number in range(3):
            send("anna@contoso.example", f"Mail {number}")
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("notifications:mailbox"))
        statements.append(len(captured))
    assert statements[0] == statements[1]


def test_search_for_what_no_database_stores_finds_the_rest(client: Client) -> None:
    send("anna@contoso.example")
    address = reverse("notifications:mailbox")
    assert len(client.get(address, {"q": "an\0na"}).context["mails"]) == 1
    assert client.get(address, {"before": "1\0"}).status_code == 200
