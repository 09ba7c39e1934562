"""Inviting from the deal page: partners, the vendor, and somebody once more (3.3, 3.9, 5.6)."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from deals.lifecycle import advance
from deals.models import CustomerContact, Deal
from deals.services import edit_details
from deals.stages import DealType
from deals.transitions import Name
from partners.models import Membership
from referrals.models import Referral
from tests.deals.pages import address, as_, get, text
from tests.deals.walking import CONSENT, CONTACT, HTMX, Walk, offers
from tests.factories import LocationFactory
from tests.identity import as_owner
from tests.referrals.endings import decline, ended
from tests.world import World, details_of

pytestmark = pytest.mark.django_db

ASKING = {"help_type": "architecture", "message": "Who knows claims?"}
PAGES = ("invite_partners", "invite_vendor")


def url(member: Membership, deal_id: object, name: str) -> str:
    return reverse(f"referrals:{name}", args=[member.organization.slug, deal_id])


def offer(world: World, company: Any, **changed: Any) -> dict[str, Any]:
    return Walk(as_(world.anna), world.anna).offer(company, **changed)


def seen(deal: Deal) -> dict[str, Any]:
    """What the vendor's page holds of the deal as it is now."""
    with as_owner():
        return {"version": Deal.objects.get(pk=deal.pk).version}


def invited(deal: Deal) -> dict[str, str]:
    with as_owner():
        sent = Referral.objects.filter(sender_deal=deal).order_by("sent_at")
        return dict(sent.values_list("recipient_name", "recipient_status"))


def test_private_deal_becomes_partner_to_partner(world: World) -> None:
    deal = world.deal(type=DealType.PRIVATE)
    page = url(world.anna, deal.pk, "invite_partners")
    assert f'href="{page}"' in text(get(world.anna, deal.pk))
    client = as_(world.anna)
    shown = text(client.post(page, {"choose_partner": str(world.fabrikam.pk)}))
    assert "What you offer Fabrikam" in shown
    assert 'value="25,000"' in shown
    assert "Anna Kowalska, anna@contoso.example" in shown
    sent = offers((world.fabrikam, offer(world, world.fabrikam)))
    done = client.post(page, {**sent, "send": "1"}, follow=True)
    assert "Invited: Fabrikam." in text(done)
    assert invited(deal) == {"Fabrikam": "received"}
    with as_owner():
        assert Deal.objects.get(pk=deal.pk).type == DealType.P2P


def test_missing_contact_is_asked_for_beside_the_offers(world: World) -> None:
    deal = world.deal(type=DealType.PRIVATE, contact=None)
    page, client = url(world.anna, deal.pk, "invite_partners"), as_(world.anna)
    typed = offers((world.fabrikam, offer(world, world.fabrikam, message="Half a sen")))
    half = {**typed, "contact-first_name": "Ewa", "choose_partner": str(world.outsider.pk)}
    shown = text(client.post(page, half))
    assert "Half a sen" in shown
    assert 'value="Ewa"' in shown
    assert address(world.anna, deal.pk, "edit_contact") not in shown
    shared = offers((world.fabrikam, offer(world, world.fabrikam, shares_contact="on")))
    refused = client.post(page, shared)
    assert refused.status_code == 422
    assert "Needed to share the contact." in text(refused)
    assert "Bring it, Fabrikam." in text(refused)
    assert invited(deal) == {}
    assert client.post(page, {**shared, **CONTACT}).status_code == 302
    with as_owner():
        contact = Referral.objects.get().contact
        assert CustomerContact.objects.get(deal=deal).email == "ewa@customer.example"
    assert contact
    assert contact["email"] == "ewa@customer.example"


def test_partner_is_invited_without_a_contact(world: World) -> None:
    deal = world.deal(type=DealType.PRIVATE, contact=None)
    sent = offers((world.fabrikam, offer(world, world.fabrikam)))
    page = url(world.anna, deal.pk, "invite_partners")
    assert as_(world.anna).post(page, sent).status_code == 302
    assert invited(deal) == {"Fabrikam": "received"}


def test_one_that_is_refused_keeps_what_was_typed_for_the_others(world: World) -> None:
    deal = world.deal()
    with as_owner():
        world.outsider.location.delete()
    sent = offers(
        (world.fabrikam, offer(world, world.fabrikam)),
        (world.outsider, offer(world, world.outsider)),
    )
    response = as_(world.anna).post(url(world.anna, deal.pk, "invite_partners"), sent)
    assert response.status_code == 422
    page = text(response)
    assert "Outsider has no location yet" in page.split("What you offer Outsider")[1]
    assert "Bring it, Fabrikam." in page
    assert invited(deal) == {}


def test_colleague_who_was_faster_is_pointed_out(world: World) -> None:
    deal = world.deal()
    page = url(world.anna, deal.pk, "invite_partners")
    sent = offers((world.fabrikam, offer(world, world.fabrikam)))
    world.referral(deal, sender=world.piotr, recipient=world.fabrikam)
    response = as_(world.anna).post(page, sent)
    assert response.status_code == 422
    assert "cannot be invited any more" in text(response)


def test_button_pressed_twice_invites_once_and_blames_nobody(world: World) -> None:
    deal = world.deal(type=DealType.PRIVATE)
    partners = offers((world.fabrikam, offer(world, world.fabrikam)))
    for name, sent in (("invite_partners", partners), ("invite_vendor", ASKING)):
        page, client = url(world.anna, deal.pk, name), as_(world.anna)
        sent |= seen(deal)
        assert client.post(page, sent).status_code == 302
        again = client.post(page, sent, follow=True)
        assert again.redirect_chain
        assert "Your invitation is out; it was sent once." in text(again)
        later = timezone.now() + timedelta(minutes=1)
        with time_machine.travel(later):
            assert as_(world.anna).post(page, sent).status_code == 422
    assert invited(deal) == {"Fabrikam": "received", "Microsoft": "received"}


@pytest.mark.parametrize("sent", [{}, {"partners": ["nonsense"]}])
def test_nobody_chosen_is_pointed_out(world: World, sent: dict[str, Any]) -> None:
    response = as_(world.anna).post(url(world.anna, world.deal().pk, "invite_partners"), sent)
    assert response.status_code == 422
    assert "Choose a partner." in text(response)


def test_search_leaves_out_who_takes_part_and_offers_who_is_out(world: World) -> None:
    deal = world.deal()
    world.referral(deal, recipient=world.fabrikam)
    decline(world, world.referral(deal, recipient=world.outsider), by=world.mallory)
    page = url(world.anna, deal.pk, "invite_partners")
    found = text(as_(world.anna).post(page, {"search": "1", "partner_q": ""}, headers=HTMX))
    results = found.split('id="partner-results"')[1].split("</ul>")[0]
    names = [one for one in ("Contoso", "Fabrikam", "Outsider", "Microsoft") if one in results]
    assert names == ["Outsider"]


@pytest.mark.parametrize("end", ["declined", "expired", "withdrawn"])
def test_inviting_again_shows_what_happened_before(world: World, end: str) -> None:
    deal = world.deal()
    ended(world, deal, world.fabrikam, end, by=world.frank)
    again = f"{url(world.anna, deal.pk, 'invite_partners')}?partner={world.fabrikam.pk}"
    assert f'href="{again}"' in text(get(world.anna, deal.pk))
    shown = text(as_(world.anna).get(again))
    assert f": {end.capitalize()}." in shown
    assert ("Not before spring." in shown) == (end == "declined")
    sent = offers((world.fabrikam, offer(world, world.fabrikam)))
    assert as_(world.anna).post(again, sent).status_code == 302
    page = text(get(world.anna, deal.pk))
    assert "Waiting" in page
    assert end.capitalize() in page
    assert "Invite again…" not in page


def test_vendor_later_asks_for_contact_consent_help_and_message_in_place(world: World) -> None:
    deal = world.deal(type=DealType.P2P, contact=None)
    world.accepted(world.referral(deal, recipient=world.fabrikam), by=world.frank)
    page, client = url(world.anna, deal.pk, "invite_vendor"), as_(world.anna)
    assert f'href="{page}"' in text(get(world.anna, deal.pk))
    assert "No help required" not in text(client.get(page))
    refused = client.post(page, {**seen(deal), "help_type": "none", **CONTACT})
    assert refused.status_code == 422
    assert "Confirm that the customer agreed to this." in text(refused)
    assert "ewa@customer.example" in text(refused)
    silent = {**seen(deal), **ASKING, "message": "", **CONTACT, **CONSENT}
    assert client.post(page, silent).status_code == 422
    done = client.post(page, {**seen(deal), **ASKING, **CONTACT, **CONSENT}, follow=True)
    assert "Microsoft is invited." in text(done)
    with as_owner():
        assert set(Deal.objects.values_list("type", flat=True)) == {DealType.CO_SELL}
        sent = Referral.objects.get(is_to_vendor=True)
        contact = CustomerContact.objects.get(deal=deal)
    assert sent.contact
    assert sent.contact["email"] == "ewa@customer.example"
    assert (contact.consent_by_id, contact.first_shared_at is None) == (world.anna.user_id, False)
    assert page not in text(get(world.anna, deal.pk))


def test_vendor_needs_a_consent_of_its_own_for_a_contact_that_a_partner_has(world: World) -> None:
    deal = world.deal(type=DealType.PRIVATE)
    with as_owner():
        CustomerContact.objects.update(consent_at=None, consent_by=None)
    world.referral(deal, recipient=world.fabrikam)
    page, client = url(world.anna, deal.pk, "invite_vendor"), as_(world.anna)
    shown = text(client.get(page))
    assert "Ewa Zielińska" in shown
    assert "contact-first_name" not in shown
    assert "Microsoft may contact the customer directly" in shown
    refused = client.post(page, {**seen(deal), **ASKING})
    assert refused.status_code == 422
    assert "Confirm that the customer agreed to this." in text(refused)
    assert invited(deal) == {"Fabrikam": "received"}
    half = client.post(page, {**seen(deal), **ASKING, "message": "", **CONSENT})
    assert half.status_code == 422
    assert re.search('name="contact-consent"[^>]* checked', text(half))
    someone_else = {**CONTACT, "contact-email": "jan@customer.example"}
    assert client.post(page, {**seen(deal), **ASKING, **CONSENT, **someone_else}).status_code == 302
    with as_owner():
        sent = Referral.objects.get(is_to_vendor=True)
        assert CustomerContact.objects.get(deal=deal).consent_by_id == world.anna.user_id
    assert sent.contact
    assert sent.contact["email"] == "ewa@customer.example"


def test_vendor_later_does_not_ask_for_what_is_known(world: World) -> None:
    deal = world.deal(type=DealType.PRIVATE)
    page = url(world.anna, deal.pk, "invite_vendor")
    shown = text(as_(world.anna).get(page))
    assert "Ewa Zielińska" in shown
    assert "contact-first_name" not in shown
    assert as_(world.anna).post(page, {**seen(deal), **ASKING}).status_code == 302
    again = as_(world.piotr).post(page, {**seen(deal), **ASKING})
    assert again.status_code == 422
    assert "Microsoft was invited to this deal already." in text(again)


def test_page_says_that_the_vendor_was_invited_already(world: World) -> None:
    deal = world.deal()
    told = "Microsoft was invited already."
    assert told not in text(get(world.anna, deal.pk))
    referral = world.referral(deal)
    assert told in text(get(world.anna, deal.pk))
    decline(world, referral, by=world.sam)
    page = text(get(world.anna, deal.pk))
    assert told not in page
    assert "Invite again…" in page


def test_vendor_gets_nothing_that_was_not_shown(world: World) -> None:
    deal = world.deal(type=DealType.PRIVATE)
    page, client = url(world.anna, deal.pk, "invite_vendor"), as_(world.anna)
    sent = {**seen(deal), **ASKING}
    assert f'name="version" value="{deal.version}"' in text(client.get(page))
    with world.as_member(world.bob):
        edit_details(
            Deal.objects.get(pk=deal.pk),
            actor=world.bob.actor,
            version=deal.version,
            details=details_of(value=987654),
        )
    refused = client.post(page, sent)
    assert refused.status_code == 409
    shown = text(refused)
    assert "Somebody changed the deal after you opened this page." in shown
    assert "987,654" in shown
    assert "Who knows claims?" in shown
    assert invited(deal) == {}
    assert client.post(page, {**sent, **seen(deal)}).status_code == 302


def test_vendor_is_not_asked_for_help_until_a_day_that_is_over(world: World) -> None:
    deal = world.deal(type=DealType.PRIVATE, close_date=date(2020, 1, 31))
    page = url(world.anna, deal.pk, "invite_vendor")
    refused = as_(world.anna).post(page, {**seen(deal), **ASKING})
    assert refused.status_code == 422
    shown = text(refused)
    assert "The estimated close date is over; choose a day from today on." in shown
    assert reverse("deals:edit_details", args=["contoso", deal.pk]) in shown


@pytest.mark.parametrize("name", PAGES)
def test_page_says_why_nobody_can_be_invited(world: World, name: str) -> None:
    assessment = world.deal(type=DealType.ASSESSMENT)
    received = world.accepted(world.referral(recipient=world.fabrikam), by=world.frank)
    for member, deal, why in (
        (world.anna, assessment, "Nobody can be invited to a solution assessment."),
        (world.frank, received, "Only the company that created the opportunity invites others"),
    ):
        assert why in text(get(member, deal.pk))
        response = as_(member).get(url(member, deal.pk, name))
        assert response.status_code == 422
        assert why in text(response)


@pytest.mark.parametrize("name", PAGES)
def test_closed_deal_says_who_closed_it(world: World, name: str) -> None:
    deal = world.deal()
    with world.as_member(world.anna):
        advance(Deal.objects.get(pk=deal.pk), Name.WIN, actor=world.anna.actor)
    page = text(get(world.anna, deal.pk))
    assert "Invite partners" not in page
    assert "This deal is closed; nobody can be invited any more." in page
    assert "nobody can be invited" not in text(get(world.olga, deal.pk))
    response = as_(world.anna).post(url(world.anna, deal.pk, name))
    assert response.status_code == 409
    assert "Anna Kowalska" in text(response)


@pytest.mark.parametrize("name", PAGES)
def test_others_get_nothing_and_an_observer_is_told_whom_to_ask(world: World, name: str) -> None:
    deal = world.deal()
    nothing = as_(world.mallory).get(url(world.mallory, uuid4(), name))
    for response in (
        as_(world.mallory).get(url(world.mallory, deal.pk, name)),
        as_(world.mallory).get(url(world.anna, deal.pk, name)),
        as_(world.bob).get(url(world.bob, deal.pk, name)),
    ):
        assert (response.status_code, response.content) == (404, nothing.content)
    told = as_(world.olga).get(url(world.olga, deal.pk, name))
    assert told.status_code == 403
    assert "piotr@contoso.example" in text(told)
    assert "Invite partners" not in text(get(world.olga, deal.pk))


def test_vendor_invites_more_partners_and_never_itself(world: World) -> None:
    deal = world.deal(world.sam)
    page = text(get(world.sam, deal.pk))
    assert "Invite partners…" in page
    assert "Invite Microsoft" not in page
    assert as_(world.sam).get(url(world.sam, deal.pk, "invite_vendor")).status_code == 404


def test_invited_partner_changes_its_own_and_the_inviter_sees_none_of_it(world: World) -> None:
    referral = world.referral(recipient=world.fabrikam)
    received = world.accepted(referral, by=world.frank)
    with world.as_member(world.frank):
        edit_details(
            received,
            actor=world.frank.actor,
            version=received.version,
            details=details_of(name="Ours alone", value=987654),
        )
    page = text(get(world.anna, referral.sender_deal_id))
    assert "Frank Fischer" in page
    assert "987,654" not in page
    assert "Ours alone" not in page


def test_page_reads_as_often_for_two_partners_as_for_one(world: World) -> None:
    deal = world.deal()
    client, counts = as_(world.anna), []
    LocationFactory(organization=world.fabrikam.organization)
    for chosen in ([world.fabrikam.pk], [world.fabrikam.pk, world.outsider.pk]):
        with CaptureQueriesContext(connection) as queries:
            client.post(
                url(world.anna, deal.pk, "invite_partners"),
                {"partners": [str(one) for one in chosen], "search": "1", "partner_q": "zzz"},
            )
        counts.append(len(queries))
    assert counts[0] == counts[1]
