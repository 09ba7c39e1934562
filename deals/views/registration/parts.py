"""What the pages about a deal say about its registration (6.1, 6.2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from deals.models import (
    Deal,
    DealEvent,
    DealSolution,
    EventKind,
    Registration,
    RegistrationStatus,
    Status,
)
from deals.progress import Step
from deals.queries import milestones, solutions_of
from deals.registration.eligibility import Checklist
from deals.registration.lifecycle import Move, may_move
from deals.registration.queries import as_eligible, kept_by, registration_of, rules_of
from deals.registration.words import messages_in_words
from partners.access import MemberRequest
from partners.models import Membership
from partners.permissions import Permission
from partners.queries import vendor
from referrals.models import Referral
from referrals.queries import sent_referrals, vendor_side_of

# As long as it can still be registered, or is.
_SPOKEN_OF = (Status.ACCEPTED, Status.WON)


@dataclass(frozen=True)
class RegistrationPart:
    deal: Deal
    member: Membership
    checklist: Checklist
    registration: Registration | None

    @property
    def vendor(self) -> str:
        return self.checklist.vendor.organization.name

    @property
    def may_register(self) -> bool:
        return self.member.may(Permission.REGISTER_DEALS)

    @property
    def can_begin(self) -> bool:
        return self.registration is None and self.checklist.can_be_registered

    @property
    def must_correct(self) -> bool:
        known = self.registration
        return known is not None and known.status == RegistrationStatus.ACTION_REQUIRED

    @property
    def can_correct(self) -> bool:
        known = self.registration
        return known is not None and may_move(known, Move.RESUBMIT, by=self.member)

    @property
    def messages(self) -> list[tuple[Any, str]]:
        return messages_in_words(self.registration.messages) if self.registration else []

    @cached_property
    def milestone(self) -> Step | None:
        """The last stop of the lifecycle bar, for deals that are eligible."""
        if self.registration:
            return _stop_of(self.registration, can_correct=self.can_correct)
        if not self.checklist.is_eligible:
            return None
        can_begin = self.can_begin and self.may_register
        return Step(
            name=_("Deal registration"),
            state="next" if self.can_begin else "later",
            note=self._when(),
            action="register" if can_begin else "",
        )

    def _when(self) -> str:
        """The deadline, or when it can begin."""
        listed = self.checklist
        if listed.deal.status != Status.WON:
            return _("After Won")
        if not listed.can_be_registered and listed.register_from:
            return _("From %(day)s on") % {"day": _day(listed.register_from)}
        return _("By %(day)s") % {"day": _day(listed.register_by)} if listed.register_by else ""


_STATES = {
    RegistrationStatus.PENDING: ("review", "clock"),
    RegistrationStatus.RESUBMITTED: ("review", "clock"),
    RegistrationStatus.ACTION_REQUIRED: ("attention", "triangle-alert"),
    RegistrationStatus.APPROVED: ("done", "badge-check"),
    RegistrationStatus.REJECTED: ("rejected", "x"),
}


def _stop_of(registration: Registration, *, can_correct: bool) -> Step:
    state, icon = _STATES[RegistrationStatus(registration.status)]
    note = registration.get_status_display()
    if registration.answer_by:
        note = _("%(status)s by %(day)s") % {"status": note, "day": _day(registration.answer_by)}
    return Step(
        name=_("Deal registration"),
        state=state,
        icon=icon,
        note=note,
        at=None if registration.answer_by else registration.status_since,
        action="correct" if can_correct else "",
    )


def registration_part(
    deal: Deal,
    member: Membership,
    *,
    sent: Iterable[Referral],
    solutions: Sequence[DealSolution],
    won: DealEvent | None,
) -> RegistrationPart | None:
    """None where registering is out of the question: the vendor's own deals, and those that ended
    without being won. `sent` are the deal's invitations, `solutions` with their status of today,
    `won` the event of winning."""
    seller = None if member.organization.is_vendor else vendor()
    if seller is None or deal.status not in _SPOKEN_OF:
        return None
    eligible = kept_by(won) if deal.is_closed else as_eligible(solutions)
    return RegistrationPart(
        deal,
        member,
        Checklist(
            deal,
            vendor_side_of(sent, vendor=seller),
            rules_of(seller),
            [one["name"] for one in eligible],
        ),
        registration_of(deal) if deal.status == Status.WON else None,
    )


def read_registration_part(deal: Deal, member: Membership) -> RegistrationPart | None:
    """For pages that have read nothing else about the deal."""
    endings = [one for one in milestones(deal) if one.kind == EventKind.WON]
    return registration_part(
        deal,
        member,
        sent=[] if deal.is_inbound else sent_referrals(deal),
        solutions=list(solutions_of(deal)),
        won=endings[-1] if endings else None,
    )


def version_shown(request: MemberRequest) -> int:
    """What the page showed that was sent; without a word about it none is right."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else 0


def _day(day: Any) -> str:
    return date_format(day, "DATE_FORMAT")
