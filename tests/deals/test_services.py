"""Rules of a deal that hold whatever door asks: page, import or API."""

import pytest

from cosell.core.errors import NotAllowed, Refused
from deals.models import Customer, Deal
from deals.parts import customer_from_directory
from deals.services import create_deal, edit_solutions
from deals.stages import DealType
from partners.models import Location, Membership, MembershipLocation, Solution
from tests.factories import LocationFactory, ReferenceCustomerFactory
from tests.identity import as_owner
from tests.world import World, details_of, person_of_member

pytestmark = pytest.mark.django_db


def create(
    world: World,
    *,
    member: Membership | None = None,
    location: Location | None = None,
    solutions: list[Solution] | None = None,
) -> Deal:
    member = member or world.anna
    company = world.company_of(member)
    reference = ReferenceCustomerFactory()
    with world.as_member(member):
        return create_deal(
            member,
            type=DealType.PRIVATE,
            customer=customer_from_directory(company.organization, reference),
            location=location or company.location,
            details=details_of(),
            team=[person_of_member(world.anna)],
            solutions=solutions or [company.solution],
        )


def refusal_of(world: World, **given: object) -> str:
    with pytest.raises(Refused) as refused:
        create(world, **given)  # type: ignore[arg-type]  # each case gives one argument
    return refused.value.code


def test_solution_must_be_on_offer(world: World) -> None:
    retired = world.fabrikam.solution
    with as_owner():
        Solution.objects.filter(pk=retired.pk).update(is_published=False)
    assert refusal_of(world, solutions=[retired]) == "not_offered"


def test_deal_keeps_a_solution_that_was_retired_later(world: World) -> None:
    deal = create(world, solutions=[world.fabrikam.solution])
    with as_owner():
        Solution.objects.filter(pk=world.fabrikam.solution.pk).update(is_published=False)
    with world.as_member(world.anna):
        both = [world.fabrikam.solution, world.contoso.solution]
        edit_solutions(deal, actor=world.anna.actor, version=deal.version, solutions=both)
        assert deal.solutions.count() == 2


def test_location_must_be_one_of_the_members(world: World) -> None:
    elsewhere = LocationFactory(organization=world.contoso.organization)
    create(world, location=elsewhere)
    with as_owner():
        world.anna.is_location_scoped = True
        world.anna.save()
        MembershipLocation.objects.create(
            organization=world.contoso.organization,
            membership=world.anna,
            location=world.contoso.location,
        )
    assert refusal_of(world, location=elsewhere) == "location"


def test_referrals_user_stays_on_the_team(world: World) -> None:
    assert refusal_of(world, member=world.bob) == "creator"


def test_company_without_ready_solution_and_observer_create_nothing(world: World) -> None:
    assert refusal_of(world, member=world.olga) == "permission"
    with as_owner():
        Solution.objects.filter(pk=world.contoso.solution.pk).update(is_published=False)
    with pytest.raises(NotAllowed, match="published co-sell-ready"):
        create(world)


def test_directory_customer_is_entered_once(world: World) -> None:
    reference = ReferenceCustomerFactory()
    with world.as_member(world.anna):
        first = customer_from_directory(world.contoso.organization, reference)
        assert customer_from_directory(world.contoso.organization, reference) == first
        assert Customer.objects.filter(reference=reference).count() == 1
