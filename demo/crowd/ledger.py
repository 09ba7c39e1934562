"""The rows of one engagement after another: deals with their parts, the referral, the events."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from deals.models import (
    Customer,
    CustomerContact,
    Deal,
    DealEvent,
    DealSolution,
    Direction,
    EventKind,
    Favorite,
    Status,
    TeamMember,
)
from deals.stages import DealType
from demo.crowd.companies import CrowdCompany, KnownCustomer
from demo.crowd.copying import Rows
from demo.crowd.fates import Fate, created_fate, received_fate
from demo.names import Names, load
from partners.models import Solution
from referrals.models import HelpType, Referral

# Odd, so that consecutive numbers become references far apart and never twice.
_SPREAD, _REFERENCES = 0x9E3779B97F | 1, 2**40
_REFERENCE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_ENDINGS = {
    Status.WON: EventKind.WON, Status.LOST: EventKind.LOST, Status.ERROR: EventKind.ERROR,
    Status.DECLINED: EventKind.DECLINED, Status.EXPIRED: EventKind.EXPIRED,
    Status.WITHDRAWN: EventKind.WITHDRAWN,
}  # fmt: skip


@dataclass(frozen=True)
class Terms:
    name: str
    value: int
    currency: str
    close_date: date


class Ledger:
    def __init__(self, names: Names, *, now: datetime) -> None:
        self.names, self.random, self.now = names, names.random, now
        texts = load("deals")
        self._topics = [(name, one["range"]) for one in texts["topics"] for name in one["names"]]
        self._areas, self._notes = texts["words"]["area"], texts["notes"]["open"]
        self._written: set[UUID] = set()
        self._number = 0
        self.customers = Rows(
            Customer, "id", "organization_id", "name", "street", "postal_code", "city", "country",
            "duns", "created_at",
        )  # fmt: skip
        self.deals = Rows(
            Deal, "id", "organization_id", "location_id", "engagement_id", "reference",
            "direction", "type", "customer_id", "customer_name", "customer_city",
            "customer_country", "name", "value", "currency", "close_date", "crm_id",
            "campaign_id", "notes", "status", "stage", "respond_by", "answered_at", "closed_at",
            "close_reason", "created_by_id", "created_at", "updated_at",
        )  # fmt: skip
        self.contacts = Rows(
            CustomerContact, "organization_id", "deal_id", "first_name", "last_name", "phone",
            "email", "consent_by_id", "consent_at", "first_shared_at",
        )  # fmt: skip
        self.team = Rows(
            TeamMember, "id", "organization_id", "deal_id", "membership_id", "first_name",
            "last_name", "phone", "email", "position", "created_at",
        )  # fmt: skip
        self.solutions = Rows(
            DealSolution, "organization_id", "deal_id", "solution_id", "code", "name",
            "owner_name", "position",
        )  # fmt: skip
        self.referrals = Rows(
            Referral, "id", "engagement_id", "sender_id", "sender_name", "sender_deal_id",
            "recipient_id", "recipient_name", "recipient_deal_id", "is_to_vendor", "deal_name",
            "value", "currency", "close_date", "help_type", "message", "customer", "people",
            "solutions", "sent_at", "respond_by", "sender_status", "sender_stage",
            "recipient_status", "recipient_stage", "recipient_team", "reason", "answered_at",
        )  # fmt: skip
        self.events = Rows(
            DealEvent, "organization_id", "deal_id", "kind", "at", "actor_id", "actor_name", "data"
        )
        self.favorites = Rows(Favorite, "organization_id", "membership_id", "deal_id", "created_at")

    def write(self) -> None:
        for rows in (
            self.customers, self.deals, self.contacts, self.team, self.solutions, self.referrals,
            self.events, self.favorites,
        ):  # fmt: skip
            rows.write()

    def engagement(
        self, sender: CrowdCompany, recipient: CrowdCompany | None, *, at: datetime
    ) -> None:
        """A deal that the sender created and, if somebody was invited, their deal."""
        engagement, customer = self.names.uuid(), self._known_customer(sender, at)
        terms, fate = self._terms(customer, at), created_fate(self.random, at, now=self.now)
        type = _type_of(sender, recipient)
        deal = self._deal(sender, engagement, type, customer, terms, fate)
        if recipient is None:
            return
        if recipient.is_vendor:
            self._contact(sender, deal, customer, at)
        theirs = received_fate(self.random, fate, now=self.now)
        copied = self._copied(customer, recipient, at)
        received = self._deal(recipient, engagement, type, copied, terms, theirs)
        self._event(sender, deal, EventKind.INVITED, at, counterpart=recipient.organization.name)
        ends = ((sender, deal, fate), (recipient, received, theirs))
        self._referral(engagement, customer, terms, *ends)

    def _known_customer(self, company: CrowdCompany, at: datetime) -> KnownCustomer:
        # A few customers have very many deals.
        customer = company.customers[int(len(company.customers) * self.random.random() ** 2)]
        if customer.id not in self._written:
            self._written.add(customer.id)
            self._customer(customer, company, at)
        return customer

    def _copied(
        self, customer: KnownCustomer, company: CrowdCompany, at: datetime
    ) -> KnownCustomer:
        copied = KnownCustomer(**{**vars(customer), "id": self.names.uuid()})
        self._customer(copied, company, at)
        return copied

    def _customer(self, customer: KnownCustomer, company: CrowdCompany, at: datetime) -> None:
        self.customers.add(
            customer.id, company.id, customer.name, customer.street, customer.postal_code,
            customer.city, customer.country, customer.duns, at,
        )  # fmt: skip

    def _terms(self, customer: KnownCustomer, at: datetime) -> Terms:
        name, (low, high) = self.random.choice(self._topics)
        currency = self.names.countries[customer.country]["currency"]
        if self.random.random() < 0.12:
            currency = self.random.choice(("EUR", "USD"))
        return Terms(
            name.format(
                phase=self.random.randint(1, 3), n=self.random.randint(3, 40),
                seats=self.random.randint(8, 320) * 10, area=self.random.choice(self._areas),
            ),
            round(self.random.lognormvariate(0, 0.5) * self.random.randint(low, high)) * 1000,
            currency,
            (at + timedelta(days=self.random.randint(45, 300))).date(),
        )  # fmt: skip

    def _deal(
        self, company: CrowdCompany, engagement: UUID, type: DealType, customer: KnownCustomer,
        terms: Terms, fate: Fate,
    ) -> UUID:  # fmt: skip
        deal, chance = self.names.uuid(), self.random.random
        owner = self.random.choice(company.members)
        direction = Direction.INBOUND if fate.respond_by else Direction.OUTBOUND
        self.deals.add(
            deal, company.id, company.location.pk, engagement, self._reference(), direction, type,
            customer.id, customer.name, customer.city, customer.country, terms.name, terms.value,
            terms.currency, terms.close_date,
            self.names.digits("OPP-2######") if chance() < 0.6 else "",
            f"FY{fate.created_at.year % 100}-LOAD" if chance() < 0.3 else "",
            self.random.choice(self._notes) if chance() < 0.5 and fate.is_answered else "",
            fate.status, fate.stage, fate.respond_by, fate.answered_at, fate.closed_at,
            fate.reason, None if fate.respond_by else owner.membership.user_id,
            fate.created_at, fate.changed_at,
        )  # fmt: skip
        self._parts(company, deal, fate)
        self._history(company, deal, fate)
        return deal

    def _parts(self, company: CrowdCompany, deal: UUID, fate: Fate) -> None:
        if fate.is_answered:
            first = self.random.randrange(len(company.members))
            for position in range(self.random.choice((1, 1, 2, 3))):
                one = company.members[(first + position) % len(company.members)]
                person = one.person
                self.team.add(
                    self.names.uuid(), company.id, deal, one.membership.pk, person.first_name,
                    person.last_name, person.phone, person.email, position, fate.created_at,
                )  # fmt: skip
        for position, solution in enumerate(self._some_solutions(company)):
            self.solutions.add(
                company.id, deal, solution.pk, solution.code, solution.name,
                company.organization.name, position,
            )  # fmt: skip
        # Fewer than anybody would notice, but of every age and status.
        if self.random.random() < 50 / company.size.deals:
            reader = company.members[0].membership.pk
            self.favorites.add(company.id, reader, deal, fate.changed_at)

    def _some_solutions(self, company: CrowdCompany) -> list[Solution]:
        return self.random.sample(company.solutions, self.random.choice((1, 1, 2)))

    def _history(self, company: CrowdCompany, deal: UUID, fate: Fate) -> None:
        begun = EventKind.RECEIVED if fate.respond_by else EventKind.CREATED
        self._event(company, deal, begun, fate.created_at)
        if fate.is_answered and fate.answered_at:
            self._event(company, deal, EventKind.ACCEPTED, fate.answered_at)
        if fate.is_answered and fate.stage not in (begun, EventKind.ACCEPTED):
            self._event(company, deal, EventKind.STAGE_MARKED, fate.changed_at, stage=fate.stage)
        if fate.closed_at:
            ending, data = _ENDINGS[fate.status], {"reason": fate.reason} if fate.reason else {}
            self._event(company, deal, ending, fate.closed_at, **data)

    def _event(
        self, company: CrowdCompany, deal: UUID, kind: EventKind, at: datetime, **data: str
    ) -> None:
        membership = company.members[0].membership
        self.events.add(
            company.id, deal, kind, at, membership.user_id, membership.user.full_name,
            json.dumps({"version": 1, **data}),
        )  # fmt: skip

    def _contact(
        self, company: CrowdCompany, deal: UUID, customer: KnownCustomer, at: datetime
    ) -> None:
        one = self.names.person(customer.country, domain="customer.example")
        consent_by = company.members[0].membership.user_id
        self.contacts.add(
            company.id, deal, one.first_name, one.last_name, one.phone, one.email, consent_by, at,
            at,
        )  # fmt: skip

    def _referral(
        self, engagement: UUID, customer: KnownCustomer, terms: Terms,
        sent: tuple[CrowdCompany, UUID, Fate], received: tuple[CrowdCompany, UUID, Fate],
    ) -> None:  # fmt: skip
        (sender, deal, fate), (recipient, their_deal, theirs) = sent, received
        team = [asdict(recipient.members[0].person)] if theirs.is_answered else []
        address = {name: value for name, value in vars(customer).items() if name != "id"}
        self.referrals.add(
            self.names.uuid(), engagement, sender.id, sender.organization.name, deal, recipient.id,
            recipient.organization.name, their_deal, recipient.is_vendor, terms.name, terms.value,
            terms.currency, terms.close_date, HelpType.GENERAL, "Please join us.",
            json.dumps(address), json.dumps([asdict(sender.members[0].person)]),
            json.dumps([_offered(one) for one in self._some_solutions(recipient)]),
            fate.created_at, theirs.respond_by, fate.status, fate.stage, theirs.status,
            theirs.stage, json.dumps(team),
            theirs.reason if theirs.status == Status.DECLINED else "", theirs.answered_at,
        )  # fmt: skip

    def _reference(self) -> str:
        self._number += 1
        left, letters = self._number * _SPREAD % _REFERENCES, ""
        for _position in range(8):
            left, digit = divmod(left, len(_REFERENCE_LETTERS))
            letters += _REFERENCE_LETTERS[digit]
        return f"CO-{letters[:4]}-{letters[4:]}"


def _type_of(sender: CrowdCompany, recipient: CrowdCompany | None) -> DealType:
    if recipient is None:
        return DealType.PRIVATE
    return DealType.CO_SELL if sender.is_vendor or recipient.is_vendor else DealType.P2P


def _offered(solution: Solution) -> dict[str, str]:
    return {
        "id": str(solution.pk),
        "code": solution.code,
        "name": solution.name,
        "owner": solution.organization.name,
    }
