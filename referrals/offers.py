"""What an invitation offers, and whether it may be sent (3.3, 3.8, 3.9, 5.6)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from cosell.core.errors import NotAllowed, Refused
from deals.models import CustomerContact, Deal
from deals.parts import Person, person_of
from deals.stages import DealType
from partners.actors import Actor
from partners.models import Location, Organization, Solution
from partners.permissions import Permission
from partners.queries import ecosystem
from referrals.combinations import combination_of, why_nobody
from referrals.models import HelpType
from referrals.queries import REPEATABLE, sent_referrals


@dataclass(frozen=True)
class Invitation:
    """What the sender offers; fixed once sent (3.9).

    `location` is the recipient's; without one the invitation goes to the nearest to the customer.
    """

    value: Decimal
    currency: str
    close_date: date
    help_type: HelpType
    message: str
    people: Sequence[Person]
    solutions: Sequence[Solution]
    shares_contact: bool
    location: UUID | None = None


def check_invitation(
    deal: Deal, *, sender: Organization, recipient: Organization, actor: Actor, offer: Invitation
) -> DealType:
    """Raises unless the invitation may be sent; returns the type that the deal then has.

    The caller holds the locks of the engagement.
    """
    if Permission.INVITE not in actor.permissions:
        raise NotAllowed("permission", _("Your role does not allow inviting others."))
    type_after = _type_after(deal, sender=sender, recipient=recipient)
    _check_recipient(deal, sender=sender, recipient=recipient)
    _check_offer(offer, recipient=recipient)
    return type_after


def contact_to_share(
    deal: Deal, *, recipient: Organization, offer: Invitation
) -> dict[str, str] | None:
    """The vendor always gets the contact of a partner's customer, with consent on record (3.3).

    A partner gets it where the offer says so, which also says that the customer agrees to that.
    """
    contact = CustomerContact.objects.filter(deal=deal).first()
    needed = recipient.is_vendor
    if contact is None and needed:
        raise Refused(
            "contact", _("Inviting %(company)s needs the customer's contact.")
            % {"company": recipient.name}, field="contact",
        )  # fmt: skip
    if contact is None or not (offer.shares_contact or needed):
        return None
    if needed and contact.consent_at is None:
        raise Refused(
            "consent",
            _("Confirm that the customer agreed to share the contact."),
            field="consent",
        )
    CustomerContact.objects.filter(deal=deal, first_shared_at=None).update(
        first_shared_at=timezone.now()
    )
    return asdict(person_of(contact))


def columns_of(offer: Invitation) -> dict[str, Any]:
    return {
        "value": offer.value,
        "currency": offer.currency,
        "close_date": offer.close_date,
        "help_type": offer.help_type,
        "message": offer.message,
        "recipient_location_id": offer.location,
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


def location_of(recipient: Organization, *, chosen: UUID | None, country: str) -> Location:
    """Where the recipient's deal goes; the caller acts for the recipient.

    The location that was chosen, else the one in the customer's country, else the main one.
    """
    locations = Location.objects.filter(organization=recipient, retired_at=None)
    if chosen:
        return _chosen_location(recipient, chosen)
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


def _chosen_location(recipient: Organization, chosen: UUID) -> Location:
    found = Location.objects.filter(organization=recipient, retired_at=None, pk=chosen).first()
    if found is None:
        raise Refused(
            "location_gone",
            _("%(company)s no longer has this location.") % {"company": recipient.name},
            field="location",
        )
    return found


def _type_after(deal: Deal, *, sender: Organization, recipient: Organization) -> DealType:
    reason = why_nobody(deal, sender=sender, is_to_vendor=recipient.is_vendor)
    result = combination_of(deal, sender=sender, recipient=recipient).result
    if reason or result is None:
        raise Refused("combination", reason)
    return result


def _check_recipient(deal: Deal, *, sender: Organization, recipient: Organization) -> None:
    named = {"company": recipient.name}
    if recipient.pk == sender.pk:
        raise Refused("self", _("A company cannot invite itself."), field="recipient")
    if not recipient.is_vendor and not ecosystem().filter(pk=recipient.pk).exists():
        raise Refused(
            "not_in_ecosystem",
            _("%(company)s has no published co-sell-ready solution and cannot be invited.") % named,
            field="recipient",
        )
    invited = sent_referrals(deal).filter(recipient=recipient)
    if invited.exclude(recipient_status__in=REPEATABLE).exists():
        raise Refused(
            "invited_already",
            _("%(company)s was invited to this deal already.") % named,
            field="recipient",
        )


def _check_offer(offer: Invitation, *, recipient: Organization) -> None:
    """A partner is asked to bring something of its own (3.9), the vendor to help (3.7)."""
    named = {"company": recipient.name}
    if not offer.people:
        raise Refused("people", _("Name at least one of your people."), field="people")
    if not offer.solutions:
        raise Refused(
            "solutions",
            _("Choose at least one solution that %(company)s should bring.") % named,
            field="bring",
        )
    foreign = [one for one in offer.solutions if one.organization_id != recipient.pk]
    if foreign and not recipient.is_vendor:
        raise Refused(
            "foreign_solutions", _("Choose among the solutions of %(company)s.") % named,
            field="bring",
        )  # fmt: skip
    if offer.close_date < timezone.localdate():
        raise Refused(
            "close_date",
            _("The estimated close date is over; choose a day from today on."),
            field="close_date",
        )
    wants_help = offer.help_type != HelpType.NONE
    if recipient.is_vendor and not wants_help:
        raise Refused("help_type", _("Choose what you need help with."), field="help_type")
    if wants_help and not offer.message.strip():
        raise Refused("message", _("Say what you need help with."), field="message")
