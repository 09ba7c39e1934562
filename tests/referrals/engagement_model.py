"""What every company should see of its deals and invitations, told without a database.

A second, much simpler telling of the rules of sections 4 and 5: plain objects that a move changes.
`Refusal` carries the code that the services refuse with.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

INVITABLE_AGAIN = ("declined", "expired", "withdrawn")
MARKABLE = ("qualified", "developed", "proposed", "negotiated")
LADDER = ("private", "p2p", "co_sell")
CLOSING = {"win": "won", "lose": "lost", "close_as_error": "error"}


class Refusal(Exception):
    @property
    def code(self) -> str:
        return str(self.args[0])


@dataclass(eq=False)
class ModelDeal:
    company: str
    name: str
    type: str
    value: Decimal
    status: str = "accepted"
    stage: str = "created"
    team: tuple[str, ...] = ()
    secret: str = ""
    sent: "list[ModelReferral]" = field(default_factory=list, repr=False)
    invitation: "ModelReferral | None" = field(default=None, repr=False)
    id: Any = None

    @property
    def is_inbound(self) -> bool:
        return self.invitation is not None

    @property
    def row(self) -> tuple[Any, ...]:
        direction = "inbound" if self.is_inbound else "outbound"
        return (
            self.id, direction, self.type, self.name, self.value, self.status, self.stage,
            self.secret,
        )  # fmt: skip


@dataclass(eq=False)
class ModelReferral:
    """What both companies read of an invitation."""

    sender: ModelDeal = field(repr=False)
    recipient: ModelDeal = field(repr=False)
    offer: tuple[Any, ...]
    is_overdue: bool
    sender_status: str
    sender_stage: str
    status: str = "received"
    stage: str = ""
    team: tuple[str, ...] = ()
    reason: str = ""
    notes: str = ""
    is_answered: bool = False
    # What an invited partner sees of the vendor.
    vendor: tuple[str, str] = ("", "")
    id: Any = None

    @property
    def is_out(self) -> bool:
        return self.status in INVITABLE_AGAIN

    @property
    def card(self) -> tuple[Any, ...]:
        return (
            self.id, self.sender.company, self.recipient.company, *self.offer,
            self.sender_status, self.sender_stage, self.status, self.stage, self.team,
            self.reason, self.notes, self.is_answered, *self.vendor,
        )  # fmt: skip


def type_after_invitation(type: str, *, with_vendor: bool) -> str:
    """The vendor makes it a co-sell deal, another partner at least a partner-to-partner one."""
    return "co_sell" if with_vendor or type == "co_sell" else "p2p"


class Model:
    def __init__(self, *, vendor: str) -> None:
        self.vendor = vendor
        self.deals: list[ModelDeal] = []

    def create(self, deal: ModelDeal) -> ModelDeal:
        self.deals.append(deal)
        return deal

    def invite(
        self, deal: ModelDeal, company: str, *, value: Decimal, message: str, is_overdue: bool
    ) -> ModelReferral:
        if deal.is_inbound or deal.status != "accepted":
            raise Refusal("combination")
        if company == deal.company:
            raise Refusal("self")
        invited = [one for one in deal.sent if one.recipient.company == company]
        if not all(one.is_out for one in invited):
            raise Refusal("invited_already")
        self._upgrade(
            deal,
            type_after_invitation(deal.type, with_vendor=self.vendor in (company, deal.company)),
        )
        received = ModelDeal(company, deal.name, deal.type, value, status="received", stage="")
        referral = ModelReferral(
            deal, received, (deal.name, value, message), is_overdue, deal.status, deal.stage
        )
        received.invitation = referral
        if company != self.vendor and (asked := self._to_vendor(deal)):
            referral.vendor = (asked[-1].status, asked[-1].stage)
        deal.sent.append(referral)
        self.deals.append(received)
        self._show_vendor(referral)
        return referral

    def accept(self, deal: ModelDeal, *, by: str, name: str, value: Decimal, secret: str) -> None:
        self._answer(deal)
        deal.status, deal.stage, deal.team = "accepted", "accepted", (by,)
        deal.name, deal.value, deal.secret = name, value, secret
        referral = self._mirror(deal)
        referral.is_answered, referral.team = True, (by,)

    def decline(self, deal: ModelDeal, *, reason: str, notes: str) -> None:
        self._answer(deal)
        deal.status = "declined"
        referral = self._mirror(deal)
        referral.is_answered, referral.reason, referral.notes = True, reason, notes

    def withdraw(self, referral: ModelReferral) -> None:
        if referral.status != "received":
            raise Refusal("answered")
        if referral.is_overdue:
            raise Refusal("deadline")
        referral.recipient.status = "withdrawn"
        self._mirror(referral.recipient)

    def overdue(self) -> list[ModelDeal]:
        return [deal for deal in self.deals if self._is_overdue(deal)]

    def expire(self) -> int:
        overdue = self.overdue()
        for deal in overdue:
            assert deal.invitation
            deal.status = deal.invitation.status = "expired"
        for deal in overdue:
            assert deal.invitation
            self._show_vendor(deal.invitation)
        return len(overdue)

    def mark(self, deal: ModelDeal, stage: str) -> None:
        if deal.status != "accepted":
            raise Refusal("deadline" if self._is_overdue(deal) else "moved_on")
        if stage == deal.stage:
            raise Refusal("stage")
        if stage not in (*MARKABLE, "accepted" if deal.is_inbound else "created"):
            raise Refusal("stage")
        deal.stage = stage
        self._mirror_all(deal)

    def close(self, deal: ModelDeal, how: str) -> None:
        if deal.status != "accepted":
            raise Refusal("deadline" if self._is_overdue(deal) else "moved_on")
        deal.status = CLOSING[how]
        if how == "win":
            deal.stage = "won"
        self._mirror_all(deal)
        for referral in deal.sent:
            if referral.status == "received" and not referral.is_overdue:
                self.withdraw(referral)

    def deals_of(self, company: str) -> Iterator[ModelDeal]:
        return (deal for deal in self.deals if deal.company == company)

    def referrals_of(self, company: str) -> Iterator[ModelReferral]:
        for deal in self.deals:
            for referral in deal.sent:
                if company in (deal.company, referral.recipient.company):
                    yield referral

    def secrets_besides(self, company: str) -> Iterator[str]:
        return (deal.secret for deal in self.deals if deal.company != company and deal.secret)

    def _answer(self, deal: ModelDeal) -> None:
        if self._is_overdue(deal):
            raise Refusal("deadline")
        if deal.status != "received":
            raise Refusal("moved_on")

    def _is_overdue(self, deal: ModelDeal) -> bool:
        return bool(deal.invitation and deal.invitation.is_overdue and deal.status == "received")

    def _mirror_all(self, deal: ModelDeal) -> None:
        if deal.invitation:
            self._mirror(deal)
        for referral in deal.sent:
            if not referral.is_out:
                referral.sender_status, referral.sender_stage = deal.status, deal.stage

    def _mirror(self, deal: ModelDeal) -> ModelReferral:
        assert deal.invitation
        deal.invitation.status, deal.invitation.stage = deal.status, deal.stage
        self._show_vendor(deal.invitation)
        return deal.invitation

    def _upgrade(self, deal: ModelDeal, new_type: str) -> None:
        for one in (deal, *(referral.recipient for referral in deal.sent)):
            if one.status in ("received", "accepted"):
                one.type = max(one.type, new_type, key=LADDER.index)

    def _to_vendor(self, deal: ModelDeal) -> "list[ModelReferral]":
        return [one for one in deal.sent if one.recipient.company == self.vendor]

    def _show_vendor(self, referral: ModelReferral) -> None:
        """The other invited partners that are still in see how far the vendor is."""
        if referral.recipient.company != self.vendor:
            return
        for one in referral.sender.sent:
            if one.recipient.company != self.vendor and not one.is_out:
                one.vendor = (referral.status, referral.stage)
