import re
from copy import deepcopy
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from deals.lifecycle import advance
from deals.models import CloseReason, Deal, Status, TeamMember
from deals.transitions import Name
from partners.models import User
from referrals.models import Referral
from referrals.services import withdraw_referral
from tests.built_once import Once
from tests.deals.pages import HTMX, address, as_, details_data, get, people_data, post, text
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db

Sent = tuple[World, Referral]


@pytest.fixture(scope="module")
def sent_once(once: Once) -> Sent:
    """An invitation of Contoso's that waits for Microsoft's answer."""

    def sent(world: World) -> Sent:
        for member in (world.anna, world.sam):
            as_(member)
        return world, world.referral()

    return once(sent)


@pytest.fixture
def sent(sent_once: Sent) -> Sent:
    return deepcopy(sent_once)


@pytest.fixture
def world(sent: Sent) -> World:
    return sent[0]


@pytest.fixture
def referral(sent: Sent) -> Referral:
    return sent[1]


def received(referral: Referral) -> Deal:
    with as_owner():
        return Deal.objects.get(pk=referral.recipient_deal_id)


def answer_data(world: World, deal: Deal, **changed: Any) -> dict[str, Any]:
    return {**details_data(deal), **people_data(world.sam), **changed}


def test_accept_page_is_filled_with_the_offer_and_the_one_who_accepts(world: World) -> None:
    deal = received(world.referral(world.deal(name="Claims platform")))
    page = text(get(world.sam, deal.pk, "accept"))
    for shown in ("Claims platform", 'value="25,000"', deal.close_date.isoformat(),
                  "sam@microsoft.example", "Contoso wrote 25,000\u00a0EUR."):  # fmt: skip
        assert shown in page


def test_accepting_keeps_what_was_written(world: World, referral: Referral) -> None:
    deal = received(referral)
    day = timezone.localdate() + timedelta(days=99)
    data = answer_data(
        world, deal, name="Our part", value="31,000.50", close_date=day.isoformat(),
        notes="Only ours", crm_id="CRM-1", campaign_id="FY27",
        **{"people-1-first_name": "Nadia", "people-1-last_name": "Haddad",
           "people-1-email": "nadia@microsoft.example", "people-1-phone": "+14255550190"},
    )  # fmt: skip
    response = post(world.sam, deal.pk, "accept", data=data)
    assert response.status_code == 302
    with as_owner():
        deal.refresh_from_db()
        team = list(TeamMember.objects.filter(deal=deal).values_list("email", "membership"))
    assert deal.status == Status.ACCEPTED
    assert (deal.name, str(deal.value), deal.close_date) == ("Our part", "31000.50", day)
    assert (deal.notes, deal.crm_id, deal.campaign_id) == ("Only ours", "CRM-1", "FY27")
    assert team == [("sam@microsoft.example", world.sam.pk), ("nadia@microsoft.example", None)]
    page = text(as_(world.sam).get(response["Location"]))
    assert "accepted the invitation" in page


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"name": ""}, "This field is required."),
        ({"value": "much"}, "Enter a number."),
        ({"value": "-5"}, "An amount cannot be negative."),
        ({"close_date": "2020-01-01"}, "Choose a day from today on."),
        ({"people-0-phone": ""}, "This field is required."),
        ({"people-0-email": "somebody@microsoft.example"}, "Stay on the team yourself"),
    ],
)
def test_wrong_input_is_refused_and_kept(
    world: World, referral: Referral, changed: dict[str, str], complaint: str
) -> None:
    deal = received(referral)
    data = answer_data(world, deal, crm_id="Typed before", **changed)
    response = post(world.sam, deal.pk, "accept", data=data)
    assert response.status_code == 422
    assert complaint in text(response)
    assert "Typed before" in text(response)
    assert received_status(deal) == Status.RECEIVED


def received_status(deal: Deal) -> str:
    with as_owner():
        return Deal.objects.get(pk=deal.pk).status


def test_unknown_phone_of_the_one_who_accepts_is_asked_for(
    world: World, referral: Referral
) -> None:
    with as_owner():
        User.objects.filter(pk=world.sam.user_id).update(phone="")
    deal = received(referral)
    data = answer_data(world, deal, **{"people-0-phone": ""})
    assert post(world.sam, deal.pk, "accept", data=data).status_code == 422


@pytest.mark.parametrize("extra", [{}, {**HTMX, "HTTP_HX_TARGET": "people"}])
def test_adding_a_row_keeps_everything_and_checks_nothing(
    world: World, referral: Referral, extra: dict[str, str]
) -> None:
    deal = received(referral)
    data = answer_data(world, deal, name="", crm_id="Typed before", add_person="")
    response = post(world.sam, deal.pk, "accept", data=data, **extra)
    page = text(response)
    assert response.status_code == 200
    assert 'name="people-1-email"' in page
    assert "This field is required." not in page
    assert ("Typed before" in page) is not bool(extra)
    assert ("<html" in page) is not bool(extra)


def test_declining_archives_and_tells_the_sender(world: World, referral: Referral) -> None:
    deal = received(referral)
    data = {"reason": "timeline", "notes": "Booked until autumn."}
    assert post(world.sam, deal.pk, "decline", data=data).status_code == 302
    assert received_status(deal) == Status.DECLINED
    with world.as_member(world.anna):
        card = Referral.objects.get(pk=referral.pk)
    assert (card.reason, card.notes) == ("timeline", "Booked until autumn.")


def test_decline_page_says_what_becomes_final_and_who_reads_the_reason(
    world: World, referral: Referral
) -> None:
    page = text(get(world.sam, received(referral).pk, "decline"))
    assert "It cannot be reopened." in page
    assert "The team of Contoso, which sees the reason and your notes." in page
    assert page.count('type="radio"') == 8


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"notes": "Typed before."}, "Choose a reason."),
        ({"reason": "duplicate", "notes": "Typed before."}, "Choose a reason."),
        ({"reason": "other", "notes": "  "}, "Say in the notes what “Others” stands for."),
    ],
)
def test_declining_without_a_proper_reason_is_refused(
    world: World, referral: Referral, given: dict[str, str], complaint: str
) -> None:
    deal = received(referral)
    response = post(world.sam, deal.pk, "decline", data=given)
    assert response.status_code == 422
    assert complaint in text(response)
    assert given["notes"].strip() in text(response)
    assert received_status(deal) == Status.RECEIVED


@pytest.mark.parametrize("method", [get, post])
@pytest.mark.parametrize("name", ["accept", "decline"])
@pytest.mark.parametrize("extra", [{}, HTMX])
def test_after_the_deadline_no_answer_is_taken(
    world: World, method: Any, name: str, extra: dict[str, str]
) -> None:
    deal = received(world.overdue_referral())
    response = method(world.sam, deal.pk, name, **extra)
    assert response.status_code == 409
    assert "The time to answer is over." in text(response)
    assert address(world.sam, deal.pk) in text(response)
    assert received_status(deal) == Status.RECEIVED


@pytest.mark.parametrize("name", ["accept", "decline"])
def test_answering_what_a_colleague_answered_says_who(
    world: World, referral: Referral, name: str
) -> None:
    world.accepted(referral, by=world.victor)
    data = answer_data(world, received(referral), reason="budget")
    response = post(world.sam, referral.recipient_deal_id, name, data=data)
    assert response.status_code == 409
    assert "<h1>That is not possible any more</h1>" in text(response)
    assert "Victor Vance was faster" in text(response)


def test_answering_what_was_withdrawn_names_the_company_alone(
    world: World, referral: Referral
) -> None:
    with world.as_member(world.anna):
        withdraw_referral(referral, actor=world.anna.actor)
    response = get(world.sam, referral.recipient_deal_id, "accept")
    assert response.status_code == 409
    assert re.search(r"“Withdrawn” since .*, by Contoso\.", text(response))
    assert "Anna" not in text(response)


@pytest.mark.parametrize("method", [get, post])
@pytest.mark.parametrize("name", ["accept", "decline"])
def test_answering_is_for_who_may(world: World, referral: Referral, method: Any, name: str) -> None:
    deal = received(referral)
    refused = method(world.rita, deal.pk, name)
    assert refused.status_code == 403
    assert "<h1>Your role does not allow this</h1>" in text(refused)
    assert "Victor Vance" in text(refused)
    theirs, random = method(world.mallory, deal.pk, name), method(world.mallory, uuid4(), name)
    senders = method(world.anna, deal.pk, name)
    assert theirs.status_code == random.status_code == senders.status_code == 404
    assert theirs.content == random.content == senders.content
    assert received_status(deal) == Status.RECEIVED


def test_withdrawing_asks_first_and_then_ends_the_invitation(
    world: World, referral: Referral
) -> None:
    place = (referral.sender_deal_id, "withdraw", referral.pk)
    page = text(get(world.anna, *place))
    assert "Withdraw the invitation to Microsoft?" in page
    assert received_status(received(referral)) == Status.RECEIVED
    assert post(world.anna, *place).status_code == 302
    assert received_status(received(referral)) == Status.WITHDRAWN
    assert "Withdrawn" in text(get(world.anna, referral.sender_deal_id))


@pytest.mark.parametrize("method", [get, post])
def test_withdrawing_an_answered_invitation_names_no_person_of_the_other_side(
    world: World, referral: Referral, method: Any
) -> None:
    with world.as_member(world.sam):
        advance(
            Deal.objects.get(pk=referral.recipient_deal_id), Name.DECLINE,
            actor=world.sam.actor, reason=CloseReason.BUDGET,
        )  # fmt: skip
    response = method(world.anna, referral.sender_deal_id, "withdraw", referral.pk)
    assert response.status_code == 409
    assert "The invitation to Microsoft waits no more: it is “Declined”." in text(response)
    assert "Sam" not in text(response)


def test_withdrawing_after_the_deadline_says_expired(world: World) -> None:
    referral = world.overdue_referral()
    response = post(world.anna, referral.sender_deal_id, "withdraw", referral.pk)
    assert response.status_code == 409
    assert "“Expired”" in text(response)


@pytest.mark.parametrize("method", [get, post])
def test_withdrawing_is_for_who_sent_the_invitation(
    world: World, referral: Referral, method: Any
) -> None:
    ours, theirs = referral.sender_deal_id, referral.recipient_deal_id
    assert method(world.olga, ours, "withdraw", referral.pk).status_code == 403
    assert method(world.mallory, ours, "withdraw", referral.pk).status_code == 404
    assert method(world.sam, theirs, "withdraw", referral.pk).status_code == 404
    assert method(world.anna, world.deal().pk, "withdraw", referral.pk).status_code == 404
    assert received_status(received(referral)) == Status.RECEIVED
