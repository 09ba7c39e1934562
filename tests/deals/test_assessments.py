"""Solution assessments (3.6, 5.3, 5.6): one type, the vendor's leave, every stage, nobody invited.

What the services refuse, and what the database does whoever writes.
"""

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from cosell.core.errors import NotAllowed, Refused
from deals.lifecycle import advance
from deals.models import Deal, DealSolution, Status
from deals.parts import customer_from_directory
from deals.services import create_deal, edit_solutions
from deals.stages import ASSESSMENT_STAGES, SALES_STAGES, DealType, StageCode, codes_of
from deals.transitions import Name
from partners.models import OrganizationAccount, Solution
from tests.factories import ReferenceCustomerFactory, SolutionFactory
from tests.identity import as_owner
from tests.world import World, assessment_type, details_of, person_of_member

pytestmark = pytest.mark.django_db

STAGES = codes_of(ASSESSMENT_STAGES)


@pytest.fixture
def other_type(world: World) -> Solution:
    return assessment_type(world.microsoft, "Data Estate Assessment")


@pytest.fixture
def deal(world: World) -> Deal:
    return world.deal(type=DealType.ASSESSMENT)


def withdraw_vetting(world: World) -> None:
    with as_owner():
        account = OrganizationAccount.objects.filter(pk=world.contoso.pk)
        account.update(vetted_for_assessments_at=None)


def create(world: World, *solutions: Solution, type: DealType = DealType.ASSESSMENT) -> Deal:
    reference = ReferenceCustomerFactory()
    with world.as_member(world.anna):
        return create_deal(
            world.anna,
            type=type,
            customer=customer_from_directory(world.contoso.organization, reference),
            location=world.contoso.location,
            details=details_of(),
            team=[person_of_member(world.anna)],
            solutions=solutions,
        )


def mark(world: World, deal: Deal, *stages: StageCode) -> None:
    with world.as_member(world.anna):
        for stage in stages:
            advance(deal, Name.MARK_STAGE, actor=world.anna.actor, stage=stage)


def replace(world: World, deal: Deal, *solutions: Solution) -> list[str]:
    with world.as_member(world.anna):
        edit_solutions(deal, actor=world.anna.actor, version=deal.version, solutions=solutions)
        return list(deal.solutions.values_list("name", flat=True))


def test_company_that_is_not_vetted_creates_none(world: World) -> None:
    withdraw_vetting(world)
    with pytest.raises(NotAllowed, match="Microsoft decides which companies"):
        create(world, world.assessment)


@pytest.mark.parametrize("type", list(DealType))
def test_type_of_deal_and_kind_of_solutions_belong_together(
    world: World, other_type: Solution, type: DealType
) -> None:
    given = {
        "ours": [world.contoso.solution],
        "one": [world.assessment],
        "two": [world.assessment, other_type],
        "mixed": [world.contoso.solution, world.assessment],
    }
    is_assessment = type == DealType.ASSESSMENT
    create(world, *given.pop("one" if is_assessment else "ours"), type=type)
    for solutions in given.values():
        with pytest.raises(Refused) as refused:
            create(world, *solutions, type=type)
        assert refused.value.code == ("one_assessment" if is_assessment else "assessment_alone")
        assert refused.value.field == "solutions"


def test_only_types_that_the_vendor_offers_now(world: World) -> None:
    with as_owner():
        Solution.objects.filter(pk=world.assessment.pk).update(is_published=False)
    foreign = SolutionFactory(organization=world.fabrikam.organization, kind="assessment")
    for gone in (world.assessment, foreign):
        with pytest.raises(Refused, match="No longer on offer"):
            create(world, gone)


def test_type_of_assessment_can_be_changed_after_the_vendor_took_its_leave_back(
    world: World, deal: Deal, other_type: Solution
) -> None:
    withdraw_vetting(world)
    assert replace(world, deal, other_type) == ["Data Estate Assessment"]
    for wrong in ([world.contoso.solution], [world.assessment, other_type], []):
        with pytest.raises(Refused):
            replace(world, deal, *wrong)


def test_type_of_assessment_that_was_retired_stays(world: World, deal: Deal) -> None:
    with as_owner():
        Solution.objects.filter(pk=world.assessment.pk).update(is_published=False)
    assert replace(world, deal, world.assessment) == ["Cloud Economics Assessment"]


def test_no_stage_is_skipped_and_going_back_means_marking_again(world: World, deal: Deal) -> None:
    mark(world, deal, *STAGES[:3])
    mark(world, deal, STAGES[0])
    with pytest.raises(Refused, match="in order: Data collected is next"):
        mark(world, deal, STAGES[2])
    mark(world, deal, StageCode.CREATED, *STAGES)
    with world.as_member(world.anna):
        advance(deal, Name.WIN, actor=world.anna.actor)
    assert deal.status == Status.WON


def test_sales_stages_are_no_stages_of_an_assessment(world: World, deal: Deal) -> None:
    for stage in codes_of(SALES_STAGES):
        with pytest.raises(Refused, match="no such stage"):
            mark(world, deal, stage)


def test_missing_stages_are_named(world: World, deal: Deal) -> None:
    mark(world, deal, *STAGES[:2])
    with world.as_member(world.anna), pytest.raises(Refused) as refused:
        advance(deal, Name.WIN, actor=world.anna.actor)
    assert str(refused.value) == (
        "Still to be marked before the deal can be won:"
        " Assessment report prepared, Presented to customer."
    )


@pytest.mark.parametrize("name", [Name.LOSE, Name.CLOSE_AS_ERROR])
def test_lost_and_error_wait_for_no_stage(world: World, deal: Deal, name: Name) -> None:
    with world.as_member(world.anna):
        advance(deal, name, actor=world.anna.actor, reason="other", notes="Cancelled.")
    assert deal.is_closed


# What the database refuses to the web and to the worker's or owner's own statements alike.
CHANGES: dict[str, dict[str, Any]] = {
    "skip": {"stage": "data_collected"},
    "win early": {"status": "won", "stage": "won", "closed_at": "2026-01-01T00:00Z"},
    "sales stage": {"stage": "proposed"},
    "become another type": {"type": "private"},
    "come in": {"direction": "inbound", "respond_by": "2026-01-01T00:00Z"},
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_database_keeps_the_order_and_the_type(world: World, deal: Deal, change: str) -> None:
    for identity in (world.as_member(world.anna), as_owner()):
        with identity:
            one = Deal.objects.filter(pk=deal.pk)
            with pytest.raises(DatabaseError), transaction.atomic():
                one.update(**CHANGES[change])


def test_database_makes_no_assessment_of_another_deal(world: World) -> None:
    deal = world.deal(type=DealType.PRIVATE)
    with as_owner():
        one = Deal.objects.filter(pk=deal.pk)
        with pytest.raises(DatabaseError, match="from type private"), transaction.atomic():
            one.update(type=DealType.ASSESSMENT)
        with pytest.raises(DatabaseError, match="stage_fits_type"), transaction.atomic():
            one.update(stage=StageCode.DATA_COLLECTED)


def copied(deal: Deal, **changed: Any) -> Deal:
    row = {field.attname: getattr(deal, field.attname) for field in Deal._meta.concrete_fields}
    generated = {"id", "reference", "list_rank", "name_order", "customer_order", "value_order"}
    generated |= {"engagement_id"}
    kept = {name: value for name, value in row.items() if name not in generated | {"search"}}
    return Deal(**{**kept, **changed})


def test_database_lets_the_web_begin_one_for_vetted_companies_at_its_start(
    world: World, deal: Deal
) -> None:
    with world.as_member(world.anna):
        with pytest.raises(DatabaseError, match="begin at its start"), transaction.atomic():
            copied(deal, stage=StageCode.PRESENTED).save(force_insert=True)
        copied(deal).save(force_insert=True)
    withdraw_vetting(world)
    for identity in (world.as_member(world.anna), as_owner()):
        with (
            identity,
            pytest.raises(DatabaseError, match="not vetted"),
            transaction.atomic(),
        ):
            copied(deal).save(force_insert=True)


def row_for(deal: Deal, solution: Solution) -> DealSolution:
    return DealSolution(
        organization_id=deal.organization_id,
        deal=deal,
        solution=solution,
        code=solution.code,
        name=solution.name,
        owner_name="Whoever",
    )


def test_database_keeps_assessments_and_solutions_apart(
    world: World, deal: Deal, other_type: Solution
) -> None:
    ordinary = world.deal()
    wrong = [(deal, other_type), (deal, world.contoso.solution), (ordinary, other_type)]
    with world.as_member(world.anna):
        for on, solution in wrong:
            with pytest.raises(DatabaseError, match="do not fit its type"), transaction.atomic():
                row_for(on, solution).save()
        for on, solution in ((deal, world.contoso.solution), (ordinary, other_type)):
            with pytest.raises(DatabaseError, match="do not fit its type"), transaction.atomic():
                on.solutions.update(solution=solution)
        assert deal.solutions.update(solution=other_type) == 1


def test_database_invites_nobody_to_an_assessment(world: World, deal: Deal) -> None:
    another = world.referral()
    another.pk, another.sender_deal_id, another.recipient_deal_id = uuid4(), deal.pk, uuid4()
    for identity in (world.as_member(world.anna), as_owner()):
        with (
            identity,
            pytest.raises(DatabaseError, match="Nobody is invited"),
            transaction.atomic(),
        ):
            another.save(force_insert=True)


def test_order_of_the_database_is_that_of_the_stages(db: None) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'assessment_goes_in_order'")
        (source,) = cursor.fetchone()
    ladder = [StageCode.CREATED, *STAGES, StageCode.WON]
    assert ", ".join(f"'{code}'" for code in ladder) in " ".join(source.split())
