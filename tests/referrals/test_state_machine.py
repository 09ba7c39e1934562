"""Any order of moves by five companies: each sees exactly what the model says, and nothing else."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cosell.core.errors import Refused
from cosell.core.tenancy import APP_ROLE, database_identity
from deals.lifecycle import advance
from deals.listing.criteria import Tab, deals_in_tab
from deals.models import CloseReason, Deal
from deals.stages import DealType
from deals.transitions import Name
from partners.models import Membership
from referrals.models import Referral
from referrals.services import accept_referral, expire_all_overdue, withdraw_referral
from tests.referrals.engagement_model import Model, ModelDeal, Refusal
from tests.world import World, add_partner, details_of, person_of_member

pytestmark = pytest.mark.django_db

COMPANIES = ("contoso", "fabrikam", "outsider", "adventure", "microsoft")
# Who acts for each company; Bob sees only the deals whose team he is on.
WORKERS = {"contoso": "anna", "fabrikam": "frank", "outsider": "mallory", "microsoft": "sam"}
TYPES = [DealType.PRIVATE, DealType.P2P, DealType.CO_SELL]
STAGES = ["created", "accepted", "qualified", "developed", "proposed", "negotiated", "won"]
CLOSINGS = {
    "win": (Name.WIN, ""),
    "lose": (Name.LOSE, CloseReason.BUDGET),
    "close_as_error": (Name.CLOSE_AS_ERROR, CloseReason.TEST),
}

EXPECTED = {
    ("invite", ""), ("invite", "combination"), ("invite", "self"), ("invite", "invited_already"),
    ("accept", ""), ("accept", "deadline"), ("accept", "moved_on"),
    ("decline", ""), ("decline", "deadline"), ("decline", "moved_on"), ("withdraw", ""),
    ("withdraw", "answered"), ("withdraw", "deadline"), ("expire", ""), ("mark", ""),
    ("mark", "stage"), ("mark", "moved_on"), ("close", ""), ("close", "moved_on"),
}  # fmt: skip
Rows = list[dict[str, Any]]
# What row-level security leaves of the two tables.
_ROWS = (
    "SELECT id, direction, type, name, value, status, stage, notes FROM deals_deal",
    "SELECT * FROM referrals_referral",
)


class Engagements(RuleBasedStateMachine):
    """Each rule does a move twice, by the services and by the model, and compares the refusal."""

    created: Bundle[ModelDeal] = Bundle("created")
    received: Bundle[ModelDeal] = Bundle("received")
    any_deal = st.one_of(created, received)
    amounts = st.integers(1, 10**6).map(Decimal)

    def __init__(
        self, world: World, workers: dict[str, Membership], tally: Counter[tuple[str, str]]
    ) -> None:
        super().__init__()
        self.world, self.workers, self.tally = world, workers, tally
        self.model = Model(vendor="microsoft")
        self.names = {str(world_id): name for name, world_id in self._ids()}
        self.readers = {**workers, "bob": world.bob}
        self.lists = {name: _lists_of(member) for name, member in self.readers.items()}
        self.moves = 0
        self.savepoint = transaction.savepoint()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    @initialize(target=created, value=amounts)
    def begin(self, value: Decimal) -> ModelDeal:
        """A deal to invite to: most moves need one."""
        return self._create("contoso", DealType.PRIVATE, value, with_bob=True)

    @initialize(target=received, sender=st.sampled_from(COMPANIES[:3]), overdue=st.booleans())
    def begin_invited(self, sender: str, overdue: bool) -> Any:
        """Two invitations of one deal, so that what one answers can show in the other."""
        deal = self._create(sender, DealType.CO_SELL, Decimal(1000), with_bob=False)
        return multiple(
            self._invite(deal, "adventure", Decimal(400), is_overdue=overdue),
            self._invite(deal, "microsoft", Decimal(600), is_overdue=False),
        )

    @rule(
        target=created, company=st.sampled_from(COMPANIES), type=st.sampled_from(TYPES),
        value=amounts, with_bob=st.booleans(),
    )  # fmt: skip
    def create(self, company: str, type: DealType, value: Decimal, with_bob: bool) -> ModelDeal:
        return self._create(company, type, value, with_bob=with_bob)

    @rule(
        target=received, deal=created, company=st.sampled_from(COMPANIES), value=amounts,
        is_overdue=st.sampled_from([False, False, True]),
    )  # fmt: skip
    def invite(self, deal: ModelDeal, company: str, value: Decimal, is_overdue: bool) -> Any:
        return self._invite(deal, company, value, is_overdue=is_overdue)

    @rule(deal=received, company=st.sampled_from(COMPANIES), value=amounts)
    def invite_from_inbound(self, deal: ModelDeal, company: str, value: Decimal) -> None:
        self._invite(deal, company, value, is_overdue=False)

    @rule(deal=received, value=amounts)
    def accept(self, deal: ModelDeal, value: Decimal) -> None:
        worker = self.workers[deal.company]
        name, secret = self._new(f"accepted by {deal.company}"), self._new(f"by {deal.company}")
        with self._same_refusal("accept") as moves:
            moves(
                lambda: self.model.accept(
                    deal, by=worker.user.email, name=name, value=value, secret=secret
                )
            )
            moves(
                lambda: accept_referral(
                    self._deal(deal), actor=worker.actor, team=[person_of_member(worker)],
                    details=details_of(name=name, value=value, notes=secret),
                ),
                acting=worker,
            )  # fmt: skip

    @rule(deal=received)
    def decline(self, deal: ModelDeal) -> None:
        worker, notes = self.workers[deal.company], self._new(f"notes of {deal.company}")
        with self._same_refusal("decline") as moves:
            moves(lambda: self.model.decline(deal, reason=CloseReason.BUDGET, notes=notes))
            moves(
                lambda: advance(
                    self._deal(deal), Name.DECLINE, actor=worker.actor, reason=CloseReason.BUDGET,
                    notes=notes,
                ),
                acting=worker,
            )  # fmt: skip

    @rule(deal=received)
    def withdraw(self, deal: ModelDeal) -> None:
        referral = deal.invitation
        assert referral
        worker = self.workers[referral.sender.company]
        with self._same_refusal("withdraw") as moves:
            moves(lambda: self.model.withdraw(referral))
            moves(
                lambda: withdraw_referral(
                    Referral.objects.get(pk=referral.id), actor=worker.actor
                ),
                acting=worker,
            )  # fmt: skip

    @precondition(lambda self: self.model.overdue())
    @rule()
    def expire(self) -> None:
        self.tally["expire", ""] += 1
        assert expire_all_overdue() == self.model.expire()

    @rule(deal=any_deal, stage=st.sampled_from(STAGES))
    def mark(self, deal: ModelDeal, stage: str) -> None:
        worker = self.workers[deal.company]
        with self._same_refusal("mark") as moves:
            moves(lambda: self.model.mark(deal, stage))
            moves(
                lambda: advance(
                    self._deal(deal), Name.MARK_STAGE, actor=worker.actor, stage=stage
                ),
                acting=worker,
            )  # fmt: skip

    @rule(deal=any_deal, how=st.sampled_from(sorted(CLOSINGS)))
    def close(self, deal: ModelDeal, how: str) -> None:
        self._close(deal, how)

    @rule(deal=received, how=st.sampled_from(sorted(CLOSINGS)))
    def close_as_inviter(self, deal: ModelDeal, how: str) -> None:
        assert deal.invitation
        self._close(deal.invitation.sender, how)

    def _close(self, deal: ModelDeal, how: str) -> None:
        worker, (name, reason) = self.workers[deal.company], CLOSINGS[how]
        with self._same_refusal("close") as moves:
            moves(lambda: self.model.close(deal, how))
            moves(
                lambda: advance(self._deal(deal), name, actor=worker.actor, reason=reason),
                acting=worker,
            )

    @invariant()
    def each_sees_what_the_model_says(self) -> None:
        seen = {
            reader: _seen_by(member, *self.lists[reader]) for reader, member in self.readers.items()
        }
        for company in COMPANIES:
            deals, (rows, referrals, listed) = list(self.model.deals_of(company)), seen[company]
            assert sorted(map(_deal_row, rows)) == sorted(one.row for one in deals)
            cards = sorted(one.card for one in self.model.referrals_of(company))
            assert sorted(map(self._card, referrals)) == cards
            assert listed == _in_tabs(deals)
            text = str(referrals)
            assert not [one for one in self.model.secrets_besides(company) if one in text]
        bob = self.world.bob.user.email
        own = [one for one in self.model.deals_of("contoso") if bob in one.team]
        assert seen["bob"][2] == _in_tabs(own)

    def _card(self, row: dict[str, Any]) -> tuple[Any, ...]:
        return (
            row["id"], self.names[row["sender_id"]], self.names[row["recipient_id"]],
            row["deal_name"], row["value"], row["message"],
            row["sender_status"], row["sender_stage"],
            row["recipient_status"], row["recipient_stage"],
            tuple(person["email"] for person in row["recipient_team"]),
            row["reason"], row["notes"], row["answered_at"] is not None,
            row["vendor_status"], row["vendor_stage"],
        )  # fmt: skip

    @contextmanager
    def _same_refusal(self, what: str) -> Iterator[Callable[..., Any]]:
        """Runs the model's move, then the services'; both succeed, or both refuse alike."""
        codes: list[str] = []

        def moves(move: Callable[[], Any], *, acting: Membership | None = None) -> Any:
            try:
                if not acting:
                    return move()
                with self.world.as_member(acting):
                    return move()
            except (Refusal, Refused) as refused:
                codes.append(refused.code)
                return None

        yield moves
        self.tally[what, codes[0] if codes else ""] += 1
        assert len(codes) in (0, 2), codes
        assert len(set(codes)) <= 1, codes

    def _create(self, company: str, type: DealType, value: Decimal, *, with_bob: bool) -> ModelDeal:
        worker, name = self.workers[company], self._new(f"deal of {company}")
        team = [worker, self.world.bob] if with_bob and company == "contoso" else [worker]
        told = ModelDeal(
            company, name, type, value,
            team=tuple(one.user.email for one in team), secret=self._new(f"secret of {company}"),
        )  # fmt: skip
        deal = self.world.deal(
            worker, type=type, name=name, value=value, notes=told.secret,
            team=[person_of_member(one) for one in team],
        )  # fmt: skip
        told.id = str(deal.pk)
        return self.model.create(told)

    def _invite(self, deal: ModelDeal, company: str, value: Decimal, *, is_overdue: bool) -> Any:
        message = self._new(f"message of {deal.company}")
        days = {"INVITATION_DAYS": 0} if is_overdue else {}
        with self._same_refusal("invite") as moves, override_settings(**days):
            told = moves(
                lambda: self.model.invite(
                    deal, company, value=value, message=message, is_overdue=is_overdue
                )
            )
            sent = moves(
                lambda: self.world.referral(
                    self._deal(deal), sender=self.workers[deal.company],
                    recipient=self._company(company), value=value, message=message,
                )
            )  # fmt: skip
        if not told:
            return multiple()
        told.id, told.recipient.id = str(sent.pk), str(sent.recipient_deal_id)
        return told.recipient

    def _deal(self, told: ModelDeal) -> Deal:
        with self.world.as_member(self.workers[told.company]):
            return Deal.objects.select_related("customer").get(pk=told.id)

    def _company(self, name: str) -> Any:
        return self.world.company_of(self.workers[name])

    def _ids(self) -> Iterator[tuple[str, Any]]:
        return ((name, worker.organization_id) for name, worker in self.workers.items())

    def _new(self, what: str) -> str:
        """Different each time, so that a text in the wrong place gives itself away."""
        self.moves += 1
        return f"{what}, {self.moves}."


def _lists_of(member: Membership) -> tuple[str, list[Any]]:
    """The product's two lists, made into SQL once: it takes longer than running it."""
    parts: list[str] = []
    params: list[Any] = []
    for tab in (Tab.INBOUND, Tab.OUTBOUND):
        sql, given = deals_in_tab(member, tab).values("id").query.sql_with_params()
        parts.append(f"SELECT '{tab}' AS tab, id FROM ({sql}) AS {tab}")  # noqa: S608 (the ORM's)
        params += given
    return " UNION ALL ".join(parts), params


def _seen_by(member: Membership, lists: str, params: list[Any]) -> tuple[Rows, Rows, set[Any]]:
    """Rows of deals and referrals without a WHERE, and the lists."""
    parts = (
        f"(SELECT json_agg(row)::text FROM ({one}) AS row)"  # noqa: S608 (ours and the ORM's)
        for one in (*_ROWS, lists)
    )
    with (
        database_identity(APP_ROLE, organization=member.organization_id),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        found = [json.loads(text or "[]", parse_float=Decimal) for text in cursor.fetchone()]
    return found[0], found[1], {(row["tab"], row["id"]) for row in found[2]}


def _deal_row(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row.values())


def _in_tabs(deals: list[ModelDeal]) -> set[tuple[str, str]]:
    return {("inbound" if one.is_inbound else "outbound", one.id) for one in deals}


def _run(world: World, *, sequences: int, steps: int) -> Counter[tuple[str, str]]:
    """How often each move was made, and refused for which reason."""
    workers = {name: world.cast[who] for name, who in WORKERS.items()}
    workers["adventure"] = add_partner(world, "Adventure")
    tally: Counter[tuple[str, str]] = Counter()
    run_state_machine_as_test(
        lambda: Engagements(world, workers, tally),  # type: ignore[arg-type]  # a factory does too
        settings=settings(
            max_examples=sequences,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return tally


def test_everybody_sees_what_the_model_says(world: World) -> None:
    tally = _run(world, sequences=15, steps=16)
    assert {move for move, _refusal in EXPECTED if not tally[move, ""]} == set(), tally


@pytest.mark.full
def test_everybody_sees_what_the_model_says_for_longer(world: World) -> None:
    tally = _run(world, sequences=300, steps=30)
    # What never happened was not tested.
    assert {move for move in EXPECTED if not tally[move]} == set(), tally
