"""What each side lets the other see, brought up to date as a deal moves (4.6)."""

from typing import Any

from django.dispatch import receiver

from deals.models import Deal, DealEvent, EventKind, Registration, Status, TeamMember
from deals.signals import (
    deal_advanced,
    deal_locking,
    deal_team_changed,
    registration_moved,
)
from partners.actors import Actor
from referrals.engagement import lock_for_answer, lock_sent, mirror_vendor
from referrals.models import Referral
from referrals.queries import (
    REPEATABLE,
    received_referral,
    sent_referrals,
    vendors_referral,
)
from referrals.services import counterpart_happened, withdraw_open_referrals
from referrals.told import told_of


@receiver(deal_locking)
def lock_referrals(sender: Any, *, deal: Deal, **kwargs: Any) -> None:
    """Referral first, then deals: the one order in which no two writers wait for each other."""
    if deal.is_inbound:
        lock_for_answer(deal)
    else:
        lock_sent(deal.organization_id, deal.pk)


@receiver(deal_advanced)
def mirror_progress(
    sender: Any, *, deal: Deal, event: DealEvent, actor: Actor, **kwargs: Any
) -> None:
    if deal.is_inbound:
        _tell_sender(deal, event)
    else:
        _tell_recipients(deal, event, actor=actor)


@receiver(deal_team_changed)
def mirror_team(sender: Any, *, deal: Deal, **kwargs: Any) -> None:
    """The sender sees who works on an invitation that was accepted."""
    if not deal.is_inbound:
        return
    team = [
        {
            "first_name": person.first_name,
            "last_name": person.last_name,
            "phone": str(person.phone),
            "email": person.email,
        }
        for person in TeamMember.objects.filter(deal=deal)
    ]
    Referral.objects.filter(recipient_id=deal.organization_id, recipient_deal_id=deal.pk).update(
        recipient_team=team
    )


@receiver(registration_moved)
def tell_of_registration(
    sender: Any, *, registration: Registration, kind: EventKind, data: Any, **kwargs: Any
) -> None:
    """The vendor hears of what the partner sends, the partner of what the vendor decides."""
    referral = vendors_referral(registration.organization_id, registration.deal_id)
    is_by_vendor = kind != EventKind.COUNTERPART_REGISTERED
    counterpart_happened(referral, kind, tell_sender=is_by_vendor, **data)


def _tell_sender(deal: Deal, event: DealEvent) -> None:
    referral = received_referral(deal)
    referral.recipient_status = deal.status
    referral.recipient_stage = deal.stage
    referral.answered_at = deal.answered_at
    if deal.status == Status.DECLINED:
        referral.reason, referral.notes = deal.close_reason, deal.close_notes
    referral.save(
        update_fields=[
            "recipient_status", "recipient_stage", "answered_at", "reason", "notes"
        ]
    )  # fmt: skip
    if referral.is_to_vendor:
        mirror_vendor(referral)
    # Who withdraws writes the sender's own history.
    if deal.status != Status.WITHDRAWN:
        kind, shared = told_of(event)
        counterpart_happened(referral, kind, tell_sender=True, **shared)


def _tell_recipients(deal: Deal, event: DealEvent, *, actor: Actor) -> None:
    sent = sent_referrals(deal)
    # Who turned the invitation down, or let it expire, no longer watches the deal.
    sent.exclude(recipient_status__in=REPEATABLE).update(
        sender_status=deal.status, sender_stage=deal.stage
    )
    if deal.is_closed:
        withdraw_open_referrals(deal, actor=actor)
    kind, shared = told_of(event)
    for referral in sent.filter(recipient_status=Status.ACCEPTED):
        counterpart_happened(referral, kind, tell_sender=False, **shared)
