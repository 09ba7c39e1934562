"""The one writer of a deal's status and stage (section 5 of the requirements).

The table in `deals.transitions` says what may happen; `advance` makes it happen;
`available_transitions` is what buttons and tasks ask. The database's constraints and the trigger on
closed deals stand behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from cosell.core.errors import NotAllowed, Refused, Stale
from deals.events import record_event, record_events_of_sweep
from deals.models import CloseReason, Deal, DealEvent
from deals.overtaken import why_stale
from deals.registration.queries import eligible_solutions
from deals.signals import deal_advanced, deal_locking
from deals.stage_names import names_for_event, shown_names, stage_in_words
from deals.stages import DealType, StageCode, codes_of, lifecycle_stages, markable_stages
from deals.transitions import TRANSITIONS, By, Name, Transition
from partners.actors import Actor


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
    data |= _kept_for_registration(deal, transition)
    event = record_event(
        deal, transition.event, actor=actor, **{k: v for k, v in data.items() if v}
    )
    deal_advanced.send(Deal, deal=deal, event=event, actor=actor)
    return event


def _kept_for_registration(deal: Deal, transition: Transition) -> dict[str, Any]:
    """Which solutions count, whatever becomes of their marks after the deal is won (6.1)."""
    if transition.name != Name.WIN or deal.type != DealType.CO_SELL:
        return {}
    return {"eligible": eligible_solutions(deal)}


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
