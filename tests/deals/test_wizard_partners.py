"""Inviting partners while a deal is created: one, several, and the vendor with them (3.9, 3.10)."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deals.models import CustomerContact, Deal, DealEvent, Draft, EventKind
from deals.stages import DealType
from partners.models import CoSellStatus, Location, Solution
from referrals.models import Referral
from tests.deals.walking import CONSENT, CONTACT, HTMX, Walk, offers
from tests.factories import LocationFactory, OrganizationFactory, SolutionFactory
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db

ASKING = {"help_type": "architecture", "message": "Who knows claims?"}
NO_HELP = {"help_type": "none"}


@pytest.fixture
def walk(world: World, client: Client) -> Walk:
    return Walk(client, world.anna)


def sent_to() -> dict[str, Referral]:
    with as_owner():
        return {one.recipient_name: one for one in Referral.objects.order_by("sent_at")}


def test_partner_to_partner_deal_with_two_partners(world: World, walk: Walk) -> None:
    walk.to_partners(world.contoso.solution)
    second = walk.offer(world.outsider, value="2,500.50", currency="PLN", help_type="none")
    walk.advance(
        "partners", offers((world.fabrikam, walk.offer(world.fabrikam)), (world.outsider, second))
    )
    walk.advance("help", NO_HELP)
    assert walk.create().status_code == 302
    sent = sent_to()
    assert set(sent) == {"Fabrikam", "Outsider"}
    one = sent["Fabrikam"]
    assert (one.value, one.currency) == (Decimal("1000.00"), "USD")
    assert one.message == "Bring it, Fabrikam."
    assert [solution["name"] for solution in one.solutions] == ["Fabrikam Suite"]
    assert [person["email"] for person in one.people] == ["anna@contoso.example"]
    assert one.contact is None
    assert (sent["Outsider"].value, sent["Outsider"].currency) == (Decimal("2500.50"), "PLN")
    with as_owner():
        assert set(Deal.objects.values_list("type", flat=True)) == {DealType.P2P}


def test_partners_and_vendor_make_co_sell_for_everybody(world: World, walk: Walk) -> None:
    walk.to_partners(world.contoso.solution, contact={**CONTACT, **CONSENT})
    shared = walk.offer(world.fabrikam, shares_contact="on")
    walk.advance("partners", offers((world.fabrikam, shared)))
    walk.advance("help", ASKING)
    page = walk.get("review").content.decode()
    assert "Create deal and invite Fabrikam, Microsoft" in page
    walk.create()
    sent = sent_to()
    assert all(one.contact and one.contact["first_name"] == "Ewa" for one in sent.values())
    assert sent["Fabrikam"].vendor_status == "received"
    with as_owner():
        assert set(Deal.objects.values_list("type", flat=True)) == {DealType.CO_SELL}
        assert Deal.objects.count() == 3


@pytest.mark.parametrize("creator", ["anna", "sam"])
def test_contact_is_shared_with_a_partner_by_the_consent_of_the_offer(
    world: World, client: Client, creator: str
) -> None:
    """Nobody has to say that the vendor may contact the customer; of others nothing is said."""
    member = world.cast[creator]
    walk = Walk(client, member)
    walk.to_partners(world.company_of(member).solution, contact=CONTACT)
    page = walk.get("partners").content.decode()
    shared = walk.offer(world.fabrikam, shares_contact="on")
    assert "There is no contact" not in page
    walk.advance("partners", offers((world.fabrikam, shared)))
    if creator == "anna":
        walk.advance("help", NO_HELP)
    assert "The customer agrees" in walk.get("review").content.decode()
    done = walk.create()
    assert done.status_code == 302
    contact = sent_to()["Fabrikam"].contact
    assert contact
    assert contact["email"] == "ewa@customer.example"
    with as_owner():
        kept = CustomerContact.objects.get()
        invited = DealEvent.objects.get(kind=EventKind.INVITED)
        assert (kept.consent_at, kept.first_shared_at is None) == (None, False)
    assert (invited.actor_name, invited.data["counterpart"], invited.data["shares_contact"]) == (
        member.user.full_name,
        "Fabrikam",
        True,
    )
    timeline = client.get(done["Location"]).content.decode()
    assert "With the customer&#x27;s contact, as the customer agreed" in timeline


def test_review_shows_each_partner_its_own_offer_and_nothing_of_the_others(
    world: World, walk: Walk
) -> None:
    walk.to_partners(world.contoso.solution)
    walk.advance(
        "partners",
        offers(
            (world.fabrikam, walk.offer(world.fabrikam)),
            (world.outsider, walk.offer(world.outsider)),
        ),
    )
    walk.advance("help", NO_HELP)
    page = walk.get("review").content.decode()
    _head, fabrikam, outsider = page.split("Your company and ")[:3]
    assert "Bring it, Fabrikam." in fabrikam
    assert "Outsider" not in fabrikam
    assert "Bring it, Outsider." in outsider.split("Only your company")[0]
    assert f"{walk.url('partners')}" in fabrikam
    assert "NOTES-SECRET" not in fabrikam


def test_buttons_choose_and_remove_and_keep_what_was_typed(world: World, walk: Walk) -> None:
    walk.to_partners(world.contoso.solution)
    walk.send("partners", {}, button="choose_partner", value=str(world.fabrikam.pk))
    page = walk.get("partners").content.decode()
    assert 'value="480,000.00"' in page
    typed = offers((world.fabrikam, walk.offer(world.fabrikam, message="Half a sen")))
    answer = walk.send("partners", typed, button="choose_partner", value=str(world.outsider.pk))
    assert answer["Location"].endswith(f"#offer-{world.outsider.pk.hex}")
    both = walk.get("partners").content.decode()
    assert "Half a sen" in both
    assert "What you offer Outsider" in both
    typed["partners"].append(str(world.outsider.pk))
    walk.send("partners", typed, button="remove_partner", value=str(world.fabrikam.pk))
    left = walk.get("partners").content.decode()
    assert "What you offer Fabrikam" not in left
    assert "Half a sen" not in left
    assert "What you offer Outsider" in left


def test_one_offer_that_is_not_right_leaves_the_other_as_typed(world: World, walk: Walk) -> None:
    walk.to_partners(world.contoso.solution)
    bad = walk.offer(world.outsider, bring=[], value="a lot", people=[])
    sent = offers((world.fabrikam, walk.offer(world.fabrikam)), (world.outsider, bad))
    response = walk.send("partners", sent)
    page = response.content.decode()
    assert response.status_code == 422
    for said in ("Choose at least one solution.", "Name at least one of your people.", "a lot"):
        assert said in page
    assert "Bring it, Fabrikam." in page


def test_search_offers_neither_us_nor_the_vendor_nor_who_was_chosen(
    world: World, walk: Walk
) -> None:
    walk.to_partners(world.contoso.solution)
    found = walk.send("partners", {}, button="search", headers=HTMX).content.decode()
    names = [
        name for name in ("Contoso", "Fabrikam", "Outsider", "Microsoft") if name in _results(found)
    ]
    assert names == ["Fabrikam", "Outsider"]
    chosen = {"partners": [str(world.fabrikam.pk)]}
    assert "Fabrikam" not in _results(
        walk.send("partners", chosen, button="search", headers=HTMX).content.decode()
    )


def _results(page: str) -> str:
    return page.split('id="partner-results"')[1].split("</ul>")[0]


def test_search_shows_country_solutions_status_and_speed(world: World, walk: Walk) -> None:
    for _answer in range(3):
        world.accepted(world.referral(recipient=world.fabrikam), by=world.frank)
    world.accepted(world.referral(recipient=world.outsider), by=world.mallory)
    walk.to_partners(world.contoso.solution)
    found = walk.send("partners", {"partner_q": "fab"}, button="search", headers=HTMX)
    fabrikam = _results(found.content.decode())
    for said in ("Poland", "Fabrikam Suite", "Incentive eligible", "within 1 hour"):
        assert said in fabrikam
    # One answer is no habit, and would tell about that one.
    found = walk.send("partners", {"partner_q": "outs"}, button="search", headers=HTMX)
    assert "answers within" not in _results(found.content.decode())


def test_partner_that_left_the_ecosystem_is_pointed_out(world: World, walk: Walk) -> None:
    walk.to_partners(world.contoso.solution)
    walk.advance("partners", offers((world.fabrikam, walk.offer(world.fabrikam))))
    walk.advance("help", NO_HELP)
    with as_owner():
        Solution.objects.filter(organization=world.fabrikam.pk).update(
            status=CoSellStatus.IN_MARKET
        )
    response = walk.create()
    assert response.status_code == 422
    assert f"{walk.url('partners')}?check" in response.content.decode()
    page = walk.client.get(f"{walk.url('partners')}?check").content.decode()
    assert "cannot be invited any more" in page
    walk.advance("partners", {})
    assert walk.create().status_code == 302


@pytest.mark.parametrize(
    "sent",
    [
        {"partners": ["nonsense", "'; drop"]},
        {"partners": ["{microsoft}"]},
        {"partners": ["{contoso}"]},
    ],
)
def test_nobody_else_gets_in_by_a_made_up_form(
    world: World, walk: Walk, sent: dict[str, Any]
) -> None:
    ids = {"microsoft": str(world.microsoft.pk), "contoso": str(world.contoso.pk)}
    walk.to_partners(world.contoso.solution)
    walk.send("partners", {"partners": [one.format(**ids) for one in sent["partners"]]})
    page = walk.get("partners").content.decode()
    assert "What you offer" not in page


def test_invitation_goes_to_the_location_that_was_chosen(world: World, walk: Walk) -> None:
    second = LocationFactory(organization=world.fabrikam.organization, name="Fabrikam Gdańsk")
    walk.to_partners(world.contoso.solution)
    walk.send("partners", {}, button="choose_partner", value=str(world.fabrikam.pk))
    assert "Fabrikam Gdańsk, Warszawa, Poland" in walk.get("partners").content.decode()
    chosen = walk.offer(world.fabrikam, location=str(second.pk))
    walk.advance("partners", offers((world.fabrikam, chosen)))
    walk.advance("help", NO_HELP)
    walk.create()
    with as_owner():
        received = Deal.objects.get(organization=world.fabrikam.pk)
        assert received.location_id == second.pk
        assert Referral.objects.get().recipient_location_id == second.pk


def test_locations_of_companies_outside_the_ecosystem_stay_private(world: World) -> None:
    outside = OrganizationFactory(name="Outside")
    LocationFactory(organization=outside)
    with world.as_member(world.anna), connection.cursor() as cursor:
        for company, expected in ((outside.pk, 0), (world.fabrikam.pk, 1), (world.microsoft.pk, 0)):
            cursor.execute("SELECT * FROM partner_locations(%s)", [[company]])
            assert len(cursor.fetchall()) == expected
        assert not Location.objects.filter(organization=world.fabrikam.pk).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM partner_locations(%s)", [[world.fabrikam.pk]])
        assert cursor.fetchall() == []


def test_refusal_of_the_services_leads_to_the_partners(world: World, walk: Walk) -> None:
    walk.to_partners(world.contoso.solution)
    walk.advance("partners", offers((world.fabrikam, walk.offer(world.fabrikam))))
    walk.advance("help", NO_HELP)
    with as_owner():
        Location.objects.filter(organization=world.fabrikam.pk).delete()
    response = walk.create()
    assert response.status_code == 422
    assert "Fabrikam has no location yet" in response.content.decode()
    assert f"{walk.url('partners')}?check" in response.content.decode()
    with as_owner():
        assert not Deal.objects.exists()
        assert Draft.objects.exists()


def test_step_reads_as_often_for_three_partners_as_for_one(world: World, walk: Walk) -> None:
    third, unchosen = OrganizationFactory(name="Third"), OrganizationFactory(name="Unchosen")
    for company in (third, unchosen):
        SolutionFactory(organization=company)
    walk.to_partners(world.contoso.solution)
    counts = []
    for chosen in ([world.fabrikam.pk], [world.fabrikam.pk, world.outsider.pk, third.pk]):
        walk.send("partners", {"partners": [str(one) for one in chosen]}, button="search")
        with CaptureQueriesContext(connection) as queries:
            walk.get("partners")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_draft_keeps_offers_until_tomorrow(world: World, walk: Walk) -> None:
    walk.to_partners(world.contoso.solution)
    typed = offers((world.fabrikam, walk.offer(world.fabrikam, value="77")))
    walk.client.post(f"{walk.url('partners')}?autosave", {**typed, "revision": "0"}, headers=HTMX)
    assert 'value="77"' in walk.get("partners").content.decode()
