"""Asking the vendor to mark a solution co-sell ready or incentive eligible, and the answer (1.5).

One of the modules that may act for another organisation: a partner does not see the vendor's
admins, who are told that something waits for them.
"""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cosell.core.errors import NotAllowed, Refused, Stale
from cosell.core.tenancy import acting_for
from partners.actors import Actor
from partners.announcements import News, announce
from partners.history import record
from partners.models import (
    Change,
    CoSellRequest,
    CoSellStatus,
    Membership,
    Organization,
    Solution,
)
from partners.permissions import Permission
from partners.queries import vendor
from partners.solutions import Level, is_prepared_for, levels_of


def next_level(levels: list[Level]) -> Level | None:
    """What can be asked for next."""
    return next((one for one in levels if not one.is_reached), None)


@transaction.atomic
def ask(admin: Membership, *, solution: Solution, message: str) -> CoSellRequest:
    """Ask for the next status; refused as long as something else is missing."""
    if not admin.may(Permission.MANAGE_COMPANY):
        raise NotAllowed("permission", _("Your role does not allow changing solutions."))
    judge = vendor()
    levels = levels_of(solution, vendor=judge)
    level = next_level(levels)
    if judge is None or level is None or judge.pk == solution.organization_id:
        raise Refused("nothing_to_ask", _("There is nothing to ask for."))
    if not is_prepared_for(level, levels):
        raise Refused("not_yet", _("Something on the checklist is still missing."))
    try:
        with transaction.atomic():
            asked = CoSellRequest.objects.create(
                organization_id=solution.organization_id,
                vendor=judge,
                solution=solution,
                wanted=level.status,
                code=solution.code,
                name=solution.name,
                summary=solution.summary,
                contacts=[[one.name, one.email] for one in solution.contacts.order_by("email")],
                message=message,
                asked_by_name=admin.user.full_name,
                asked_by_email=admin.user.email,
            )
    except IntegrityError as error:
        raise Stale("asked_already", _("Somebody asked for it already.")) from error
    _tell_vendor(asked, judge)
    return asked


def withdraw(request: CoSellRequest, *, actor: Actor) -> None:
    if Permission.MANAGE_COMPANY not in actor.permissions:
        raise NotAllowed("permission", _("Your role does not allow changing solutions."))
    waiting = CoSellRequest.objects.filter(pk=request.pk, answered_at=None, withdrawn_at=None)
    if waiting.update(withdrawn_at=timezone.now()) != 1:
        raise _answered_already()


@transaction.atomic
def answer(request: CoSellRequest, *, is_granted: bool, reason: str, actor: Actor) -> None:
    """The vendor's word; the caller acts for the vendor. A refusal needs a reason."""
    if Permission.MANAGE_PARTNERS not in actor.permissions:
        raise NotAllowed("permission", _("Your role does not allow marking solutions."))
    if not is_granted and not reason.strip():
        raise Refused("reason", _("Say what is missing."), field="reason")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT answer_co_sell_request(%s, %s, %s, %s)",
            [request.pk, is_granted, reason.strip(), actor.name],
        )
        (answered,) = cursor.fetchone()
    if not answered:
        raise _answered_already()
    _tell_who_asked(request, is_granted=is_granted, reason=reason.strip())


def lower_mark(solution: Solution, *, to: CoSellStatus, reason: str, actor: Actor) -> None:
    """Take a mark back; the caller acts for the vendor. What is on deals already stays on them.

    The partner reads the reason in its history, and its admins are told.
    """
    if Permission.MANAGE_PARTNERS not in actor.permissions:
        raise NotAllowed("permission", _("Your role does not allow marking solutions."))
    if to >= solution.status:
        raise Refused("not_lower", _("Choose a lower status."), field="status")
    if not reason.strip():
        raise Refused("reason", _("Say why."), field="reason")
    judge = vendor()
    with transaction.atomic(), acting_for(solution.organization_id):
        seen = Solution.objects.filter(pk=solution.pk, status=solution.status)
        if seen.update(status=to) != 1:
            raise Stale("marked_anew", _("Somebody was faster: its status has changed."))
        record(
            solution.organization_id,
            Change.MARK_LOWERED,
            actor=actor,
            by_company=judge.name if judge else "",
            subject=solution.name,
            reason=reason.strip(),
            marks=[int(solution.status), int(to)],
        )
        announce(
            News.CO_SELL_LOWERED,
            organization_id=solution.organization_id,
            path=_page_of(solution.organization, solution.pk),
            vendor=judge.name if judge else "",
            name=solution.name,
            code=solution.code,
            status=int(to),
            reason=reason.strip(),
        )


def _tell_vendor(asked: CoSellRequest, judge: Organization) -> None:
    with acting_for(judge.pk):
        announce(
            News.CO_SELL_ASKED,
            organization_id=judge.pk,
            path=reverse("partners:co_sell_request", args=[judge.slug, asked.pk]),
            who=asked.asked_by_name,
            summary=asked.summary,
            message=asked.message,
            **_in_short(asked),
        )


def _tell_who_asked(asked: CoSellRequest, *, is_granted: bool, reason: str) -> None:
    judge = vendor()
    with acting_for(asked.organization_id):
        known = Membership.objects.filter(
            organization_id=asked.organization_id, user__email=asked.asked_by_email
        ).first()
        announce(
            News.CO_SELL_ANSWERED,
            organization_id=asked.organization_id,
            person=known.pk if known else None,
            path=_page_of(asked.organization, asked.solution_id),
            who=asked.asked_by_name,
            vendor=judge.name if judge else "",
            is_granted=is_granted,
            reason=reason,
            **_in_short(asked),
        )


def _in_short(asked: CoSellRequest) -> dict[str, Any]:
    return {
        "company": asked.organization.name,
        "name": asked.name,
        "code": asked.code,
        "status": asked.wanted,
    }


def _page_of(company: Organization, solution_id: UUID) -> str:
    return reverse("partners:solution", args=[company.slug, solution_id])


def _answered_already() -> Stale:
    return Stale("answered_already", _("Somebody was faster: this request waits no more."))
