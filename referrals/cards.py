"""What a company sees of the others in an engagement: one card a party (4.6).

Made from referrals alone, which hold nothing but what each side lets the other see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from deals.models import Deal, Status
from deals.stages import Stage, stage_of
from partners.models import Organization
from partners.queries import vendor
from referrals.combinations import why_nobody
from referrals.models import Referral
from referrals.queries import REPEATABLE, sent_referrals


@dataclass(frozen=True)
class Card:
    company: str
    status: str
    status_label: Any
    stage: Stage | None = None
    people: list[dict[str, str]] = field(default_factory=list)
    referral: Referral | None = None
    sent_by: str = ""
    respond_by: datetime | None = None

    @property
    def waits(self) -> bool:
        return self.respond_by is not None


def invited_cards(deal: Deal, *, sent_by: Mapping[str, str]) -> list[Card]:
    """One card per invitation of ours; `sent_by` names who sent each, by the referral's id."""
    return [_invited_card(one, sent_by=sent_by) for one in sent_referrals(deal)]


def cards_shown_to_other_side(referral: Referral, *, organization_id: UUID) -> list[Card]:
    """How the other company of a referral sees us, and the vendor where it sees that, too."""
    if referral.sender_id == organization_id:
        return inviter_cards(referral)
    return [_invited_card(referral, sent_by={})]


def inviter_cards(referral: Referral) -> list[Card]:
    """Who invited us; a partner whom another partner invited also sees how far the vendor is."""
    inviter = _inviter_card(referral)
    if not referral.vendor_status:
        return [inviter]
    status = _status_of_vendor(referral)
    theirs = Card(
        company=seller.name if (seller := vendor()) else _("The vendor"),
        status=status,
        status_label=Status(status).label,
        stage=stage_of(referral.vendor_stage),
    )
    return [inviter, theirs]


@dataclass(frozen=True)
class Inviting:
    """Whom a deal may still invite: partners, the vendor by name, some again; or why nobody."""

    reason: Any = ""
    vendor: str = ""
    # The vendor's name while its invitation stands, answered or not.
    invited_vendor: str = ""
    # Referrals of parties that are out, the newest of each.
    again: frozenset[UUID] = frozenset()


def inviting_from(deal: Deal, *, sender: Organization, sent: Sequence[Referral]) -> Inviting:
    """`sent` are the deal's invitations, oldest first (1.4, 5.6)."""
    reason = why_nobody(deal, sender=sender, is_to_vendor=False)
    if reason:
        return Inviting(reason)
    newest = {one.recipient_id: one for one in sent}
    again = {one.pk for one in newest.values() if one.recipient_status in REPEATABLE}
    seller = None if sender.is_vendor else vendor()
    if seller is None:
        return Inviting(again=frozenset(again))
    asked = newest.get(seller.pk)
    return Inviting(
        vendor=seller.name if asked is None else "",
        invited_vendor=seller.name if asked and asked.pk not in again else "",
        again=frozenset(again),
    )


def told_of_closing(deal: Deal, inviter: Referral | None) -> list[str]:
    """The companies whose teams learn that we closed: who invited us, or who accepted."""
    if inviter:
        return [inviter.sender_name]
    return [
        one.recipient_name for one in sent_referrals(deal).filter(recipient_status=Status.ACCEPTED)
    ]


def withdrawn_by_closing(deal: Deal) -> list[str]:
    """The companies whose unanswered invitations end when we close."""
    return [
        one.recipient_name for one in sent_referrals(deal) if one.current_status == Status.RECEIVED
    ]


def _inviter_card(referral: Referral) -> Card:
    return Card(
        company=referral.sender_name,
        status=_own_status(referral.sender_status),
        status_label=_own_label(referral.sender_status),
        stage=referral.sender_current_stage,
        people=referral.people,
    )


def _invited_card(referral: Referral, *, sent_by: Mapping[str, str]) -> Card:
    status = referral.current_status
    waits = status == Status.RECEIVED
    return Card(
        company=referral.recipient_name,
        status=status,
        status_label=_("Waiting") if waits else Status(status).label,
        stage=referral.recipient_current_stage,
        people=referral.recipient_team,
        referral=referral,
        sent_by=sent_by.get(str(referral.pk), ""),
        respond_by=referral.respond_by if waits else None,
    )


def _status_of_vendor(referral: Referral) -> str:
    """As a partner sees it: out of time is expired before the sweep says so (4.4).

    Who is out itself was told nothing since, an answer of the vendor's neither.
    """
    until = referral.vendor_respond_by
    waits = (
        referral.vendor_status == Status.RECEIVED and referral.recipient_status not in REPEATABLE
    )
    is_overdue = waits and until is not None and until <= timezone.now()
    return Status.EXPIRED if is_overdue else referral.vendor_status


def _own_status(status: str) -> str:
    return "created" if status == Status.ACCEPTED else status


def _own_label(status: str) -> Any:
    """The inviter created its deal, which is what it is called while open (3.12)."""
    return _("Created") if status == Status.ACCEPTED else Status(status).label
