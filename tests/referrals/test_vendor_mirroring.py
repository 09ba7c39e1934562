"""An invited partner sees how far the vendor is (4.6), however the vendor got there."""

from typing import Any
from uuid import UUID

import pytest
import time_machine

from cosell.core.tenancy import WORKER_ROLE, database_identity
from deals.lifecycle import advance
from deals.models import Deal, Status
from deals.transitions import Name
from partners.models import Membership
from referrals.cards import inviter_cards
from referrals.engagement import reconcile_expired_vendors
from referrals.models import Referral
from referrals.services import expire_all_overdue, expire_overdue_referrals
from tests.identity import as_owner
from tests.referrals.endings import decline, ended
from tests.world import World

pytestmark = pytest.mark.django_db


def seen(referral: Referral) -> tuple[str, str]:
    with as_owner():
        now = Referral.objects.get(pk=referral.pk)
    return now.vendor_status, now.vendor_stage


def move(world: World, member: Membership, deal_id: UUID, name: Name, **given: Any) -> None:
    with world.as_member(member):
        advance(Deal.objects.get(pk=deal_id), name, actor=member.actor, **given)


def test_partner_follows_the_vendor_from_invitation_to_won(world: World) -> None:
    deal = world.deal()
    partner = world.referral(deal, recipient=world.fabrikam)
    assert seen(partner) == ("", "")
    vendor = world.referral(deal)
    assert seen(partner) == (Status.RECEIVED, "")
    world.accepted(vendor)
    assert seen(partner) == (Status.ACCEPTED, "accepted")
    move(world, world.sam, vendor.recipient_deal_id, Name.MARK_STAGE, stage="proposed")
    assert seen(partner) == (Status.ACCEPTED, "proposed")
    move(world, world.sam, vendor.recipient_deal_id, Name.WIN)
    assert seen(partner) == (Status.WON, "won")


def test_partner_that_comes_later_sees_where_the_vendor_is(world: World) -> None:
    deal = world.deal()
    world.accepted(world.referral(deal))
    assert seen(world.referral(deal, recipient=world.fabrikam)) == (Status.ACCEPTED, "accepted")


@pytest.mark.parametrize("end", ["declined", "expired", "withdrawn"])
def test_partner_sees_the_vendor_go_and_come_back(world: World, end: str) -> None:
    deal = world.deal()
    partner = world.referral(deal, recipient=world.fabrikam)
    ended(world, deal, world.microsoft, end, by=world.sam)
    assert seen(partner) == (end, "")
    world.referral(deal)
    assert seen(partner) == (Status.RECEIVED, "")


def test_who_turned_the_invitation_down_watches_the_vendor_no_more(world: World) -> None:
    deal = world.deal()
    partner = world.referral(deal, recipient=world.fabrikam)
    vendor = world.referral(deal)
    decline(world, partner, by=world.frank)
    world.accepted(vendor)
    assert seen(partner) == (Status.RECEIVED, "")


def test_vendor_sees_nothing_of_itself_mirrored_and_nothing_of_partners(world: World) -> None:
    deal = world.deal()
    vendor = world.referral(deal)
    world.accepted(world.referral(deal, recipient=world.fabrikam), by=world.frank)
    world.accepted(vendor)
    assert seen(vendor) == ("", "")
    with world.as_member(world.sam):
        assert list(Referral.objects.values_list("recipient_name", flat=True)) == ["Microsoft"]


def test_other_deals_of_the_same_inviter_are_left_alone(world: World) -> None:
    elsewhere = world.referral(recipient=world.fabrikam)
    world.accepted(world.referral())
    assert seen(elsewhere) == ("", "")


@pytest.mark.parametrize("is_first", [True, False])
def test_partner_sees_the_vendors_time_run_out_before_the_sweep(
    world: World, is_first: bool
) -> None:
    deal = world.deal()
    if is_first:
        world.overdue_referral(deal)
    partner = world.referral(deal, recipient=world.fabrikam)
    if not is_first:
        world.overdue_referral(deal)
    with world.as_member(world.frank):
        _inviter, card = inviter_cards(Referral.objects.get(pk=partner.pk))
    assert (card.company, card.status, card.status_label) == ("Microsoft", "expired", "Expired")


def test_partner_that_is_out_is_told_nothing_of_the_vendors_time(world: World) -> None:
    deal = world.deal()
    partner = world.referral(deal, recipient=world.fabrikam)
    vendor = world.referral(deal)
    decline(world, partner, by=world.frank)
    world.accepted(vendor)
    with world.as_member(world.frank), time_machine.travel(vendor.respond_by):
        _inviter, card = inviter_cards(Referral.objects.get(pk=partner.pk))
    assert card.status == "received"


def test_sweep_that_was_killed_halfway_is_made_up_for_by_the_next(world: World) -> None:
    deal = world.deal()
    partner = world.referral(deal, recipient=world.fabrikam)
    world.overdue_referral(deal)
    with database_identity(WORKER_ROLE):
        assert expire_overdue_referrals() == 1
    assert seen(partner) == (Status.RECEIVED, "")
    assert expire_all_overdue() == 0
    assert seen(partner) == (Status.EXPIRED, "")
    assert reconcile_expired_vendors() == 0
