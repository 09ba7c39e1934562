"""What may happen to a deal, by whom and from which status (sections 4 and 5)."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from deals.models import CloseReason, EventKind, Status
from partners.permissions import Permission


class By(StrEnum):
    """Who may start a transition: the deal's own people, the inviter's, or the clock."""

    OWNER = "owner"
    SENDER = "sender"
    SYSTEM = "system"


TURN_DOWN_REASONS = (
    CloseReason.BUDGET,
    CloseReason.NO_RESPONSE,
    CloseReason.OTHER_VENDOR,
    CloseReason.REQUIREMENT,
    CloseReason.NOT_A_CUSTOMER,
    CloseReason.TIMELINE,
    CloseReason.ABUSE,
    CloseReason.OTHER,
)
ERROR_REASONS = (
    CloseReason.DUPLICATE,
    CloseReason.SYNC,
    CloseReason.MATCHING,
    CloseReason.SOLUTION,
    CloseReason.TEST,
    CloseReason.DATA,
    CloseReason.OTHER,
)


class Name(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    MARK_STAGE = "mark_stage"
    WIN = "win"
    LOSE = "lose"
    CLOSE_AS_ERROR = "close_as_error"


@dataclass(frozen=True)
class Transition:
    name: Name
    label: Promise
    source: Status
    target: Status
    permission: Permission
    event: EventKind
    by: By = By.OWNER
    reasons: tuple[CloseReason, ...] = ()
    before_deadline: bool = False

    @property
    def closes(self) -> bool:
        return self.target != Status.ACCEPTED


TRANSITIONS = {
    transition.name: transition
    for transition in (
        Transition(
            Name.ACCEPT, gettext_lazy("Accept"), Status.RECEIVED, Status.ACCEPTED,
            Permission.ANSWER_REFERRALS, EventKind.ACCEPTED, before_deadline=True,
        ),
        Transition(
            Name.DECLINE, gettext_lazy("Decline"), Status.RECEIVED, Status.DECLINED,
            Permission.ANSWER_REFERRALS, EventKind.DECLINED, reasons=TURN_DOWN_REASONS,
            before_deadline=True,
        ),
        Transition(
            Name.EXPIRE, gettext_lazy("Expire"), Status.RECEIVED, Status.EXPIRED,
            Permission.ANSWER_REFERRALS, EventKind.EXPIRED, by=By.SYSTEM,
        ),
        Transition(
            Name.WITHDRAW, gettext_lazy("Withdraw"), Status.RECEIVED, Status.WITHDRAWN,
            Permission.INVITE, EventKind.WITHDRAWN, by=By.SENDER,
            before_deadline=True,
        ),
        Transition(
            Name.MARK_STAGE, gettext_lazy("Mark stage"), Status.ACCEPTED, Status.ACCEPTED,
            Permission.EDIT_DEALS, EventKind.STAGE_MARKED,
        ),
        Transition(
            Name.WIN, gettext_lazy("Won"), Status.ACCEPTED, Status.WON,
            Permission.CLOSE_DEALS, EventKind.WON,
        ),
        Transition(
            Name.LOSE, gettext_lazy("Lost"), Status.ACCEPTED, Status.LOST,
            Permission.CLOSE_DEALS, EventKind.LOST, reasons=TURN_DOWN_REASONS,
        ),
        Transition(
            Name.CLOSE_AS_ERROR, gettext_lazy("Close as error"), Status.ACCEPTED, Status.ERROR,
            Permission.CLOSE_DEALS, EventKind.ERROR, reasons=ERROR_REASONS,
        ),
    )
}  # fmt: skip


# What moves a deal of ours; everything else in its history is about something beside it.
MOVES = frozenset(transition.event for transition in TRANSITIONS.values())
