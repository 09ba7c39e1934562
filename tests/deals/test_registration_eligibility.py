"""What can be registered: every combination of 6.1, the vendor's numbers, and each rule of 6.3."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cosell.core.errors import Refused
from deals.models import Deal, Direction, ExchangeRate, RegistrationRules, Status
from deals.registration.answers import Frame, check_answers, problems_in
from deals.registration.eligibility import VENDOR_TAKES_PART, Checklist, VendorSide
from deals.registration.services import Rules as Numbers
from deals.registration.services import checklist_of, set_rules
from deals.stages import DealType
from partners.models import Organization
from tests.deals.registering import answers, registered, rules, side_of, won_deal
from tests.identity import as_owner
from tests.world import World

VENDOR = Organization(name="Microsoft")
NO_RULES = RegistrationRules()
TODAY = date(2026, 6, 30)


def checklist(
    *,
    type: str = DealType.CO_SELL,
    direction: str = Direction.OUTBOUND,
    status: str = Status.WON,
    vendor: str = Status.ACCEPTED,
    eligible: tuple[str, ...] = ("Contoso Suite",),
    rules: RegistrationRules = NO_RULES,
    won: timedelta = timedelta(days=1),
) -> Checklist:
    is_open = status in {Status.ACCEPTED, Status.RECEIVED}
    deal = Deal(
        type=type, direction=direction, status=status, value=Decimal(1000), currency="EUR",
        closed_at=None if is_open else timezone.now() - won,
    )  # fmt: skip
    side = VendorSide(VENDOR, vendor, timezone.now() + timedelta(days=1) if vendor else None)
    return Checklist(deal, side, rules, eligible)


@pytest.mark.parametrize(
    ("type", "direction", "status"), list(itertools.product(DealType, Direction, Status))
)
def test_every_type_direction_status_and_answer(type: str, direction: str, status: str) -> None:
    """Registered is a won co-sell deal of ours whose vendor takes part, with a solution for it."""
    for vendor, eligible in itertools.product(["", *Status], [(), ("Suite",)]):
        found = checklist(
            type=type, direction=direction, status=status, vendor=vendor, eligible=eligible
        )
        takes_part = vendor in {Status.ACCEPTED, Status.WON}
        # A vendor that was invited has made every open deal a co-sell deal.
        is_ours = direction == Direction.OUTBOUND and type in {DealType.CO_SELL, DealType.P2P}
        holds = is_ours and takes_part and bool(eligible)
        assert found.is_eligible == holds
        assert found.can_be_registered == (holds and status == Status.WON)
        assert bool(found.never) == (found.items == [])
        assert bool(found.why_not) != found.can_be_registered


@given(
    vendor=st.sampled_from(["", *Status]),
    eligible=st.sampled_from([(), ("Suite",), ("Suite", "Add-on")]),
    status=st.sampled_from([Status.ACCEPTED, Status.WON]),
    waiting=st.none() | st.integers(1, 30),
    days=st.none() | st.integers(31, 400),
    ago=st.integers(0, 60),
)
def test_checklist_is_complete_exactly_when_it_can_be_registered(
    vendor: str, eligible: tuple[str, ...], status: str, waiting: int, days: int, ago: int
) -> None:
    numbers = RegistrationRules(waiting_days=waiting, days_since_signature=days)
    found = checklist(
        status=status, vendor=vendor, eligible=eligible, rules=numbers, won=timedelta(days=ago)
    )
    decisive = [one for one in found.items if one.code != "in_time"]
    assert all(one.holds for one in decisive) == found.can_be_registered
    assert found.is_eligible == (vendor in VENDOR_TAKES_PART and bool(eligible))
    if found.can_be_registered:
        assert found.why_not == ""


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"type": DealType.ASSESSMENT}, "Solution assessments are not registered."),
        ({"type": DealType.PRIVATE}, "Private deals are not registered."),
        (
            {"type": DealType.PRIVATE, "status": Status.ACCEPTED},
            "Private deals are not registered. Invite Microsoft to make it a co-sell deal.",
        ),
        (
            {"direction": Direction.INBOUND},
            "Only the deal whose invitation Microsoft accepted is registered.",
        ),
        ({"vendor": ""}, "Microsoft is not invited"),
        ({"vendor": Status.DECLINED}, "Microsoft does not take part: “Declined”"),
        ({"vendor": Status.LOST}, "Microsoft does not take part: “Lost”"),
        ({"eligible": ()}, "No solution was eligible for incentives when the deal was won"),
        (
            {"eligible": (), "status": Status.ACCEPTED},
            "None of the solutions is eligible for incentives",
        ),
        ({"status": Status.ACCEPTED}, "It is registered once the deal is won"),
    ],
)
def test_first_thing_missing_is_said(given: dict[str, Any], reason: str) -> None:
    assert checklist(**given).why_not == reason


def test_rules_that_are_off_are_not_spoken_of() -> None:
    assert [one.code for one in checklist().items] == ["invited", "accepted", "solution", "won"]


def test_vendor_that_has_not_answered_yet_has_time() -> None:
    assert "it has time until" in checklist(vendor=Status.RECEIVED).why_not


def test_waiting_time_ends_on_its_day() -> None:
    waiting = RegistrationRules(waiting_days=7)
    early = checklist(rules=waiting, won=timedelta(days=6))
    assert not early.can_be_registered
    assert "Not before 7 days have passed since the deal was won: from" in early.why_not
    assert checklist(rules=waiting, won=timedelta(days=7)).can_be_registered


def test_deadline_counts_from_the_day_it_was_won() -> None:
    in_time = RegistrationRules(days_since_signature=30)
    found = checklist(rules=in_time, won=timedelta(days=10))
    assert found.register_by == timezone.localdate() + timedelta(days=20)
    assert checklist(rules=in_time, status=Status.ACCEPTED).register_by is None
    # They may have signed later than that, so the form decides.
    late = checklist(rules=in_time, won=timedelta(days=40))
    assert late.can_be_registered
    assert [one.state for one in late.items if one.code == "in_time"] == ["missing"]


@pytest.mark.django_db
def test_minimum_is_compared_at_the_newest_rates(world: World) -> None:
    deal = won_deal(world, value=Decimal(1000), currency="EUR")
    rules(world, minimum_value=Decimal(5000), currency="PLN")

    def minimum() -> Any:
        with world.as_member(world.anna):
            return checklist_of(deal, vendor=side_of(world, deal)).items[-1]

    assert minimum().holds is None
    assert "there is no rate" in minimum().text
    with as_owner():
        ExchangeRate.objects.create(date=TODAY, currency="EUR", rate=1)
        ExchangeRate.objects.create(date=TODAY, currency="PLN", rate=Decimal("4.25"))
    assert minimum().holds is False
    with pytest.raises(Refused, match="at least 5,000") as refusal:
        registered(world, deal, total_value=Decimal(1000), solution_value=Decimal(1000))
    assert refusal.value.field == "total_value"
    registered(world, deal, total_value=Decimal("1176.48"), solution_value=Decimal(1000))


def frame(**numbers: Any) -> Frame:
    return Frame("EUR", RegistrationRules(**numbers), sent_on=timezone.localdate())


def day(offset: int) -> date:
    return timezone.localdate() + timedelta(days=offset)


BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("marketplace_date", {"is_marketplace": True}, "Say on which day"),
    ("marketplace_date", {"marketplace_date": 0}, "Leave the day empty"),
    ("marketplace_date", {"is_marketplace": True, "marketplace_date": 1}, "cannot lie in the"),
    ("total_value", {"total_value": Decimal(0), "solution_value": Decimal(0)}, "above zero"),
    ("solution_value", {"solution_value": Decimal(0)}, "above zero"),
    ("solution_value", {"solution_value": Decimal("25000.01")}, "at most 25,000"),
    ("signed_on", {"signed_on": 1}, "once it is signed"),
    ("ends_on", {"ends_on": None}, "has a last day"),
    ("ends_on", {"term": "perpetual"}, "has no last day"),
    ("ends_on", {"ends_on": -1}, "cannot end before it starts"),
]


@pytest.mark.parametrize(("field", "changed", "message"), BROKEN)
def test_each_rule_has_its_own_message_beside_its_field(
    field: str, changed: dict[str, Any], message: str
) -> None:
    given = {name: day(value) if type(value) is int else value for name, value in changed.items()}
    found = list(problems_in(vars(answers(**given)), frame=frame()))
    assert any(name == field and message in text for name, text in found), found
    with pytest.raises(Refused):
        check_answers(answers(**given), frame=frame())


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"solution_value": Decimal(25000)},
        {"term": "perpetual", "ends_on": None},
        {"ends_on": 0},
        {"signed_on": 0},
        {"is_marketplace": True, "marketplace_date": 0},
    ],
)
def test_what_just_fits_is_right(changed: dict[str, Any]) -> None:
    given = {name: day(value) if type(value) is int else value for name, value in changed.items()}
    check_answers(answers(**given), frame=frame())


def test_signature_is_held_against_the_day_of_the_first_round() -> None:
    numbers = {"days_since_signature": 30}
    check_answers(answers(signed_on=day(-30)), frame=frame(**numbers))
    with pytest.raises(Refused, match="within 30 days of its signature"):
        check_answers(answers(signed_on=day(-31)), frame=frame(**numbers))
    earlier = Frame("EUR", RegistrationRules(**numbers), sent_on=day(-1))
    check_answers(answers(signed_on=day(-31)), frame=earlier)


def test_currency_without_a_smaller_unit_takes_whole_amounts() -> None:
    yen = Frame("JPY", RegistrationRules(), sent_on=timezone.localdate())
    found = dict(problems_in(vars(answers(total_value=Decimal("25000.50"))), frame=yen))
    assert found == {"total_value": "JPY has no smaller unit; write a whole amount."}


@pytest.mark.django_db
def test_rules_changed_at_the_same_time_name_who_was_faster(world: World) -> None:
    wanted = Numbers(minimum_value=None, currency="", days_since_signature=60, waiting_days=None)
    with world.as_member(world.victor):
        set_rules(world.victor, rules=wanted, version=0)
        with pytest.raises(Refused, match="Victor Vance was faster"):
            set_rules(world.victor, rules=wanted, version=0)
        set_rules(world.victor, rules=wanted, version=1)
    with world.as_member(world.piotr), pytest.raises(Refused, match="does not allow"):
        set_rules(world.piotr, rules=wanted, version=0)
