"""Writes to a deal other than its status and stage, which are the lifecycle's."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cosell.core.errors import NotAllowed, Refused, Stale
from deals.events import changes_between, record_event
from deals.models import (
    Customer,
    CustomerContact,
    Deal,
    DealEvent,
    Direction,
    EventKind,
    Favorite,
    Status,
    TeamMember,
)
from deals.overtaken import why_stale
from deals.parts import (
    Person,
    customer_columns,
    write_contact,
    write_solutions,
    write_team,
)
from deals.queries import events_since
from deals.signals import deal_locking, deal_team_changed
from deals.stages import DealType, StageCode
from partners.actors import Actor
from partners.models import Location, Membership, Organization, Solution
from partners.permissions import Permission
from partners.queries import locations_for, may_create_deals, vendor
from partners.vetting import is_vetted, why_not_vetted


@dataclass(frozen=True)
class Details:
    """The fields of 3.4 that stay editable; notes, CRM and campaign id never leave the company."""

    name: str
    value: Decimal
    currency: str
    close_date: date
    crm_id: str = ""
    campaign_id: str = ""
    notes: str = ""


def details_of(deal: Deal) -> Details:
    return Details(**{field.name: getattr(deal, field.name) for field in fields(Details)})


class EditConflict(Stale):
    """Somebody saved first; `events` says who changed what since the editor's version."""

    def __init__(self, events: Sequence[DealEvent]) -> None:
        super().__init__("edit_conflict", _("Somebody else changed this deal while you edited it."))
        self.events = list(events)


@transaction.atomic
def create_deal(
    member: Membership,
    *,
    type: DealType,
    customer: Customer,
    location: Location,
    details: Details,
    team: Sequence[Person],
    solutions: Sequence[Solution],
    contact: Person | None = None,
    consent: bool = False,
    id: UUID | None = None,
) -> Deal:
    """A deal of our own: outbound, accepted at once and shown as Created (3.12).

    `id` is a fresh one unless the caller needs it to be known beforehand.
    """
    actor = member.actor
    _check_creator(member, location)
    if type == DealType.ASSESSMENT:
        _check_vetted(member.organization)
    deal = Deal.objects.create(
        id=id or uuid4(),
        organization_id=member.organization_id,
        location=location,
        direction=Direction.OUTBOUND,
        type=type,
        status=Status.ACCEPTED,
        stage=StageCode.CREATED,
        created_by_id=actor.user_id,
        **customer_columns(customer),
        **asdict(details),
    )
    write_team(deal, team)
    write_solutions(deal, solutions)
    if contact:
        write_contact(deal, contact, consent_by=actor.user_id if consent else None)
    if member.sees_only_own_deals and not is_on_team(deal, actor):
        raise Refused("creator", _("Stay on the team: you see only your own deals."), field="team")
    record_event(deal, EventKind.CREATED, actor=actor)
    return deal


def receive_deal(
    organization: Organization,
    *,
    type: DealType,
    engagement_id: UUID,
    customer: dict[str, str],
    location: Location,
    details: Details,
    solutions: Sequence[Solution],
    respond_by: Any,
) -> Deal:
    """The recipient's own copy of what was offered (4.1); the caller acts for the recipient."""
    copied = Customer.objects.create(organization=organization, **customer)
    deal = Deal.objects.create(
        organization=organization,
        location=location,
        engagement_id=engagement_id,
        direction=Direction.INBOUND,
        type=type,
        status=Status.RECEIVED,
        respond_by=respond_by,
        **customer_columns(copied),
        **asdict(details),
    )
    # The sender may offer what it carries already, though it is no longer on offer to others.
    write_solutions(deal, solutions, kept={solution.pk for solution in solutions})
    return deal


@transaction.atomic
def edit_details(deal: Deal, *, actor: Actor, version: int, details: Details) -> Deal:
    """Save the form of 5.1, unless somebody saved since `version`: then EditConflict."""
    after = asdict(details)
    changes = changes_between(deal, after)
    _claim(deal, actor=actor, version=version, **after)
    if changes:
        record_event(deal, EventKind.EDITED, actor=actor, changes=changes)
    return deal


@transaction.atomic
def confirm_open(deal: Deal, *, actor: Actor, version: int, close_date: date) -> Deal:
    """A deal that nobody seemed to look after goes on, and closes on this day (8.3)."""
    changes = changes_between(deal, {"close_date": close_date})
    _claim(deal, actor=actor, version=version, close_date=close_date)
    record_event(deal, EventKind.STILL_OPEN, actor=actor, changes=changes)
    return deal


@transaction.atomic
def edit_team(deal: Deal, *, actor: Actor, version: int, team: Sequence[Person]) -> Deal:
    """Replace the team; people who stay keep their rows."""
    before = {person.email.lower(): person for person in deal.team.all()}
    deal_locking.send(Deal, deal=deal)
    _claim(deal, actor=actor, version=version)
    write_team(deal, team)
    emails = {person.email.lower() for person in team}
    added = [_named(person) for person in team if person.email.lower() not in before]
    removed = [_named(person) for email, person in before.items() if email not in emails]
    record_event(deal, EventKind.TEAM_EDITED, actor=actor, added=added, removed=removed)
    deal_team_changed.send(Deal, deal=deal)
    return deal


@transaction.atomic
def edit_solutions(
    deal: Deal, *, actor: Actor, version: int, solutions: Sequence[Solution]
) -> Deal:
    before = {row.solution_id: row.name for row in deal.solutions.all()}
    _claim(deal, actor=actor, version=version)
    after = {solution.pk: solution.name for solution in solutions}
    deal.solutions.all().delete()
    write_solutions(deal, solutions, kept=before)
    record_event(
        deal,
        EventKind.SOLUTIONS_EDITED,
        actor=actor,
        added=[name for pk, name in after.items() if pk not in before],
        removed=[name for pk, name in before.items() if pk not in after],
    )
    return deal


@transaction.atomic
def edit_contact(deal: Deal, *, actor: Actor, version: int, contact: Person, consent: bool) -> Deal:
    """Change the customer's contact; refused once it was shared (3.3)."""
    # Who invites the vendor writes the contact first and then to every party.
    deal_locking.send(Deal, deal=deal)
    _claim(deal, actor=actor, version=version)
    known = CustomerContact.objects.filter(deal=deal).first()
    if known and known.first_shared_at:
        raise Refused(
            "contact_shared", _("The contact was shared already and cannot be changed any more.")
        )
    if not (known and consent and _is_agreed_for(known, contact)):
        write_contact(deal, contact, consent_by=actor.user_id if consent else None)
    else:
        # Who confirmed the consent of this very person, and when, stays on record.
        CustomerContact.objects.filter(deal=deal).update(**asdict(contact))
    record_event(deal, EventKind.CONTACT_EDITED, actor=actor)
    return deal


@transaction.atomic
def confirm_consent(deal: Deal, *, actor: Actor) -> None:
    """The customer agrees that the vendor gets the contact too, which is fixed by now (3.3)."""
    _require(actor, Permission.EDIT_DEALS)
    deal_locking.send(Deal, deal=deal)
    CustomerContact.objects.filter(deal=deal, consent_at=None).update(
        consent_by_id=actor.user_id, consent_at=timezone.now()
    )


def set_favorite(deal: Deal, *, member: Membership, on: bool) -> None:
    """Give or take the heart; doing it twice changes nothing, closed deals included (2.1)."""
    mine = Favorite.objects.filter(
        organization_id=member.organization_id, membership=member, deal=deal
    )
    if not on:
        mine.delete()
    elif not mine.exists():
        Favorite.objects.bulk_create(
            [Favorite(organization_id=member.organization_id, membership=member, deal=deal)],
            ignore_conflicts=True,
        )


def set_team_of_answer(deal: Deal, team: Sequence[Person]) -> None:
    """The first team of a received deal, written by whoever accepts it (4.1)."""
    write_team(deal, team)
    deal_team_changed.send(Deal, deal=deal)


def is_on_team(deal: Deal, actor: Actor) -> bool:
    return deal.team.filter(membership__user=actor.user_id).exists()


def _check_vetted(organization: Organization) -> None:
    if not is_vetted(organization):
        raise NotAllowed("not_vetted", why_not_vetted(organization, vendor=vendor()))


def _check_creator(member: Membership, location: Location) -> None:
    _require(member.actor, Permission.CREATE_DEALS)
    if not may_create_deals(member.organization):
        raise NotAllowed(
            "no_solution",
            _("Only an organisation with a published co-sell-ready solution can create deals."),
        )
    if not locations_for(member).filter(pk=location.pk).exists():
        raise Refused("location", _("Choose one of your locations."), field="location")


def _require(actor: Actor, permission: Permission) -> None:
    if permission not in actor.permissions:
        raise NotAllowed("permission", _("Your role does not allow this."))


def _claim(deal: Deal, *, actor: Actor, version: int, **columns: Any) -> None:
    """The guarded UPDATE of every edit: open, accepted, and of the version the editor saw."""
    _require(actor, Permission.EDIT_DEALS)
    columns["updated_at"] = timezone.now()
    guard = Deal.objects.filter(pk=deal.pk, status=Status.ACCEPTED, version=version)
    if guard.update(**columns, version=F("version") + 1) != 1:
        current = Deal.objects.get(pk=deal.pk)
        if current.is_closed:
            raise why_stale(deal)
        if current.status != Status.ACCEPTED:
            raise Refused("not_editable", _("Only an accepted deal that is open can be edited."))
        raise EditConflict(events_since(deal, version=version))
    for column, value in columns.items():
        setattr(deal, column, value)
    deal.version = version + 1


def _is_agreed_for(known: CustomerContact, contact: Person) -> bool:
    return known.consent_at is not None and known.email.lower() == contact.email.lower()


def _named(person: Person | TeamMember) -> str:
    return f"{person.first_name} {person.last_name}"
