"""Every pair of status and transition, of role and transition; and what each leaves behind."""

import itertools
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cosell.core.errors import NotAllowed, Refused, Stale
from deals.lifecycle import advance, available_transitions
from deals.models import CloseReason, Deal, DealEvent, DealSolution, Status, TeamMember
from deals.stages import DealType, StageCode, markable_stages
from deals.transitions import TRANSITIONS, By, Name
from partners.permissions import PERMISSIONS, Role
from tests.built_once import Once
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db

ARGUMENTS: dict[Name, dict[str, Any]] = {
    Name.DECLINE: {"reason": CloseReason.BUDGET},
    Name.LOSE: {"reason": CloseReason.OTHER_VENDOR},
    Name.CLOSE_AS_ERROR: {"reason": CloseReason.TEST},
    Name.MARK_STAGE: {"stage": StageCode.PROPOSED},
}
LEGAL = {
    (Status.RECEIVED, Name.ACCEPT): Status.ACCEPTED,
    (Status.RECEIVED, Name.DECLINE): Status.DECLINED,
    (Status.RECEIVED, Name.EXPIRE): Status.EXPIRED,
    (Status.RECEIVED, Name.WITHDRAW): Status.WITHDRAWN,
    (Status.ACCEPTED, Name.MARK_STAGE): Status.ACCEPTED,
    (Status.ACCEPTED, Name.WIN): Status.WON,
    (Status.ACCEPTED, Name.LOSE): Status.LOST,
    (Status.ACCEPTED, Name.CLOSE_AS_ERROR): Status.ERROR,
}
WAY_TO: dict[Status, list[Name]] = {
    Status.RECEIVED: [],
    Status.ACCEPTED: [Name.ACCEPT],
    Status.WON: [Name.ACCEPT, Name.WIN],
    Status.LOST: [Name.ACCEPT, Name.LOSE],
    Status.ERROR: [Name.ACCEPT, Name.CLOSE_AS_ERROR],
    Status.DECLINED: [Name.DECLINE],
    Status.EXPIRED: [Name.EXPIRE],
    Status.WITHDRAWN: [Name.WITHDRAW],
}


@dataclass
class Scene:
    """The vendor's deals, one of each status."""

    world: World
    deals: dict[Status, Deal]


def scene_in(world: World) -> Scene:
    return Scene(world, {status: inbound_deal(world, status) for status in Status})


def inbound_deal(world: World, status: Status) -> Deal:
    referral = world.referral()
    with world.as_member(world.sam):
        deal = Deal.objects.get(pk=referral.recipient_deal_id)
        for name in WAY_TO[status]:
            advance(deal, name, actor=world.sam.actor, **ARGUMENTS.get(name, {}))
    assert deal.status == status
    return deal


@pytest.fixture(scope="module")
def _scene_once(once: Once) -> Scene:
    return once(scene_in)


@pytest.fixture
def scene(_scene_once: Scene) -> Scene:
    return deepcopy(_scene_once)


@pytest.fixture
def world(scene: Scene) -> World:
    return scene.world


@pytest.mark.parametrize(("status", "name"), list(itertools.product(Status, Name)))
def test_every_status_and_transition(
    scene: Scene, world: World, status: Status, name: Name
) -> None:
    deal = scene.deals[status]
    version = deal.version
    with world.as_member(world.sam):
        events = DealEvent.objects.filter(deal=deal).count()
        if (status, name) not in LEGAL:
            with pytest.raises(Stale):
                advance(deal, name, actor=world.sam.actor, **ARGUMENTS.get(name, {}))
            after = Deal.objects.get(pk=deal.pk)
            assert (after.status, after.version) == (status, version)
            assert DealEvent.objects.filter(deal=deal).count() == events
            return
        advance(deal, name, actor=world.sam.actor, **ARGUMENTS.get(name, {}))
        after = Deal.objects.get(pk=deal.pk)
        assert after.status == LEGAL[status, name]
        assert after.version == version + 1 == deal.version
        assert (after.stage, after.closed_at) == (deal.stage, deal.closed_at)
        last = DealEvent.objects.filter(deal=deal).latest("id")
        assert (last.kind, last.actor_name) == (TRANSITIONS[name].event, "Sam Seller")
        assert DealEvent.objects.filter(deal=deal).count() == events + 1


@pytest.mark.parametrize(("role", "name"), list(itertools.product(Role, Name)))
def test_every_role_and_transition(scene: Scene, world: World, role: Role, name: Name) -> None:
    transition = TRANSITIONS[name]
    deal = scene.deals[transition.source]
    world.sam.role = role
    with world.as_member(world.sam):
        offered = [
            offer.transition.name for offer in available_transitions(deal, actor=world.sam.actor)
        ]
        allowed = transition.permission in PERMISSIONS[role]
        assert (name in offered) == (allowed and transition.by == By.OWNER)
        if allowed:
            advance(deal, name, actor=world.sam.actor, **ARGUMENTS.get(name, {}))
        else:
            with pytest.raises(NotAllowed):
                advance(deal, name, actor=world.sam.actor, **ARGUMENTS.get(name, {}))


def test_stages_may_be_skipped_and_gone_back_to(world: World) -> None:
    deal = world.deal()
    with world.as_member(world.anna):
        for stage in (StageCode.NEGOTIATED, StageCode.QUALIFIED, StageCode.PROPOSED):
            advance(deal, Name.MARK_STAGE, actor=world.anna.actor, stage=stage)
            assert Deal.objects.get(pk=deal.pk).stage == stage
        with pytest.raises(Refused, match="no such stage"):
            advance(deal, Name.MARK_STAGE, actor=world.anna.actor, stage=StageCode.DATA_COLLECTED)
        with pytest.raises(Stale, match="already"):
            advance(deal, Name.MARK_STAGE, actor=world.anna.actor, stage=StageCode.PROPOSED)


def test_assessment_is_won_only_after_its_stages_in_order(world: World) -> None:
    deal = world.deal(type=DealType.ASSESSMENT)
    with world.as_member(world.anna):
        for position, stage in enumerate(markable_stages(deal.type)):
            with pytest.raises(Refused, match="Still to be marked"):
                advance(deal, Name.WIN, actor=world.anna.actor)
            for later in markable_stages(deal.type)[position + 1 :]:
                with pytest.raises(Refused, match="in order"):
                    advance(deal, Name.MARK_STAGE, actor=world.anna.actor, stage=later.code)
            advance(deal, Name.MARK_STAGE, actor=world.anna.actor, stage=stage.code)
        advance(deal, Name.WIN, actor=world.anna.actor)
        assert Deal.objects.get(pk=deal.pk).status == Status.WON


@pytest.mark.parametrize("name", [Name.DECLINE, Name.LOSE, Name.CLOSE_AS_ERROR])
def test_reason_is_required_and_others_needs_notes(scene: Scene, world: World, name: Name) -> None:
    deal = scene.deals[TRANSITIONS[name].source]
    with world.as_member(world.sam):
        for reason, notes in (("", "why"), ("nonsense", "why"), (CloseReason.OTHER, "  ")):
            with pytest.raises(Refused):
                advance(deal, name, actor=world.sam.actor, reason=reason, notes=notes)
        advance(deal, name, actor=world.sam.actor, reason=CloseReason.OTHER, notes="Because.")
        after = Deal.objects.get(pk=deal.pk)
        assert (after.close_reason, after.close_notes) == (CloseReason.OTHER, "Because.")


def test_second_of_two_who_saw_the_same_deal_is_told_who_was_faster(world: World) -> None:
    deal = world.deal()
    with world.as_member(world.anna):
        seen_by_bob = Deal.objects.get(pk=deal.pk)
        advance(deal, Name.WIN, actor=world.anna.actor)
        with pytest.raises(Stale, match=r"Anna Kowalska was faster: since .* the deal is “Won”"):
            advance(seen_by_bob, Name.LOSE, actor=world.bob.actor, reason=CloseReason.BUDGET)


CLOSED = [status for status in Status if status not in (Status.RECEIVED, Status.ACCEPTED)]


@pytest.mark.parametrize("status", CLOSED)
def test_closed_deal_cannot_be_changed_by_sql(scene: Scene, world: World, status: Status) -> None:
    deal = scene.deals[status]
    changes: dict[str, Any] = {
        "status": "accepted",
        "stage": "proposed",
        "value": 1,
        "currency": "USD",
        "close_date": timezone.localdate() + timedelta(days=400),
        "close_reason": "timeline",
        "type": "private",
        "name": "Other",
        "closed_at": None,
        "organization_id": world.contoso.pk,
    }
    with as_owner(), connection.cursor() as cursor:
        for column, value in changes.items():
            change = f"UPDATE deals_deal SET {column} = %s WHERE id = %s"  # noqa: S608  (fixed columns)
            with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
                cursor.execute(change, [value, deal.pk])


@pytest.mark.parametrize("column", ["notes", "close_notes", "customer_name", "reference"])
def test_closed_deal_is_rewritten_by_the_web_in_nothing_and_erased_by_the_worker(
    scene: Scene, world: World, column: str
) -> None:
    deal = scene.deals[Status.WON]
    with (
        world.as_member(world.sam),
        pytest.raises(DatabaseError, match="cannot be changed"),
        transaction.atomic(),
    ):
        Deal.objects.filter(pk=deal.pk).update(**{column: "x"})
    with as_owner():
        assert Deal.objects.filter(pk=deal.pk).update(**{column: "x"}) == 1


def test_part_cannot_be_moved_off_a_closed_deal(scene: Scene, world: World) -> None:
    closed, other = scene.deals[Status.WON], scene.deals[Status.ACCEPTED]
    row = world.microsoft.solution
    with as_owner(), pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
        DealSolution.objects.filter(deal=closed, solution=row).update(deal=other)


def test_closed_deal_keeps_its_team_but_the_worker_may_erase_people(
    scene: Scene, world: World
) -> None:
    deal = scene.deals[Status.WON]
    with as_owner(), pytest.raises(DatabaseError, match="closed"), transaction.atomic():
        TeamMember.objects.create(
            organization_id=deal.organization_id,
            deal=deal,
            first_name="Eve",
            last_name="Late",
            phone="+48221234567",
            email="eve@microsoft.example",
        )
    own = world.deal()
    with world.as_member(world.anna):
        advance(own, Name.WIN, actor=world.anna.actor)
        with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
            TeamMember.objects.filter(deal=own).delete()
    with as_owner():
        assert TeamMember.objects.filter(deal=own).delete()[0] == 1
