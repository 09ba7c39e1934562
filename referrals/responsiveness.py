"""How well a company answers invitations (8.1): docs/being-a-good-partner.md has the formula, and
the database functions responsiveness_score and rate_answers alone apply it.

Others read the score's order and its grade; the figures behind it are the company's own.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from statistics import median
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.dispatch import receiver
from django.utils import timezone

from cosell.core.tenancy import APP_ROLE, database_identity
from deals.events import Recorded
from deals.models import Deal, DealEvent, EventKind, Status
from deals.queries import visible_deals
from deals.signals import events_recorded
from partners.models import Membership, Organization
from referrals.models import Referral

WINDOW = timedelta(days=180)
MOST_COUNTED = 200
# Slower answers than this bring the figure down.
SLOW = timedelta(days=2)

_COUNTED = {EventKind.ACCEPTED, EventKind.DECLINED, EventKind.EXPIRED}


@receiver(events_recorded)
def rate_after_answers(
    sender: Any, *, events: Sequence[DealEvent] | Sequence[Recorded], **kwargs: Any
) -> None:
    """After the commit, and so without its locks; what a crash leaves out, the night makes up."""
    companies = {event.organization_id for event in events if event.kind in _COUNTED}
    if companies:
        transaction.on_commit(partial(rate_answers, companies), robust=True)


def rate_answers(companies: Collection[UUID]) -> None:
    """Write score and grade of these; a transaction of its own, which may be repeated."""
    with database_identity(APP_ROLE), connection.cursor() as cursor:
        cursor.execute("SELECT rate_answers(%s)", [list(companies)])


def rate_everybody(*, batch: int = 500) -> None:
    """The window moves on also for those who answer nothing."""
    with database_identity(APP_ROLE):
        ids = list(Organization.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), batch):
        rate_answers(ids[start : start + batch])


@dataclass(frozen=True)
class Answer:
    """What became of one invitation; `took` is None where the time ran out."""

    referral_id: UUID
    deal_id: UUID
    sender: str
    sent_at: datetime
    accepted: bool
    took: timedelta | None

    @property
    def is_slow(self) -> bool:
        return self.took is None or self.took > SLOW


@dataclass(frozen=True)
class Figures:
    """What moves the score; the newest answer comes first. `if_all_answered` is what the score
    would be if what expired had been answered as fast as the rest."""

    answers: Sequence[Answer]
    score: int
    if_all_answered: int

    @property
    def counted(self) -> int:
        return len(self.answers)

    @property
    def accepted(self) -> int:
        return sum(one.accepted for one in self.answers)

    @property
    def expired(self) -> int:
        return sum(one.took is None for one in self.answers)

    @property
    def answered(self) -> int:
        return self.counted - self.expired

    @property
    def declined(self) -> int:
        return self.answered - self.accepted

    @property
    def median(self) -> timedelta | None:
        return _median(self.answers)


def figures_of(organization_id: UUID) -> Figures:
    """The caller acts for the organisation."""
    answers = _newest_answers(organization_id)
    expired = sum(one.took is None for one in answers)
    answered, middle = len(answers) - expired, _median(answers)
    hours = middle.total_seconds() / 3600 if middle is not None else None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT responsiveness_score(%s, %s, %s), responsiveness_score(%s, 0, %s)",
            [answered, expired, hours, answered + expired, hours],
        )
        score, if_all_answered = cursor.fetchone()
    return Figures(answers, score, if_all_answered)


def slow_answers(
    member: Membership, figures: Figures, *, most: int = 10
) -> list[tuple[Answer, Deal]]:
    """What brought the score down, the newest first, of the deals that the member sees."""
    slow = [one for one in figures.answers if one.is_slow]
    deals = visible_deals(member).in_bulk([one.deal_id for one in slow])
    return [(one, deals[one.deal_id]) for one in slow if one.deal_id in deals][:most]


def _newest_answers(organization_id: UUID) -> list[Answer]:
    """The same rows as the function rate_answers counts."""
    now = timezone.now()
    counted = Q(answered_at__isnull=False) | Q(recipient_status=Status.EXPIRED)
    counted |= Q(recipient_status=Status.RECEIVED, respond_by__lte=now)
    received = Referral.objects.filter(
        counted, recipient_id=organization_id, sent_at__gt=now - WINDOW
    )
    columns = received.order_by("-sent_at", "-id").values_list(
        "pk", "recipient_deal_id", "sender_name", "sent_at", "answered_at", "recipient_status"
    )
    return [
        Answer(
            pk, deal_id, sender, sent_at,
            accepted=answered_at is not None and status != Status.DECLINED,
            took=answered_at - sent_at if answered_at else None,
        )
        for pk, deal_id, sender, sent_at, answered_at, status in columns[:MOST_COUNTED]
    ]  # fmt: skip


def _median(answers: Sequence[Answer]) -> timedelta | None:
    took = [one.took.total_seconds() for one in answers if one.took is not None]
    return timedelta(seconds=median(took)) if took else None
