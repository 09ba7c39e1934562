"""Three of Contoso's won deals that were registered: one approved, one to correct, one that waits.

From a source of chance of its own, so that nothing else in the demo depends on it (6).
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from deals.models import EventKind, Registration, RegistrationStatus, RegistrationStep, Status
from deals.models.registration import PricingModel, StepKind, TenantType, Term
from deals.registration.answers import answers_of, plain_answers
from deals.registration.eligibility import VENDOR_TAKES_PART
from deals.stages import DealType
from demo.book import Book, Record
from demo.calendar import Calendar
from demo.companies import Colleague, Company
from demo.names import Names
from referrals.models import Referral

REMARKS = {
    "signed_on": "The order form that you sent us is dated two days later.",
    "solution_value": "This is the whole contract. What is the solution's part of it?",
}
_TOLD = {
    StepKind.APPROVED: EventKind.REGISTRATION_APPROVED,
    StepKind.ACTION_REQUIRED: EventKind.REGISTRATION_ACTION_REQUIRED,
}


class Registering:
    def __init__(self, book: Book, names: Names, now: datetime, *, reviewer: Colleague) -> None:
        self.book, self.names, self.reviewer = book, names, reviewer
        self.calendar = Calendar(names.random, now)
        self._vendors: dict[UUID, Referral] = {
            one.sender_deal_id: one
            for one in book.referrals
            if one.is_to_vendor and one.recipient_status in VENDOR_TAKES_PART
        }

    def tell_everything(self, company: Company) -> None:
        """The older a deal, the farther its registration got; the newest ones are left to do."""
        won = [one for one in self.book.records if one.company is company and self._counts(one)]
        won.sort(key=_won_at)
        approved, asked, waiting = won[0], won[-3], won[-2]
        today = self.calendar.now
        self._ask_for_changes(self._register(asked, today - timedelta(days=12, hours=3)), asked)
        self._register(waiting, today - timedelta(days=2, hours=5))
        self._approve(self._register(approved, _won_at(approved) + timedelta(days=3)), approved)

    def _counts(self, record: Record) -> bool:
        deal = record.deal
        is_ours = not deal.is_inbound and deal.type == DealType.CO_SELL
        return (
            is_ours
            and record.status == Status.WON
            and deal.pk in self._vendors
            and bool(self.book.eligible_solutions(deal))
            and _won_at(record) + timedelta(days=20) < self.calendar.now
        )

    def _register(self, record: Record, at: datetime) -> Registration:
        deal, by = record.deal, record.team[0]
        vendor = self._vendors[deal.pk].recipient
        registration = Registration(
            id=self.names.uuid(), organization=record.company.organization, vendor=vendor,
            deal=deal, deal_name=deal.name, reference=deal.reference,
            customer_name=deal.customer_name, customer_city=deal.customer_city,
            customer_country=deal.customer_country, deal_value=deal.value, currency=deal.currency,
            won_at=_won_at(record), solutions=self.book.eligible_solutions(deal),
            submitted_at=at, submitted_by_name=by.name, submitted_by_email=by.person.email,
            status_since=at, **self._answers(record),
        )  # fmt: skip
        self.book.registrations.append(registration)
        answers = plain_answers(answers_of(registration))
        self._step(registration, StepKind.SUBMITTED, at, by=by, answers=answers)
        told = {"registration": str(registration.pk), "round": 1}
        self.book.add_event(
            record, EventKind.REGISTRATION_SUBMITTED, at, by=by, counterpart=vendor.name, **told
        )
        self._tell_vendor(record, at, **told)
        return registration

    def _answers(self, record: Record) -> dict[str, Any]:
        day = timezone.localdate(_won_at(record))
        total = record.deal.value
        return {
            "is_marketplace": False,
            "is_on_vendor_cloud": True,
            "term": Term.FINITE,
            "total_value": total,
            "solution_value": (total * Decimal("0.4")).quantize(Decimal(1)),
            "signed_on": day - timedelta(days=2),
            "starts_on": day + timedelta(days=14),
            "ends_on": day + timedelta(days=14 + 3 * 365),
            "tenant_type": TenantType.CUSTOMER,
            "pricing_model": PricingModel.PER_USER,
        }

    def _approve(self, registration: Registration, record: Record) -> None:
        at = registration.status_since + timedelta(days=2)
        registration.status = RegistrationStatus.APPROVED
        self._review(registration, record, StepKind.APPROVED, at)

    def _ask_for_changes(self, registration: Registration, record: Record) -> None:
        at = registration.status_since + timedelta(days=2)
        until = timezone.localdate(self.calendar.now) + timedelta(days=9)
        registration.solution_value = registration.total_value
        registration.status = RegistrationStatus.ACTION_REQUIRED
        registration.messages, registration.answer_by = REMARKS, until
        self._review(
            registration, record, StepKind.ACTION_REQUIRED, at,
            messages=REMARKS, answer_by=until.isoformat(),
        )  # fmt: skip

    def _review(
        self, registration: Registration, record: Record, kind: StepKind, at: datetime, **data: Any
    ) -> None:
        registration.status_since = at
        registration.version += 1
        registration.reviewer = self.reviewer.membership
        registration.reviewer_name = self.reviewer.name
        self._step(registration, kind, at, by=self.reviewer, **data)
        self.book.add_event(
            record, _TOLD[kind], at, by=registration.vendor.name,
            referral=str(self._vendors[record.deal.pk].pk), counterpart=registration.vendor.name,
            registration=str(registration.pk), round=1,
        )  # fmt: skip

    def _tell_vendor(self, record: Record, at: datetime, **data: Any) -> None:
        referral, ours = self._vendors[record.deal.pk], record.company.organization.name
        theirs = next(one for one in self.book.records if one.deal is referral.recipient_deal)
        self.book.add_event(
            theirs, EventKind.COUNTERPART_REGISTERED, at, by=ours,
            referral=str(referral.pk), counterpart=ours, **data,
        )  # fmt: skip

    def _step(
        self,
        registration: Registration,
        kind: StepKind,
        at: datetime,
        *,
        by: Colleague,
        **data: Any,
    ) -> None:
        self.book.registration_steps.append(
            RegistrationStep(
                organization=registration.organization,
                vendor=registration.vendor,
                registration=registration,
                kind=kind,
                round=1,
                at=at,
                by_name=by.name,
                data=data,
            )
        )


def _won_at(record: Record) -> datetime:
    moment: datetime = record.closing["closed_at"]
    return moment
