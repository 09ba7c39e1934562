"""What each move of a registration leaves behind, and on both sides; what the database refuses."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from cosell.core.errors import NotAllowed, Refused, Stale
from deals.lifecycle import advance
from deals.models import (
    Deal,
    DealEvent,
    EventKind,
    Registration,
    RegistrationStatus,
    RegistrationStep,
)
from deals.registration.services import assign, resubmit_registration, submit_registration
from deals.transitions import Name
from partners.models import CoSellStatus, Membership, Solution
from tests.built_once import Once
from tests.deals.registering import (
    answers,
    deal_of,
    history,
    registered,
    resubmit,
    review,
    row,
    side_of,
    won_deal,
)
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db

Status = RegistrationStatus
SECRET = "Only between us"


@dataclass
class Scene:
    """Contoso's deal with internal notes, and its registration, which waits."""

    world: World
    registration: Registration


def scene_in(world: World) -> Scene:
    deal = won_deal(world, notes=SECRET, crm_id=f"{SECRET} 1", campaign_id=f"{SECRET} 2")
    return Scene(world, registered(world, deal))


@pytest.fixture(scope="module")
def _scene_once(once: Once) -> Scene:
    return once(scene_in)


@pytest.fixture
def scene(_scene_once: Scene) -> Scene:
    return deepcopy(_scene_once)


@pytest.fixture
def world(scene: Scene) -> World:
    return scene.world


@pytest.fixture
def registration(scene: Scene) -> Registration:
    return scene.registration


def told(organization_id: Any, kind: EventKind) -> list[str]:
    with as_owner():
        events = DealEvent.objects.filter(organization_id=organization_id, kind=kind)
        return list(events.values_list("actor_name", flat=True))


def test_rounds_are_kept_with_what_was_sent_and_said(
    world: World, registration: Registration
) -> None:
    review(
        world, registration, "ask_for_changes",
        messages={"total_value": "The order says 30,000.", "general": "Please attach it."},
    )  # fmt: skip
    resubmit(world, registration, total_value=answers().total_value + 5000, message="Corrected.")
    review(world, registration, "approve")
    assert history(registration) == [
        ("submitted", 1, "Anna Kowalska"),
        ("action_required", 1, "Rita Reviewer"),
        ("resubmitted", 2, "Anna Kowalska"),
        ("approved", 2, "Rita Reviewer"),
    ]
    with as_owner():
        sent, asked, again, _end = RegistrationStep.objects.order_by("id")
    assert sent.data["answers"]["total_value"] == "25000.00"
    assert asked.data["messages"] == {
        "total_value": "The order says 30,000.", "general": "Please attach it.",
    }  # fmt: skip
    assert again.data["answers"]["total_value"] == "30000.00"
    assert row(registration)["messages"] == {}


def test_each_side_hears_of_the_other_by_its_company(
    world: World, registration: Registration
) -> None:
    contoso, microsoft = world.contoso.pk, world.microsoft.pk
    review(world, registration, "ask_for_changes")
    resubmit(world, registration)
    review(world, registration, "approve")
    assert told(contoso, EventKind.REGISTRATION_SUBMITTED) == ["Anna Kowalska", "Anna Kowalska"]
    assert told(microsoft, EventKind.COUNTERPART_REGISTERED) == ["Contoso", "Contoso"]
    assert told(contoso, EventKind.REGISTRATION_ACTION_REQUIRED) == ["Microsoft"]
    assert told(contoso, EventKind.REGISTRATION_APPROVED) == ["Microsoft"]
    assert told(microsoft, EventKind.REGISTRATION_APPROVED) == []


def test_solutions_count_as_they_were_when_the_deal_was_won(world: World) -> None:
    deal = won_deal(world)
    with as_owner():
        Solution.objects.update(status=CoSellStatus.CO_SELL_READY)
    registration = registered(world, deal)
    assert [one["name"] for one in registration.solutions] == ["Contoso Suite"]

    late = world.deal()
    world.accepted(world.referral(late))
    with world.as_member(world.anna):
        advance(late, Name.WIN, actor=world.anna.actor)
    with as_owner():
        Solution.objects.update(status=CoSellStatus.INCENTIVE_ELIGIBLE)
    with pytest.raises(Refused, match="No solution was eligible"):
        registered(world, late)


def test_what_the_vendor_did_after_the_submission_changes_nothing(
    world: World, registration: Registration
) -> None:
    with world.as_member(world.sam):
        theirs = Deal.objects.get(organization=world.microsoft.organization)
        advance(theirs, Name.LOSE, actor=world.sam.actor, reason="budget")
    review(world, registration, "ask_for_changes")
    resubmit(world, registration)
    review(world, registration, "approve")
    assert registration.status == Status.APPROVED


def test_deal_is_registered_once(world: World, registration: Registration) -> None:
    with pytest.raises(Stale, match="Anna Kowalska registered the deal on"):
        registered(world, deal_of(registration))


def test_stale_says_who_did_what_as_far_as_the_reader_may_know(
    world: World, registration: Registration
) -> None:
    seen_by_rita = registration.version
    with world.as_member(world.victor):
        assign(registration, by=world.victor, version=seen_by_rita, is_taken=True)
    with pytest.raises(Stale, match="Victor Vance took the review on"):
        review(world, registration, "approve")
    registration.version += 1
    review(world, registration, "reject")
    registration.version = seen_by_rita
    with pytest.raises(Stale, match="Microsoft rejected the registration"):
        resubmit(world, registration)
    with pytest.raises(Stale, match="Rita Reviewer rejected the registration"):
        review(world, registration, "approve")


def test_whoever_decides_has_taken_it_on(world: World, registration: Registration) -> None:
    review(world, registration, "ask_for_changes")
    assert row(registration)["reviewer_name"] == "Rita Reviewer"


@pytest.mark.parametrize("messages", [{}, {"signed_on": "  "}, {"status": "No."}])
def test_changes_are_asked_for_beside_a_field(
    world: World, registration: Registration, messages: dict[str, str]
) -> None:
    with pytest.raises(Refused, match="beside at least one field"):
        review(world, registration, "ask_for_changes", messages=messages)


def test_rejection_has_a_reason(world: World, registration: Registration) -> None:
    with pytest.raises(Refused, match="Say why"):
        review(world, registration, "reject", reason=" ")


def refused_by_database(world: World, member: Membership, statement: str, match: str) -> None:
    with (
        world.as_member(member),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match=match),
        transaction.atomic(),
    ):
        cursor.execute(statement)


def test_database_lets_each_side_make_its_own_moves_alone(world: World) -> None:
    approved = "UPDATE deals_registration SET status = 'approved'"
    refused_by_database(world, world.anna, approved, "not this company's to move")
    refused_by_database(
        world, world.rita, "UPDATE deals_registration SET total_value = 1e6", "cannot go"
    )
    refused_by_database(
        world, world.anna, "UPDATE deals_registration SET total_value = 1e6", "cannot go"
    )
    refused_by_database(
        world, world.rita,
        "UPDATE deals_registration SET status = 'resubmitted', round = 2", "cannot go",
    )  # fmt: skip
    refused_by_database(world, world.anna, "DELETE FROM deals_registration", "permission denied")
    refused_by_database(
        world, world.anna,
        "INSERT INTO deals_registrationstep"
        " (organization_id, vendor_id, registration_id, kind, round, at, by_name, data)"
        " SELECT organization_id, vendor_id, id, 'approved', 1, now(), 'Rita', '{}'"
        " FROM deals_registration",
        "not this company's",
    )  # fmt: skip
    refused_by_database(
        world, world.rita, "UPDATE deals_registrationstep SET by_name = ''", "permission denied"
    )


def refused(registration: Registration, change: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError, match="cannot go"), transaction.atomic():
        Registration.objects.filter(pk=registration.pk).update(**change)


@pytest.mark.parametrize("status", [Status.APPROVED, Status.REJECTED])
def test_decided_registration_is_final_for_every_role(
    world: World, registration: Registration, status: RegistrationStatus
) -> None:
    review(world, registration, "approve" if status == Status.APPROVED else "reject")
    assert registration.status == status
    again = {"status": Status.PENDING, "reason": ""}
    names = {"submitted_by_name": "", "submitted_by_email": "", "reviewer_name": ""}
    changes: list[dict[str, Any]] = [again, {"total_value": 1}, names]
    for change in changes:
        with world.as_member(world.rita):
            refused(registration, change)
    with as_owner():
        refused(registration, again)
        refused(registration, {"total_value": 1})
        # Personal data can be erased.
        assert Registration.objects.filter(pk=registration.pk).update(**names) == 1


def test_database_registers_no_deal_that_is_not_eligible(
    world: World, registration: Registration
) -> None:
    other = world.deal()
    columns = {**row(registration), "deal_id": other.pk}
    for member, match in ((world.anna, "cannot be registered"), (world.sam, "begin at its start")):
        with (
            world.as_member(member),
            pytest.raises(DatabaseError, match=match),
            transaction.atomic(),
        ):
            Registration.objects.create(**{**columns, "id": other.pk})


def test_third_company_sees_nothing(world: World) -> None:
    for member in (world.mallory, world.frank):
        with world.as_member(member):
            assert not Registration.objects.exists()
            assert not RegistrationStep.objects.exists()


def test_row_repeats_nothing_internal(registration: Registration) -> None:
    """The vendor reads the whole row, so nothing of 3.4 may stand in it."""
    assert SECRET in deal_of(registration).notes
    with as_owner():
        steps = list(RegistrationStep.objects.values())
    assert SECRET not in str([row(registration), steps])


def test_referrals_user_registers_only_what_their_role_lets_them(world: World) -> None:
    deal = won_deal(world)
    with world.as_member(world.olga), pytest.raises(NotAllowed):
        submit_registration(deal, by=world.olga, answers=answers(), vendor=side_of(world, deal))


def test_resubmission_is_held_against_the_rules_too(
    world: World, registration: Registration
) -> None:
    review(world, registration, "ask_for_changes")
    with world.as_member(world.anna), pytest.raises(Refused) as refusal:
        resubmit_registration(
            registration,
            deal=Deal.objects.get(pk=registration.deal_id),
            by=world.anna,
            answers=answers(solution_value=answers().total_value + 1),
            version=registration.version,
        )
    assert refusal.value.field == "solution_value"
