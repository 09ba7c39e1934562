"""The page that shows what a counterpart sees of us is what the counterpart's page shows (4.6)."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from comments.services import edit_comment, write_comment
from deals.lifecycle import advance
from deals.models import CloseReason, Deal
from deals.services import edit_details
from deals.stage_names import own_names, set_stage_names, state_of
from deals.stages import DealType, StageCode
from deals.transitions import Name
from partners.models import Membership
from referrals.models import Referral
from referrals.services import expire_all_overdue, withdraw_referral
from tests.deals.pages import address, as_, get, text
from tests.world import World, details_of

pytestmark = pytest.mark.django_db


def part(page: str, begin: str, end: str) -> str:
    """What stands between two marks, whatever the indentation around it."""
    found = re.search(re.escape(begin) + "(.*?)" + re.escape(end), page, re.DOTALL)
    assert found, f"{begin} is not on the page"
    return tidied(found[1])


def tidied(markup: str) -> str:
    return "\n".join(line.strip() for line in markup.splitlines() if line.strip())


def cards_of(page: str) -> list[str]:
    found = re.findall(r'<article class="party-card">.*?</article>', page, re.DOTALL)
    return [tidied(one) for one in found]


def card_of(page: str, company: str) -> str:
    (card,) = (one for one in cards_of(page) if f'"party-name">{company}<' in one)
    return card


def remarks_of(page: str) -> list[str]:
    found = re.findall(
        r'<article id="[^"]*" class="remark remark-shared">.*?</article>', page, re.DOTALL
    )
    return [tidied(one) for one in found]


def told_of(page: str, company: str) -> list[str]:
    """The entries of a timeline that tell what a company did, comments aside."""
    entries = re.findall(r'<div class="timeline-body">(.*?)</div>', page, re.DOTALL)
    begin = f"<p><strong>{company}</strong> "
    return [one for one in map(tidied, entries) if one.startswith(begin)]


def as_other_side(member: Membership, deal_id: object, referral: Referral) -> str:
    return text(get(member, deal_id, "other_side", referral.pk))


def assert_same(world: World, referral: Referral, *, by: Membership, other: Membership) -> None:
    is_sender = by.organization_id == referral.sender_id
    ours, theirs = referral.sender_deal_id, referral.recipient_deal_id
    if not is_sender:
        ours, theirs = theirs, ours
    shown, real = as_other_side(by, ours, referral), text(get(other, theirs))
    company = by.organization.name
    if is_sender:
        assert cards_of(shown) == cards_of(real)
    else:
        # The sender's page has cards of others whom it invited.
        assert cards_of(shown) == [card_of(real, company)]
    assert remarks_of(shown) == remarks_of(real)
    assert told_of(shown, company) == told_of(real, company)
    if is_sender:
        for begin, end in (
            ('<dl class="facts facts-stacked">', "</section>"),
            ('aria-labelledby="offer-title">', "</section>"),
        ):
            assert part(shown, begin, end) == part(real, begin, end)


def move(world: World, deal_id: UUID, name: Name, *, by: Membership, **given: Any) -> None:
    with world.as_member(by):
        advance(Deal.objects.get(pk=deal_id), name, actor=by.actor, **given)


@pytest.mark.parametrize("shares_contact", [True, False])
def test_sender_sees_exactly_what_the_recipient_sees_of_it(
    world: World, shares_contact: bool
) -> None:
    deal = world.deal(notes="CANARY", crm_id="CANARY", campaign_id="CANARY")
    referral = world.referral(deal, recipient=world.fabrikam, shares_contact=shares_contact)
    world.referral(deal, recipient=world.outsider)
    assert_same(world, referral, by=world.anna, other=world.frank)
    world.accepted(referral, by=world.frank)
    move(world, deal.pk, Name.MARK_STAGE, by=world.anna, stage="proposed")
    with world.as_member(world.anna):
        now = Deal.objects.get(pk=deal.pk)
        later = details_of(name="CANARY", notes="CANARY")
        edit_details(now, actor=world.anna.actor, version=now.version, details=later)
        write_comment(now, actor=world.anna.actor, body="CANARY")
        said = write_comment(now, actor=world.anna.actor, body="Hello", to=referral)
        edit_comment(said, actor=world.anna.actor, body="Hello both")
    with world.as_member(world.frank):
        received = Deal.objects.get(pk=referral.recipient_deal_id)
        write_comment(received, actor=world.frank.actor, body="Welcome", to=referral)
    assert_same(world, referral, by=world.anna, other=world.frank)
    shown = as_other_side(world.anna, deal.pk, referral)
    assert len(remarks_of(shown)) == 2
    assert "CANARY" not in part(shown, '<div class="columns">', "</main>")
    move(world, deal.pk, Name.LOSE, by=world.anna, reason=CloseReason.BUDGET, notes="CANARY")
    assert_same(world, referral, by=world.anna, other=world.frank)
    shown = as_other_side(world.anna, deal.pk, referral)
    assert "CANARY" not in part(shown, '<div class="columns">', "</main>")
    assert len(told_of(shown, "Contoso")) == 3


def test_timeline_tells_who_was_told_and_when(world: World) -> None:
    """Our moves from acceptance to the end of their part; the type while the invitation stands."""
    deal = world.deal(type=DealType.PRIVATE)
    referral = world.referral(deal, recipient=world.fabrikam)
    turned_down = world.referral(deal, recipient=world.outsider)
    move(world, deal.pk, Name.MARK_STAGE, by=world.anna, stage="qualified")
    world.accepted(referral, by=world.frank)
    move(
        world, turned_down.recipient_deal_id, Name.DECLINE, by=world.mallory,
        reason=CloseReason.BUDGET,
    )  # fmt: skip
    move(world, deal.pk, Name.MARK_STAGE, by=world.anna, stage="proposed")
    world.referral(deal)
    move(world, referral.recipient_deal_id, Name.WIN, by=world.frank)
    move(world, deal.pk, Name.MARK_STAGE, by=world.anna, stage="negotiated")
    for one, other in ((referral, world.frank), (turned_down, world.mallory)):
        assert_same(world, one, by=world.anna, other=other)
    shown = told_of(as_other_side(world.anna, deal.pk, referral), "Contoso")
    assert [re.sub("<.*?>", "", one).split("\n")[0] for one in shown] == [
        "Contoso upgraded the deal's type",
        "Contoso marked its stage: Proposed\u00a0· 60%",
        "Contoso sent the invitation",
    ]
    assert len(told_of(as_other_side(world.anna, deal.pk, turned_down), "Contoso")) == 1


def test_timeline_tells_that_we_withdrew_or_let_it_expire(world: World) -> None:
    deal = world.deal()
    withdrawn, overdue = world.referral(deal), world.overdue_referral()
    with world.as_member(world.anna):
        withdraw_referral(withdrawn, actor=world.anna.actor)
    assert expire_all_overdue() == 1
    assert_same(world, withdrawn, by=world.anna, other=world.sam)
    assert_same(world, overdue, by=world.sam, other=world.anna)
    shown = as_other_side(world.sam, overdue.recipient_deal_id, overdue)
    assert "did not answer in time" in told_of(shown, "Microsoft")[0]


def test_partner_sees_the_vendor_too_and_no_other_partner(world: World) -> None:
    deal = world.deal(type=DealType.P2P)
    referral = world.referral(deal, recipient=world.fabrikam)
    world.referral(deal, recipient=world.outsider)
    vendors = world.referral(deal)
    for status in ("Received", "Accepted"):
        assert_same(world, referral, by=world.anna, other=world.frank)
        shown = as_other_side(world.anna, deal.pk, referral)
        assert status in card_of(shown, "Microsoft")
        assert "Outsider" not in shown
        if status == "Received":
            world.accepted(vendors)
    assert "Fabrikam" not in as_other_side(world.anna, deal.pk, vendors)
    assert_same(world, vendors, by=world.anna, other=world.sam)


def test_recipient_sees_exactly_what_the_sender_sees_of_it(world: World) -> None:
    referral = world.referral()
    assert_same(world, referral, by=world.sam, other=world.anna)
    received = world.accepted(referral)
    move(world, received.pk, Name.MARK_STAGE, by=world.sam, stage="negotiated")
    with world.as_member(world.sam):
        write_comment(received, actor=world.sam.actor, body="CANARY")
        write_comment(received, actor=world.sam.actor, body="Hello", to=referral)
    assert_same(world, referral, by=world.sam, other=world.anna)
    shown = as_other_side(world.sam, received.pk, referral)
    assert "CANARY" not in shown
    assert "Help us with the architecture." not in shown


def test_refusal_is_shown_with_reason_and_notes(world: World) -> None:
    referral = world.referral()
    move(
        world, referral.recipient_deal_id, Name.DECLINE, by=world.sam,
        reason=CloseReason.OTHER, notes="No people in Poland.",
    )  # fmt: skip
    assert_same(world, referral, by=world.sam, other=world.anna)
    shown = as_other_side(world.sam, referral.recipient_deal_id, referral)
    assert "No people in Poland." in shown


def test_own_stage_names_stay_ours(world: World) -> None:
    referral = world.referral()
    with world.as_member(world.piotr):
        seen = state_of(own_names(world.contoso.pk))
        names = {StageCode.QUALIFIED: ["Discovery"]}
        set_stage_names(world.contoso.pk, actor=world.piotr.actor, names=names, seen=seen)
    move(world, referral.sender_deal_id, Name.MARK_STAGE, by=world.anna, stage="qualified")
    assert_same(world, referral, by=world.anna, other=world.sam)
    shown = as_other_side(world.anna, referral.sender_deal_id, referral)
    assert "Qualified" in shown
    assert "Discovery" not in shown


def test_page_is_linked_and_is_only_for_our_own_referrals(world: World) -> None:
    referral = world.referral()
    other = world.referral()
    page = text(get(world.anna, referral.sender_deal_id))
    path = address(world.anna, referral.sender_deal_id, "other_side", referral.pk)
    assert path in page
    assert "What Microsoft sees of us" in page
    received = address(world.sam, referral.recipient_deal_id, "other_side", referral.pk)
    assert received in text(get(world.sam, referral.recipient_deal_id))
    assert get(world.olga, referral.sender_deal_id, "other_side", referral.pk).status_code == 200
    missing = get(world.anna, referral.sender_deal_id, "other_side", uuid4())
    for response in (
        get(world.anna, referral.sender_deal_id, "other_side", other.pk),
        get(world.mallory, referral.sender_deal_id, "other_side", referral.pk),
        as_(world.sam).get(path),
    ):
        assert (response.status_code, response.content) == (404, missing.content)
