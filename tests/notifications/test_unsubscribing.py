"""Stopping mails by one click, without signing in (RFC 8058)."""

import re

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from deals.models import EventKind
from deals.parts import Person
from notifications.catalogue import DIGEST
from notifications.entries import Channel
from notifications.models import Notification, Preference, Unsubscribed
from notifications.preferences import Choice, choose
from notifications.services import resolve_notices, work_off
from notifications.unsubscribing import unsubscribe_url
from tests.identity import as_owner
from tests.notifications.smtp import Sink
from tests.world import World, person_of_member

pytestmark = pytest.mark.django_db

ELA = Person("Ela", "Freelance", "+48221234567", "Ela@freelance.example")
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def told(world: World, to: str = "anna@contoso.example") -> EmailMessage:
    """A mail about an invitation that Contoso sent."""
    world.referral(world.deal(team=[person_of_member(world.anna), ELA]))
    mail.outbox.clear()
    work_off(seconds=60)
    return next(one for one in mail.outbox if to in one.to[0])


def link_of(message: EmailMessage) -> str:
    found = re.fullmatch(
        r"<http://localhost:8000(/unsubscribe/[^>]+)>", message.extra_headers["List-Unsubscribe"]
    )
    assert found
    return found[1]


def strict() -> Client:
    """What a mail program is to this site: no session, no cookie, no token."""
    return Client(enforce_csrf_checks=True)


def test_one_click_stops_mails_of_the_kind_and_leaves_the_app(world: World) -> None:
    message = told(world)
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    answer = strict().post(link_of(message), ONE_CLICK)
    assert answer.status_code == 200
    assert "You get no more of these mails about Contoso." in answer.content.decode()
    with as_owner():
        kept = Preference.objects.get(membership=world.anna)
        assert kept.channels == {EventKind.INVITED: Channel.IN_APP}
    world.referral()
    mail.outbox.clear()
    work_off(seconds=60)
    assert not any("anna@" in one.to[0] for one in mail.outbox)
    with as_owner():
        assert Notification.objects.filter(membership=world.anna).count() == 2


def test_contact_without_membership_gets_no_more_mail_of_the_company(world: World) -> None:
    link = link_of(told(world, "Ela@freelance.example"))
    assert strict().post(link, ONE_CLICK).status_code == 200
    with as_owner():
        assert Unsubscribed.objects.get().email == "ela@freelance.example"
    told(world)
    assert not any("freelance" in one.to[0] for one in mail.outbox)
    page = strict().post(link, {"again": "1"})
    assert "You get mails again" in page.content.decode()
    assert told(world, "Ela@freelance.example")


def test_contact_of_two_companies_stops_the_mails_of_one(world: World) -> None:
    strict().post(link_of(told(world, "Ela@freelance.example")), ONE_CLICK)
    deal = world.deal(world.frank, team=[person_of_member(world.frank), ELA])
    world.referral(deal, sender=world.frank)
    mail.outbox.clear()
    work_off(seconds=60)
    assert any("freelance" in one.to[0] for one in mail.outbox)


def test_link_asks_first_and_stops_nothing_by_itself(world: World) -> None:
    link = link_of(told(world))
    for _program in range(2):
        page = strict().get(link)
        assert "A colleague invites a company to my deal" in page.content.decode()
    strict().head(link)
    with as_owner():
        assert not Preference.objects.exists()


def test_reader_stops_them_on_the_page_and_finds_the_preferences(world: World) -> None:
    link = link_of(told(world))
    page = strict().post(link, {})
    assert reverse("notifications:preferences", args=["contoso"]) in page.content.decode()
    assert strict().post(link, {"again": "1"}).status_code == 200
    with as_owner():
        assert Preference.objects.get().channels == {EventKind.INVITED: Channel.IN_APP}


def test_digest_is_stopped_with_what_was_kept_for_it(world: World) -> None:
    with world.as_member(world.anna):
        choose(world.anna, Choice("", channels={EventKind.MENTIONED: Channel.DIGEST}))
    with as_owner():
        digest = Notification.objects.create(
            organization=world.contoso.organization, membership=world.anna, kind=DIGEST,
            digest_day=timezone.localdate(), digest_since=timezone.localdate(),
            name="Anna", email="anna@contoso.example",
        )  # fmt: skip
    link = unsubscribe_url(digest)
    assert "The daily digest of Contoso" in strict().get(link).content.decode()
    strict().post(link, ONE_CLICK)
    with as_owner():
        kept = Preference.objects.get(membership=world.anna)
        assert not kept.wants_digest
        assert kept.channel_for(EventKind.MENTIONED) == Channel.IN_APP


def test_what_was_not_signed_here_is_no_page(world: World) -> None:
    link = link_of(told(world))
    token = link.split("/")[2]
    named, _colon, signature = token.partition(":")
    other = told(world, "Ela@freelance.example")
    swapped = f"{link_of(other).split('/')[2].partition(':')[0]}:{signature}"
    for bad in ("x", named, f"{named}:", f"{token}x", f"x{token}", swapped, f":{signature}"):
        url = reverse("notifications:unsubscribe", args=[bad])
        for answer in (strict().get(url), strict().post(url, ONE_CLICK)):
            assert answer.status_code == 404, bad
    with as_owner():
        assert not Preference.objects.exists()
        Notification.objects.all().delete()
    assert strict().get(link).status_code == 404


def test_only_this_address_takes_posts_without_a_token(world: World) -> None:
    client = strict()
    client.force_login(world.anna.user)
    for name in ("notifications:read_all", "notifications:preferences"):
        assert client.post(reverse(name, args=["contoso"])).status_code == 403


def test_mail_carries_the_headers_on_the_wire(world: World, sink: Sink) -> None:
    world.referral()
    resolve_notices()
    work_off(seconds=60)
    for message in sink.mails:
        link = str(message["List-Unsubscribe"]).strip()
        assert re.fullmatch(r"<http://localhost:8000/unsubscribe/\S+>", link)
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        part = message.get_body(("plain",))
        assert part
        assert link.strip("<>") in part.get_content()
