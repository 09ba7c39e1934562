"""Whatever happened, and however the counting was disturbed: the figures are what one counts by
hand."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import connection, transaction
from django.test import override_settings
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from cosell.core.errors import Refused
from deals.lifecycle import advance
from deals.models import CloseReason, Deal
from deals.services import edit_details, edit_solutions
from deals.stages import DealType
from deals.transitions import Name
from insights.counting import count_all_changes, count_anew
from insights.models import MonthlyCount, Uncounted
from insights.periods import Period, today
from insights.queries import Asked, figures_of
from referrals.services import expire_all_overdue
from tests.identity import as_owner
from tests.insights.by_hand import counted_by_hand, counted_by_us
from tests.world import World, details_of

pytestmark = pytest.mark.django_db

START = datetime(2025, 1, 30, 22, 30, tzinfo=UTC)
STAGES = ["created", "accepted", "qualified", "developed", "proposed", "negotiated"]
CLOSINGS = [
    (Name.WIN, ""), (Name.LOSE, CloseReason.BUDGET), (Name.LOSE, CloseReason.TIMELINE),
    (Name.CLOSE_AS_ERROR, CloseReason.TEST),
]  # fmt: skip
ALL_OF_IT = Period(date(2024, 12, 1), date(2027, 12, 31))
CURRENCIES = st.sampled_from(["EUR", "PLN"])
AMOUNTS = st.integers(0, 10**6).map(Decimal)


class Killed(Exception):
    """The worker is gone."""


@contextmanager
def killed_after(statements: int) -> Iterator[None]:
    left = statements

    def dying(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0 and not sql.startswith(("ROLLBACK", "RELEASE", "SAVEPOINT")):
            raise Killed
        return execute(sql, params, many, context)

    with suppress(Killed), connection.execute_wrapper(dying):
        yield


def months_counted() -> list[tuple[Any, ...]]:
    with as_owner():
        rows = MonthlyCount.objects.exclude(deals=0).order_by("pk")
        return sorted(
            rows.values_list(
                "organization", "month", "measure", "location", "direction", "type", "status",
                "key", "currency", "deals", "amount",
            )
        )  # fmt: skip


class Histories(RuleBasedStateMachine):
    """Contoso creates, receives, answers, works and closes deals while time goes by."""

    deals: Bundle[UUID] = Bundle("deals")

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world, self.anna = world, world.anna
        self.is_behind = False
        self.savepoint = transaction.savepoint()
        self.clock = time_machine.travel(START, tick=False)
        self.time = self.clock.start()

    def teardown(self) -> None:
        self.clock.stop()
        transaction.savepoint_rollback(self.savepoint)

    @initialize(target=deals, value=AMOUNTS)
    def begin(self, value: Decimal) -> UUID:
        return self.world.deal(type=DealType.PRIVATE, value=value).pk

    @rule(hours=st.integers(1, 40 * 24))
    def wait(self, hours: int) -> None:
        self.time.shift(timedelta(hours=hours))

    @rule(
        target=deals, value=AMOUNTS, currency=CURRENCIES, campaign=st.sampled_from(["", "FY25"]),
        type=st.sampled_from([DealType.PRIVATE, DealType.ASSESSMENT]),
    )  # fmt: skip
    def create(self, value: Decimal, currency: str, type: DealType, campaign: str) -> UUID:
        return self.world.deal(type=type, value=value, currency=currency, campaign_id=campaign).pk

    @rule(target=deals, value=AMOUNTS, currency=CURRENCIES, is_overdue=st.booleans())
    def receive(self, value: Decimal, currency: str, is_overdue: bool) -> UUID:
        world = self.world
        with override_settings(INVITATION_DAYS=0 if is_overdue else 10_000):
            theirs = world.deal(world.sam, value=value, currency=currency)
            referral = world.referral(theirs, sender=world.sam, recipient=world.contoso)
        return referral.recipient_deal_id

    @rule(deal=deals, stage=st.sampled_from(STAGES))
    def mark(self, deal: UUID, stage: str) -> None:
        self._advance(deal, Name.MARK_STAGE, stage=stage)

    @rule(deal=deals)
    def accept(self, deal: UUID) -> None:
        self._advance(deal, Name.ACCEPT)

    @rule(deal=deals)
    def decline(self, deal: UUID) -> None:
        self._advance(deal, Name.DECLINE, reason=CloseReason.BUDGET)

    @rule(deal=deals, how=st.sampled_from(CLOSINGS))
    def close(self, deal: UUID, how: tuple[Name, str]) -> None:
        self._advance(deal, how[0], reason=how[1])

    @rule()
    def expire(self) -> None:
        expire_all_overdue()

    @rule(deal=deals)
    def invite_the_vendor(self, deal: UUID) -> None:
        with self._refusing():
            self.world.referral(self._deal(deal))

    @rule(deal=deals, value=AMOUNTS, currency=CURRENCIES, campaign=st.sampled_from(["", "FY26"]))
    def edit(self, deal: UUID, value: Decimal, currency: str, campaign: str) -> None:
        found = self._deal(deal)
        details = details_of(value=value, currency=currency, campaign_id=campaign)
        with self._refusing():
            edit_details(found, actor=self.anna.actor, version=found.version, details=details)

    @rule(deal=deals, both=st.booleans())
    def change_solutions(self, deal: UUID, both: bool) -> None:
        found, world = self._deal(deal), self.world
        solutions = [world.microsoft.solution, *([world.fabrikam.solution] if both else [])]
        with self._refusing():
            edit_solutions(found, actor=self.anna.actor, version=found.version, solutions=solutions)

    @rule()
    def fall_behind(self) -> None:
        """Nothing is counted for a while."""
        self.is_behind = True

    @rule(statements=st.integers(0, 12))
    def count_and_be_killed(self, statements: int) -> None:
        with killed_after(statements):
            count_all_changes()

    @rule()
    def catch_up(self) -> None:
        self.is_behind = False

    @invariant()
    def whole_months_are_what_one_counts_by_hand(self) -> None:
        if not self.is_behind:
            self._compare(ALL_OF_IT)

    @rule(back=st.integers(0, 120), days=st.integers(1, 120))
    def compare(self, back: int, days: int) -> None:
        first = today() - timedelta(days=back)
        self._compare(Period(first, first + timedelta(days=days - 1)))

    @rule()
    def compare_with_a_count_from_scratch(self) -> None:
        count_all_changes()
        counted = months_counted()
        count_anew(self.world.contoso.pk)
        count_anew(self.world.microsoft.pk)
        assert months_counted() == counted

    def _compare(self, period: Period) -> None:
        count_all_changes()
        with as_owner():
            assert not Uncounted.objects.exists()
        with self.world.as_member(self.anna):
            contoso = Deal.objects.filter(organization=self.world.contoso.organization)
            deals = list(contoso.prefetch_related("solutions"))
            for type in DealType:
                of_type = [deal for deal in deals if deal.type == type]
                figures = figures_of(self.anna, Asked(period, "EUR", type=type), locations=[])
                assert counted_by_us(figures) == counted_by_hand(of_type, period)

    def _advance(self, deal: UUID, name: Name, **given: str) -> None:
        with self._refusing():
            advance(self._deal(deal), name, actor=self.anna.actor, **given)  # type: ignore[arg-type]  # texts by name

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        """What the rules do not allow changes nothing."""
        try:
            with self.world.as_member(self.anna):
                yield
        except Refused:
            pass

    def _deal(self, pk: UUID) -> Deal:
        with self.world.as_member(self.anna):
            return Deal.objects.select_related("customer").get(pk=pk)


def _run(world: World, *, histories: int, steps: int) -> None:
    run_state_machine_as_test(
        lambda: Histories(world),  # type: ignore[arg-type]  # a factory does too
        settings=settings(
            max_examples=histories,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_figures_are_what_one_counts_by_hand(world: World) -> None:
    _run(world, histories=5, steps=20)


@pytest.mark.full
def test_figures_are_what_one_counts_by_hand_for_longer(world: World) -> None:
    _run(world, histories=60, steps=30)
