"""The vendor's side: the queue of registrations, and the page that reviews one (6.4)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cosell.core.errors import NotAllowed, Refused, Stale
from deals.forms.reviewing import QueueFilter, ReviewForm
from deals.models import Registration, RegistrationStep
from deals.registration.lifecycle import Move, may_move
from deals.registration.queries import (
    CAP,
    PAGE,
    Queue,
    companies_of,
    count_of,
    oldest_first,
    queue_of,
    registrations_to,
    steps_of,
)
from deals.registration.services import approve, ask_for_changes, assign, reject
from deals.registration.words import HistoryItem, Row, history_of, rows_of
from deals.views.registration.parts import version_shown
from partners.access import MemberRequest, member_view
from partners.models import Membership
from partners.permissions import Permission
from referrals.queries import vendors_referral

DONE = {
    Move.APPROVE: gettext_lazy("Approved; %(company)s gets a mail."),
    Move.ASK_FOR_CHANGES: gettext_lazy("%(company)s gets a mail with what has to be corrected."),
    Move.REJECT: gettext_lazy("Rejected; %(company)s gets a mail with the reason."),
}


@dataclass(frozen=True)
class Segment:
    label: Any
    url: str
    is_current: bool
    count: str


@require_safe
@member_view(Permission.REVIEW_REGISTRATIONS)
def queue(request: MemberRequest) -> HttpResponse:
    """The oldest first; one page from where the address says."""
    member = request.member
    companies = companies_of(member.organization_id)
    form = QueueFilter(request.GET, companies=[(one.slug, one.name) for one in companies])
    found = oldest_first(
        _chosen(member, form.chosen_queue, form), after=_read_cursor(request.GET.get("after", ""))
    )
    kept = {"company": form.chosen_company, "whose": form.chosen_reviewer.value}
    context = {
        "nav": "registrations",
        "form": form,
        "segments": [_segment(member, one, form, kept) for one in Queue],
        "registrations": found[:PAGE],
        "next_url": _next_url(found, {"status": form.chosen_queue.value, **kept}),
        "is_filtered": any(kept.values()),
        "may_set_rules": member.may(Permission.MANAGE_PARTNERS),
    }
    return render(request, "deals/registration/queue.html", context)


def _chosen(member: Membership, queue: Queue, form: QueueFilter) -> QuerySet[Registration]:
    return queue_of(member, queue, company=form.chosen_company, whose=form.chosen_reviewer)


def _segment(member: Membership, queue: Queue, form: QueueFilter, kept: dict[str, str]) -> Segment:
    count = count_of(_chosen(member, queue, form))
    return Segment(
        queue.label,
        _query({"status": queue.value, **kept}),
        queue == form.chosen_queue,
        f"{CAP}+" if count > CAP else str(count),
    )


def _query(given: dict[str, str]) -> str:
    return f"?{urlencode({name: value for name, value in given.items() if value})}"


def _next_url(found: list[Registration], kept: dict[str, str]) -> str:
    if len(found) <= PAGE:
        return ""
    last = found[PAGE - 1]
    place = f"{last.status_since.isoformat()} {last.pk}"
    return _query({**kept, "after": urlsafe_b64encode(place.encode()).decode()})


def _read_cursor(text: str) -> tuple[datetime, UUID] | None:
    """Nothing for what `_next_url` did not write: the first page."""
    try:
        at, pk = urlsafe_b64decode(text).decode().split(" ")
        moment = datetime.fromisoformat(at)
        return (moment, UUID(pk)) if moment.tzinfo else None
    except ValueError:
        return None


@dataclass(frozen=True)
class ReviewPage:
    registration: Registration
    member: Membership
    form: ReviewForm

    @cached_property
    def _steps(self) -> list[RegistrationStep]:
        return list(steps_of(self.registration))

    @property
    def rows(self) -> list[tuple[Row, Any]]:
        """Each answer with the field for a remark beside it."""
        return [
            (row, self.form.remark(row.name)) for row in rows_of(self.registration, self._steps)
        ]

    @property
    def history(self) -> list[HistoryItem]:
        known = self.registration
        return history_of(self._steps, reader=known.vendor_id, currency=known.currency)

    @property
    def can_decide(self) -> bool:
        return may_move(self.registration, Move.APPROVE, by=self.member)

    @property
    def can_reject(self) -> bool:
        return may_move(self.registration, Move.REJECT, by=self.member)

    @property
    def is_mine(self) -> bool:
        return self.registration.reviewer_id == self.member.pk

    @cached_property
    def own_deal(self) -> UUID:
        """Ours of the same engagement."""
        known = self.registration
        return vendors_referral(known.organization_id, known.deal_id).recipient_deal_id


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.REVIEW_REGISTRATIONS)
def review(request: MemberRequest, registration_id: UUID) -> HttpResponseBase:
    known = _registration(request.member, registration_id)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, known, form)
    move = _pressed(request, form)
    if move is None or not form.is_valid():
        return _page(request, known, form, status=422)
    try:
        _decide(request, known, move, form)
    except NotAllowed:
        raise
    except Stale as stale:
        return _page(request, _registration(request.member, known.pk), form, stale=stale)
    except Refused as refused:
        form.add_error(refused.field or None, str(refused))
        return _page(request, known, form, status=422)
    messages.success(request, str(DONE[move]) % {"company": known.organization.name})
    return redirect("deals:registrations", request.member.organization.slug)


@require_POST
@member_view(Permission.REVIEW_REGISTRATIONS)
def assign_review(request: MemberRequest, registration_id: UUID) -> HttpResponseBase:
    """Take it on (`take=1`), also from a colleague, or give it back."""
    known = _registration(request.member, registration_id)
    assign(
        known,
        by=request.member,
        version=version_shown(request),
        is_taken=request.POST.get("take") == "1",
    )
    return redirect("deals:review_registration", request.member.organization.slug, known.pk)


def _registration(member: Membership, pk: UUID) -> Registration:
    return get_object_or_404(registrations_to(member.organization_id), pk=pk)


def _pressed(request: MemberRequest, form: ReviewForm) -> Move | None:
    """Which of the buttons; what was typed has to be meant for it."""
    pressed = request.POST.get("move", "")
    if pressed not in DONE:
        form.add_error(None, _("Approve it, ask for changes, or reject it."))
        return None
    move = Move(pressed)
    if form.is_valid():
        form.check_fits(move)
    return move


def _decide(request: MemberRequest, known: Registration, move: Move, form: ReviewForm) -> None:
    deciding: dict[Move, Callable[..., None]] = {
        Move.APPROVE: approve, Move.REJECT: reject, Move.ASK_FOR_CHANGES: ask_for_changes,
    }  # fmt: skip
    given: dict[Move, dict[str, Any]] = {
        Move.APPROVE: {},
        Move.REJECT: {"reason": form.cleaned_data["reason"]},
        Move.ASK_FOR_CHANGES: {
            "messages": form.remarks, "answer_by": form.cleaned_data["answer_by"],
        },
    }  # fmt: skip
    deciding[move](known, by=request.member, version=version_shown(request), **given[move])


def _page(
    request: MemberRequest,
    known: Registration,
    form: ReviewForm,
    *,
    status: int = 200,
    stale: Stale | None = None,
) -> HttpResponse:
    page = ReviewPage(known, request.member, form)
    slug = request.member.organization.slug
    context = {
        "nav": "registrations",
        "page": page,
        "registration": known,
        "form": form,
        "stale": stale,
        "queue_url": reverse("deals:registrations", args=[slug]),
        "slug": slug,
    }
    answer = stale.status if stale else status
    return render(request, "deals/registration/review.html", context, status=answer)
