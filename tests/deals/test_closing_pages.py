import re
from uuid import uuid4

import pytest

from deals.lifecycle import advance
from deals.models import CloseReason, Deal, DealEvent, EventKind, Status
from deals.services import edit_details
from deals.stages import DealType
from deals.transitions import Name
from referrals.models import Referral
from tests.deals.conftest import OneDeal
from tests.deals.pages import HTMX, address, as_, get, post, text
from tests.identity import as_owner
from tests.world import World, details_of

pytestmark = pytest.mark.django_db
NAMES = ["win", "lose", "close_as_error"]
FILLED = {
    "win": {},
    "lose": {"reason": "other_vendor", "notes": "They stayed with the incumbent."},
    "close_as_error": {"reason": "duplicate"},
}
STATUSES = {"win": Status.WON, "lose": Status.LOST, "close_as_error": Status.ERROR}


@pytest.fixture
def world(one_deal: OneDeal) -> World:
    return one_deal.world


def reload(deal: Deal) -> Deal:
    with as_owner():
        return Deal.objects.get(pk=deal.pk)


@pytest.mark.parametrize("name", NAMES)
def test_page_says_what_becomes_final_and_who_is_told(world: World, deal: Deal, name: str) -> None:
    world.accepted(world.referral(deal))
    world.referral(deal, recipient=world.fabrikam)
    page = text(get(world.anna, deal.pk, "close", name))
    assert "It cannot be reopened." in page
    assert "The team of Microsoft" in page
    assert "The open invitation to Fabrikam is withdrawn." in page
    assert "Fabrikam: that the invitation is withdrawn." in page
    assert "Our own team (Anna Kowalska)" in page
    assert reload(deal).status == Status.ACCEPTED


@pytest.mark.parametrize("name", NAMES)
def test_confirming_closes_the_deal_and_its_open_invitations(
    world: World, deal: Deal, name: str
) -> None:
    referral = world.referral(deal)
    data = {"version": deal.version, **FILLED[name]}
    response = post(world.anna, deal.pk, "close", name, data=data)
    assert response.status_code == 302
    assert response["Location"] == address(world.anna, deal.pk)
    closed = reload(deal)
    assert closed.status == STATUSES[name]
    assert closed.close_reason == FILLED[name].get("reason", "")
    assert closed.close_notes == FILLED[name].get("notes", "")
    with as_owner():
        card = Referral.objects.get(pk=referral.pk)
    assert card.recipient_status == Status.WITHDRAWN


def test_closing_an_inbound_deal_tells_who_invited_us(world: World) -> None:
    deal = world.accepted()
    assert "The team of Contoso" in text(get(world.sam, deal.pk, "close", "win"))


@pytest.mark.parametrize("name", ["lose", "close_as_error"])
@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"notes": "Typed before."}, "Choose a reason."),
        ({"reason": "nonsense", "notes": "Typed before."}, "Choose a reason."),
        ({"reason": "other"}, "Say in the notes what “Others” stands for."),
    ],
)
def test_missing_answer_is_refused_beside_its_field_and_keeps_what_was_typed(
    world: World, deal: Deal, name: str, given: dict[str, str], complaint: str
) -> None:
    data = {"version": deal.version, **given}
    response = post(world.anna, deal.pk, "close", name, data=data)
    page = text(response)
    assert response.status_code == 422
    assert complaint in page
    assert given.get("notes", "") in page
    assert reload(deal).status == Status.ACCEPTED


def test_reason_of_another_closing_is_refused(world: World, deal: Deal) -> None:
    data = {"version": deal.version, "reason": "duplicate"}
    assert post(world.anna, deal.pk, "close", "lose", data=data).status_code == 422


def test_deal_that_changed_since_the_page_was_opened_is_not_closed_unseen(
    world: World, deal: Deal
) -> None:
    seen = deal.version
    with world.as_member(world.piotr):
        edit_details(
            Deal.objects.get(pk=deal.pk), actor=world.piotr.actor, version=seen,
            details=details_of(value=99000),
        )  # fmt: skip
    data = {"version": seen, "reason": "budget", "notes": "No money."}
    response = post(world.anna, deal.pk, "close", "lose", data=data)
    page = text(response)
    assert response.status_code == 409
    assert "Somebody changed the deal after you opened this page." in page
    assert "99,000\u00a0EUR" in page
    assert "No money." in page
    assert reload(deal).status == Status.ACCEPTED
    data["version"] = reload(deal).version
    assert post(world.anna, deal.pk, "close", "lose", data=data).status_code == 302


@pytest.mark.parametrize("method", [get, post])
@pytest.mark.parametrize("extra", [{}, HTMX])
def test_closing_what_somebody_closed_says_who_did_what(
    world: World, deal: Deal, method: object, extra: dict[str, str]
) -> None:
    with world.as_member(world.piotr):
        advance(
            Deal.objects.get(pk=deal.pk), Name.LOSE,
            actor=world.piotr.actor, reason=CloseReason.BUDGET,
        )  # fmt: skip
    response = method(world.anna, deal.pk, "close", "win", **extra)  # type: ignore[operator]
    assert response.status_code == 409
    assert re.search(r"“Lost” since .*, by Piotr Nowak\.", text(response))
    assert "“Lost”" in text(response)
    assert address(world.anna, deal.pk) in text(response)
    with as_owner():
        kinds = DealEvent.objects.filter(deal=deal, kind=EventKind.WON)
        assert not kinds.exists()


def test_assessment_cannot_be_won_before_its_stages(world: World) -> None:
    deal = world.deal(type=DealType.ASSESSMENT)
    page = text(get(world.anna, deal.pk, "close", "win"))
    assert "Still to be marked before the deal can be won" in page
    assert "disabled" in page
    response = post(world.anna, deal.pk, "close", "win", data={"version": deal.version})
    assert response.status_code == 422
    assert reload(deal).status == Status.ACCEPTED


def test_received_deal_is_answered_not_closed(world: World) -> None:
    referral = world.referral()
    assert get(world.sam, referral.recipient_deal_id, "close", "win").status_code == 409


@pytest.mark.parametrize("name", ["expire", "withdraw", "accept", "mark-stage", "nonsense"])
def test_other_transitions_have_no_such_page(world: World, name: str) -> None:
    assert get(world.anna, world.deal().pk, "close", name).status_code == 404


@pytest.mark.parametrize("method", [get, post])
def test_closing_is_for_who_may(world: World, deal: Deal, method: object) -> None:
    refused = method(world.olga, deal.pk, "close", "win")  # type: ignore[operator]
    assert refused.status_code == 403
    assert "Piotr Nowak" in text(refused)
    theirs = method(world.mallory, deal.pk, "close", "win")  # type: ignore[operator]
    random = method(world.mallory, uuid4(), "close", "win")  # type: ignore[operator]
    assert theirs.status_code == random.status_code == 404
    assert theirs.content == random.content
    assert reload(deal).status == Status.ACCEPTED


def test_way_back_to_the_list_survives_closing(world: World, deal: Deal) -> None:
    path = address(world.anna, deal.pk, "close", "win") + "?from=favorites"
    response = as_(world.anna).post(path, {"version": deal.version})
    assert response["Location"] == address(world.anna, deal.pk) + "?from=favorites"
