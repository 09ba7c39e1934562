"""Inviting and answering; the only code that writes for another organisation (4.5).

Whoever writes both sides locks the referral first, then the deals.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from cosell.core.errors import NotAllowed, Refused, Stale
from cosell.core.tenancy import WORKER_ROLE, acting_for, database_identity
from deals.events import changes_between, record_event, record_events_of_sweep
from deals.lifecycle import Name, advance, expire_received
from deals.models import CustomerContact, Deal, EventKind, Status
from deals.services import (
    Details,
    Person,
    address_of,
    is_on_team,
    person_of,
    receive_deal,
    set_team_of_answer,
)
from deals.stages import DealType
from partners.actors import Actor
from partners.models import Location, Organization, Solution
from partners.permissions import Permission
from partners.queries import ecosystem
from referrals.models import HelpType, Referral
from referrals.queries import sent_referrals

# A party that said no, or nothing, may be asked again (5.6).
REPEATABLE = (Status.DECLINED, Status.EXPIRED, Status.WITHDRAWN)


@dataclass(frozen=True)
class Invitation:
    """What the sender offers; fixed once sent (3.9)."""

    value: Decimal
    currency: str
    close_date: date
    help_type: HelpType
    message: str
    people: Sequence[Person]
    solutions: Sequence[Solution]
    shares_contact: bool


@transaction.atomic
def invite(
    deal: Deal, *, sender: Organization, recipient: Organization, actor: Actor, offer: Invitation
) -> Referral:
    """Give the recipient a received deal of its own, and the referral that joins the two."""
    contact = _check_invitation(deal, sender=sender, recipient=recipient, actor=actor, offer=offer)
    respond_by = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
    # Read here: the recipient cannot see our customer.
    customer = address_of(deal.customer)
    with acting_for(recipient.pk):
        received = receive_deal(
            recipient,
            type=DealType(deal.type),
            engagement_id=deal.engagement_id,
            customer=customer,
            location=_location_of(recipient, country=deal.customer_country),
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
        contact=asdict(contact) if contact else None,
        **_offered(offer),
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
        deal, EventKind.INVITED, actor=actor, referral=str(referral.pk), counterpart=recipient.name
    )
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
    locked = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
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
    return expired


def expire_overdue_referrals(*, batch: int = 1000) -> int:
    """Expire one batch of overdue invitations and tell their senders; returns how many.

    Runs as the worker. Rows that another sweep holds are skipped, so sweeps may overlap and be
    killed: everything about a referral commits together or not at all (4.4).
    """
    with transaction.atomic():
        overdue = Referral.objects.filter(
            recipient_status=Status.RECEIVED, respond_by__lte=Now()
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


def _check_invitation(
    deal: Deal, *, sender: Organization, recipient: Organization, actor: Actor, offer: Invitation
) -> Person | None:
    """Raises unless the invitation may be sent; returns the contact that it shares."""
    if Permission.INVITE not in actor.permissions:
        raise NotAllowed("permission", _("Your role does not allow inviting others."))
    _check_deal(Deal.objects.select_for_update(of=("self",)).get(pk=deal.pk))
    if recipient.pk == sender.pk:
        raise Refused("self", _("A company cannot invite itself."), field="recipient")
    _check_recipient(recipient)
    _check_offer(recipient, offer)
    repeated = (
        sent_referrals(deal).filter(recipient=recipient).exclude(recipient_status__in=REPEATABLE)
    )
    if repeated.exists():
        raise Refused(
            "invited_already",
            _("%(company)s was invited to this deal already.") % {"company": recipient.name},
            field="recipient",
        )
    return _contact_to_share(deal, sender=sender, recipient=recipient, offer=offer)


def _check_recipient(recipient: Organization) -> None:
    if recipient.is_vendor or ecosystem().filter(pk=recipient.pk).exists():
        return
    raise Refused(
        "not_in_ecosystem",
        _("%(company)s has no published co-sell-ready solution and cannot be invited.")
        % {"company": recipient.name},
        field="recipient",
    )


def _check_offer(recipient: Organization, offer: Invitation) -> None:
    """A partner is asked for solutions of its own; help is asked for in words (3.8, 3.9)."""
    if not offer.solutions:
        raise Refused("solutions", _("Choose at least one solution."), field="solutions")
    foreign = [one for one in offer.solutions if one.organization_id != recipient.pk]
    if foreign and not recipient.is_vendor:
        raise Refused(
            "foreign_solutions",
            _("Choose among the solutions of %(company)s.") % {"company": recipient.name},
            field="solutions",
        )
    if offer.help_type != HelpType.NONE and not offer.message.strip():
        raise Refused("message", _("Say what help you need."), field="message")


def _check_deal(deal: Deal) -> None:
    if deal.is_inbound:
        raise Refused(
            "inbound", _("Only the company that created the opportunity invites others to it.")
        )
    if deal.is_assessment:
        raise Refused("assessment", _("Nobody can be invited to a solution assessment."))
    if deal.is_closed:
        raise Refused("closed", _("This deal is closed; nobody can be invited any more."))


def _contact_to_share(
    deal: Deal, *, sender: Organization, recipient: Organization, offer: Invitation
) -> Person | None:
    """The vendor always gets the contact of a partner's customer, with consent on record (3.3)."""
    contact = CustomerContact.objects.filter(deal=deal).first()
    needed = recipient.is_vendor
    if contact is None and needed:
        raise Refused(
            "contact", _("Inviting %(company)s needs the customer's contact.")
            % {"company": recipient.name}, field="contact",
        )  # fmt: skip
    if contact is None or not (offer.shares_contact or needed):
        return None
    if contact.consent_at is None:
        raise Refused(
            "consent",
            _("Confirm that the customer agreed to share the contact."),
            field="consent",
        )
    CustomerContact.objects.filter(deal=deal, first_shared_at=None).update(
        first_shared_at=timezone.now()
    )
    return person_of(contact)


def _offered(offer: Invitation) -> dict[str, Any]:
    return {
        "value": offer.value,
        "currency": offer.currency,
        "close_date": offer.close_date,
        "help_type": offer.help_type,
        "message": offer.message,
        "people": [asdict(person) for person in offer.people],
        "solutions": [
            {
                "id": str(solution.pk),
                "code": solution.code,
                "name": solution.name,
                "owner": solution.organization.name,
            }
            for solution in offer.solutions
        ],
    }


def _location_of(recipient: Organization, *, country: str) -> Location:
    """Where the recipient's deal goes: its location in that country, else the main one."""
    locations = Location.objects.filter(organization=recipient)
    nearest = locations.filter(country=country).order_by("-is_main", "name").first()
    found = nearest or locations.order_by("-is_main", "name").first()
    if found is None:
        raise Refused(
            "no_location",
            _("%(company)s has no location yet and cannot receive invitations.")
            % {"company": recipient.name},
            field="recipient",
        )
    return found


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
