"""Every row of 5.6, at the table and through the service; types that widen for everybody."""

import itertools
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from cosell.core.errors import Refused
from deals.lifecycle import advance
from deals.models import CloseReason, Deal, DealEvent, Direction, EventKind, Status
from deals.stages import DealType
from deals.transitions import Name
from referrals.combinations import COMBINATIONS, LADDER, Meeting
from referrals.models import HelpType, Referral
from tests.identity import as_owner
from tests.notifications.reading import everything, mails_to
from tests.referrals.endings import decline, ended
from tests.world import Company, World

pytestmark = pytest.mark.django_db

PRIVATE, P2P, CO_SELL = DealType.PRIVATE, DealType.P2P, DealType.CO_SELL
# 5.6 once more, as a person reads it; all that is not here is refused.
WIDENS = {
    (PRIVATE, Meeting.WITH_VENDOR): CO_SELL,
    (PRIVATE, Meeting.AMONG_PARTNERS): P2P,
    (P2P, Meeting.WITH_VENDOR): CO_SELL,
    (P2P, Meeting.AMONG_PARTNERS): P2P,
    (CO_SELL, Meeting.WITH_VENDOR): CO_SELL,
    (CO_SELL, Meeting.AMONG_PARTNERS): CO_SELL,
}


def types(engagement_id: UUID) -> dict[str, str]:
    with as_owner():
        deals = Deal.objects.filter(engagement_id=engagement_id)
        return dict(deals.values_list("organization__name", "type"))


def upgrades(deal_id: UUID) -> list[Any]:
    with as_owner():
        return [
            (event.actor_name, event.data["changes"])
            for event in DealEvent.objects.filter(deal_id=deal_id, kind=EventKind.TYPE_UPGRADED)
        ]


def test_table_has_every_row_and_a_reason_wherever_it_says_no() -> None:
    assert set(COMBINATIONS) == set(itertools.product(DealType, Direction, Meeting))
    for one in COMBINATIONS.values():
        assert one.is_allowed != bool(one.reason), one


def test_types_only_widen() -> None:
    for one in COMBINATIONS.values():
        if one.result:
            assert LADDER.index(one.result) >= LADDER.index(one.type), one


@pytest.mark.parametrize(("type", "meeting"), list(itertools.product(DealType, Meeting)))
def test_every_row_of_an_outbound_deal(world: World, type: DealType, meeting: Meeting) -> None:
    deal = world.deal(type=type)
    recipient = world.microsoft if meeting == Meeting.WITH_VENDOR else world.fabrikam
    expected = WIDENS.get((type, meeting))
    if expected is None:
        with pytest.raises(Refused, match="assessment"):
            world.referral(deal, recipient=recipient)
        return
    world.referral(deal, recipient=recipient)
    assert types(deal.engagement_id) == {
        "Contoso": expected,
        recipient.organization.name: expected,
    }
    assert bool(upgrades(deal.pk)) == (expected != type)


@pytest.mark.parametrize(("type", "meeting"), list(itertools.product((P2P, CO_SELL), Meeting)))
def test_from_an_inbound_deal_nobody_invites_anybody(
    world: World, type: DealType, meeting: Meeting
) -> None:
    deal = world.deal(type=type)
    received = world.accepted(world.referral(deal, recipient=world.fabrikam), by=world.frank)
    assert (received.type, received.is_inbound) == (type, True)
    recipient = world.microsoft if meeting == Meeting.WITH_VENDOR else world.outsider
    with pytest.raises(Refused, match="Only the company that created"):
        world.referral(received, sender=world.frank, recipient=recipient)


@pytest.mark.parametrize("ending", [Name.WIN, Name.LOSE, Name.CLOSE_AS_ERROR])
def test_closed_deal_invites_nobody(world: World, ending: Name) -> None:
    deal = world.deal()
    reason = {Name.LOSE: CloseReason.BUDGET, Name.CLOSE_AS_ERROR: CloseReason.TEST}.get(ending, "")
    with world.as_member(world.anna):
        advance(Deal.objects.get(pk=deal.pk), ending, actor=world.anna.actor, reason=reason)
    # The caller's copy is from before the end: what counts is what the row says.
    with pytest.raises(Refused, match="closed"):
        world.referral(deal, recipient=world.fabrikam)


def test_vendors_invitation_is_co_sell(world: World) -> None:
    deal = world.deal(world.sam, type=PRIVATE)
    world.referral(deal, sender=world.sam, recipient=world.fabrikam)
    assert set(types(deal.engagement_id).values()) == {CO_SELL}


def test_inviting_the_vendor_widens_every_open_deal_and_leaves_closed_ones(world: World) -> None:
    deal = world.deal(type=PRIVATE)
    fabrikam = world.referral(deal, recipient=world.fabrikam)
    outsider = world.referral(deal, recipient=world.outsider)
    world.accepted(fabrikam, by=world.frank)
    decline(world, outsider, by=world.mallory)
    world.referral(deal)
    assert types(deal.engagement_id) == {
        "Contoso": CO_SELL, "Fabrikam": CO_SELL, "Outsider": P2P, "Microsoft": CO_SELL
    }  # fmt: skip
    assert upgrades(deal.pk) == [
        ("Anna Kowalska", [["type", PRIVATE, P2P]]),
        ("Anna Kowalska", [["type", P2P, CO_SELL]]),
    ]
    assert upgrades(fabrikam.recipient_deal_id) == [("Contoso", [["type", P2P, CO_SELL]])]
    assert upgrades(outsider.recipient_deal_id) == []


def test_wider_type_is_told_to_whoever_works_on_it(world: World) -> None:
    deal = world.deal(type=P2P, name="Cold chain")
    world.accepted(world.referral(deal, recipient=world.fabrikam), by=world.frank)
    world.referral(deal, recipient=world.outsider)
    world.referral(deal)
    for email in ("frank@fabrikam.example", "mallory@outsider.example"):
        told = [one for one in mails_to(email) if one.subject.startswith("Now Co-sell")]
        assert len(told) == 1, email
    assert "Contoso widened" in str(told[0].body)


def test_inviter_reads_of_the_wider_type_in_the_mail_about_the_invitation(world: World) -> None:
    deal = world.deal(type=PRIVATE)
    world.referral(deal, recipient=world.fabrikam)
    world.referral(deal, recipient=world.outsider)
    first, second = mails_to("anna@contoso.example")
    assert "the deal is of type Partner to partner" in everything(first)
    assert "the deal is of type" not in everything(second)


def test_upgrade_is_refused_to_everybody_but_the_inviter(world: World) -> None:
    deal = world.deal(type=P2P)
    world.accepted(world.referral(deal, recipient=world.fabrikam), by=world.frank)
    for member in (world.frank, world.sam, world.mallory):
        with (
            world.as_member(member),
            connection.cursor() as cursor,
            pytest.raises(DatabaseError, match="Only who began"),
            transaction.atomic(),
        ):
            cursor.execute("SELECT * FROM engagement_upgrade(%s, 'co_sell')", [deal.engagement_id])
    assert set(types(deal.engagement_id).values()) == {P2P}


def test_invited_company_cannot_pass_for_who_began(world: World) -> None:
    deal = world.deal(type=P2P)
    received = world.accepted(world.referral(deal, recipient=world.fabrikam), by=world.frank)
    own = world.deal(world.frank, type=PRIVATE)
    ours = {"direction": Direction.OUTBOUND, "respond_by": None, "answered_at": None}
    for pk, forged in ((own.pk, {"engagement_id": deal.engagement_id}), (received.pk, ours)):
        with (
            world.as_member(world.frank),
            pytest.raises(IntegrityError, match="deal_one_begins_an_engagement"),
            transaction.atomic(),
        ):
            Deal.objects.filter(pk=pk).update(**forged)


@pytest.mark.parametrize("asked", ["private", "p2p", "assessment", "nonsense"])
def test_database_never_narrows_a_type(world: World, asked: str) -> None:
    deal = world.deal()
    with world.as_member(world.anna), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM engagement_upgrade(%s, %s)", [deal.engagement_id, asked])
        assert cursor.fetchall() == []
    assert types(deal.engagement_id) == {"Contoso": CO_SELL}


@pytest.mark.parametrize("end", ["declined", "expired", "withdrawn"])
def test_party_is_asked_again_only_after_it_is_out(world: World, end: str) -> None:
    deal = world.deal(type=P2P)
    ended(world, deal, world.fabrikam, end, by=world.frank)
    again = world.referral(deal, recipient=world.fabrikam)
    world.accepted(again, by=world.frank)
    with pytest.raises(Refused, match="already"):
        world.referral(deal, recipient=world.fabrikam)
    with world.as_member(world.anna):
        told = list(Referral.objects.order_by("sent_at").values_list("recipient_status", flat=True))
    assert told == [end, Status.ACCEPTED]


@pytest.mark.parametrize(
    ("recipient", "offer", "field"),
    [
        ("fabrikam", {"solutions": []}, "bring"),
        ("fabrikam", {"people": []}, "people"),
        ("fabrikam", {"message": "  "}, "message"),
        ("microsoft", {"help_type": HelpType.NONE}, "help_type"),
        ("microsoft", {"close_date": date(2020, 1, 31)}, "close_date"),
        ("fabrikam", {"close_date": date(2020, 1, 31)}, "close_date"),
    ],
)
def test_offer_that_lacks_something_is_refused_at_its_field(
    world: World, recipient: str, offer: dict[str, Any], field: str
) -> None:
    company: Company = getattr(world, recipient)
    with pytest.raises(Refused) as refusal:
        world.referral(recipient=company, **offer)
    assert refusal.value.field == field


def test_partner_is_asked_for_something_of_its_own(world: World) -> None:
    with pytest.raises(Refused, match="solutions of Fabrikam"):
        world.referral(recipient=world.fabrikam, solutions=[world.contoso.solution])
