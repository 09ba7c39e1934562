"""Who is told what (7.1, 7.2)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deals.lifecycle import advance
from deals.models import CloseReason, Deal, EventKind
from deals.parts import Person
from deals.transitions import Name
from notifications.models import Notice, Notification
from notifications.services import resolve_notices
from partners.models import Location, Membership, MembershipLocation
from partners.permissions import Role
from referrals.models import Referral
from referrals.services import expire_all_overdue, withdraw_referral
from tests.factories import (
    LocationFactory,
    MembershipFactory,
    SolutionContactFactory,
    SolutionFactory,
    UserFactory,
)
from tests.identity import as_owner
from tests.world import World, person_of_member

pytestmark = pytest.mark.django_db

ELA = Person("Ela", "Freelance", "+48221234567", "ela@freelance.example")


def told() -> dict[str, set[str]]:
    """Addresses by kind, of everything that was written so far."""
    while resolve_notices():
        pass
    found: dict[str, set[str]] = {}
    with as_owner():
        for kind, email in Notification.objects.values_list("kind", "email"):
            found.setdefault(kind, set()).add(email)
    return found


def received_deal(referral: Referral) -> Deal:
    return Deal.objects.get(pk=referral.recipient_deal_id)


def seller_of(world: World, location: Location, name: str) -> Membership:
    member = MembershipFactory(
        organization=world.microsoft.organization,
        user=UserFactory(email=f"{name}@microsoft.example"),
        role=Role.VENDOR_SELLER,
        is_location_scoped=True,
    )
    with as_owner():
        MembershipLocation.objects.create(
            organization=world.microsoft.organization, membership=member, location=location
        )
    return member


def test_invitation_reaches_who_answers_there_and_the_team_here(world: World) -> None:
    world.referral(world.deal(team=[person_of_member(world.anna), ELA]))
    assert told() == {
        "received": {"sam@microsoft.example", "victor@microsoft.example"},
        "invited": {"anna@contoso.example", "ela@freelance.example"},
    }


def test_sellers_of_another_location_are_not_told(world: World) -> None:
    elsewhere = LocationFactory(organization=world.microsoft.organization, country="DE")
    seller_of(world, world.microsoft.location, "here")
    seller_of(world, elsewhere, "elsewhere")
    world.referral()
    assert told()["received"] == {
        "here@microsoft.example",
        "sam@microsoft.example",
        "victor@microsoft.example",
    }


def test_organisation_without_referral_admins_is_reached_by_its_solutions_contacts(
    world: World,
) -> None:
    with as_owner():
        Membership.objects.filter(pk=world.frank.pk).update(is_active=False)
    SolutionContactFactory(solution=world.fabrikam.solution, email="suite@fabrikam.example")
    another = SolutionFactory(organization=world.fabrikam.organization)
    SolutionContactFactory(solution=another, email="another@fabrikam.example")
    SolutionContactFactory(solution=world.contoso.solution, email="suite@contoso.example")
    world.referral(recipient=world.fabrikam, solutions=[world.fabrikam.solution])
    assert told()["received"] == {"suite@fabrikam.example"}


def test_notice_that_nobody_reads_is_done_with(world: World) -> None:
    with as_owner():
        Membership.objects.filter(pk=world.frank.pk).update(is_active=False)
    world.referral(recipient=world.fabrikam)
    assert "received" not in told()
    with as_owner():
        assert not Notice.objects.filter(resolved_at=None).exists()


def test_answers_reach_the_senders_team(world: World) -> None:
    accepted = world.referral(world.deal(team=[person_of_member(world.bob), ELA]))
    world.accepted(accepted)
    declined = world.referral()
    with world.as_member(world.sam):
        advance(
            received_deal(declined), Name.DECLINE, actor=world.sam.actor, reason=CloseReason.BUDGET
        )
    found = told()
    assert found["counterpart_accepted"] == {"bob@contoso.example", "ela@freelance.example"}
    assert found["counterpart_declined"] == {"anna@contoso.example"}


def test_expiry_reaches_the_senders_team(world: World) -> None:
    world.overdue_referral(world.deal(team=[person_of_member(world.bob)]))
    expire_all_overdue()
    found = told()
    assert found["counterpart_expired"] == {"bob@contoso.example"}
    assert "expired" not in found


def test_withdrawal_is_told_on_both_sides(world: World) -> None:
    referral = world.referral(recipient=world.fabrikam)
    with world.as_member(world.anna):
        withdraw_referral(referral, actor=world.anna.actor)
    found = told()
    assert found["withdrawn"] == {"frank@fabrikam.example"}
    assert found["counterpart_withdrawn"] == {"anna@contoso.example"}


@pytest.mark.parametrize("closes_first", ["anna", "sam"])
def test_closing_is_told_to_the_team_of_the_other_side(world: World, closes_first: str) -> None:
    referral = world.referral()
    world.accepted(referral)
    closer = world.cast[closes_first]
    own = referral.sender_deal_id if closer is world.anna else referral.recipient_deal_id
    with world.as_member(closer):
        advance(Deal.objects.get(pk=own), Name.WIN, actor=closer.actor)
    other = world.sam if closer is world.anna else world.anna
    assert told()["counterpart_closed"] == {other.user.email}


def test_colleague_who_left_is_not_told(world: World) -> None:
    referral = world.referral(
        world.deal(team=[person_of_member(world.anna), person_of_member(world.bob)])
    )
    with as_owner():
        Membership.objects.filter(pk=world.bob.pk).update(is_active=False)
    world.accepted(referral)
    assert told()["counterpart_accepted"] == {"anna@contoso.example"}


def test_reader_is_linked_to_the_membership_only_where_there_is_one(world: World) -> None:
    world.referral(world.deal(team=[person_of_member(world.anna), ELA]))
    told()
    with as_owner():
        invited = Notification.objects.filter(kind=EventKind.INVITED)
        links = dict(invited.values_list("email", "membership_id"))
    assert links == {"anna@contoso.example": world.anna.pk, "ela@freelance.example": None}


def test_stages_and_own_edits_are_nobodys_mail(world: World) -> None:
    deal = world.deal()
    with world.as_member(world.anna):
        advance(deal, Name.MARK_STAGE, actor=world.anna.actor, stage="qualified")
        advance(deal, Name.WIN, actor=world.anna.actor)
    with as_owner():
        assert not Notice.objects.exists()


def test_notices_belong_to_the_organisation_of_their_event(world: World) -> None:
    world.referral()
    with world.as_member(world.anna):
        assert list(Notice.objects.values_list("event__kind", flat=True)) == [EventKind.INVITED]
    with world.as_member(world.sam):
        assert list(Notice.objects.values_list("event__kind", flat=True)) == [EventKind.RECEIVED]


def test_resolving_takes_as_many_statements_for_many_notices_as_for_one(world: World) -> None:
    statements = []
    for deals in (1, 3):
        for _deal in range(deals):
            world.referral()
        with CaptureQueriesContext(connection) as captured:
            assert resolve_notices() == 2 * deals
        statements.append(len(captured))
    assert statements[0] == statements[1]
