"""The admin's pages about locations (1.1), and what a retired one no longer takes part in."""

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cosell.core.errors import NotAllowed, Refused
from partners import locations
from partners.models import Location, Membership, MembershipLocation
from partners.queries import locations_for
from referrals.queries import places_of
from tests.factories import LocationFactory, SolutionFactory
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db

LIST = "/o/contoso/locations/"
ADD = f"{LIST}add/"
GIVEN = {"name": "Contoso Praha", "city": "Praha", "country": "CZ", "mpn_location_id": "5777002"}


@pytest.fixture
def piotr(client: Client, world: World) -> Client:
    client.force_login(world.piotr.user)
    return client


@pytest.fixture
def berlin(world: World) -> Location:
    return LocationFactory(
        organization=world.contoso.organization,
        name="Contoso Berlin",
        city="Berlin",
        country="DE",
        mpn_location_id="5777001",
    )


def now_of(location: Location) -> Location:
    with as_owner():
        return Location.objects.get(pk=location.pk)


def main_of(world: World) -> str:
    with as_owner():
        return Location.objects.get(organization=world.contoso.organization, is_main=True).name


def limit(member: Membership, location: Location) -> None:
    with as_owner():
        Membership.objects.filter(pk=member.pk).update(is_location_scoped=True)
        MembershipLocation.objects.create(
            organization_id=member.organization_id, membership=member, location=location
        )


def test_location_is_added_and_can_be_chosen(piotr: Client, world: World) -> None:
    response = piotr.post(ADD, GIVEN, follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert "Contoso Praha is added" in response.text
    with world.as_member(world.anna):
        assert [one.name for one in locations_for(world.anna)] == ["Contoso main", "Contoso Praha"]


def test_location_is_edited(piotr: Client, berlin: Location) -> None:
    assert 'value="Contoso Berlin"' in piotr.get(f"{LIST}{berlin.pk}/").text
    piotr.post(f"{LIST}{berlin.pk}/", {**GIVEN, "name": "Contoso Potsdam"})
    edited = now_of(berlin)
    assert (edited.name, edited.country, edited.mpn_location_id) == (
        "Contoso Potsdam", "CZ", "5777002",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"name": "CONTOSO berlin"}, "name", "has this name"),
        ({"mpn_location_id": "5777001"}, "mpn_location_id", "has this MPN location ID"),
        ({"mpn_location_id": "12ab"}, "mpn_location_id", "a number of 4 to 12 digits"),
        ({"country": "ZZ"}, "country", "valid choice"),
        ({"city": ""}, "city", "required"),
    ],
)
@pytest.mark.parametrize("is_new", [True, False])
def test_refusal_stands_beside_its_field(
    piotr: Client, world: World, berlin: Location, wrong: dict[str, str], field: str,
    sentence: str, is_new: bool,
) -> None:  # fmt: skip
    path = ADD if is_new else f"{LIST}{world.contoso.location.pk}/"
    response = piotr.post(path, {**GIVEN, **wrong})
    assert response.status_code == 422
    assert re.search(rf'id="id_{field}_error".*?{sentence}', response.text, re.DOTALL)
    with as_owner():
        assert set(Location.objects.filter(organization=world.contoso.organization)) == {
            world.contoso.location, berlin,
        }  # fmt: skip
    assert now_of(world.contoso.location).name == "Contoso main"


def test_other_companies_may_use_the_same_name(piotr: Client, world: World) -> None:
    LocationFactory(organization=world.fabrikam.organization, name="Contoso Praha")
    assert piotr.post(ADD, GIVEN).status_code == 302


def test_another_location_becomes_the_main_one(
    piotr: Client, world: World, berlin: Location
) -> None:
    piotr.post(f"{LIST}{berlin.pk}/main/")
    assert main_of(world) == "Contoso Berlin"


def test_retired_location_takes_nothing_new_and_keeps_its_deals(
    piotr: Client, world: World, berlin: Location
) -> None:
    deal = world.deal()
    with as_owner():
        type(deal).objects.filter(pk=deal.pk).update(location=berlin)
    limit(world.anna, berlin)
    asking = piotr.get(f"{LIST}{berlin.pk}/retire/").text
    assert "1 open deal goes on there" in asking
    assert "Anna Kowalska is limited to it" in asking
    assert "Its deals keep it." in piotr.post(f"{LIST}{berlin.pk}/retire/", follow=True).text
    with world.as_member(world.piotr):
        assert [one.name for one in locations_for(world.piotr)] == ["Contoso main"]
    with world.as_member(world.frank):
        assert [one.name for one in places_of([world.contoso.pk])[world.contoso.pk]] == [
            "Contoso main"
        ]
    with pytest.raises(Refused, match="no longer has this location"):
        world.referral(
            world.deal(world.sam), sender=world.sam, recipient=world.contoso, location=berlin.pk
        )
    anna = Client()
    anna.force_login(world.anna.user)
    assert anna.get(f"/o/contoso/deals/{deal.pk}/").status_code == 200
    page = piotr.get(f"/o/contoso/people/{world.anna.pk}/").text
    assert f'value="{berlin.pk}"' in page
    assert f'value="{berlin.pk}"' not in piotr.get("/o/contoso/people/invite/").text


def test_invitation_to_nowhere_passes_by_a_retired_location(world: World) -> None:
    LocationFactory(
        organization=world.fabrikam.organization, name="A", country="PL", retired_at=timezone.now()
    )
    referral = world.referral(
        recipient=world.fabrikam,
        solutions=[SolutionFactory(organization=world.fabrikam.organization)],
    )
    with as_owner():
        assert referral.recipient_deal.location == world.fabrikam.location


def test_retired_location_is_reopened(piotr: Client, berlin: Location) -> None:
    for verb in ("retire", "reopen"):
        assert piotr.post(f"{LIST}{berlin.pk}/{verb}/").status_code == 302
        assert piotr.post(f"{LIST}{berlin.pk}/{verb}/").status_code == 409
    assert now_of(berlin).retired_at is None


def test_main_location_is_never_retired(piotr: Client, world: World, berlin: Location) -> None:
    main = world.contoso.location
    response = piotr.post(f"{LIST}{main.pk}/retire/")
    assert response.status_code == 422
    assert "Make another location the main one first." in response.text
    piotr.post(f"{LIST}{berlin.pk}/retire/")
    assert piotr.post(f"{LIST}{berlin.pk}/main/").status_code == 422
    with (
        as_owner(),
        pytest.raises(IntegrityError, match="location_main_is_open"),
        transaction.atomic(),
    ):
        Location.objects.filter(pk=main.pk).update(retired_at=timezone.now())


def test_limited_admin_sees_just_their_locations(
    client: Client, world: World, berlin: Location
) -> None:
    ours = [world.deal(name="At the main place"), world.deal(name="In Berlin")]
    with as_owner():
        type(ours[1]).objects.filter(pk=ours[1].pk).update(location=berlin)
    limit(world.anna, berlin)
    client.force_login(world.anna.user)
    page = client.get("/o/contoso/deals/outbound/").text
    assert "In Berlin" in page
    assert "At the main place" not in page
    statuses = [client.get(f"/o/contoso/deals/{deal.pk}/").status_code for deal in ours]
    assert statuses == [404, 200]
    with world.as_member(world.anna):
        anna = Membership.objects.get(pk=world.anna.pk)
        assert [one.name for one in locations_for(anna)] == ["Contoso Berlin"]


def test_list_takes_as_many_statements_for_one_as_for_five(piotr: Client, world: World) -> None:
    piotr.get(LIST)
    with CaptureQueriesContext(connection) as one:
        piotr.get(LIST)
    LocationFactory.create_batch(4, organization=world.contoso.organization)
    with CaptureQueriesContext(connection) as five:
        assert piotr.get(LIST).text.count("<tr>") == 1 + 5
    assert len(five) == len(one)


def test_location_of_another_company_is_not_there(piotr: Client, world: World) -> None:
    path = f"{LIST}{world.fabrikam.location.pk}/"
    assert piotr.get(path).status_code == 404
    assert piotr.post(path, GIVEN).status_code == 404
    assert now_of(world.fabrikam.location).name == "Fabrikam main"


def test_only_an_admin_changes_locations(client: Client, world: World) -> None:
    client.force_login(world.anna.user)
    response = client.post(ADD, GIVEN)
    assert (response.status_code, "piotr@contoso.example" in response.text) == (403, True)
    with world.as_member(world.anna), pytest.raises(NotAllowed):
        locations.retire_location(world.contoso.location, actor=world.anna.actor)
