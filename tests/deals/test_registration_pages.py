"""Registering through the front door: checklist, milestone, form, and what became of it."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deals.lifecycle import advance
from deals.models import Deal, Registration
from deals.stages import DealType
from deals.transitions import Name
from partners.models import User
from tests.built_once import Once
from tests.deals.pages import address, as_, get, post, text
from tests.deals.registering import (
    deal_of,
    form_data,
    registered,
    resubmit,
    review,
    rules,
    won_deal,
)
from tests.deals.test_registration_eligibility import BROKEN, day
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db


@dataclass
class Scene:
    """Contoso's deals: one for itself, one with the vendor, one won, and a registered one."""

    world: World
    alone: Deal
    shared: Deal
    won: Deal
    registration: Registration


def scene_in(world: World) -> Scene:
    as_(world.anna)
    shared = world.deal()
    world.accepted(world.referral(shared))
    return Scene(world, world.deal(), shared, won_deal(world), registered(world))


@pytest.fixture(scope="module")
def _scene_once(once: Once) -> Scene:
    return once(scene_in)


@pytest.fixture
def scene(_scene_once: Scene) -> Scene:
    return deepcopy(_scene_once)


@pytest.fixture
def world(scene: Scene) -> World:
    return scene.world


@pytest.fixture
def registration(scene: Scene) -> Registration:
    return scene.registration


def registration_of(deal: Deal) -> Registration:
    with as_owner():
        return Registration.objects.get(deal=deal)


def test_checklist_stands_on_the_deal_from_its_first_day(scene: Scene, world: World) -> None:
    deal = scene.alone
    page = text(get(world.anna, deal.pk))
    assert "Microsoft is not invited" in page
    assert "Eligible for incentives: Contoso Suite" in page
    assert "It is registered once the deal is won" in page


def test_vendors_numbers_stand_in_the_checklist_while_they_are_on(
    scene: Scene, world: World
) -> None:
    deal = scene.alone
    assert "Registered within" not in text(get(world.anna, deal.pk))
    rules(world, minimum_value=30000, currency="EUR", days_since_signature=60, waiting_days=7)
    page = text(get(world.anna, deal.pk))
    assert "Contract value of at least 30,000\u00a0EUR; the deal" in page
    assert "Registered within 60 days of the customer" in page
    assert "Not before 7 days have passed since the deal was won" in page


@pytest.mark.parametrize(
    ("type", "reason"),
    [
        (DealType.PRIVATE, "Private deals are not registered. Invite Microsoft"),
        (DealType.ASSESSMENT, "Solution assessments are not registered."),
    ],
)
def test_kinds_that_are_never_registered_say_so(world: World, type: DealType, reason: str) -> None:
    deal = world.deal(type=type)
    assert reason in text(get(world.anna, deal.pk))
    assert "Deal registration</span>" not in text(get(world.anna, deal.pk))


def test_vendors_own_deal_says_nothing(world: World) -> None:
    deal = world.accepted()
    assert "Deal registration" not in text(get(world.sam, deal.pk))
    assert get(world.sam, deal.pk, "registration").status_code == 404


def test_inviters_deal_is_the_one_and_the_invited_partners_is_not(
    scene: Scene, world: World
) -> None:
    deal = scene.shared
    theirs = world.accepted(world.referral(deal, recipient=world.fabrikam), by=world.frank)
    page = text(get(world.frank, theirs.pk))
    assert "Only the deal whose invitation Microsoft accepted is registered." in page
    assert "Microsoft takes part" in text(get(world.anna, deal.pk))


def milestone(page: str) -> str:
    return page.partition('<ol class="lifecycle">')[2].partition("</ol>")[0].rpartition("<li")[2]


def test_milestone_appears_when_the_deal_is_eligible(scene: Scene, world: World) -> None:
    deal = scene.alone
    referral = world.referral(deal)
    assert "Deal registration" not in milestone(text(get(world.anna, deal.pk)))
    world.accepted(referral)
    assert "After Won" in milestone(text(get(world.anna, deal.pk)))
    with world.as_member(world.anna):
        advance(deal, Name.WIN, actor=world.anna.actor)
    assert address(world.anna, deal.pk, "register") in milestone(text(get(world.anna, deal.pk)))


def test_winning_asks_whether_to_register_now_or_later(scene: Scene, world: World) -> None:
    deal = scene.shared
    asks = text(get(world.anna, deal.pk, "close", "win"))
    assert "It can be registered for incentives, at once or later." in asks
    answer = post(world.anna, deal.pk, "close", "win", data={"version": deal.version})
    assert answer["Location"] == address(world.anna, deal.pk, "registration")
    page = text(get(world.anna, deal.pk, "registration"))
    assert ("Register now" in page, "Later</a>" in page) == (True, True)


def test_winning_what_cannot_be_registered_leads_to_the_deal(scene: Scene, world: World) -> None:
    deal = scene.alone
    answer = post(world.anna, deal.pk, "close", "win", data={"version": deal.version})
    assert answer["Location"] == address(world.anna, deal.pk)


def test_form_registers_the_deal(scene: Scene, world: World) -> None:
    deal = scene.won
    page = text(get(world.anna, deal.pk, "register"))
    assert "only if the contract with the customer names your company" in page
    answer = post(world.anna, deal.pk, "register", data=form_data(message="See page 3."))
    assert answer["Location"] == address(world.anna, deal.pk, "registration")
    registration = registration_of(deal)
    assert (registration.status, registration.message) == ("pending", "See page 3.")
    assert registration.solution_value == 10000
    assert registration.is_marketplace is False
    shown = text(get(world.anna, deal.pk, "registration"))
    assert "Microsoft is reviewing it" in shown
    assert "Pending review" in milestone(text(get(world.anna, deal.pk)))


@pytest.mark.parametrize(("field", "changed", "message"), BROKEN)
def test_each_rule_is_told_beside_its_field_and_nothing_typed_is_lost(
    scene: Scene, world: World, field: str, changed: dict[str, Any], message: str
) -> None:
    deal = scene.won
    given = {
        name: day(value).isoformat() if type(value) is int else "" if value is None else value
        for name, value in changed.items()
    }
    given |= {name: "yes" for name in ("is_marketplace",) if given.get(name)}
    data = form_data(**given, message="Typed with care.")
    answer = post(world.anna, deal.pk, "register", data=data)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert message in " ".join(form.errors[field])
    error = f'id="id_{field}_error"'
    assert error in text(answer)
    for name, value in data.items():
        if name != "confirmed":
            assert str(form[name].value() or "") == str(value), name


def test_what_is_needed_is_asked_for(scene: Scene, world: World) -> None:
    needed = [
        "is_marketplace", "is_on_vendor_cloud", "term", "total_value", "solution_value",
        "signed_on", "starts_on", "tenant_type", "pricing_model", "confirmed",
    ]  # fmt: skip
    data = {name: value for name, value in form_data().items() if name not in needed}
    answer = post(world.anna, scene.won.pk, "register", data=data)
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, sorted(needed))


def test_waiting_time_is_said_where_the_button_would_be(scene: Scene, world: World) -> None:
    deal = scene.won
    rules(world, waiting_days=5)
    begins = timezone.localdate() + timedelta(days=5)
    stop = milestone(text(get(world.anna, deal.pk)))
    assert f"From {begins.day} {begins:%b %Y} on" in stop
    assert "register" not in stop.lower().replace("registration", "")
    refused = post(world.anna, deal.pk, "register", data=form_data())
    assert refused.status_code == 422
    assert "Not before 5 days have passed" in text(refused)


def test_deadline_stands_in_the_lifecycle_bar(scene: Scene, world: World) -> None:
    deal = scene.won
    rules(world, days_since_signature=30)
    last = timezone.localdate() + timedelta(days=30)
    assert f"By {last.day} {last:%b %Y}" in milestone(text(get(world.anna, deal.pk)))


def test_errors_and_their_deadline_stand_on_the_deal_and_beside_the_fields(
    world: World, registration: Registration
) -> None:
    until = timezone.localdate() + timedelta(days=9)
    review(
        world, registration, "ask_for_changes", answer_by=until,
        messages={"signed_on": "The order says May.", "general": "Attach it."},
    )  # fmt: skip
    page = text(get(world.anna, registration.deal_id))
    assert f"Action required by {until.day} {until:%b %Y}" in milestone(page)
    assert "The order says May." in page
    form = get(world.anna, registration.deal_id, "register").context["form"]
    assert form.fields["signed_on"].remark == "The order says May."
    assert form["total_value"].value() == "25,000"
    with as_owner():
        User.objects.filter(pk=world.anna.user_id).update(language="pl")
    assert f"prosi o zmiany w rejestracji w terminie do {until:%d.%m.%Y}" in text(
        get(world.anna, registration.deal_id)
    )


def test_correction_is_sent_again_from_the_same_form(
    world: World, registration: Registration
) -> None:
    review(world, registration, "ask_for_changes")
    data = form_data(version=registration.version, solution_value="12 500,00")
    answer = post(world.anna, registration.deal_id, "register", data=data)
    assert answer.status_code == 302
    again = registration_of(registration.deal)
    assert (again.status, again.round) == ("resubmitted", 2)
    assert again.solution_value == 12500
    page = text(get(world.anna, registration.deal_id, "registration"))
    assert "before: 10,000" in page
    assert "The contract says May." in page


def test_who_sends_second_is_told_who_was_first_and_keeps_what_was_typed(
    world: World, registration: Registration
) -> None:
    deal = deal_of(registration)
    sent = post(world.piotr, deal.pk, "register", data=form_data(message="Mine."))
    assert sent.status_code == 409
    assert ("Anna Kowalska registered the deal on" in text(sent), "Mine." in text(sent)) == (
        True, True,
    )  # fmt: skip
    review(world, registration, "ask_for_changes")
    seen = registration.version
    resubmit(world, registration)
    review(world, registration, "ask_for_changes")
    late = post(world.piotr, deal.pk, "register", data=form_data(version=seen, message="Mine."))
    assert late.status_code == 409
    assert "Microsoft asked for changes on" in text(late)
    assert "Rita" not in text(late)


def test_decided_registration_is_closed(world: World, registration: Registration) -> None:
    review(world, registration, "approve")
    assert get(world.anna, registration.deal_id, "register").status_code == 409
    page = text(get(world.anna, registration.deal_id, "registration"))
    assert "The registration is closed." in page
    assert "Approved" in milestone(text(get(world.anna, registration.deal_id)))


def test_rejection_says_why(world: World, registration: Registration) -> None:
    review(world, registration, "reject")
    assert "Another partner sold it." in text(get(world.anna, registration.deal_id))
    assert "Another partner sold it." in text(get(world.anna, registration.deal_id, "registration"))


def test_observer_sees_everything_and_whom_to_ask(scene: Scene, world: World) -> None:
    deal = scene.won
    page = text(get(world.olga, deal.pk, "registration"))
    assert ("Everything holds" in page, "Piotr Nowak" in page) == (True, True)
    assert address(world.olga, deal.pk, "register") not in page
    assert get(world.olga, deal.pk, "register").status_code == 403


def test_registration_is_no_way_in_for_others(world: World, registration: Registration) -> None:
    deal = deal_of(registration)
    for member in (world.mallory, world.frank, world.rita):
        assert get(member, deal.pk, "registration").status_code == 404
        assert get(member, deal.pk, "register").status_code in {403, 404}


def test_pages_read_as_often_for_many_rounds_as_for_one(
    world: World, registration: Registration
) -> None:

    def statements(name: str) -> int:
        get(world.anna, registration.deal_id, name)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            get(world.anna, registration.deal_id, name)
        return len(captured)

    before = {name: statements(name) for name in ("registration", "detail")}
    for _round in range(3):
        review(world, registration, "ask_for_changes")
        resubmit(world, registration)
    assert {name: statements(name) for name in before} == before


def test_unreadable_numbers_are_no_version(world: World, registration: Registration) -> None:
    review(world, registration, "ask_for_changes")
    for version in ("", "x", "-1", "9" * 40, "²"):
        sent = post(world.anna, registration.deal_id, "register", data=form_data(version=version))
        assert sent.status_code == 409


def test_deal_page_of_a_deal_lost_by_the_vendor_says_what_is_missing(
    scene: Scene, world: World
) -> None:
    deal = scene.shared
    with world.as_member(world.sam):
        theirs = Deal.objects.get(engagement_id=deal.engagement_id)
        advance(theirs, Name.LOSE, actor=world.sam.actor, reason="budget")
    assert "Microsoft does not take part: “Lost”" in text(get(world.anna, deal.pk))
