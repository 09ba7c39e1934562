"""The one writer of a deal's status and stage (section 5 of the requirements).

`TRANSITIONS` says what may happen; `advance` makes it happen; `available_transitions` is what
buttons, API and tasks ask. The database's constraints and the trigger on closed deals stand behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cosell.core.errors import NotAllowed, Refused, Stale
from deals.events import record_event, record_events_of_sweep
from deals.models import CloseReason, Deal, DealEvent, EventKind, Status
from deals.signals import deal_advanced, deal_locking
from deals.stage_names import names_for_event, shown_names, stage_in_words
from deals.stages import StageCode, codes_of, lifecycle_stages, markable_stages
from partners.actors import Actor
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


@dataclass(frozen=True)
class Offer:
    """A transition as a page offers it; `obstacle` says why it is not possible now (5.3)."""

    transition: Transition
    obstacle: str = ""


def available_transitions(deal: Deal, *, actor: Actor) -> list[Offer]:
    """What the deal's own people may do with it now, in the order of the table."""
    return [
        Offer(transition, obstacle=_obstacle(deal, transition))
        for transition in TRANSITIONS.values()
        if transition.by == By.OWNER
        and transition.source == deal.status
        and transition.permission in actor.permissions
        and not (transition.before_deadline and deal.is_overdue)
    ]


def offer_of(deal: Deal, name: Name, *, actor: Actor) -> Offer:
    """One transition, for the page that asks before it happens; raises what `advance` would."""
    transition = TRANSITIONS[name]
    _check_start(deal, transition, actor=actor)
    if transition.before_deadline and deal.is_overdue:
        raise why_stale(deal)
    return Offer(transition, obstacle=_obstacle(deal, transition))


@transaction.atomic
def advance(
    deal: Deal,
    name: Name,
    *,
    actor: Actor,
    stage: str = "",
    reason: str = "",
    notes: str = "",
    version: int | None = None,
) -> DealEvent:
    """Move a deal along one transition: one guarded UPDATE, one event, then `deal_advanced`.

    `deal` carries the status and stage that the caller decided upon and is brought up to date; if
    the row has moved on in the meantime, nothing happens and Stale is raised. The deadline of an
    answer is judged by the database's clock at the moment of the UPDATE (4.4). With `version`
    nothing else about the deal may have changed either.
    """
    transition = TRANSITIONS[name]
    before, stage = deal.stage, stage or _stage_after(deal, transition)
    _check(deal, transition, actor=actor, stage=stage, reason=reason, notes=notes)
    deal_locking.send(Deal, deal=deal)
    written = _columns_after(deal, transition, stage=stage, reason=reason, notes=notes)
    guard = Q(pk=deal.pk, status=transition.source, stage=deal.stage)
    if transition.before_deadline:
        guard &= Q(respond_by__gt=Now())
    if version is not None:
        guard &= Q(version=version)
    if Deal.objects.filter(guard).update(**written, version=F("version") + 1) != 1:
        raise why_stale(deal)
    for column, value in written.items():
        setattr(deal, column, value)
    deal.version += 1
    data = {"from_stage": before, "stage": stage, "reason": reason, "notes": notes}
    data |= names_for_event(deal.organization_id, from_stage=before, stage=stage)
    event = record_event(
        deal, transition.event, actor=actor, **{k: v for k, v in data.items() if v}
    )
    deal_advanced.send(Deal, deal=deal, event=event, actor=actor)
    return event


def expire_received(deal_ids: Sequence[UUID]) -> set[UUID]:
    """Expire those of these deals that are still unanswered and overdue; the sweep's `advance`.

    The same guarded UPDATE for many rows; the caller holds the locks of the referrals. Returns the
    ids of the deals that expired.
    """
    transition = TRANSITIONS[Name.EXPIRE]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE deals_deal SET status = %(target)s, closed_at = %(now)s, updated_at = %(now)s,"
            " version = version + 1"
            " WHERE id = ANY(%(ids)s) AND status = %(source)s"
            " AND respond_by <= statement_timestamp()"
            " RETURNING organization_id, id, version",
            {
                "target": transition.target,
                "source": transition.source,
                "now": timezone.now(),
                "ids": list(deal_ids),
            },
        )
        expired = cursor.fetchall()
    record_events_of_sweep(
        transition.event,
        [
            (organization_id, deal_id, {"version": version})
            for organization_id, deal_id, version in expired
        ],
    )
    return {deal_id for _organization_id, deal_id, _version in expired}


def _check(
    deal: Deal, transition: Transition, *, actor: Actor, stage: str, reason: str, notes: str
) -> None:
    _check_start(deal, transition, actor=actor)
    obstacle = _obstacle(deal, transition)
    if obstacle:
        raise Refused("not_yet", obstacle)
    if transition.name == Name.MARK_STAGE:
        _check_stage(deal, stage)
    _check_reason(transition, reason=reason, notes=notes)


def _check_start(deal: Deal, transition: Transition, *, actor: Actor) -> None:
    if transition.permission not in actor.permissions:
        raise NotAllowed("permission", _("Your role does not allow this."))
    if deal.status != transition.source:
        raise why_stale(deal)


def _check_reason(transition: Transition, *, reason: str, notes: str) -> None:
    if transition.reasons and reason not in transition.reasons:
        raise Refused("reason", _("Choose a reason."), field="reason")
    if not transition.reasons and reason:
        raise Refused("reason", _("No reason is given here."), field="reason")
    if reason == CloseReason.OTHER and not notes.strip():
        raise Refused("notes", _("Say in the notes what “Others” stands for."), field="notes")


def _check_stage(deal: Deal, stage: str) -> None:
    codes = codes_of(markable_stages(deal.type))
    if stage == deal.stage:
        raise Stale("stage", _("The deal is in this stage already."))
    if stage == lifecycle_stages(deal.type, inbound=deal.is_inbound)[0].code:
        # Nobody marks the first stage, but a wrong first click can be taken back.
        return
    if stage not in codes:
        raise Refused("stage", _("This deal has no such stage."), field="stage")
    if deal.is_assessment and codes.index(StageCode(stage)) > _stages_marked(deal):
        raise Refused(
            "stage_order",
            _("The stages of an assessment are marked in order: %(stage)s is next.")
            % {"stage": _next_in_words(deal)},
            field="stage",
        )


def _next_in_words(deal: Deal) -> str:
    following = markable_stages(deal.type)[_stages_marked(deal)]
    return stage_in_words(following, shown_names(deal.organization_id))


def _stages_marked(deal: Deal) -> int:
    codes = codes_of(markable_stages(deal.type))
    return codes.index(StageCode(deal.stage)) + 1 if deal.stage in codes else 0


def _obstacle(deal: Deal, transition: Transition) -> str:
    """Why an assessment cannot be won yet: its stages are mandatory (5.3)."""
    if transition.name != Name.WIN or not deal.is_assessment:
        return ""
    missing = markable_stages(deal.type)[_stages_marked(deal) :]
    if not missing:
        return ""
    names = shown_names(deal.organization_id)
    return _("Still to be marked before the deal can be won: %(stages)s.") % {
        "stages": ", ".join(stage_in_words(stage, names) for stage in missing)
    }


def _stage_after(deal: Deal, transition: Transition) -> str:
    if transition.name == Name.ACCEPT:
        return StageCode.ACCEPTED
    if transition.name == Name.WIN:
        return StageCode.WON
    return deal.stage


def _columns_after(
    deal: Deal, transition: Transition, *, stage: str, reason: str, notes: str
) -> dict[str, Any]:
    now = timezone.now()
    written: dict[str, Any] = {"status": transition.target, "stage": stage, "updated_at": now}
    if transition.closes:
        written |= {"closed_at": now, "close_reason": reason, "close_notes": notes}
    if transition.name in {Name.ACCEPT, Name.DECLINE}:
        written["answered_at"] = now
    return written


def why_stale(deal: Deal) -> Stale:
    """Who moved the deal to where it is now, and when: the events of its own transitions tell.

    Unless `deal` was already there when it was read: then nobody was faster, and the state says it.
    """
    current = Deal.objects.filter(pk=deal.pk).only(
        "organization", "status", "stage", "respond_by", "direction", "closed_at"
    )
    now = current.first()
    if now is None or now.is_overdue:
        return Stale("deadline", _("The time to answer is over. The invitation has expired."))
    last = DealEvent.objects.filter(deal_id=deal.pk, kind__in=MOVES).order_by("-id").first()
    return Stale("moved_on", _why_not_now(deal, now, last))


def _why_not_now(deal: Deal, now: Deal, last: DealEvent | None) -> str:
    if now.status == deal.status == Status.RECEIVED:
        return _("The invitation waits for an answer; accept it first.")
    if now.status == deal.status and now.is_closed:
        return _closed_in_words(now, last)
    if last is None:
        return _("The deal has changed meanwhile.")
    return _("%(who)s was faster: since %(when)s the deal is “%(state)s”.") % {
        "who": last.actor_name or _("The system"),
        "when": _moment(last.at),
        "state": _state_in_words(now),
    }


def _closed_in_words(deal: Deal, last: DealEvent | None) -> str:
    named = {"state": deal.status_label, "when": _moment(deal.closed_at)}
    if last is None or not last.actor_name:
        return _("The deal is closed: “%(state)s” since %(when)s.") % named
    named["who"] = last.actor_name
    return _("The deal is closed: “%(state)s” since %(when)s, by %(who)s.") % named


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def _state_in_words(deal: Deal) -> str:
    stage = deal.current_stage
    if deal.is_closed or stage is None:
        return str(deal.status_label)
    words = stage_in_words(stage, shown_names(deal.organization_id))
    return f"{words}, {stage.percent}\u00a0%"
