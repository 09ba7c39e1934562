"""The one writer of a registration's status (6.4): a table of transitions, and `advance`.

The triggers of `deals_registration` hold the same table.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cosell.core.errors import NotAllowed, Stale
from deals.models import EventKind, Registration, RegistrationStatus, RegistrationStep
from deals.models.registration import TO_REVIEW, StepKind
from deals.signals import registration_moved
from partners.models import Membership
from partners.permissions import Permission


class Side(StrEnum):
    PARTNER = "partner"
    VENDOR = "vendor"


class Move(StrEnum):
    SUBMIT = "submit"
    RESUBMIT = "resubmit"
    APPROVE = "approve"
    ASK_FOR_CHANGES = "ask_for_changes"
    REJECT = "reject"


@dataclass(frozen=True)
class Transition:
    """`event` is what the other side's history says."""

    name: Move
    label: Promise
    sources: tuple[RegistrationStatus, ...]
    target: RegistrationStatus
    side: Side
    permission: Permission
    step: StepKind
    event: EventKind


TRANSITIONS = {
    transition.name: transition
    for transition in (
        # From nothing: a registration begins with it.
        Transition(
            Move.SUBMIT, gettext_lazy("Register"), (), RegistrationStatus.PENDING, Side.PARTNER,
            Permission.REGISTER_DEALS, StepKind.SUBMITTED, EventKind.COUNTERPART_REGISTERED,
        ),
        Transition(
            Move.RESUBMIT, gettext_lazy("Send again"), (RegistrationStatus.ACTION_REQUIRED,),
            RegistrationStatus.RESUBMITTED, Side.PARTNER, Permission.REGISTER_DEALS,
            StepKind.RESUBMITTED, EventKind.COUNTERPART_REGISTERED,
        ),
        Transition(
            Move.APPROVE, gettext_lazy("Approve"), TO_REVIEW, RegistrationStatus.APPROVED,
            Side.VENDOR, Permission.REVIEW_REGISTRATIONS, StepKind.APPROVED,
            EventKind.REGISTRATION_APPROVED,
        ),
        Transition(
            Move.ASK_FOR_CHANGES, gettext_lazy("Ask for changes"), TO_REVIEW,
            RegistrationStatus.ACTION_REQUIRED, Side.VENDOR, Permission.REVIEW_REGISTRATIONS,
            StepKind.ACTION_REQUIRED, EventKind.REGISTRATION_ACTION_REQUIRED,
        ),
        # Also where the changes that were asked for never come.
        Transition(
            Move.REJECT, gettext_lazy("Reject"),
            (*TO_REVIEW, RegistrationStatus.ACTION_REQUIRED), RegistrationStatus.REJECTED,
            Side.VENDOR, Permission.REVIEW_REGISTRATIONS, StepKind.REJECTED,
            EventKind.REGISTRATION_REJECTED,
        ),
    )
}  # fmt: skip

_DONE = {
    StepKind.SUBMITTED: gettext_lazy("%(who)s registered the deal on %(when)s."),
    StepKind.RESUBMITTED: gettext_lazy("%(who)s sent a corrected registration on %(when)s."),
    StepKind.APPROVED: gettext_lazy("%(who)s approved the registration on %(when)s."),
    StepKind.REJECTED: gettext_lazy("%(who)s rejected the registration on %(when)s."),
    StepKind.ACTION_REQUIRED: gettext_lazy("%(who)s asked for changes on %(when)s."),
    StepKind.TAKEN: gettext_lazy("%(who)s took the review on at %(when)s."),
    StepKind.RELEASED: gettext_lazy("%(who)s gave the review back on %(when)s."),
}
# What only the vendor's people hear of.
INTERNAL = (StepKind.TAKEN, StepKind.RELEASED)


def may_move(registration: Registration, move: Move, *, by: Membership) -> bool:
    transition = TRANSITIONS[move]
    return registration.status in transition.sources and is_allowed(transition, registration, by)


def is_allowed(transition: Transition, registration: Registration, by: Membership) -> bool:
    own = {Side.PARTNER: registration.organization_id, Side.VENDOR: registration.vendor_id}
    return by.organization_id == own[transition.side] and by.may(transition.permission)


@transaction.atomic
def advance(
    registration: Registration,
    move: Move,
    *,
    by: Membership,
    version: int,
    written: dict[str, Any],
    **data: Any,
) -> RegistrationStep:
    """One guarded UPDATE, one step of the history, then `registration_moved`.

    `version` is what the page showed: whatever changed since makes it stale. `written` goes along
    with the status, `data` into the history.
    """
    transition = TRANSITIONS[move]
    check_allowed(transition, registration, by)
    now = timezone.now()
    columns = {"status": transition.target, "status_since": now, **written}
    guard = Q(pk=registration.pk, version=version, status__in=transition.sources)
    if Registration.objects.filter(guard).update(**columns, version=F("version") + 1) != 1:
        raise why_stale(registration, reader=by.organization_id)
    for column, value in columns.items():
        setattr(registration, column, value)
    registration.version = version + 1
    return write_step(registration, transition, by=by, **data)


def check_allowed(transition: Transition, registration: Registration, by: Membership) -> None:
    if not is_allowed(transition, registration, by):
        raise NotAllowed("permission", _("Your role does not allow this."))


def write_step(
    registration: Registration, transition: Transition, *, by: Membership, **data: Any
) -> RegistrationStep:
    step = record_step(registration, transition.step, by=by, **data)
    registration_moved.send(
        Registration,
        registration=registration,
        kind=transition.event,
        data={"registration": str(registration.pk), "step": step.pk, "round": step.round},
    )
    return step


def record_step(
    registration: Registration, kind: StepKind, *, by: Membership, **data: Any
) -> RegistrationStep:
    return RegistrationStep.objects.create(
        organization_id=registration.organization_id,
        vendor_id=registration.vendor_id,
        registration=registration,
        kind=kind,
        round=registration.round,
        by_name=by.user.full_name,
        data={name: value for name, value in data.items() if value},
    )


def why_stale(registration: Registration, *, reader: UUID) -> Stale:
    """Who did what last, as the reader's company may know it."""
    steps = RegistrationStep.objects.filter(
        organization_id=registration.organization_id, registration=registration
    ).select_related("organization", "vendor")
    if reader != registration.vendor_id:
        steps = steps.exclude(kind__in=INTERNAL)
    last = steps.order_by("-id").first()
    if last is None:
        return Stale("moved_on", _("The registration has changed meanwhile."))
    return Stale("moved_on", done_in_words(last, reader=reader))


def done_in_words(step: RegistrationStep, *, reader: UUID) -> str:
    when = date_format(timezone.localtime(step.at), "DATETIME_FORMAT")
    return str(_DONE[StepKind(step.kind)]) % {"who": who_did(step, reader=reader), "when": when}


def who_did(step: RegistrationStep, *, reader: UUID) -> str:
    """A person to the own company; the vendor's people stay unnamed, the partner's are told."""
    is_of_partner = step.kind in (StepKind.SUBMITTED, StepKind.RESUBMITTED)
    if is_of_partner and reader == step.vendor_id:
        return f"{step.by_name} ({step.organization.name})"
    if not is_of_partner and reader != step.vendor_id:
        return step.vendor.name
    return step.by_name
