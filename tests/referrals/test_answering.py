from uuid import UUID

import pytest

from cosell.core.errors import Refused, Stale
from deals.lifecycle import advance
from deals.models import CloseReason, Deal, DealEvent, EventKind, Status
from deals.transitions import Name
from partners.models import Solution
from referrals.models import Referral
from referrals.services import accept_referral, expire_overdue_referrals, withdraw_referral
from tests.identity import as_owner
from tests.world import World, details_of, person_of_member

pytestmark = pytest.mark.django_db


def kinds(deal_id: UUID) -> list[str]:
    with as_owner():
        return list(DealEvent.objects.filter(deal_id=deal_id).values_list("kind", flat=True))


def test_invitation_gives_the_recipient_its_own_received_deal(world: World) -> None:
    referral = world.referral()
    with world.as_member(world.sam):
        received = Deal.objects.get(pk=referral.recipient_deal_id)
        assert received.organization_id == world.microsoft.pk
        assert received.status == Status.RECEIVED
        assert received.engagement_id == referral.engagement_id
        assert received.customer_name == referral.customer["name"]
        assert [row.code for row in received.solutions.all()] == [world.microsoft.solution.code]
        assert not received.team.exists()
    assert kinds(referral.sender_deal_id) == [EventKind.CREATED, EventKind.INVITED]
    assert kinds(referral.recipient_deal_id) == [EventKind.RECEIVED]


def test_accepting_shows_the_sender_status_stage_and_team(world: World) -> None:
    referral = world.referral()
    world.accepted(referral)
    with world.as_member(world.anna):
        card = Referral.objects.get(pk=referral.pk)
        assert card.recipient_status == Status.ACCEPTED
        assert card.recipient_stage == "accepted"
        assert [person["email"] for person in card.recipient_team] == ["sam@microsoft.example"]
    assert kinds(referral.sender_deal_id)[-1] == EventKind.COUNTERPART_ACCEPTED


def test_declining_shows_the_sender_reason_and_notes(world: World) -> None:
    referral = world.referral()
    with world.as_member(world.sam):
        deal = Deal.objects.get(pk=referral.recipient_deal_id)
        advance(
            deal, Name.DECLINE, actor=world.sam.actor, reason=CloseReason.BUDGET, notes="No money."
        )
    with world.as_member(world.anna):
        card = Referral.objects.get(pk=referral.pk)
        assert (card.recipient_status, card.reason, card.notes) == (
            Status.DECLINED,
            CloseReason.BUDGET,
            "No money.",
        )


def test_answer_after_the_deadline_is_refused_before_the_sweep_ran(world: World) -> None:
    referral = world.overdue_referral()
    with pytest.raises(Stale, match="expired"):
        world.accepted(referral)


def test_sweep_expires_once_and_tells_the_sender(world: World) -> None:
    overdue, waiting = world.overdue_referral(), world.referral()
    with as_owner():
        assert expire_overdue_referrals() == 1
        assert expire_overdue_referrals() == 0
        assert Referral.objects.get(pk=overdue.pk).recipient_status == Status.EXPIRED
        assert Referral.objects.get(pk=waiting.pk).recipient_status == Status.RECEIVED
    assert kinds(overdue.recipient_deal_id) == [EventKind.RECEIVED, EventKind.EXPIRED]
    assert kinds(overdue.sender_deal_id)[-1] == EventKind.COUNTERPART_EXPIRED


def test_withdrawing_ends_the_recipients_deal_and_names_no_person_there(world: World) -> None:
    referral = world.referral()
    with world.as_member(world.anna):
        withdraw_referral(referral, actor=world.anna.actor)
    with as_owner():
        assert Deal.objects.get(pk=referral.recipient_deal_id).status == Status.WITHDRAWN
        theirs = DealEvent.objects.filter(deal_id=referral.recipient_deal_id).last()
        ours = DealEvent.objects.filter(deal_id=referral.sender_deal_id).last()
    assert theirs is not None
    assert ours is not None
    assert (theirs.actor_name, theirs.actor_id) == ("Contoso", None)
    assert (ours.kind, ours.actor_name) == (EventKind.COUNTERPART_WITHDRAWN, "Anna Kowalska")


def test_closing_withdraws_open_invitations_and_leaves_accepted_ones(world: World) -> None:
    deal = world.deal()
    world.accepted(world.referral(deal))
    waiting = world.referral(deal, recipient=world.fabrikam)
    with world.as_member(world.anna):
        deal = Deal.objects.get(pk=deal.pk)
        advance(deal, Name.WIN, actor=world.anna.actor)
        states = dict(Referral.objects.values_list("recipient_name", "recipient_status"))
    assert states == {"Microsoft": Status.ACCEPTED, "Fabrikam": Status.WITHDRAWN}
    assert kinds(waiting.recipient_deal_id)[-1] == EventKind.WITHDRAWN


def test_party_is_invited_once_until_it_declined(world: World) -> None:
    deal = world.deal()
    world.referral(deal)
    with pytest.raises(Refused, match="already"):
        world.referral(deal)


def test_vendor_needs_the_customers_contact_and_consent(world: World) -> None:
    with pytest.raises(Refused, match="contact"):
        world.referral(world.deal(contact=None))


def test_who_declined_no_longer_watches_the_senders_progress(world: World) -> None:
    deal = world.deal()
    declined = world.referral(deal)
    with world.as_member(world.sam):
        received = Deal.objects.get(pk=declined.recipient_deal_id)
        advance(received, Name.DECLINE, actor=world.sam.actor, reason=CloseReason.BUDGET)
    accepted = world.referral(deal, recipient=world.fabrikam)
    world.accepted(accepted, by=world.frank)
    with world.as_member(world.anna):
        deal = Deal.objects.get(pk=deal.pk)
        advance(deal, Name.MARK_STAGE, actor=world.anna.actor, stage="proposed")
    with world.as_member(world.sam):
        assert Referral.objects.get(pk=declined.pk).sender_stage == "created"
    with world.as_member(world.frank):
        assert Referral.objects.get(pk=accepted.pk).sender_stage == "proposed"


def test_overdue_invitation_is_not_withdrawn_by_closing_but_expires(world: World) -> None:
    referral = world.overdue_referral()
    with world.as_member(world.anna):
        with pytest.raises(Stale, match="expired"):
            withdraw_referral(referral, actor=world.anna.actor)
        deal = Deal.objects.get(pk=referral.sender_deal_id)
        advance(deal, Name.WIN, actor=world.anna.actor)
        assert Referral.objects.get(pk=referral.pk).recipient_status == Status.RECEIVED
    with as_owner():
        assert expire_overdue_referrals() == 1
        assert Deal.objects.get(pk=referral.recipient_deal_id).status == Status.EXPIRED


def test_partner_is_asked_for_its_own_solutions_and_in_words(world: World) -> None:
    deal = world.deal()
    for wrong, code in (
        ({"solutions": [world.contoso.solution]}, "foreign_solutions"),
        ({"solutions": []}, "solutions"),
        ({"message": "  "}, "message"),
    ):
        with pytest.raises(Refused) as refusal:
            world.referral(deal, recipient=world.fabrikam, **wrong)
        assert refusal.value.code == code
    with as_owner():
        Solution.objects.filter(pk=world.fabrikam.solution.pk).update(is_published=False)
    with pytest.raises(Refused) as refusal:
        world.referral(deal, recipient=world.fabrikam)
    assert refusal.value.code == "not_in_ecosystem"


def test_whoever_accepts_is_on_the_team(world: World) -> None:
    referral = world.referral()
    team = [person_of_member(world.rita)]
    with world.as_member(world.sam):
        deal = Deal.objects.get(pk=referral.recipient_deal_id)
        with pytest.raises(Refused, match="first member"):
            accept_referral(deal, actor=world.sam.actor, details=details_of(), team=team)
        assert Deal.objects.get(pk=deal.pk).status == Status.RECEIVED
