"""Collects the rows of the demo's deals and writes them in an order the database allows."""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from comments.models import Comment
from deals.models import (
    Customer,
    CustomerContact,
    Deal,
    DealEvent,
    DealSolution,
    EventKind,
    Favorite,
    ReferenceCustomer,
    Registration,
    RegistrationStep,
    TeamMember,
)
from deals.parts import address_of, person_of
from deals.signals import events_recorded
from demo.companies import Colleague, Company
from demo.names import Names
from partners.models import Solution
from referrals.models import Referral

CLOSING = (
    "status", "stage", "closed_at", "close_reason", "close_notes", "answered_at",
    "updated_at", "version",
)  # fmt: skip


@dataclass
class Record:
    """A deal and who works on it; `closing` is applied last, because closed deals take no parts."""

    company: Company
    deal: Deal
    team: list[Colleague] = field(default_factory=list)
    closing: dict[str, Any] = field(default_factory=dict)

    def is_open(self) -> bool:
        return not self.closing

    @property
    def status(self) -> str:
        return str(self.closing.get("status", self.deal.status))

    @property
    def stage(self) -> str:
        return str(self.closing.get("stage", self.deal.stage))


class Book:
    def __init__(self, names: Names) -> None:
        self.names = names
        self.records: list[Record] = []
        self.customers: list[Customer] = []
        self.contacts: list[CustomerContact] = []
        self.solutions: list[DealSolution] = []
        self.referrals: list[Referral] = []
        self.events: list[DealEvent] = []
        self.comments: list[Comment] = []
        self.favorites: list[Favorite] = []
        self.registrations: list[Registration] = []
        self.registration_steps: list[RegistrationStep] = []
        self._known: dict[tuple[UUID, UUID], Customer] = {}

    def customer(
        self, company: Company, reference: ReferenceCustomer, *, copied: bool = False
    ) -> Customer:
        """The company's own entry; `copied` for one that came with an invitation."""
        key = (company.organization.pk, reference.pk)
        if not copied and key in self._known:
            return self._known[key]
        customer = Customer(
            id=self.names.uuid(),
            organization=company.organization,
            reference=None if copied else reference,
            **address_of(reference),
        )
        self.customers.append(customer)
        if not copied:
            self._known[key] = customer
        return customer

    def record_event(
        self,
        record: Record,
        kind: EventKind,
        at: datetime,
        *,
        by: Colleague | str,
        **data: Any,
    ) -> None:
        """`by` is a colleague, or the name of the other company, or empty for the system."""
        record.deal.updated_at = at
        if record.closing:
            record.closing["updated_at"] = max(at, record.closing["updated_at"])
        self.add_event(record, kind, at, by=by, **data)

    def add_event(
        self, record: Record, kind: EventKind, at: datetime, *, by: Colleague | str, **data: Any
    ) -> None:
        """One that changed nothing of the deal itself: somebody said something."""
        self.events.append(
            DealEvent(
                organization=record.company.organization,
                deal=record.deal,
                kind=kind,
                at=at,
                actor=by.user if isinstance(by, Colleague) else None,
                actor_name=by.name if isinstance(by, Colleague) else by,
                data={"version": record.deal.version, **data},
            )
        )

    def shared_contact(self, sender: Record) -> dict[str, str] | None:
        """The customer's contact as an invitation carries it, if there is consent."""
        found = (one for one in self.contacts if one.deal_id == sender.deal.pk)
        contact = next(found, None)
        if contact is None or contact.consent_at is None:
            return None
        return asdict(person_of(contact))

    def eligible_solutions(self, deal: Deal) -> list[dict[str, str]]:
        """What the event of winning keeps of a deal."""
        return [
            {"code": one.code, "name": one.name, "owner": one.owner_name}
            for one in self.solutions
            if one.deal is deal and one.solution.is_incentive_eligible
        ]

    def write(self) -> None:
        """Everything open first, then the closing of what is closed."""
        Customer.objects.bulk_create(self.customers)
        Deal.objects.bulk_create(record.deal for record in self.records)
        TeamMember.objects.bulk_create(
            self._member(record, colleague, position)
            for record in self.records
            for position, colleague in enumerate(record.team)
        )
        DealSolution.objects.bulk_create(self.solutions)
        CustomerContact.objects.bulk_create(self.contacts)
        Referral.objects.bulk_create(self.referrals)
        Comment.objects.bulk_create(self.comments)
        self._record()
        self._close()
        Registration.objects.bulk_create(self.registrations)
        RegistrationStep.objects.bulk_create(self.registration_steps)
        Favorite.objects.bulk_create(self.favorites)

    def _record(self) -> None:
        """In order of time: a deal's history is read by id."""
        in_order = sorted(self.events, key=lambda event: event.at)
        events_recorded.send(DealEvent, events=DealEvent.objects.bulk_create(in_order))

    def _member(self, record: Record, colleague: Colleague, position: int) -> TeamMember:
        person = colleague.person
        return TeamMember(
            id=self.names.uuid(),
            organization=record.company.organization,
            deal=record.deal,
            membership=colleague.membership,
            first_name=person.first_name,
            last_name=person.last_name,
            phone=person.phone,
            email=person.email,
            position=position,
            created_at=record.deal.created_at + timedelta(minutes=position),
        )

    def _close(self) -> None:
        closed = [record for record in self.records if record.closing]
        for record in closed:
            for column, value in record.closing.items():
                setattr(record.deal, column, value)
        Deal.objects.bulk_update([record.deal for record in closed], CLOSING, batch_size=100)


def offered_solution(solution: Solution) -> dict[str, str]:
    return {
        "id": str(solution.pk),
        "code": solution.code,
        "name": solution.name,
        "owner": solution.organization.name,
    }
