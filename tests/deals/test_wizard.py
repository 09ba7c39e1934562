"""From an empty first step to a deal, for a partner and for the vendor."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from deals.models import CustomerContact, Deal, Direction, Draft, Status
from deals.parts import MAX_TEAM
from deals.stages import DealType
from partners.models import CoSellStatus, Location, Solution
from referrals.models import Referral
from tests.deals.walking import CONSENT, CONTACT, HTMX, Walk, in_days, offers
from tests.factories import LocationFactory, SolutionFactory
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db

ASKING = {"help_type": "architecture", "message": "Who knows claims?"}


@pytest.fixture
def walk(world: World, client: Client) -> Walk:
    return Walk(client, world.anna)


def test_partner_creates_a_private_deal(world: World, walk: Walk) -> None:
    walk.to("review", world.contoso.solution)
    response = walk.create()
    with as_owner():
        deal = Deal.objects.get()
        assert response["Location"] == deal.get_absolute_url()
        assert (deal.type, deal.status, deal.direction) == (
            DealType.PRIVATE,
            Status.ACCEPTED,
            Direction.OUTBOUND,
        )
        assert (deal.name, deal.value, deal.currency) == (
            "Claims platform",
            Decimal("480000.00"),
            "EUR",
        )
        assert (deal.notes, deal.crm_id) == ("NOTES-SECRET", "CRM-SECRET")
        assert [row.email for row in deal.team.all()] == ["anna@contoso.example"]
        assert [row.code for row in deal.solutions.all()] == [world.contoso.solution.code]
        assert not Referral.objects.exists()
        assert not CustomerContact.objects.exists()
        assert not Draft.objects.exists()


def test_partner_creates_a_co_sell_deal_and_the_vendor_gets_it(world: World, walk: Walk) -> None:
    walk.to_last_step(
        world.contoso.solution, world.microsoft.solution, contact={**CONTACT, **CONSENT}
    )
    walk.advance("help", ASKING)
    walk.create()
    with as_owner():
        deal = Deal.objects.get(organization=world.contoso.pk)
        referral = Referral.objects.get()
        received = Deal.objects.get(organization=world.microsoft.pk)
        contact = CustomerContact.objects.get(deal=deal)
    assert deal.type == received.type == DealType.CO_SELL
    assert (referral.help_type, referral.message) == ("architecture", "Who knows claims?")
    assert (referral.value, referral.currency) == (deal.value, deal.currency)
    assert referral.contact == {
        "first_name": "Ewa",
        "last_name": "Zielińska",
        "phone": "+48 22 123 45 67",
        "email": "ewa@customer.example",
    }
    assert [one["code"] for one in referral.solutions] == [
        world.contoso.solution.code,
        world.microsoft.solution.code,
    ]
    assert [one["email"] for one in referral.people] == ["anna@contoso.example"]
    assert contact.consent_by_id == world.anna.user_id
    assert (received.notes, received.crm_id, received.campaign_id) == ("", "", "")


def test_vendor_creates_a_deal_and_invites_one_partner(world: World, client: Client) -> None:
    walk = Walk(client, world.sam)
    walk.to_last_step(world.microsoft.solution, contact={**CONTACT, **CONSENT})
    chosen = walk.send("partners", {}, button="choose_partner", value=str(world.fabrikam.pk))
    assert chosen.status_code == 302
    page = walk.get("partners").content.decode()
    assert world.fabrikam.solution.name in page
    assert 'value="480,000.00"' in page
    walk.advance("partners", offers((world.fabrikam, walk.offer(world.fabrikam))))
    walk.create()
    with as_owner():
        referral = Referral.objects.get()
        deal = Deal.objects.get(organization=world.microsoft.pk)
        received = Deal.objects.get(organization=world.fabrikam.pk)
        assert [row.code for row in received.solutions.all()] == [world.fabrikam.solution.code]
    assert deal.type == DealType.CO_SELL
    assert (received.value, received.currency) == (Decimal("1000.00"), "USD")
    assert referral.contact is None


def test_vendor_shares_the_contact_only_when_asked_to(world: World, client: Client) -> None:
    walk = Walk(client, world.sam)
    walk.to_last_step(world.microsoft.solution, contact={**CONTACT, **CONSENT})
    shared = walk.offer(world.fabrikam, shares_contact="on", help_type="none", message="")
    walk.advance("partners", offers((world.fabrikam, shared)))
    walk.create()
    with as_owner():
        contact = Referral.objects.get().contact
    assert contact
    assert contact["email"] == "ewa@customer.example"


def test_vendor_chooses_a_partner_and_a_solution_before_going_on(
    world: World, client: Client
) -> None:
    walk = Walk(client, world.sam)
    walk.to_last_step(world.microsoft.solution)
    assert walk.send("partners", {}).status_code == 422
    offer = walk.offer(world.fabrikam, bring=[])
    response = walk.send("partners", offers((world.fabrikam, offer)))
    assert response.status_code == 422
    assert "Choose at least one solution." in response.content.decode()


def test_vendor_finds_only_partners_that_can_co_sell(world: World, client: Client) -> None:
    with as_owner():
        Solution.objects.filter(organization=world.outsider.pk).update(
            status=CoSellStatus.IN_MARKET
        )
    walk = Walk(client, world.sam)
    walk.to_last_step(world.microsoft.solution)
    page = walk.send("partners", {"partner_q": "fab"}, button="search", headers=HTMX)
    names = [name for name in ("Contoso", "Fabrikam", "Outsider") if name in page.content.decode()]
    assert names == ["Fabrikam"]
    everybody = walk.send("partners", {"partner_q": ""}, button="search", headers=HTMX)
    assert "Contoso" in everybody.content.decode()
    assert "Outsider" not in everybody.content.decode()


def test_asking_for_help_asks_for_message_contact_and_consent_in_place(
    world: World, walk: Walk
) -> None:
    walk.to_last_step(world.contoso.solution)
    response = walk.send("help", {"help_type": "quotes", "message": ""})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Say what you need help with." in page
    assert page.count("Needed to invite Microsoft.") == 8  # each in the summary and at its field
    assert "Confirm that the customer agreed to this." in page
    assert "Microsoft may contact the customer directly" in page
    walk.advance("help", {**ASKING, **CONTACT, **CONSENT})
    walk.create()
    with as_owner():
        contact = Referral.objects.get().contact
    assert contact
    assert contact["email"] == "ewa@customer.example"


def test_contact_given_in_the_first_step_is_not_asked_again(world: World, walk: Walk) -> None:
    walk.to_last_step(world.contoso.solution, contact={**CONTACT, **CONSENT})
    page = walk.get("help").content.decode()
    assert "ewa@customer.example" in page
    assert "contact-first_name" not in page


def test_private_deal_with_incentive_eligible_solution_is_warned_of(
    world: World, walk: Walk
) -> None:
    plain = SolutionFactory(organization=world.contoso.organization)
    walk.to_last_step(plain)
    warning = "cannot be registered for incentives"
    assert warning not in walk.get("help").content.decode()
    walk.advance("solutions", {"solutions": [str(world.contoso.solution.pk)]})
    assert warning in walk.get("help").content.decode()


def test_review_says_what_the_vendor_sees_and_what_stays(world: World, walk: Walk) -> None:
    walk.to_last_step(world.contoso.solution, contact={**CONTACT, **CONSENT})
    walk.advance("help", ASKING)
    page = walk.get("review").content.decode()
    shared, own = page.split("Only your company")
    for fact in ("Claims platform", "ewa@customer.example", "Who knows claims?", "480,000"):
        assert fact in shared
    for fact in ("NOTES-SECRET", "CRM-SECRET", "CAMPAIGN-SECRET", "Contoso main"):
        assert fact in own
        assert fact not in shared
    assert "Create deal and invite Microsoft" in own


def test_review_says_what_goes_on_being_shared(world: World, client: Client, walk: Walk) -> None:
    walk.to("review", world.contoso.solution, contact={**CONTACT, **CONSENT})
    seen = "sees the status and the sales stage of your deal as they change"
    assert seen not in walk.get("review").content.decode()
    walk.advance("help", ASKING)
    shared, own = walk.get("review").content.decode().split("Only your company")
    assert f"Microsoft {seen}" in shared
    assert seen not in own


def test_deal_is_made_only_as_it_was_reviewed(world: World, walk: Walk) -> None:
    walk.to("review", world.contoso.solution, contact={**CONTACT, **CONSENT})
    seen = walk.seen
    other_tab = {**ASKING, "revision": walk.revision("help")}
    walk.client.post(f"{walk.url('help')}?autosave", other_tab, headers=HTMX)
    response = walk.create(seen=seen)
    page = response.content.decode()
    assert response.status_code == 409
    assert "The deal was not created: the draft has changed" in page
    assert "Create deal and invite Microsoft" in page
    with as_owner():
        assert not Deal.objects.exists()
    assert walk.create(seen="").status_code == 409
    assert walk.create().status_code == 302
    with as_owner():
        assert Referral.objects.count() == 1


def test_review_is_no_other_after_going_back_and_forth(world: World, walk: Walk) -> None:
    walk.to("review", world.contoso.solution)
    seen = walk.seen
    walk.advance("help", {"help_type": "none"})
    assert walk.create(seen=seen).status_code == 302


def test_review_of_a_private_deal_shows_nobody_else(world: World, walk: Walk) -> None:
    walk.to("review", world.contoso.solution)
    page = walk.get("review").content.decode()
    assert "Your company and Microsoft" not in page
    assert "Microsoft sees nothing" in page
    assert "Create deal and invite" not in page


def test_review_leads_to_the_step_whose_solution_was_retired_meanwhile(
    world: World, walk: Walk
) -> None:
    walk.to("review", world.microsoft.solution)
    with as_owner():
        Solution.objects.filter(pk=world.microsoft.solution.pk).update(retired_at=timezone.now())
    response = walk.create()
    assert response.status_code == 422
    assert f"{walk.url('solutions')}?check" in response.content.decode()
    assert "no longer offered" in response.content.decode()
    page = walk.client.get(f"{walk.url('solutions')}?check").content.decode()
    assert "A solution that is no longer offered" in page
    with as_owner():
        assert not Deal.objects.exists()
        assert Draft.objects.exists()


def test_review_notices_that_the_location_is_gone(world: World, walk: Walk) -> None:
    second = LocationFactory(organization=world.contoso.organization)
    walk.to("details")
    with as_owner():
        main = Location.objects.get(pk=world.contoso.location.pk)
    details = {**_details(walk, main), "location": str(second.pk)}
    walk.advance("details", details)
    walk.advance("team", walk.team)
    walk.advance("solutions", {"solutions": [str(world.contoso.solution.pk)]})
    walk.advance("partners", {})
    walk.advance("help", {"help_type": "none"})
    with as_owner():
        second.delete()
    response = walk.create()
    assert response.status_code == 422
    assert "not available any more" in response.content.decode()


def _details(walk: Walk, location: Location) -> dict[str, str]:
    return {
        "name": "Claims platform",
        "value": "1",
        "currency": "EUR",
        "close_date": in_days(10),
        "location": str(location.pk),
    }


def test_refusal_of_the_services_is_shown_on_the_review(world: World, walk: Walk) -> None:
    walk.to_last_step(world.contoso.solution, contact={**CONTACT, **CONSENT})
    walk.advance("help", ASKING)
    with as_owner():
        Location.objects.filter(organization=world.microsoft.pk).delete()
    response = walk.create()
    assert response.status_code == 422
    assert "has no location yet" in response.content.decode()
    with as_owner():
        assert not Deal.objects.exists()
        assert Draft.objects.exists()


def test_sending_the_review_twice_makes_one_deal(world: World, walk: Walk) -> None:
    walk.to("review", world.contoso.solution)
    first, second = walk.create(), walk.create()
    assert first["Location"] == second["Location"]
    with as_owner():
        assert Deal.objects.count() == 1
    for key in ("customer", "review"):
        assert walk.get(key)["Location"] == first["Location"]
    assert walk.client.get(f"{walk.base}{walk.draft_id}/")["Location"] == first["Location"]


def test_autosave_that_arrives_after_the_deal_is_quiet(world: World, walk: Walk) -> None:
    walk.to("review", world.contoso.solution)
    walk.create()
    late = walk.client.post(f"{walk.url('help')}?autosave", ASKING, headers=HTMX)
    assert late.status_code == 204


def test_referrals_user_stays_on_the_team(world: World, client: Client) -> None:
    walk = Walk(client, world.bob)
    walk.to("team")
    assert "stay on this one" in walk.get("team").content.decode()
    without = Walk(Client(), world.anna).team
    response = walk.send("team", without)
    assert response.status_code == 422
    assert "bob@contoso.example" in response.content.decode()
    walk.advance("team", walk.team)


def test_location_is_asked_for_only_when_there_are_several(world: World, walk: Walk) -> None:
    walk.to("details")
    assert 'type="hidden" name="location"' in walk.get("details").content.decode()
    second = LocationFactory(organization=world.contoso.organization)
    assert f'<option value="{second.pk}">' in walk.get("details").content.decode()


def test_recent_contact_is_added_with_one_click(world: World, walk: Walk) -> None:
    world.deal(world.piotr)
    walk.to("team")
    fragment = walk.send(
        "team", walk.team, button="add_person", value="piotr@contoso.example", headers=HTMX
    ).content.decode()
    assert "<html" not in fragment
    assert 'value="piotr@contoso.example"' in fragment
    assert 'data-announce="2 people"' in fragment
    assert walk.send("team", walk.team, button="add_person", value="").status_code == 302
    assert walk.get("team").content.decode().count('class="person-form"') == 2


def test_team_has_room_for_fifty(world: World, walk: Walk) -> None:
    walk.to("team")
    cells: dict[str, str] = {}
    for number in range(MAX_TEAM + 1):
        row = {"first_name": "A", "last_name": "B", "email": f"p{number}@x.example"}
        row["phone"] = "+48221234567"
        cells |= {f"people-{number}-{name}": text for name, text in row.items()}
    assert walk.send("team", cells).status_code == 422
    for name in [name for name in cells if name.startswith(f"people-{MAX_TEAM}-")]:
        del cells[name]
    walk.advance("team", cells)


def test_solutions_are_found_by_kind_and_words(world: World, walk: Walk) -> None:
    SolutionFactory(organization=world.fabrikam.organization, name="Zebra analytics")
    hidden = SolutionFactory(
        organization=world.fabrikam.organization, name="Zebra beta", status=CoSellStatus.IN_MARKET
    )
    walk.to("solutions")
    page = walk.client.get(f"{walk.url('solutions')}?kind=partners&q=fabrikam+zebra")
    text = page.content.decode()
    assert "Zebra analytics" in text
    assert "Fabrikam Suite" not in text
    assert hidden.name not in text
    assert "Contoso Suite" in walk.get("solutions").content.decode()


def test_solution_buttons_work_with_and_without_a_script(world: World, walk: Walk) -> None:
    walk.to("solutions")
    ours, theirs = str(world.contoso.solution.pk), str(world.microsoft.solution.pk)
    plain = walk.client.post(f"{walk.url('solutions')}?kind=vendor", {"add_solution": theirs})
    assert plain["Location"] == f"{walk.url('solutions')}?kind=vendor"
    sent = {"solutions": [theirs], "add_solution": ours}
    fragment = walk.client.post(walk.url("solutions"), sent, headers=HTMX).content.decode()
    assert "<html" not in fragment
    assert fragment.count('<input type="hidden" name="solutions"') == 2
    walk.advance("solutions", {"solutions": [theirs, ours]})


def test_company_without_ready_solution_is_told_why_and_whom_to_ask(
    world: World, client: Client
) -> None:
    with as_owner():
        Solution.objects.filter(organization=world.contoso.pk).update(status=CoSellStatus.IN_MARKET)
    client.force_login(world.anna.user)
    response = client.get(reverse("deals:new", args=["contoso"]))
    assert response.status_code == 403
    page = response.content.decode()
    assert "<h1>Your company cannot create deals yet</h1>" in page
    assert "Contoso has no published solution that is co-sell ready" in page
    assert "These people look after your company&#x27;s solutions:" in page
    assert "piotr@contoso.example" in page
    assert "change your role" not in page


def test_vendor_needs_no_solution_of_its_own(world: World, client: Client) -> None:
    with as_owner():
        Solution.objects.filter(organization=world.microsoft.pk).delete()
    client.force_login(world.sam.user)
    assert client.get(reverse("deals:new", args=["microsoft"])).status_code == 200


def test_observer_is_told_whom_to_ask(world: World, client: Client) -> None:
    client.force_login(world.olga.user)
    response = client.get(reverse("deals:new", args=["contoso"]))
    assert response.status_code == 403
    assert "Piotr Nowak" in response.content.decode()
