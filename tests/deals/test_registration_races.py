"""Two reviewers at once, and a colleague who registers the same deal: one of them is told."""

from functools import partial

import pytest

from cosell.core.errors import Refused, Stale
from deals.models import Deal, DealEvent, EventKind, Registration, RegistrationStep
from deals.registration.services import approve, ask_for_changes, reject, submit_registration
from partners.models import Membership
from tests.deals.registering import answers, registered, side_of, won_deal
from tests.identity import as_owner
from tests.referrals.racing import Race, some_rounds
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def decide(world: World, registration: Registration, move: str, by: Membership) -> str:
    with world.as_member(by):
        seen = Registration.objects.get(pk=registration.pk)
        if move == "approve":
            approve(seen, by=by, version=1)
        elif move == "reject":
            reject(seen, by=by, version=1, reason="Sold twice.")
        else:
            ask_for_changes(seen, by=by, version=1, messages={"term": "Finite?"})
    return str(seen.status)


@some_rounds(10, full=25)
def test_one_of_three_decisions_counts(world: World, rounds: int) -> None:
    with Race(3) as race:
        for _round in range(rounds):
            registration = registered(world)
            decided = race.run(
                partial(decide, world, registration, "approve", world.rita),
                partial(decide, world, registration, "reject", world.victor),
                partial(decide, world, registration, "changes", world.victor),
            )
            (winner,) = [one for one in decided if not isinstance(one, Refused)]
            assert [isinstance(one, Stale) for one in decided].count(True) == 2
            with as_owner():
                steps = RegistrationStep.objects.filter(registration=registration).order_by("id")
                assert [one.kind for one in steps] == ["submitted", winner]
                assert Registration.objects.get(pk=registration.pk).status == winner
                told = DealEvent.objects.filter(
                    deal=registration.deal_id, kind=f"registration_{winner}"
                )
                assert told.count() == 1


def send(world: World, deal: Deal, by: Membership) -> Registration:
    with world.as_member(by):
        return submit_registration(deal, by=by, answers=answers(), vendor=side_of(world, deal))


@some_rounds(10, full=25)
def test_one_of_two_colleagues_registers_a_deal(world: World, rounds: int) -> None:
    with Race(2) as race:
        for _round in range(rounds):
            deal = won_deal(world)
            sent = race.run(*(partial(send, world, deal, by) for by in (world.anna, world.piotr)))
            assert sorted(type(one).__name__ for one in sent) == ["Registration", "Stale"]
            with as_owner():
                assert Registration.objects.filter(deal=deal).count() == 1
                own = DealEvent.objects.filter(deal=deal, kind=EventKind.REGISTRATION_SUBMITTED)
                assert own.count() == 1
