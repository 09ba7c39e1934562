"""What becomes of a deal: status, stage, reason and the instants that go with them."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from deals.models import CloseReason, Status
from deals.models.status import CLOSED_STATUSES, UNANSWERED_STATUSES
from deals.stages import SALES_STAGES, StageCode

TIME_TO_ANSWER = timedelta(days=14)
_YOUNG = timedelta(days=90)
_MARKED = tuple(stage.code for stage in SALES_STAGES)

# Per cent.
_OF_YOUNG = {Status.ACCEPTED: 90, Status.WON: 4, Status.LOST: 5, Status.ERROR: 1}
_OF_OLD = {Status.ACCEPTED: 22, Status.WON: 35, Status.LOST: 40, Status.ERROR: 3}
_ANSWERS_OPEN = {Status.RECEIVED: 60, Status.ACCEPTED: 30, Status.DECLINED: 10}
_ANSWERS = {Status.ACCEPTED: 72, Status.DECLINED: 14, Status.EXPIRED: 10, Status.WITHDRAWN: 4}
_REASONS = (
    CloseReason.BUDGET, CloseReason.NO_RESPONSE, CloseReason.OTHER_VENDOR, CloseReason.REQUIREMENT,
)  # fmt: skip


@dataclass(frozen=True)
class Fate:
    status: Status
    stage: str
    created_at: datetime
    respond_by: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    reason: str = ""

    @property
    def changed_at(self) -> datetime:
        return self.closed_at or self.answered_at or self.created_at

    @property
    def is_answered(self) -> bool:
        return self.status not in UNANSWERED_STATUSES


def created_fate(source: random.Random, at: datetime, *, now: datetime) -> Fate:
    """Of a deal that its owner created."""
    status = _drawn(source, _OF_YOUNG if now - at < _YOUNG else _OF_OLD)
    return _worked_on(source, Fate(status, StageCode.CREATED, at), now=now)


def received_fate(source: random.Random, inviter: Fate, *, now: datetime) -> Fate:
    """Of the deal of an invited company."""
    at = inviter.created_at
    respond_by = at + TIME_TO_ANSWER
    is_open = respond_by > now
    answer = _drawn(source, _ANSWERS_OPEN if is_open else _ANSWERS)
    if answer == Status.RECEIVED and inviter.closed_at:
        answer = Status.WITHDRAWN
    answered_at = _between(source, at, min(now, respond_by))
    if answer == Status.ACCEPTED:
        status = _drawn(source, _OF_YOUNG if now - at < _YOUNG else _OF_OLD)
        accepted = Fate(status, StageCode.ACCEPTED, at, respond_by, answered_at)
        return _worked_on(source, accepted, now=now)
    if answer == Status.RECEIVED:
        return Fate(answer, "", at, respond_by)
    closed_at = respond_by if answer == Status.EXPIRED else answered_at
    is_declined = answer == Status.DECLINED
    return Fate(
        answer, "", at, respond_by, answered_at if is_declined else None, closed_at,
        source.choice(_REASONS) if is_declined else "",
    )  # fmt: skip


def _worked_on(source: random.Random, fate: Fate, *, now: datetime) -> Fate:
    stage = StageCode.WON if fate.status == Status.WON else source.choice((fate.stage, *_MARKED))
    closed_at, reason = None, ""
    if fate.status in CLOSED_STATUSES:
        begun = fate.answered_at or fate.created_at
        closed_at = _between(source, begun, min(now, begun + timedelta(days=240)))
    if fate.status == Status.LOST:
        reason = source.choice(_REASONS)
    if fate.status == Status.ERROR:
        reason = CloseReason.DUPLICATE
    return Fate(
        fate.status, stage, fate.created_at, fate.respond_by, fate.answered_at, closed_at, reason
    )


def _drawn(source: random.Random, per_cent: dict[Status, int]) -> Status:
    return source.choices(list(per_cent), list(per_cent.values()))[0]


def _between(source: random.Random, first: datetime, last: datetime) -> datetime:
    return first + (last - first) * source.random()
