"""The admin's pages about people: who is here, with which role, who leaves (1.3, 1.4)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cosell.core.errors import NotAllowed, Refused
from cosell.core.tenancy import APP_ROLE
from deals.handover import hand_over
from deals.lifecycle import advance
from deals.models import Deal, DealEvent, EventKind, TeamMember
from deals.transitions import Name
from partners import people
from partners.models import Change, CompanyEvent, Location, Membership, User
from partners.people import Standing, change_standing
from partners.permissions import Role
from referrals.models import Referral
from tests.factories import LocationFactory, MembershipFactory, UserFactory
from tests.identity import as_owner, set_session_role
from tests.notifications.reading import mails_to
from tests.world import World, person_of_member

pytestmark = pytest.mark.django_db

LIST = "/o/contoso/people/"


@pytest.fixture
def piotr(client: Client, world: World) -> Client:
    client.force_login(world.piotr.user)
    return client


@pytest.fixture
def berlin(world: World) -> Location:
    return LocationFactory(organization=world.contoso.organization, name="Contoso Berlin")


def page_of(member: Membership) -> str:
    return f"{LIST}{member.pk}/"


def now_of(member: Membership) -> Membership:
    with as_owner():
        return Membership.objects.select_related("user", "organization").get(pk=member.pk)


def scopes_of(member: Membership) -> set[str]:
    with as_owner():
        return set(member.scopes.values_list("location__name", flat=True))


def told(response: object) -> list[str]:
    return [str(message) for message in response.context["messages"]]  # type: ignore[attr-defined]  # a test response


def test_list_shows_roles_locations_and_who_was_here(
    piotr: Client, world: World, berlin: Location
) -> None:
    with as_owner():
        Membership.objects.filter(pk=world.bob.pk).update(last_seen_at=None)
        Membership.objects.filter(pk=world.anna.pk).update(
            last_seen_at=timezone.now() - timedelta(hours=3)
        )
    piotr.post(page_of(world.anna), {"role": "referrals_admin", "locations": [berlin.pk]})
    with as_owner():
        Membership.objects.filter(pk=world.olga.pk).update(is_active=False)
    page = " ".join(piotr.get(LIST).text.split())
    names = ("Bob Baker", "Anna Kowalska", "Piotr Nowak", "Olga Wójcik")
    places = [page.index(name, page.index("<tbody>")) for name in names]
    assert places == sorted(places)
    assert "Contoso Berlin" in page
    assert "3 hours ago" in page
    assert page.count("Never") == 1
    assert page.count("Deactivated") == 1
    assert "Frank Fischer" not in page


def test_search_narrows_the_list_by_name_and_address(piotr: Client) -> None:
    found = piotr.get(LIST, {"q": "anna@contoso"}, headers={"HX-Request": "true"}).text
    assert found.strip().startswith('<div id="found"')
    assert "Anna Kowalska" in found
    assert "Bob Baker" not in found
    assert "Nobody here is called that" in piotr.get(LIST, {"q": "frank"}).text


def test_list_takes_as_many_statements_for_four_as_for_nine(piotr: Client, world: World) -> None:
    piotr.get(LIST)
    with CaptureQueriesContext(connection) as four:
        piotr.get(LIST)
    for _number in range(5):
        MembershipFactory(organization=world.contoso.organization)
    with CaptureQueriesContext(connection) as nine:
        assert piotr.get(LIST).text.count("<tr>") == 1 + 9
    assert len(nine) == len(four)


def test_visit_is_noted_every_quarter_of_an_hour(client: Client, world: World) -> None:
    client.force_login(world.anna.user)
    start = timezone.now() + timedelta(hours=1)
    seen = []
    for minutes in (0, 10, 20):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            client.get("/o/contoso/deals/inbound/")
        seen.append(now_of(world.anna).last_seen_at)
    assert seen == [start, start, start + timedelta(minutes=20)]


def test_role_and_locations_are_changed_and_hold_at_once(
    piotr: Client, world: World, berlin: Location
) -> None:
    deal = world.deal()
    anna = Client()
    anna.force_login(world.anna.user)
    url = f"/o/contoso/deals/{deal.pk}/"
    assert anna.get(url).status_code == 200
    response = piotr.post(
        page_of(world.anna), {"role": "referrals_admin", "locations": [berlin.pk]}, follow=True
    )
    assert response.redirect_chain == [(LIST, 302)]
    assert scopes_of(world.anna) == {"Contoso Berlin"}
    assert anna.get(url).status_code == 404
    piotr.post(page_of(world.anna), {"role": "observer"})
    assert (now_of(world.anna).role, scopes_of(world.anna)) == (Role.OBSERVER, set())
    assert anna.get(url).status_code == 200
    assert anna.get(f"{url}edit/").status_code in {403, 404}


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"role": "vendor_admin"}, "valid choice"),
        ({"role": ""}, "required"),
        ({"role": "observer", "locations": "main"}, "Only this role can be limited"),
        ({"role": "referrals_admin", "locations": "fabrikam"}, "not one of the available choices"),
    ],
)
def test_refused_role_stands_beside_its_field(
    piotr: Client, world: World, sent: dict[str, str], sentence: str
) -> None:
    places = {"main": world.contoso.location.pk, "fabrikam": world.fabrikam.location.pk}
    if "locations" in sent:
        sent = {**sent, "locations": str(places[sent["locations"]])}
    response = piotr.post(page_of(world.anna), sent)
    assert response.status_code == 422
    assert sentence in response.text
    assert now_of(world.anna).role == Role.REFERRALS_ADMIN


def test_deactivated_person_is_signed_out_everywhere_at_once(piotr: Client, world: World) -> None:
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(world.anna.user)
        assert browser.get("/o/contoso/deals/inbound/").status_code == 200
    response = piotr.post(f"{page_of(world.anna)}deactivate/", follow=True)
    assert told(response) == ["Anna Kowalska is deactivated and signed out everywhere."]
    for browser in browsers:
        assert browser.get("/o/contoso/deals/inbound/").status_code == 302
        assert "sessionid" not in browser.cookies or not browser.cookies["sessionid"].value
    again = Client()
    again.force_login(User.objects.get(pk=world.anna.user_id))
    assert again.get("/o/contoso/deals/inbound/").status_code == 404
    assert piotr.get("/o/contoso/deals/inbound/").status_code == 200


def test_reactivated_person_is_back_with_the_same_role(piotr: Client, world: World) -> None:
    piotr.post(f"{page_of(world.anna)}deactivate/")
    response = piotr.post(f"{page_of(world.anna)}reactivate/", follow=True)
    assert "Anna Kowalska is active again, as Referrals admin" in response.text
    anna = Client()
    anna.force_login(User.objects.get(pk=world.anna.user_id))
    assert anna.get("/o/contoso/deals/inbound/").status_code == 200
    assert piotr.post(f"{page_of(world.anna)}reactivate/").status_code == 409


def test_nobody_changes_or_deactivates_themselves(piotr: Client, world: World) -> None:
    """The only admin hears that a second is needed; with one, whom to ask (1.4)."""
    for path in (page_of(world.piotr), f"{page_of(world.piotr)}deactivate/"):
        response = piotr.post(path, {"role": "observer"})
        assert response.status_code == 422
        assert "You are the only admin" in response.text
    assert (now_of(world.piotr).role, now_of(world.piotr).is_active) == (Role.MPN_ADMIN, True)
    MembershipFactory(
        organization=world.contoso.organization,
        user=UserFactory(first_name="Ewa", last_name="Sikora", email="ewa@contoso.example"),
        role=Role.MPN_ADMIN,
    )
    page = piotr.get(page_of(world.piotr)).text
    assert "Ewa Sikora (ewa@contoso.example)" in page
    assert "Deactivate…" not in page


def test_admin_who_was_deactivated_meanwhile_changes_nothing(world: World) -> None:
    second = MembershipFactory(organization=world.contoso.organization, role=Role.MPN_ADMIN)
    with world.as_member(world.piotr):
        people.deactivate(second, actor=world.piotr.actor)
        with pytest.raises(NotAllowed):
            people.deactivate(world.piotr, actor=second.actor)
        with pytest.raises(NotAllowed):
            change_standing(world.anna, standing=Standing(Role.OBSERVER), actor=world.olga.actor)


def test_open_deals_go_to_a_colleague_with_an_event_each(piotr: Client, world: World) -> None:
    both = [person_of_member(world.anna), person_of_member(world.bob)]
    alone, shared, lost = world.deal(), world.deal(team=both), world.deal()
    with world.as_member(world.anna):
        advance(lost, Name.LOSE, actor=world.anna.actor, reason="budget")
    referral = world.referral(world.deal(world.sam), sender=world.sam, recipient=world.contoso)
    answered = world.accepted(referral, by=world.anna)
    assert "On the team of 3 open deals" in piotr.get(page_of(world.anna)).text
    response = piotr.post(f"{page_of(world.anna)}deals/", {"colleague": world.bob.pk}, follow=True)
    assert told(response) == ["Bob Baker took over 3 open deals."]
    with as_owner():
        teams = {
            deal.pk: list(TeamMember.objects.filter(deal=deal).values_list("email", flat=True))
            for deal in (alone, shared, lost, answered)
        }
        assert teams == {
            alone.pk: ["bob@contoso.example"],
            shared.pk: ["bob@contoso.example"],
            lost.pk: ["anna@contoso.example"],
            answered.pk: ["bob@contoso.example"],
        }
        events = DealEvent.objects.filter(kind=EventKind.TEAM_EDITED, actor=world.piotr.user)
        assert set(events.values_list("deal_id", flat=True)) == {alone.pk, shared.pk, answered.pk}
        told_team = Referral.objects.get(pk=referral.pk).recipient_team
        assert [person["email"] for person in told_team] == ["bob@contoso.example"]
    bob = Client()
    bob.force_login(world.bob.user)
    assert bob.get(f"/o/contoso/deals/{alone.pk}/").status_code == 200


def test_leaving_and_handing_over_is_one_step(piotr: Client, world: World) -> None:
    deal = world.deal()
    path = f"{page_of(world.anna)}deactivate/"
    refused = piotr.post(path, {"colleague": world.olga.pk})
    assert refused.status_code == 422
    assert now_of(world.anna).is_active
    response = piotr.post(path, {"colleague": world.bob.pk}, follow=True)
    (letter,) = mails_to("bob@contoso.example")
    (farewell,) = mails_to("anna@contoso.example")
    assert letter.subject == "You took over 1 deal from Anna Kowalska"
    assert farewell.subject == "Your access to Contoso has ended"
    assert "/o/contoso/" in str(letter.body)
    assert told(response) == [
        "Anna Kowalska is deactivated and signed out everywhere.",
        "Bob Baker took over 1 open deal.",
    ]
    with as_owner():
        assert TeamMember.objects.get(deal=deal).membership == world.bob
    assert not now_of(world.anna).is_active


def test_colleague_who_would_not_see_a_deal_takes_none(
    piotr: Client, world: World, berlin: Location
) -> None:
    """All or nothing: the deal of Berlin stays, too."""
    world.deal()
    with as_owner():
        other = world.deal()
        Deal.objects.filter(pk=other.pk).update(location=berlin)
    heir = MembershipFactory(organization=world.contoso.organization)
    with world.as_member(world.piotr):
        change_standing(
            heir, standing=Standing(Role.REFERRALS_ADMIN, [berlin]), actor=world.piotr.actor
        )
    response = piotr.post(f"{page_of(world.anna)}deals/", {"colleague": heir.pk})
    assert response.status_code == 422
    assert "1 of the deals is of a location" in response.text
    with as_owner():
        assert not TeamMember.objects.filter(membership=heir).exists()


def test_colleague_without_a_phone_takes_none(piotr: Client, world: World) -> None:
    world.deal()
    heir = MembershipFactory(
        organization=world.contoso.organization, user=UserFactory(first_name="Nora", phone="")
    )
    response = piotr.post(f"{page_of(world.anna)}deals/", {"colleague": heir.pk})
    assert response.status_code == 422
    assert "has no phone number yet" in response.text


def test_only_an_admin_hands_deals_over(world: World) -> None:
    world.deal()
    with world.as_member(world.anna):
        with pytest.raises(NotAllowed):
            hand_over(world.anna, to=world.bob, actor=world.anna.actor)
        with pytest.raises(Refused):
            hand_over(world.anna, to=world.frank, actor=world.piotr.actor)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_admins_who_turn_against_each_other_leave_one(world: World) -> None:
    second = MembershipFactory(organization=world.contoso.organization, role=Role.MPN_ADMIN)
    together = Barrier(2)

    def turn(pair: tuple[Membership, Membership]) -> int:
        by, against = pair
        try:
            set_session_role(APP_ROLE)
            client = Client()
            client.force_login(by.user)
            together.wait(timeout=30)
            return client.post(f"{page_of(against)}deactivate/").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(turn, [(world.piotr, second), (second, world.piotr)]))
    # Whoever comes second is no admin any more, or signed out already.
    assert set(answers) <= {302, 403}
    assert [now_of(one).is_active for one in (world.piotr, second)].count(True) == 1


PATHS = ["", "invite/", "{0}/", "{0}/deals/", "{0}/deactivate/"]


@pytest.mark.parametrize("name", ["anna", "bob", "olga"])
def test_others_are_told_whom_to_ask(client: Client, world: World, name: str) -> None:
    client.force_login(world.cast[name].user)
    for path in PATHS:
        response = client.get(LIST + path.format(world.bob.pk))
        assert response.status_code == 403, path
        assert "piotr@contoso.example" in response.text, path
    assert f'href="{LIST}"' not in client.get("/o/contoso/deals/inbound/").text


def test_vendor_looks_after_its_people_too(client: Client, world: World) -> None:
    client.force_login(world.victor.user)
    assert "Sam Seller" in client.get("/o/microsoft/people/").text
    sent = {"role": "vendor_seller", "locations": [world.microsoft.location.pk]}
    assert client.post(f"/o/microsoft/people/{world.sam.pk}/", sent).status_code == 302
    assert scopes_of(world.sam) == {"Microsoft main"}
    assert client.get(f"/o/microsoft/people/{world.anna.pk}/").status_code == 404


def test_every_change_is_written_down_and_the_person_is_told(
    piotr: Client, world: World, berlin: Location
) -> None:
    page = page_of(world.anna)
    piotr.post(page, {"role": "referrals_admin", "locations": [berlin.pk]})
    piotr.post(page, {"role": "observer"})
    # Nothing changes, so there is nothing to tell.
    piotr.post(page, {"role": "observer"})
    piotr.post(f"{page}deactivate/")
    piotr.post(f"{page}reactivate/")
    with as_owner():
        written = list(
            CompanyEvent.objects.order_by("id").values_list("kind", "subject", "by_name")
        )
        first = CompanyEvent.objects.earliest("id").data
    who = ("Anna Kowalska", "Piotr Nowak")
    assert written == [
        (Change.ROLE_CHANGED, *who),
        (Change.ROLE_CHANGED, *who),
        (Change.PERSON_DEACTIVATED, *who),
        (Change.PERSON_REACTIVATED, *who),
    ]
    assert first == {
        "before": {"role": "referrals_admin", "locations": []},
        "after": {"role": "referrals_admin", "locations": ["Contoso Berlin"]},
    }
    letters = mails_to("anna@contoso.example")
    assert [letter.subject for letter in letters] == [
        "Your role at Contoso has changed",
        "Your role at Contoso has changed",
        "Your access to Contoso has ended",
        "You have access to Contoso again",
    ]
    assert "Now: Referrals admin: Contoso Berlin" in str(letters[0].body)
    shown = piotr.get("/o/contoso/history/").text
    assert "<del>Referrals admin</del>" in shown
    assert "<ins>Referrals admin: Contoso Berlin</ins>" in shown


def test_refused_change_is_neither_written_down_nor_told(piotr: Client, world: World) -> None:
    piotr.post(page_of(world.piotr), {"role": "observer"})
    piotr.post(page_of(world.anna), {"role": "vendor_admin"})
    with as_owner():
        assert not CompanyEvent.objects.exists()
    assert mails_to("@") == []
