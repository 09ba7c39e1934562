"""One engagement from its first day until now, told the way the services would have written it."""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from deals.models import (
    CustomerContact,
    Deal,
    DealSolution,
    Direction,
    EventKind,
    ReferenceCustomer,
    Status,
)
from deals.parts import address_of
from deals.stages import DealType, StageCode
from demo.agenda import Agenda
from demo.book import Book, Record, offered_solution
from demo.companies import Colleague, Company
from demo.invited import Invited, show_vendor
from demo.texts import Topic, Words
from partners.models import Solution
from referrals.models import Referral

DAYS_TO_ANSWER = timedelta(days=14)
_CLOSED = {Status.WON: EventKind.WON, Status.LOST: EventKind.LOST, Status.ERROR: EventKind.ERROR}


@dataclass
class Story(Agenda):
    book: Book
    words: Words
    reference: ReferenceCustomer
    topic: Topic
    type: DealType
    engagement_id: UUID
    invited: list[Invited] = field(default_factory=list)
    # How the project ends for who planned it first.
    outcome: Status | None = None

    def open(
        self, company: Company, at: datetime, *, by: Colleague, solutions: list[Solution]
    ) -> Record:
        """A deal of the company's own, shown as Created."""
        customer = self.book.customer(company, self.reference)
        deal = self._deal(
            company, at, customer=customer, direction=Direction.OUTBOUND,
            status=Status.ACCEPTED, stage=StageCode.CREATED, created_by=by.user,
            crm_id=self.words.crm_id(), campaign_id=self.words.campaign_id(self.topic, at),
            notes=self.words.note(), **self.words.offer(self.topic, self.reference, at),
        )  # fmt: skip
        record = Record(company, deal, team=self.words.team(company, first=by))
        self._keep(record, solutions)
        self.book.record_event(record, EventKind.CREATED, at, by=by)
        return record

    def add_contact(self, record: Record, at: datetime, *, by: Colleague, shared: bool) -> None:
        person = self.words.customer_contact(self.reference)
        self.book.contacts.append(
            CustomerContact(
                organization=record.company.organization,
                deal=record.deal,
                consent_by=by.user if shared else None,
                consent_at=at if shared else None,
                first_shared_at=at if shared else None,
                **asdict(person),
            )
        )

    def invite(
        self,
        sender: Record,
        recipient: Company,
        at: datetime,
        *,
        by: Colleague,
        solutions: list[Solution],
        share: Decimal = Decimal(1),
    ) -> Invited:
        """The recipient's received deal and the referral that joins the two."""
        deal, organization = sender.deal, recipient.organization
        offered = {
            "value": self.words.rounded(deal.value * share, deal.currency),
            "currency": deal.currency,
            "close_date": deal.close_date,
        }
        received = Record(
            recipient,
            self._deal(
                recipient, at, customer=self.book.customer(recipient, self.reference, copied=True),
                direction=Direction.INBOUND, status=Status.RECEIVED, stage="", name=deal.name,
                respond_by=at + DAYS_TO_ANSWER, **offered,
            ),
        )  # fmt: skip
        self._keep(received, solutions)
        help_type, message = self.words.request(vendor=organization.is_vendor)
        referral = Referral(
            id=self.book.names.uuid(),
            engagement_id=self.engagement_id,
            sender=sender.company.organization,
            sender_name=sender.company.organization.name,
            sender_deal=deal,
            sender_status=deal.status,
            sender_stage=deal.stage,
            recipient=organization,
            recipient_name=organization.name,
            recipient_deal=received.deal,
            recipient_status=Status.RECEIVED,
            is_to_vendor=organization.is_vendor,
            deal_name=deal.name,
            help_type=help_type,
            message=message,
            customer=address_of(self.reference),
            contact=self.book.shared_contact(sender),
            people=[asdict(colleague.person) for colleague in sender.team],
            solutions=[offered_solution(solution) for solution in solutions],
            sent_at=at,
            respond_by=at + DAYS_TO_ANSWER,
            **offered,
        )
        self.book.referrals.append(referral)
        invited = Invited(referral, received)
        self.invited.append(invited)
        show_vendor(self.invited)
        self.book.record_event(
            received, EventKind.RECEIVED, at, by=referral.sender_name,
            referral=str(referral.pk), respond_by=referral.respond_by.isoformat(),
        )  # fmt: skip
        self.book.record_event(
            sender, EventKind.INVITED, at, by=by,
            referral=str(referral.pk), counterpart=referral.recipient_name,
        )  # fmt: skip
        return invited

    def accept(self, invited: Invited, at: datetime, *, by: Colleague) -> None:
        record, deal = invited.record, invited.record.deal
        deal.status, deal.stage, deal.answered_at = Status.ACCEPTED, StageCode.ACCEPTED, at
        deal.version += 1
        record.team = self.words.team(record.company, first=by)
        self.book.record_event(record, EventKind.ACCEPTED, at, by=by, stage=deal.stage)
        deal.notes, deal.crm_id = self.words.note(), self.words.crm_id()
        changes = [(name, "", getattr(deal, name)) for name in ("crm_id", "notes")]
        changes = [change for change in changes if change[2]]
        if changes:
            self.book.record_event(record, EventKind.EDITED, at, by=by, changes=changes)
        referral = invited.referral
        referral.answered_at = at
        referral.recipient_team = [asdict(colleague.person) for colleague in record.team]
        self._mirror(invited, EventKind.COUNTERPART_ACCEPTED, at)

    def decline(self, invited: Invited, at: datetime, *, by: Colleague) -> None:
        reason, notes = self.words.outcome("declined")
        self._end(invited.record, Status.DECLINED, at, reason=reason, notes=notes, answered=True)
        self.book.record_event(
            invited.record, EventKind.DECLINED, at, by=by, reason=reason, notes=notes
        )
        referral = invited.referral
        referral.answered_at, referral.reason, referral.notes = at, reason, notes
        self._mirror(invited, EventKind.COUNTERPART_DECLINED, at, reason=reason, notes=notes)

    def expire(self, invited: Invited, at: datetime) -> None:
        self._end(invited.record, Status.EXPIRED, at)
        self.book.record_event(invited.record, EventKind.EXPIRED, at, by="")
        self._mirror(invited, EventKind.COUNTERPART_EXPIRED, at, system=True)

    def withdraw(self, invited: Invited, sender: Record, at: datetime, *, by: Colleague) -> None:
        self._end(invited.record, Status.WITHDRAWN, at)
        referral = invited.referral
        referral.recipient_status = Status.WITHDRAWN
        show_vendor(self.invited)
        self.book.record_event(invited.record, EventKind.WITHDRAWN, at, by=referral.sender_name)
        self.book.record_event(
            sender, EventKind.COUNTERPART_WITHDRAWN, at, by=by,
            referral=str(referral.pk), counterpart=referral.recipient_name,
        )  # fmt: skip

    def mark(self, record: Record, stage: str, at: datetime, *, by: Colleague) -> None:
        before, record.deal.stage = record.deal.stage, stage
        record.deal.version += 1
        self.book.record_event(
            record, EventKind.STAGE_MARKED, at, by=by, from_stage=before, stage=stage
        )
        self._tell(record, EventKind.COUNTERPART_STAGE, at)

    def edit(self, record: Record, at: datetime, *, by: Colleague) -> None:
        """The customer changed size or date of the project."""
        deal = record.deal
        value = self.words.changed_value(deal)
        close_date = deal.close_date + timedelta(days=self.words.pick(range(14, 60)))
        changes = [
            ("value", str(deal.value), str(value)),
            ("close_date", deal.close_date.isoformat(), close_date.isoformat()),
        ]
        deal.value, deal.close_date = value, close_date
        deal.version += 1
        self.book.record_event(record, EventKind.EDITED, at, by=by, changes=changes)

    def close(self, record: Record, status: Status, at: datetime, *, by: Colleague) -> None:
        reason, notes = ("", "") if status == Status.WON else self.words.outcome(status)
        stage = record.deal.stage
        self._end(record, status, at, reason=reason, notes=notes)
        data: dict[str, Any] = {
            "from_stage": stage, "stage": record.stage, "reason": reason, "notes": notes,
            "eligible": self.book.eligible_solutions(record.deal) if status == Status.WON else [],
        }  # fmt: skip
        given = {name: value for name, value in data.items() if value}
        self.book.record_event(record, _CLOSED[status], at, by=by, **given)
        for invited in self._sent_by(record):
            if invited.referral.recipient_status == Status.RECEIVED:
                self.withdraw(invited, record, at, by=by)
        self._tell(record, EventKind.COUNTERPART_CLOSED, at)

    def _deal(self, company: Company, at: datetime, **columns: Any) -> Deal:
        names = self.book.names
        return Deal(
            id=names.uuid(),
            organization=company.organization,
            location=company.location_for(self.reference.country),
            engagement_id=self.engagement_id,
            reference=self.words.reference(),
            type=self.type,
            customer_name=self.reference.name,
            customer_city=self.reference.city,
            customer_country=self.reference.country,
            created_at=at,
            updated_at=at,
            **columns,
        )

    def _keep(self, record: Record, solutions: list[Solution]) -> None:
        self.book.records.append(record)
        self.book.solutions += [
            DealSolution(
                organization=record.company.organization,
                deal=record.deal,
                solution=solution,
                code=solution.code,
                name=solution.name,
                owner_name=solution.organization.name,
                position=position,
            )
            for position, solution in enumerate(solutions)
        ]

    def _end(
        self, record: Record, status: Status, at: datetime, *,
        reason: str = "", notes: str = "", answered: bool = False,
    ) -> None:  # fmt: skip
        deal = record.deal
        deal.version += 1
        record.closing = {
            "status": status,
            "stage": StageCode.WON if status == Status.WON else deal.stage,
            "closed_at": at,
            "close_reason": reason,
            "close_notes": notes,
            "answered_at": at if answered else deal.answered_at,
            "updated_at": at,
            "version": deal.version,
        }

    def _sent_by(self, record: Record) -> list[Invited]:
        return [one for one in self.invited if one.referral.sender_deal_id == record.deal.pk]

    def _tell(self, record: Record, kind: EventKind, at: datetime) -> None:
        """Mirror a step to the other side, which knows the company and not the person."""
        for invited in self.invited:
            if invited.record is record:
                self._mirror(invited, kind, at)
        for invited in self._sent_by(record):
            referral = invited.referral
            referral.sender_status, referral.sender_stage = record.status, record.stage
            if referral.recipient_status == Status.ACCEPTED:
                self.book.record_event(
                    invited.record, kind, at, by=referral.sender_name,
                    referral=str(referral.pk), counterpart=referral.sender_name,
                    status=record.status, stage=record.stage,
                )  # fmt: skip

    def _mirror(
        self, invited: Invited, kind: EventKind, at: datetime, *, system: bool = False, **data: Any
    ) -> None:
        """Write to the sender's side what the recipient did."""
        referral, record = invited.referral, invited.record
        referral.recipient_status, referral.recipient_stage = record.status, record.stage
        show_vendor(self.invited)
        sender = next(one for one in self.book.records if one.deal is referral.sender_deal)
        shared = {} if system else {"status": record.status, "stage": record.stage}
        self.book.record_event(
            sender, kind, at, by="" if system else referral.recipient_name,
            referral=str(referral.pk), counterpart=referral.recipient_name, **shared, **data,
        )  # fmt: skip
