"""Every pair of status and move, of role and move."""

import itertools
from copy import deepcopy
from dataclasses import dataclass

import pytest

from cosell.core.errors import NotAllowed, Refused, Stale
from deals.models import Deal, Registration, RegistrationStatus
from deals.registration.lifecycle import TRANSITIONS, Move, Side, may_move
from deals.registration.services import submit_registration
from partners.models import Membership
from partners.permissions import PARTNER_ROLES, PERMISSIONS, VENDOR_ROLES, Role
from tests.built_once import Once
from tests.deals.registering import (
    answers,
    deal_of,
    history,
    registered,
    registration_in,
    resubmit,
    review,
    row,
    side_of,
    won_deal,
)
from tests.world import World

pytestmark = pytest.mark.django_db

Status = RegistrationStatus
LEGAL = {
    (Status.PENDING, Move.APPROVE): Status.APPROVED,
    (Status.PENDING, Move.ASK_FOR_CHANGES): Status.ACTION_REQUIRED,
    (Status.PENDING, Move.REJECT): Status.REJECTED,
    (Status.ACTION_REQUIRED, Move.RESUBMIT): Status.RESUBMITTED,
    (Status.ACTION_REQUIRED, Move.REJECT): Status.REJECTED,
    (Status.RESUBMITTED, Move.APPROVE): Status.APPROVED,
    (Status.RESUBMITTED, Move.ASK_FOR_CHANGES): Status.ACTION_REQUIRED,
    (Status.RESUBMITTED, Move.REJECT): Status.REJECTED,
}


@dataclass
class Scene:
    """A registration of each status, and a deal that waits for one."""

    world: World
    registrations: dict[RegistrationStatus, Registration]
    won: Deal


def scene_in(world: World) -> Scene:
    registrations = {status: registration_in(world, status) for status in Status}
    return Scene(world, registrations, won_deal(world))


@pytest.fixture(scope="module")
def _scene_once(once: Once) -> Scene:
    return once(scene_in)


@pytest.fixture
def scene(_scene_once: Scene) -> Scene:
    return deepcopy(_scene_once)


def make(world: World, registration: Registration, move: Move) -> None:
    """The move by who usually makes it."""
    if move == Move.RESUBMIT:
        resubmit(world, registration)
    elif move == Move.SUBMIT:
        registered(world, deal_of(registration))
    else:
        review(world, registration, move)


@pytest.mark.parametrize(("status", "move"), list(itertools.product(Status, Move)))
def test_every_status_and_move(scene: Scene, status: RegistrationStatus, move: Move) -> None:
    world, registration = scene.world, scene.registrations[status]
    before, steps = row(registration), history(registration)
    if (status, move) not in LEGAL:
        with pytest.raises(Stale):
            make(world, registration, move)
        assert (row(registration), history(registration)) == (before, steps)
        return
    make(world, registration, move)
    after = row(registration)
    assert after["status"] == LEGAL[status, move] == registration.status
    assert after["version"] == before["version"] + 1 == registration.version
    assert len(history(registration)) == len(steps) + 1
    assert history(registration)[-1][0] == TRANSITIONS[move].step


def actor(world: World, role: Role) -> Membership:
    member = world.anna if role in PARTNER_ROLES else world.rita
    member.role = role
    return member


@pytest.mark.parametrize(
    ("role", "move"), list(itertools.product([*PARTNER_ROLES, *VENDOR_ROLES], Move))
)
def test_every_role_and_move(scene: Scene, role: Role, move: Move) -> None:
    world, transition = scene.world, TRANSITIONS[move]
    if move == Move.SUBMIT:
        registration = Registration(
            organization=world.contoso.organization,
            vendor=world.microsoft.organization,
            status="",
        )
    else:
        registration = scene.registrations[transition.sources[0]]
    member = actor(world, role)
    if transition.side == Side.PARTNER:
        world.anna = member
    else:
        world.rita = member
    is_own_side = (role in PARTNER_ROLES) == (transition.side == Side.PARTNER)
    allowed = is_own_side and transition.permission in PERMISSIONS[role]
    if move != Move.SUBMIT:
        assert may_move(registration, move, by=member) == allowed
    try:
        if move == Move.SUBMIT:
            with world.as_member(member):
                submit_registration(
                    scene.won, by=member, answers=answers(), vendor=side_of(world, scene.won)
                )
        else:
            make(world, registration, move)
        made = True
    except (NotAllowed, Refused):
        made = False
    assert made == allowed
