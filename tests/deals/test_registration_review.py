"""The vendor's review page, and the rules its admins set."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest

from deals.models import Deal, Registration, RegistrationRules
from partners.models import Membership
from tests.built_once import Once
from tests.deals.pages import as_, text
from tests.deals.registering import (
    registered,
    resubmit,
    review,
)
from tests.factories import MembershipFactory
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db
QUEUE = "/o/microsoft/deals/registrations/"
RULES = f"{QUEUE}rules/"


@dataclass
class Scene:
    """One registration that waits."""

    world: World
    registration: Registration


def scene_in(world: World) -> Scene:
    as_(world.rita)
    return Scene(world, registered(world))


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


def page_of(registration: Registration) -> str:
    return f"{QUEUE}{registration.pk}/"


def state(registration: Registration) -> tuple[str, str]:
    with as_owner():
        found = Registration.objects.get(pk=registration.pk)
    return found.status, found.reviewer_name


def assign(world: World, registration: Registration, member: Membership, take: str = "1") -> Any:
    version = version_of(registration)
    return as_(member).post(f"{page_of(registration)}assign/", {"take": take, "version": version})


def version_of(registration: Registration) -> int:
    with as_owner():
        return Registration.objects.values_list("version", flat=True).get(pk=registration.pk)


def test_review_is_taken_on_taken_over_and_given_back(
    world: World, registration: Registration
) -> None:
    for member, take, holder in (
        (world.rita, "1", "Rita Reviewer"), (world.victor, "1", "Victor Vance"),
        (world.victor, "0", ""),
    ):  # fmt: skip
        assert assign(world, registration, member, take).status_code == 302
        assert state(registration) == ("pending", holder)
    seen = as_(world.rita).post(f"{page_of(registration)}assign/", {"take": "1", "version": 1})
    assert seen.status_code == 409
    assert "Victor Vance gave the review back" in text(seen)


def sent(world: World, registration: Registration, move: str, **given: Any) -> Any:
    data = {"move": move, "version": version_of(registration), **given}
    return as_(world.rita).post(page_of(registration), data)


@pytest.mark.parametrize(
    ("move", "given", "status"),
    [
        ("approve", {}, "approved"),
        ("reject", {"reason": "No contract."}, "rejected"),
        ("ask_for_changes", {"say_signed_on": "May?"}, "action_required"),
        ("ask_for_changes", {"say_general": "Please attach it."}, "action_required"),
    ],
)
def test_reviewer_decides(
    world: World, registration: Registration, move: str, given: dict[str, str], status: str
) -> None:
    answer = sent(world, registration, move, **given)
    assert answer["Location"] == QUEUE
    assert state(registration) == (status, "Rita Reviewer")


@pytest.mark.parametrize(
    ("move", "given", "words"),
    [
        ("approve", {"say_signed_on": "May?"}, "ask for changes, or clear it first"),
        ("approve", {"reason": "No."}, "You wrote a reason"),
        ("reject", {}, "Say why it is rejected."),
        ("reject", {"reason": "No.", "say_term": "Which?"}, "ask for changes, or clear it"),
        ("ask_for_changes", {}, "beside at least one field"),
        ("ask_for_changes", {"say_term": "?", "answer_by": "2020-01-01"}, "from today on"),
        ("", {"say_term": "Which?"}, "Approve it, ask for changes, or reject it."),
    ],
)
def test_what_was_typed_is_meant_for_the_button_and_never_lost(
    world: World, registration: Registration, move: str, given: dict[str, str], words: str
) -> None:
    answer = sent(world, registration, move, **given)
    assert answer.status_code == 422
    assert words in text(answer)
    assert all(value in text(answer) for value in given.values())
    assert state(registration) == ("pending", "")


def test_second_reviewer_is_told_what_the_first_one_did(
    world: World, registration: Registration
) -> None:
    review(world, registration, "ask_for_changes")
    late = as_(world.victor).post(
        page_of(registration), {"move": "approve", "version": 1, "reason": "Typed."}
    )
    assert late.status_code == 422, "first of all the reason has no place"
    late = as_(world.victor).post(
        page_of(registration),
        {"move": "ask_for_changes", "version": 1, "say_term": "Perpetual?"},
    )
    assert late.status_code == 409
    assert "Rita Reviewer asked for changes on" in text(late)
    assert "Perpetual?" in text(late)
    assert "It is Contoso's turn" in text(late)


def test_resubmitted_meanwhile_is_told_with_what_is_there_now(
    world: World, registration: Registration
) -> None:
    review(world, registration, "ask_for_changes")
    seen = registration.version
    resubmit(world, registration, solution_value=11111)
    late = as_(world.victor).post(
        page_of(registration), {"move": "reject", "reason": "Too late.", "version": seen}
    )
    assert late.status_code == 409
    page = text(late)
    assert "Anna Kowalska (Contoso) sent a corrected registration on" in page
    assert ("11,111" in page, "before: 10,000" in page, "Too late." in page) == (True, True, True)


def test_decided_one_offers_nothing_but_its_history(
    world: World, registration: Registration
) -> None:
    review(world, registration, "approve")
    page = text(as_(world.rita).get(page_of(registration)))
    assert "Rita Reviewer approved it on" in page
    assert 'name="move"' not in page
    assert "Assign to me" not in page


def test_page_leads_to_our_own_deal_and_names_whom_to_ask(
    world: World, registration: Registration
) -> None:
    page = text(as_(world.rita).get(page_of(registration)))
    with as_owner():
        own = Deal.objects.get(
            engagement_id=registration.deal.engagement_id,
            organization=world.microsoft.organization,
        )
    assert f"/o/microsoft/deals/{own.pk}/" in page
    assert str(registration.deal_id) not in page
    assert "anna@contoso.example" in page


def test_sellers_and_partners_have_no_way_in(world: World, registration: Registration) -> None:
    assert as_(world.sam).get(QUEUE).status_code == 403
    assert as_(world.sam).get(page_of(registration)).status_code == 403
    assert as_(world.anna).get(QUEUE).status_code == 404
    assert as_(world.anna).get("/o/contoso/deals/registrations/").status_code == 403
    assert "Registrations" not in text(as_(world.sam).get("/o/microsoft/deals/inbound/"))
    assert "Registrations" in text(as_(world.rita).get("/o/microsoft/deals/inbound/"))


RULE_DATA = {
    "version": "0", "minimum_value": "10 000", "currency": "EUR", "days_since_signature": "60",
    "waiting_days": "7",
}  # fmt: skip


def test_admins_switch_rules_on_and_off(world: World) -> None:
    victor = as_(world.victor)
    assert victor.post(RULES, RULE_DATA).status_code == 302
    with as_owner():
        on = RegistrationRules.objects.get()
    assert on.minimum_value == 10000
    assert (on.currency, on.days_since_signature, on.waiting_days) == ("EUR", 60, 7)
    assert "Last changed by Victor Vance" in text(victor.get(RULES))
    off = {**dict.fromkeys(RULE_DATA, ""), "version": "1", "currency": "EUR"}
    assert victor.post(RULES, off).status_code == 302
    with as_owner():
        kept = RegistrationRules.objects.values_list("minimum_value", "currency", "waiting_days")
        assert kept.get() == (None, "", None)


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("minimum_value", {"minimum_value": "0"}),
        ("minimum_value", {"minimum_value": "10,5", "currency": "JPY"}),
        ("currency", {"currency": ""}),
        ("waiting_days", {"waiting_days": "60"}),
        ("waiting_days", {"waiting_days": "0"}),
        ("days_since_signature", {"days_since_signature": "abc"}),
    ],
)
def test_rules_that_make_no_sense_are_refused(
    world: World, field: str, changed: dict[str, str]
) -> None:
    answer = as_(world.victor).post(RULES, RULE_DATA | changed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_second_admin_is_told_and_saves_over_it_with_another_click(world: World) -> None:
    admin = MembershipFactory(organization=world.microsoft.organization, role="vendor_admin")
    as_(world.victor).post(RULES, RULE_DATA)
    late = as_(admin).post(RULES, {**RULE_DATA, "waiting_days": "9"})
    assert late.status_code == 409
    assert "Victor Vance was faster" in text(late)
    again = {name: late.context["form"][name].value() for name in RULE_DATA}
    assert as_(admin).post(RULES, again).status_code == 302
    with as_owner():
        assert RegistrationRules.objects.get().waiting_days == 9


def test_rules_are_the_admins_own(world: World) -> None:
    for member in (world.rita, world.sam):
        assert as_(member).get(RULES).status_code == 403
