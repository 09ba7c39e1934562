"""What the mails say, and what they never say (4.6, 7.2)."""

import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from deals.lifecycle import advance
from deals.models import CloseReason, Deal
from deals.parts import Person
from deals.transitions import Name
from notifications.services import work_off
from referrals.models import Referral
from referrals.services import expire_all_overdue, withdraw_referral
from tests.identity import as_owner
from tests.notifications.reading import everything, mails_to
from tests.notifications.smtp import Sink
from tests.world import CONTACT, World

pytestmark = pytest.mark.django_db

# What must not cross, in words that stand nowhere else.
SECRETS: dict[str, Any] = {
    "notes": "secretnotes",
    "crm_id": "secretcrm",
    "campaign_id": "secretcampaign",
}


def newest_to(email: str) -> EmailMultiAlternatives:
    return mails_to(email)[-1]


def html_of(message: EmailMultiAlternatives) -> str:
    return str(message.alternatives[0][0])


def answer(world: World, referral: Referral, name: Name, **given: Any) -> None:
    with world.as_member(world.sam):
        advance(
            Deal.objects.get(pk=referral.recipient_deal_id), name, actor=world.sam.actor, **given
        )


def test_invitation_says_who_asks_for_what_until_when(world: World, settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Warsaw"
    referral = world.referral(world.deal(name="Retail analytics"))
    message = newest_to("sam@microsoft.example")
    deadline = timezone.localtime(referral.respond_by)
    assert message.subject == "Contoso invites you: Retail analytics"
    for text in (message.body, html_of(message)):
        assert "Hello Sam Seller," in text
        assert f"{deadline.day} {deadline:%B %Y, %H:%M} {deadline.tzname()}" in text
        assert "Customer technical architecture" in text
        assert "Help us with the architecture." in text
        assert referral.customer["name"] in text
        assert f"/o/microsoft/deals/{referral.recipient_deal_id}/" in text


def test_acceptance_brings_the_contacts_of_the_other_side(world: World) -> None:
    referral = world.referral()
    world.accepted(referral)
    message = newest_to("anna@contoso.example")
    assert message.subject == "Microsoft accepted: Data platform"
    for text in (message.body, html_of(message)):
        assert "Sam Seller" in text
        assert "sam@microsoft.example" in text
        assert "+48 22 123 45 67" in text or "+48221234567" in text
        assert f"/o/contoso/deals/{referral.sender_deal_id}/" in text


def test_refusal_brings_reason_and_notes(world: World) -> None:
    referral = world.referral()
    answer(world, referral, Name.DECLINE, reason=CloseReason.OTHER, notes="No people in Poland.")
    message = newest_to("anna@contoso.example")
    assert message.subject == "Microsoft declined: Data platform"
    for text in (message.body, html_of(message)):
        assert "Others" in text
        assert "No people in Poland." in text


def test_going_on_alone_is_all_that_is_promised(world: World) -> None:
    answer(world, world.referral(), Name.DECLINE, reason=CloseReason.BUDGET)
    declined = newest_to("anna@contoso.example")
    world.overdue_referral()
    expire_all_overdue()
    expired = newest_to("anna@contoso.example")
    assert declined.subject != expired.subject
    for message in (declined, expired):
        for text in (message.body, html_of(message)):
            assert "Your deal stays open; you can go on without them." in text
            assert "again" not in text


def test_expiry_and_withdrawal_name_the_other_side(world: World) -> None:
    world.overdue_referral()
    expire_all_overdue()
    assert newest_to("anna@contoso.example").subject == "No answer from Microsoft: Data platform"
    withdrawn = world.referral(recipient=world.fabrikam)
    with world.as_member(world.anna):
        withdraw_referral(withdrawn, actor=world.anna.actor)
    assert newest_to("frank@fabrikam.example").subject == (
        "Contoso withdrew its invitation: Data platform"
    )
    ours = newest_to("anna@contoso.example")
    assert ours.subject == "Invitation to Fabrikam withdrawn: Data platform"
    assert "Anna Kowalska withdrew the invitation to Fabrikam" in ours.body


@pytest.mark.parametrize(
    ("name", "reason", "subject"),
    [
        (Name.WIN, "", "Microsoft won its deal: Data platform"),
        (Name.LOSE, CloseReason.BUDGET, "Microsoft lost its deal: Data platform"),
        (
            Name.CLOSE_AS_ERROR,
            CloseReason.TEST,
            "Microsoft closed its deal as an error: Data platform",
        ),
    ],
)
def test_closing_says_how_the_other_side_closed_and_not_why(
    world: World, name: Name, reason: str, subject: str
) -> None:
    referral = world.referral()
    world.accepted(referral)
    answer(world, referral, name, reason=reason, notes="secretreason")
    message = newest_to("anna@contoso.example")
    assert message.subject == subject
    assert "secretreason" not in everything(message)


def test_nothing_of_the_senders_own_reaches_the_recipient(world: World) -> None:
    deal = world.deal(
        **SECRETS, team=[Person("Secretive", "Colleague", "+48221234567", "secret@contoso.example")]
    )
    world.referral(deal, recipient=world.fabrikam)
    referral = world.referral(deal)
    world.accepted(referral)
    with world.as_member(world.anna):
        advance(Deal.objects.get(pk=deal.pk), Name.WIN, actor=world.anna.actor)
    messages = mails_to("sam@microsoft.example")
    assert [one.subject for one in messages] == [
        "Contoso invites you: Data platform",
        "Contoso won its deal: Data platform",
    ]
    for message in messages:
        said = everything(message).lower()
        foreign = ["secret", "fabrikam", str(deal.pk), deal.reference.lower(), CONTACT.email]
        assert [word for word in foreign if word in said] == []


def test_nothing_of_the_recipients_own_reaches_the_sender(world: World) -> None:
    referral = world.referral()
    world.accepted(referral)
    with as_owner():
        received = Deal.objects.get(pk=referral.recipient_deal_id)
        Deal.objects.filter(pk=received.pk).update(**SECRETS, name="secretname", value=987654)
    answer(world, referral, Name.LOSE, reason=CloseReason.BUDGET, notes="secretreason")
    messages = mails_to("anna@contoso.example")
    assert len(messages) == 3
    for message in messages:
        said = everything(message).lower()
        foreign = [
            "secret",
            "987,654",
            "987654",
            str(received.pk),
            received.reference.lower(),
            "budget",
        ]
        assert [word for word in foreign if word in said] == []


def test_what_others_wrote_cannot_break_out_of_the_mail(world: World) -> None:
    world.referral(
        world.deal(name="Bait\r\nBcc: all@contoso.example <b>x</b>"),
        message="<script>alert(1)</script>",
    )
    message = newest_to("sam@microsoft.example")
    assert message.message()["Bcc"] is None
    assert message.recipients() == ["Sam Seller <sam@microsoft.example>"]
    assert "<script>" not in html_of(message)
    assert "<b>" not in html_of(message)
    assert "<script>alert(1)</script>" in message.body


def test_mail_is_read_on_the_wire_as_text_and_html_with_its_own_id(
    world: World, sink: Sink
) -> None:
    world.referral(world.deal(name="Łódź – chmura"))
    work_off(seconds=60)
    received = next(one for one in sink.mails if "sam@microsoft" in str(one["To"]))
    assert received["Subject"] == "Contoso invites you: Łódź – chmura"
    assert received["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<[0-9a-f-]{36}@localhost>", str(received["Message-ID"]))
    assert _content(received, "plain").startswith("Hello Sam Seller,")
    assert "prefers-color-scheme: dark" in _content(received, "html")
    assert "style=" in _content(received, "html")


def test_readers_name_keeps_its_letters_and_cannot_add_a_reader(world: World, sink: Sink) -> None:
    deal = world.deal(team=[Person("Michał", 'Ż, "x" <all@', "+48221234567", "m@contoso.example")])
    world.referral(deal)
    work_off(seconds=60)
    invited = next(one for one in sink.mails if "Invitation sent" in str(one["Subject"]))
    readers = [(one.display_name, one.addr_spec) for one in invited["To"].addresses]
    assert readers == [('Michał Ż, "x" <all@', "m@contoso.example")]


def _content(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@pytest.mark.parametrize("member", ["sam", "anna"])
def test_link_leads_through_sign_in_to_the_readers_own_deal(
    world: World, client: Client, settings: Settings, member: str
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    referral = world.referral(world.deal(name="Retail analytics"))
    person = world.cast[member]
    with as_owner():
        person.user.set_password("sesame-open-7")
        person.user.save()
    body = str(newest_to(person.user.email).body)
    link = re.search(rf"^{re.escape(settings.SITE_URL)}(/\S+)$", body, re.MULTILINE)
    assert link
    asked = client.get(link[1])
    assert asked.status_code == 302
    signed_in = client.post(
        asked["Location"], {"login": person.user.email, "password": "sesame-open-7"}, follow=True
    )
    assert signed_in.redirect_chain[-1] == (link[1], 302)
    assert signed_in.status_code == 200
    assert "Retail analytics" in signed_in.content.decode()
    own = referral.recipient_deal_id if member == "sam" else referral.sender_deal_id
    assert str(own) in link[1]


def test_mail_tells_of_the_deadline_that_was_copied_when_sent(
    world: World, settings: Settings
) -> None:
    settings.INVITATION_DAYS = 3
    referral = world.referral()
    settings.INVITATION_DAYS = 30
    assert referral.respond_by < timezone.now() + timedelta(days=4)
    until = timezone.localtime(referral.respond_by)
    assert f"by {until.day} {until:%B %Y}" in newest_to("sam@microsoft.example").body
