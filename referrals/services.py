"""Inviting and answering; with `referrals.engagement` what writes for other organisations (4.5).

Whoever writes both sides locks the referrals first, then the deals.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from cosell.core.errors import NotAllowed, Refused, Stale
from cosell.core.tenancy import WORKER_ROLE, acting_for, database_identity
from deals.events import changes_between, record_event, record_events_of_sweep
from deals.lifecycle import advance, expire_received
from deals.models import Deal, EventKind, Status
from deals.parts import Person, address_of
from deals.services import Details, is_on_team, receive_deal, set_team_of_answer
from deals.transitions import Name
from partners.actors import Actor
from partners.models import Organization
from referrals.engagement import (
    lock_for_inviting,
    lock_sent,
    mirror_vendor,
    reconcile_expired_vendors,
    upgrade_types,
    vendor_columns,
)
from referrals.models import Referral
from referrals.offers import (
    Invitation,
    check_invitation,
    columns_of,
    contact_to_share,
    location_of,
)
from referrals.queries import sent_referrals


@transaction.atomic
def invite(
    deal: Deal, *, sender: Organization, recipient: Organization, actor: Actor, offer: Invitation
) -> Referral:
    """Give the recipient a received deal of its own, and the referral that joins the two.

    The type widens for everybody in the engagement who is still open (5.6).
    """
    lock_for_inviting(deal)
    new_type = check_invitation(deal, sender=sender, recipient=recipient, actor=actor, offer=offer)
    contact = contact_to_share(deal, recipient=recipient, offer=offer)
    respond_by = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
    # Read here: the recipient cannot see our customer.
    customer = address_of(deal.customer)
    with acting_for(recipient.pk):
        received = receive_deal(
            recipient,
            type=new_type,
            engagement_id=deal.engagement_id,
            customer=customer,
            location=location_of(recipient, chosen=offer.location, country=deal.customer_country),
            details=Details(deal.name, offer.value, offer.currency, offer.close_date),
            solutions=offer.solutions,
            respond_by=respond_by,
        )
    referral = Referral.objects.create(
        engagement_id=deal.engagement_id,
        sender=sender,
        sender_name=sender.name,
        sender_deal=deal,
        sender_status=deal.status,
        sender_stage=deal.stage,
        recipient=recipient,
        recipient_name=recipient.name,
        recipient_deal_id=received.pk,
        recipient_status=received.status,
        is_to_vendor=recipient.is_vendor,
        deal_name=deal.name,
        respond_by=respond_by,
        customer=customer,
        contact=contact,
        **columns_of(offer),
        **({} if recipient.is_vendor else vendor_columns(deal)),
    )
    with acting_for(recipient.pk):
        record_event(
            received,
            EventKind.RECEIVED,
            actor=_as_company(sender),
            referral=str(referral.pk),
            respond_by=respond_by.isoformat(),
        )
    record_event(
        deal,
        EventKind.INVITED,
        actor=actor,
        referral=str(referral.pk),
        counterpart=recipient.name,
        shares_contact=contact is not None,
        **({"new_type": new_type} if new_type != deal.type else {}),
    )
    if recipient.is_vendor:
        mirror_vendor(referral)
    if new_type != deal.type:
        upgrade_types(deal, new_type, actor=actor, referral=referral)
    return referral


@transaction.atomic
def accept_referral(deal: Deal, *, actor: Actor, details: Details, team: Sequence[Person]) -> Deal:
    """Accept a received deal with the form of 4.2; the team is who works on it from our side."""
    advance(deal, Name.ACCEPT, actor=actor)
    changes = changes_between(deal, asdict(details))
    if changes:
        Deal.objects.filter(pk=deal.pk, status=Status.ACCEPTED).update(**asdict(details))
        for field, _before, _after in changes:
            setattr(deal, field, getattr(details, field))
        record_event(deal, EventKind.EDITED, actor=actor, changes=changes)
    set_team_of_answer(deal, team)
    if not is_on_team(deal, actor):
        raise Refused(
            "acceptor", _("Whoever accepts is the first member of the team."), field="team"
        )
    return deal


@transaction.atomic
def withdraw_referral(referral: Referral, *, actor: Actor) -> None:
    """Take an unanswered invitation back; terminal for the recipient's deal, both told (4.6)."""
    lock_sent(referral.sender_id, referral.sender_deal_id)
    locked = Referral.objects.get(pk=referral.pk)
    if actor.organization_id != locked.sender_id:
        raise NotAllowed("permission", _("Only who sent an invitation can withdraw it."))
    if not locked.is_open:
        raise already_answered(locked)
    with acting_for(locked.recipient_id):
        received = Deal.objects.get(pk=locked.recipient_deal_id)
        advance(received, Name.WITHDRAW, actor=_on_behalf(actor, company=locked.sender_name))
    record_event(
        Deal.objects.get(pk=locked.sender_deal_id),
        EventKind.COUNTERPART_WITHDRAWN,
        actor=actor,
        referral=str(locked.pk),
        counterpart=locked.recipient_name,
    )


def already_answered(referral: Referral) -> Stale:
    """Said here: what `advance` would say names a person of the other company."""
    status = Status.EXPIRED if referral.is_open else Status(referral.recipient_status)
    return Stale(
        "answered",
        _("The invitation to %(company)s waits no more: it is “%(status)s”.")
        % {"company": referral.recipient_name, "status": status.label},
    )


def expire_all_overdue(*, seconds: float = math.inf) -> int:
    """Expire batch by batch until nothing is overdue or the time is over; returns how many."""
    until, expired = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        with database_identity(WORKER_ROLE):
            batch = expire_overdue_referrals()
        if not batch:
            break
        expired += batch
    reconcile_expired_vendors()
    return expired


def expire_overdue_referrals(*, batch: int = 1000) -> int:
    """Expire one batch of overdue invitations and tell their senders; returns how many.

    Runs as the worker. Rows that another sweep holds are skipped, so sweeps may overlap and be
    killed: everything about a referral commits together or not at all (4.4).
    """
    with transaction.atomic():
        overdue = Referral.objects.filter(
            recipient_status=Status.RECEIVED, answered_at=None, respond_by__lte=Now()
        ).order_by("respond_by")
        claimed = list(
            overdue.select_for_update(skip_locked=True, of=("self",)).values_list(
                "pk", "sender_id", "sender_deal_id", "recipient_deal_id", "recipient_name",
                named=True,
            )[:batch]
        )  # fmt: skip
        expired = expire_received([one.recipient_deal_id for one in claimed])
        gone = [one for one in claimed if one.recipient_deal_id in expired]
        Referral.objects.filter(pk__in=[one.pk for one in gone]).update(
            recipient_status=Status.EXPIRED
        )
        record_events_of_sweep(
            EventKind.COUNTERPART_EXPIRED,
            [
                (
                    one.sender_id,
                    one.sender_deal_id,
                    {"referral": str(one.pk), "counterpart": one.recipient_name},
                )
                for one in gone
            ],
        )
    return len(gone)


def _as_company(organization: Organization) -> Actor:
    """How a company appears in another's history: by its name, never a person's."""
    return Actor(organization.name, None, organization.pk, frozenset())


def _on_behalf(actor: Actor, *, company: str) -> Actor:
    return Actor(company, None, actor.organization_id, actor.permissions)


def withdraw_open_referrals(deal: Deal, *, actor: Actor) -> list[Referral]:
    """What closing a deal does to its unanswered invitations (4.6); overdue ones expire (4.4)."""
    still_open = list(
        sent_referrals(deal).filter(recipient_status=Status.RECEIVED, respond_by__gt=Now())
    )
    for referral in still_open:
        withdraw_referral(referral, actor=actor)
    return still_open


def counterpart_happened(
    referral: Referral, kind: EventKind, *, tell_sender: bool, **data: Any
) -> None:
    """Write the other side's history of what one side did."""
    if tell_sender:
        organization_id, deal_id = referral.sender_id, referral.sender_deal_id
        company = Actor(referral.recipient_name, None, referral.recipient_id, frozenset())
    else:
        organization_id, deal_id = referral.recipient_id, referral.recipient_deal_id
        company = Actor(referral.sender_name, None, referral.sender_id, frozenset())
    with acting_for(organization_id):
        deal = Deal.objects.get(pk=deal_id)
        record_event(
            deal, kind, actor=company, referral=str(referral.pk), counterpart=company.name, **data
        )
