"""Sending a registration, reviewing it, and the vendor's rules for it (6)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cosell.core.errors import NotAllowed, Refused, Stale
from deals.events import record_event
from deals.models import Deal, EventKind, Registration, RegistrationRules
from deals.models.registration import DECIDED, StepKind
from deals.registration.answers import NAMES, Answers, Frame, check_answers, plain_answers
from deals.registration.eligibility import Checklist, VendorSide
from deals.registration.lifecycle import (
    TRANSITIONS,
    Move,
    advance,
    check_allowed,
    record_step,
    why_stale,
    write_step,
)
from deals.registration.queries import (
    eligible_solutions,
    eligible_when_won,
    registration_of,
    rules_of,
)
from partners.models import Membership
from partners.permissions import Permission

# Not about one field.
GENERAL = "general"
MESSAGE_FIELDS = (*NAMES, GENERAL)


def checklist_of(deal: Deal, *, vendor: VendorSide) -> Checklist:
    eligible = eligible_when_won(deal) if deal.is_closed else eligible_solutions(deal)
    names = [one["name"] for one in eligible]
    return Checklist(deal, vendor, rules_of(vendor.organization), names)


@transaction.atomic
def submit_registration(
    deal: Deal, *, by: Membership, answers: Answers, vendor: VendorSide
) -> Registration:
    """The first round. Everything of 6.1 is judged now; the solutions as they were when won."""
    checklist = checklist_of(deal, vendor=vendor)
    registration = Registration(
        organization_id=deal.organization_id, vendor=vendor.organization, deal=deal
    )
    check_allowed(TRANSITIONS[Move.SUBMIT], registration, by)
    if not checklist.can_be_registered:
        raise Refused("not_eligible", checklist.why_not)
    frame = Frame(deal.currency, checklist.rules, sent_on=timezone.localdate())
    check_answers(answers, frame=frame)
    registration = _created(registration, deal, by=by, answers=answers)
    _tell_own_side(registration, deal, by=by)
    write_step(registration, TRANSITIONS[Move.SUBMIT], by=by, answers=plain_answers(answers))
    return registration


def _created(
    registration: Registration, deal: Deal, *, by: Membership, answers: Answers
) -> Registration:
    shown = {
        "deal_name": deal.name,
        "reference": deal.reference,
        "customer_name": deal.customer_name,
        "customer_city": deal.customer_city,
        "customer_country": deal.customer_country,
        "deal_value": deal.value,
        "currency": deal.currency,
        "won_at": deal.closed_at,
        "solutions": eligible_when_won(deal),
    }
    for column, value in {**shown, **asdict(answers), **_sender(by)}.items():
        setattr(registration, column, value)
    try:
        with transaction.atomic():
            registration.save(force_insert=True)
    except IntegrityError:
        earlier = registration_of(deal)
        if earlier is None:
            raise
        raise why_stale(earlier, reader=by.organization_id) from None
    return registration


@transaction.atomic
def resubmit_registration(
    registration: Registration, *, deal: Deal, by: Membership, answers: Answers, version: int
) -> None:
    """The next round. The signature is still held against the day of the first one."""
    frame = Frame(
        registration.currency,
        rules_of(registration.vendor),
        sent_on=timezone.localdate(registration.submitted_at),
    )
    check_allowed(TRANSITIONS[Move.RESUBMIT], registration, by)
    check_answers(answers, frame=frame)
    registration.round += 1
    advance(
        registration,
        Move.RESUBMIT,
        by=by,
        version=version,
        written={
            **asdict(answers), **_sender(by),
            "round": registration.round, "messages": {}, "answer_by": None,
        },
        answers=plain_answers(answers),
    )  # fmt: skip
    _tell_own_side(registration, deal, by=by)


def _sender(by: Membership) -> dict[str, str]:
    return {"submitted_by_name": by.user.full_name, "submitted_by_email": by.user.email}


def _tell_own_side(registration: Registration, deal: Deal, *, by: Membership) -> None:
    record_event(
        deal,
        EventKind.REGISTRATION_SUBMITTED,
        actor=by.actor,
        registration=str(registration.pk),
        round=registration.round,
        counterpart=registration.vendor.name,
    )


def approve(registration: Registration, *, by: Membership, version: int) -> None:
    written = {**_reviewer(registration, by), "messages": {}, "answer_by": None}
    advance(registration, Move.APPROVE, by=by, version=version, written=written)


def reject(registration: Registration, *, by: Membership, version: int, reason: str) -> None:
    if not reason.strip():
        raise Refused("reason", _("Say why it is rejected."), field="reason")
    written = {
        **_reviewer(registration, by), "messages": {}, "answer_by": None, "reason": reason.strip(),
    }  # fmt: skip
    advance(
        registration, Move.REJECT, by=by, version=version, written=written, reason=reason.strip()
    )


def ask_for_changes(
    registration: Registration,
    *,
    by: Membership,
    version: int,
    messages: Mapping[str, str],
    answer_by: date | None = None,
) -> None:
    """`messages` by field; `GENERAL` for what is about no field."""
    given = {name: text.strip() for name, text in messages.items() if text.strip()}
    if not given or not given.keys() <= set(MESSAGE_FIELDS):
        raise Refused("messages", _("Say beside at least one field what has to be corrected."))
    if answer_by is not None and answer_by < timezone.localdate():
        raise Refused("answer_by", _("Choose a day from today on."), field="answer_by")
    written = {**_reviewer(registration, by), "messages": given, "answer_by": answer_by}
    advance(
        registration, Move.ASK_FOR_CHANGES, by=by, version=version, written=written,
        messages=given, answer_by=answer_by.isoformat() if answer_by else "",
    )  # fmt: skip


def _reviewer(registration: Registration, by: Membership) -> dict[str, object]:
    """Who decides has taken it on, so that what comes back finds its way."""
    return {"reviewer_id": by.pk, "reviewer_name": by.user.full_name}


@transaction.atomic
def assign(registration: Registration, *, by: Membership, version: int, is_taken: bool) -> None:
    """Take a review on, also from a colleague; or give it back to all."""
    check_allowed(TRANSITIONS[Move.APPROVE], registration, by)
    holder = (by.pk, by.user.full_name) if is_taken else (None, "")
    still = Registration.objects.filter(pk=registration.pk, version=version)
    changed = still.exclude(status__in=DECIDED).update(
        reviewer_id=holder[0], reviewer_name=holder[1], version=F("version") + 1
    )
    if changed != 1:
        raise why_stale(registration, reader=by.organization_id)
    record_step(registration, StepKind.TAKEN if is_taken else StepKind.RELEASED, by=by)


@dataclass(frozen=True, kw_only=True)
class Rules:
    minimum_value: Decimal | None
    currency: str
    days_since_signature: int | None
    waiting_days: int | None


@transaction.atomic
def set_rules(vendor: Membership, *, rules: Rules, version: int) -> None:
    """Switch the vendor's rules on, off or over; they hold for what is sent from now on."""
    if not vendor.may(Permission.MANAGE_PARTNERS) or not vendor.organization.is_vendor:
        raise NotAllowed("permission", _("Your role does not allow changing these rules."))
    written = {**asdict(rules), "updated_by_name": vendor.user.full_name}
    known = RegistrationRules.objects.filter(organization_id=vendor.organization_id)
    if version == 0:
        _row, is_new = RegistrationRules.objects.get_or_create(
            organization_id=vendor.organization_id, defaults=written
        )
        changed = int(is_new)
    else:
        changed = known.filter(version=version).update(
            **written, version=F("version") + 1, updated_at=timezone.now()
        )
    if changed != 1:
        other = known.values_list("updated_by_name", flat=True).first()
        raise Stale("changed", _("%(who)s was faster and changed the rules.") % {"who": other})
