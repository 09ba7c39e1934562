import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from deals.lifecycle import advance
from deals.models import CustomerContact, Deal, DealEvent, EventKind, Status
from deals.services import edit_details, edit_solutions, edit_team
from deals.transitions import Name
from partners.models import Membership
from tests.deals.conftest import OneDeal
from tests.deals.pages import HTMX, address, as_, details_data, get, people_data, post, text
from tests.deals.walking import Walk, shown_consent
from tests.factories import SolutionFactory
from tests.identity import as_owner
from tests.world import World, details_of, person_of_member

pytestmark = pytest.mark.django_db
PAGES = ["edit_details", "edit_team", "edit_solutions", "edit_contact"]
CONTACT = {
    "contact-first_name": "Jan",
    "contact-last_name": "Malinowski",
    "contact-email": "jan@customer.example",
    "contact-phone": "+48 22 765 43 21",
}


@pytest.fixture
def world(one_deal: OneDeal) -> World:
    return one_deal.world


def reload(deal: Deal) -> Deal:
    with as_owner():
        return Deal.objects.get(pk=deal.pk)


def kinds(deal: Deal) -> list[str]:
    with as_owner():
        events = DealEvent.objects.filter(deal=deal).order_by("id")
        return list(events.values_list("kind", flat=True))


def team_of(deal: Deal) -> list[str]:
    with as_owner():
        return list(deal.team.values_list("email", flat=True))


def solutions_of(deal: Deal) -> list[str]:
    with as_owner():
        return list(deal.solutions.values_list("name", flat=True))


def edit_as(world: World, member: Membership, deal: Deal, **changed: Any) -> None:
    with world.as_member(member):
        now = Deal.objects.get(pk=deal.pk)
        edit_details(now, actor=member.actor, version=now.version, details=details_of(**changed))


def test_details_are_filled_in_and_saved(world: World) -> None:
    deal = world.deal(crm_id="CRM-1")
    page = text(get(world.anna, deal.pk, "edit_details"))
    assert 'value="CRM-1"' in page
    assert f'name="version" value="{deal.version}"' in page
    data = details_data(deal, name="New name", value="30 000,50", notes="New notes")
    response = post(world.anna, deal.pk, "edit_details", data=data)
    assert response.status_code == 302
    saved = reload(deal)
    assert (saved.name, str(saved.value), saved.notes) == ("New name", "30000.50", "New notes")
    assert kinds(deal) == [EventKind.CREATED, EventKind.EDITED]


def test_wrong_details_are_refused_and_kept(world: World, deal: Deal) -> None:
    data = details_data(deal, name="", notes="Typed before")
    response = post(world.anna, deal.pk, "edit_details", data=data)
    assert response.status_code == 422
    assert "Typed before" in text(response)
    assert f'name="version" value="{deal.version}"' in text(response)
    assert reload(deal).notes == ""


def test_second_editor_sees_who_changed_what_and_loses_nothing(world: World) -> None:
    deal = world.deal(notes="Old notes")
    edit_as(world, world.piotr, deal, value=48000, notes="Board meets in December.")
    typed = details_data(deal, value="50000", notes="Ask for a reference.", crm_id="CRM-9")
    response = post(world.anna, deal.pk, "edit_details", data=typed)
    page = text(response)
    assert response.status_code == 409
    for shown in ("<strong>Piotr Nowak</strong> changed the details", "50,000\u00a0EUR",
                  "48,000\u00a0EUR", "Board meets in December.", 'value="50000"',
                  "Ask for a reference.", 'value="CRM-9"', "Save mine on top"):  # fmt: skip
        assert shown in page
    assert reload(deal).crm_id == ""
    assert f'name="version" value="{reload(deal).version}"' in page


def test_saving_on_top_of_the_new_version_works(world: World, deal: Deal) -> None:
    edit_as(world, world.piotr, deal, value=48000)
    typed = details_data(deal, value="50000")
    assert post(world.anna, deal.pk, "edit_details", data=typed).status_code == 409
    typed["version"] = reload(deal).version
    assert post(world.anna, deal.pk, "edit_details", data=typed).status_code == 302
    assert str(reload(deal).value) == "50000.00"


def test_field_that_only_the_other_changed_is_taken_over(world: World) -> None:
    deal = world.deal(campaign_id="OLD")
    edit_as(world, world.piotr, deal, campaign_id="FROM-PIOTR")
    page = text(post(world.anna, deal.pk, "edit_details", data=details_data(deal, crm_id="MINE")))
    assert 'value="FROM-PIOTR"' in page
    assert 'value="MINE"' in page
    assert 'value="OLD"' not in page
    assert "You had not changed this" in page


def test_back_button_and_a_second_save_of_the_same_page_conflict(world: World, deal: Deal) -> None:
    first = details_data(deal, name="First")
    assert post(world.anna, deal.pk, "edit_details", data=first).status_code == 302
    again = details_data(deal, name="Second")
    again["version"] = first["version"]
    response = post(world.anna, deal.pk, "edit_details", data=again)
    assert response.status_code == 409
    assert "<strong>Anna Kowalska</strong> changed the details" in text(response)
    assert reload(deal).name == "First"


@pytest.mark.parametrize("version", ["", "nonsense", "-1", "9" * 30, "٣"])
def test_form_without_a_proper_version_conflicts(world: World, deal: Deal, version: str) -> None:
    data = details_data(deal, name="Other", version=version)
    assert post(world.anna, deal.pk, "edit_details", data=data).status_code == 409
    assert reload(deal).name == "Data platform"


def test_team_is_replaced(world: World, deal: Deal) -> None:
    assert "anna@contoso.example" in text(get(world.anna, deal.pk, "edit_team"))
    data = {"version": deal.version, **people_data(world.anna, world.bob)}
    assert post(world.anna, deal.pk, "edit_team", data=data).status_code == 302
    assert team_of(deal) == ["anna@contoso.example", "bob@contoso.example"]
    assert kinds(deal)[-1] == EventKind.TEAM_EDITED


def test_team_rows_are_added_and_removed_without_saving(world: World, deal: Deal) -> None:
    data = {"version": deal.version, **people_data(world.anna, world.bob)}
    added = text(post(world.anna, deal.pk, "edit_team", data={**data, "add_person": ""}))
    assert 'name="people-2-email"' in added
    target = {**HTMX, "HTTP_HX_TARGET": "people"}
    removed = text(
        post(world.anna, deal.pk, "edit_team", data={**data, "remove_person_0": "1"}, **target)
    )
    assert "bob@contoso.example" in removed
    assert 'name="people-1-email"' not in removed
    assert "<html" not in removed
    assert team_of(deal) == ["anna@contoso.example"]


def test_team_without_anybody_is_refused(world: World, deal: Deal) -> None:
    response = post(world.anna, deal.pk, "edit_team", data={"version": deal.version})
    assert response.status_code == 422
    assert team_of(deal) == ["anna@contoso.example"]


def test_referrals_user_stays_on_the_team(world: World) -> None:
    deal = world.deal(team=[person_of_member(world.anna), person_of_member(world.bob)])
    data = {"version": deal.version, **people_data(world.anna)}
    response = post(world.bob, deal.pk, "edit_team", data=data)
    assert response.status_code == 422
    assert "Stay on the team yourself (bob@contoso.example)" in text(response)


def test_second_editor_of_the_team_sees_who_differs(world: World, deal: Deal) -> None:
    with world.as_member(world.piotr):
        team = [person_of_member(world.anna), person_of_member(world.piotr)]
        edit_team(
            Deal.objects.get(pk=deal.pk), actor=world.piotr.actor, version=deal.version, team=team
        )
    data = {"version": deal.version, **people_data(world.anna, world.bob)}
    response = post(world.anna, deal.pk, "edit_team", data=data)
    page = text(response)
    assert response.status_code == 409
    assert "<strong>Piotr Nowak</strong> changed the team" in page
    assert '<th scope="row">Bob Baker</th>' in page
    assert '<th scope="row">Piotr Nowak</th>' in page
    assert '<th scope="row">Anna Kowalska</th>' not in page
    assert 'value="bob@contoso.example"' in page


def test_solutions_are_replaced(world: World, deal: Deal) -> None:
    theirs = SolutionFactory(organization=world.fabrikam.organization, name="Factory Cloud")
    chosen = [str(world.contoso.solution.pk)]
    added = text(
        post(
            world.anna,
            deal.pk,
            "edit_solutions",
            data={"version": deal.version, "solutions": chosen, "add_solution": str(theirs.pk)},
        )
    )
    assert f'name="solutions" value="{theirs.pk}"' in added
    assert solutions_of(deal) == ["Contoso Suite"]
    data = {"version": deal.version, "solutions": [*chosen, str(theirs.pk)]}
    assert post(world.anna, deal.pk, "edit_solutions", data=data).status_code == 302
    assert solutions_of(deal) == ["Contoso Suite", "Factory Cloud"]


def test_tabs_and_search_keep_what_is_chosen(world: World, deal: Deal) -> None:
    theirs = SolutionFactory(organization=world.fabrikam.organization, name="Factory Cloud")
    chosen = [str(theirs.pk)]
    searched = text(
        post(
            world.anna,
            deal.pk,
            "edit_solutions",
            data={"version": deal.version, "solutions": chosen, "search": "1", "q": "suite"},
        )
    )
    assert f'name="solutions" value="{theirs.pk}"' in searched
    kept = f"&amp;version={deal.version}&amp;solutions={theirs.pk}"
    assert f'href="?kind=partners&amp;q=suite{kept}"' in searched
    path = address(world.anna, deal.pk, "edit_solutions")
    tab = as_(world.anna).get(
        path, {"kind": "partners", "q": "", "version": str(deal.version), "solutions": chosen}
    )
    assert f'name="solutions" value="{theirs.pk}"' in text(tab)


@pytest.mark.parametrize("chosen", [[], ["nonsense"], [str(uuid4())]])
def test_wrong_solutions_are_refused(world: World, deal: Deal, chosen: list[str]) -> None:
    data = {"version": deal.version, "solutions": chosen}
    assert post(world.anna, deal.pk, "edit_solutions", data=data).status_code == 422
    assert solutions_of(deal) == ["Contoso Suite"]


def test_second_editor_of_the_solutions_sees_what_differs(world: World, deal: Deal) -> None:
    theirs = SolutionFactory(organization=world.fabrikam.organization, name="Factory Cloud")
    with world.as_member(world.piotr):
        edit_solutions(
            Deal.objects.get(pk=deal.pk), actor=world.piotr.actor, version=deal.version,
            solutions=[theirs],
        )  # fmt: skip
    data = {"version": deal.version, "solutions": [str(world.contoso.solution.pk)]}
    response = post(world.anna, deal.pk, "edit_solutions", data=data)
    page = text(response)
    assert response.status_code == 409
    assert '<th scope="row">Contoso Suite</th>' in page
    assert '<th scope="row">Factory Cloud</th>' in page
    assert f"&amp;version={reload(deal).version}&amp;solutions=" in page


def test_details_say_that_they_are_shared_only_while_they_may_be(world: World) -> None:
    walk = Walk(Client(), world.anna)
    walk.to("details")
    assert "shared with whom you invite" in text(walk.get("details"))
    page = text(get(world.anna, world.deal().pk, "edit_details"))
    assert "The opportunity" in page
    assert "shared with whom you invite" not in page


def test_contact_is_added_with_consent_on_record(world: World) -> None:
    deal = world.deal(contact=None)
    data = {"version": deal.version, **CONTACT, "contact-consent": "on"}
    assert post(world.anna, deal.pk, "edit_contact", data=data).status_code == 302
    with as_owner():
        contact = CustomerContact.objects.get(deal=deal)
    assert contact.full_name == "Jan Malinowski"
    assert contact.consent_by_id == world.anna.user_id
    assert "May be contacted directly, as confirmed by Anna Kowalska" in text(
        get(world.anna, deal.pk)
    )


def test_consent_stays_with_who_gave_it_unless_the_person_changes(world: World) -> None:
    deal = world.deal(contact=None)
    sent = {**CONTACT, "contact-consent": "on"}
    post(world.anna, deal.pk, "edit_contact", data={"version": deal.version, **sent})
    sent["contact-phone"] = "+48 22 000 11 22"
    data = {"version": reload(deal).version, **sent}
    assert post(world.piotr, deal.pk, "edit_contact", data=data).status_code == 302
    assert confirmed_by(deal) == world.anna.user_id


def test_consent_is_not_passed_on_to_another_person(world: World, deal: Deal) -> None:
    page = text(get(world.piotr, deal.pk, "edit_contact"))
    assert shown_consent(page) == ("ewa@customer.example", True)
    sent = {**CONTACT, "contact-consent": "on", "contact-consent_for": "ewa@customer.example"}
    for whose in ("ewa@customer.example", ""):
        data = {"version": deal.version, **sent, "contact-consent_for": whose}
        response = post(world.piotr, deal.pk, "edit_contact", data=data)
        assert response.status_code == 422
        assert "Confirm again: the contact has changed." in text(response)
        assert shown_consent(text(response)) == ("jan@customer.example", False)
        assert 'value="jan@customer.example"' in text(response)
    assert confirmed_by(deal) == world.anna.user_id
    data = {"version": deal.version, **sent, "contact-consent_for": "jan@customer.example"}
    assert post(world.piotr, deal.pk, "edit_contact", data=data).status_code == 302
    assert confirmed_by(deal) == world.piotr.user_id


def test_another_person_is_saved_without_consent(world: World, deal: Deal) -> None:
    data = {"version": deal.version, **CONTACT, "contact-consent_for": "ewa@customer.example"}
    assert post(world.piotr, deal.pk, "edit_contact", data=data).status_code == 302
    assert confirmed_by(deal) is None


def confirmed_by(deal: Deal) -> object:
    with as_owner():
        return CustomerContact.objects.get(deal=deal).consent_by_id


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"contact-phone": "12"}, "Write the phone number with its country code"),
        ({"contact-last_name": ""}, "Fill in all four fields of the contact, or none."),
        (dict.fromkeys(CONTACT, ""), "Write who the contact is."),
    ],
)
def test_wrong_contact_is_refused(world: World, changed: dict[str, str], complaint: str) -> None:
    deal = world.deal(contact=None)
    data = {"version": deal.version, **CONTACT, **changed}
    response = post(world.anna, deal.pk, "edit_contact", data=data)
    assert response.status_code == 422
    assert complaint in text(response)


@pytest.mark.parametrize("method", [get, post])
def test_shared_contact_is_fixed_for_both_sides(world: World, deal: Deal, method: Any) -> None:
    theirs = world.accepted(world.referral(deal))
    ours = method(world.anna, deal.pk, "edit_contact")
    assert ours.status_code == 422
    assert "<h1>That is not possible</h1>" in text(ours)
    assert "The contact was shared already" in text(ours)
    refused = method(world.sam, theirs.pk, "edit_contact")
    assert refused.status_code == 422
    assert "Contoso shared this contact with you" in text(refused)


def test_second_editor_of_the_contact_sees_what_differs(world: World, deal: Deal) -> None:
    edit_as(world, world.piotr, deal, name="Renamed")
    data = {"version": deal.version, **CONTACT}
    response = post(world.anna, deal.pk, "edit_contact", data=data)
    page = text(response)
    assert response.status_code == 409
    assert "<strong>Piotr Nowak</strong> changed the details" in page
    assert "ewa@customer.example" in page
    assert 'value="jan@customer.example"' in page


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("method", [get, post])
def test_editing_what_somebody_closed_says_who(
    world: World, deal: Deal, name: str, method: Any
) -> None:
    with world.as_member(world.piotr):
        advance(Deal.objects.get(pk=deal.pk), Name.WIN, actor=world.piotr.actor)
    response = method(world.anna, deal.pk, name)
    assert response.status_code == 409
    assert re.search(r"“Won” since .*, by Piotr Nowak\.", text(response))


@pytest.mark.parametrize("name", PAGES)
def test_received_deal_is_answered_before_it_is_edited(world: World, name: str) -> None:
    response = get(world.sam, world.referral().recipient_deal_id, name)
    assert response.status_code == 422
    assert "Accept the invitation first" in text(response)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("method", [get, post])
def test_editing_is_for_who_may(world: World, deal: Deal, name: str, method: Any) -> None:
    refused = method(world.olga, deal.pk, name)
    assert refused.status_code == 403
    assert "Piotr Nowak" in text(refused)
    theirs, random = method(world.mallory, deal.pk, name), method(world.mallory, uuid4(), name)
    off_team = method(world.bob, deal.pk, name)
    assert theirs.status_code == random.status_code == off_team.status_code == 404
    assert theirs.content == random.content == off_team.content
    assert reload(deal).status == Status.ACCEPTED
    assert kinds(deal) == [EventKind.CREATED]
