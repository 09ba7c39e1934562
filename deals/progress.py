"""The lifecycle bar: stages gone through, skipped, current and still to mark (5.2, 5.3)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from deals.models import Deal, Status
from deals.models.status import UNANSWERED_STATUSES
from deals.stages import Stage, StageCode, lifecycle_stages, markable_stages

_ICONS = {
    "done": "check",
    "current": "circle-dot",
    "skipped": "skip-forward",
    "won": "trophy",
    "lost": "x",
}


@dataclass(frozen=True)
class Step:
    """`state`: done, current, skipped, next, later, won, lost, and of a registration review,
    attention, rejected; `action`: mark, back, register, correct or nothing; `note`: in words where
    no percentage is."""

    name: Any
    state: str
    icon: str = ""
    code: str = ""
    percent: int | None = None
    at: datetime | None = None
    action: str = ""
    definition: Any = ""
    note: str = ""

    @property
    def is_now(self) -> bool:
        return self.state in {"current", "won", "lost"}


def lifecycle_of(
    deal: Deal, *, marked_at: Mapping[str, datetime], may_mark: bool, names: Mapping[str, str]
) -> list[Step]:
    """`marked_at`: when a stage was last marked; `names`: what the organisation calls the stages
    (5.8)."""
    return [_named(step, names) for step in _standard_steps(deal, marked_at, may_mark=may_mark)]


def _named(step: Step, names: Mapping[str, str]) -> Step:
    own = names.get(step.code)
    return replace(step, name=own, definition=f"{step.name}: {step.definition}") if own else step


def _standard_steps(deal: Deal, marked_at: Mapping[str, datetime], *, may_mark: bool) -> list[Step]:
    status = deal.current_status
    stages = lifecycle_stages(deal.type, inbound=deal.is_inbound)
    if status == Status.RECEIVED:
        return [_received(deal, "current"), *_ahead(stages)]
    if status in UNANSWERED_STATUSES:
        return [_received(deal, "done"), _end(deal, status)]
    at = [stage.code for stage in stages].index(StageCode(deal.stage))
    if status in {Status.LOST, Status.ERROR}:
        return [*(_past(deal, one, marked_at) for one in stages[: at + 1]), _end(deal, status)]
    may_mark = may_mark and status == Status.ACCEPTED
    return [
        *(_past(deal, one, marked_at, may_mark=may_mark) for one in stages[:at]),
        _current(deal, stages[at], marked_at),
        *_ahead(stages[at + 1 :], markable=_markable(deal, at) if may_mark else ()),
    ]


def _markable(deal: Deal, at: int) -> set[str]:
    """Any stage may be marked; those of an assessment only in order."""
    codes = [stage.code.value for stage in markable_stages(deal.type)]
    return set(codes[at : at + 1]) if deal.is_assessment else set(codes)


def _past(
    deal: Deal, stage: Stage, marked_at: Mapping[str, datetime], *, may_mark: bool = False
) -> Step:
    at = _reached_at(deal, stage, marked_at)
    state = "done" if at else "skipped"
    return _step(stage, state, at=at, action="back" if may_mark else "")


def _current(deal: Deal, stage: Stage, marked_at: Mapping[str, datetime]) -> Step:
    state = "won" if stage.code == StageCode.WON else "current"
    return _step(stage, state, at=_reached_at(deal, stage, marked_at))


def _ahead(stages: tuple[Stage, ...], *, markable: Collection[str] = ()) -> list[Step]:
    return [
        _step(
            stage,
            "later" if position else "next",
            action="mark" if stage.code in markable else "",
        )
        for position, stage in enumerate(stages)
    ]


def _step(stage: Stage, state: str, *, at: datetime | None = None, action: str = "") -> Step:
    icon = "trophy" if stage.code == StageCode.WON else _ICONS.get(state, "")
    return Step(
        name=stage.label,
        state=state,
        icon=icon,
        code=stage.code,
        percent=stage.percent,
        at=at,
        action=action,
        definition=stage.definition,
    )


def _reached_at(deal: Deal, stage: Stage, marked_at: Mapping[str, datetime]) -> datetime | None:
    if stage.code == StageCode.CREATED:
        return deal.created_at
    if stage.code == StageCode.ACCEPTED:
        return deal.answered_at
    if stage.code == StageCode.WON:
        return deal.closed_at
    return marked_at.get(stage.code)


def _received(deal: Deal, state: str) -> Step:
    return Step(
        name=_("Received"),
        state=state,
        icon="inbox" if state == "current" else "check",
        at=deal.created_at,
    )


def _end(deal: Deal, status: str) -> Step:
    return Step(
        name=Status(status).label, state="lost", icon="x", at=deal.closed_at or deal.respond_by
    )
