"""The cast of docs/architecture.md, and the deals that tests make with it through the services."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import override_settings
from django.utils import timezone
from django.utils.text import slugify

from cosell.core.tenancy import APP_ROLE, database_identity
from deals.models import Deal
from deals.parts import Person, customer_from_directory
from deals.services import Details, create_deal
from deals.stages import DealType
from partners.models import (
    CoSellStatus,
    Kind,
    Location,
    Membership,
    Organization,
    Solution,
    SolutionKind,
)
from partners.permissions import Role
from referrals.models import HelpType, Referral
from referrals.offers import Invitation
from referrals.services import accept_referral, invite
from tests.factories import (
    LocationFactory,
    MembershipFactory,
    OrganizationAccountFactory,
    OrganizationFactory,
    ReferenceCustomerFactory,
    SolutionFactory,
    UserFactory,
    VettingFactory,
)
from tests.identity import as_owner

CONTACT = Person("Ewa", "Zielińska", "+48221234567", "ewa@customer.example")


@dataclass
class Company:
    organization: Organization
    location: Location
    solution: Solution

    @property
    def pk(self) -> UUID:
        return self.organization.pk

    @property
    def slug(self) -> str:
        return self.organization.slug


@dataclass
class World:
    contoso: Company
    fabrikam: Company
    outsider: Company
    microsoft: Company
    anna: Membership
    bob: Membership
    piotr: Membership
    olga: Membership
    frank: Membership
    mallory: Membership
    sam: Membership
    rita: Membership
    victor: Membership
    assessment: Solution
    others: list[Company] = field(default_factory=list)

    @property
    def cast(self) -> dict[str, Membership]:
        return {name: one for name, one in vars(self).items() if isinstance(one, Membership)}

    def company_of(self, member: Membership) -> Company:
        companies = (self.contoso, self.fabrikam, self.outsider, self.microsoft, *self.others)
        return next(one for one in companies if one.pk == member.organization_id)

    def as_member(self, member: Membership) -> Any:
        return database_identity(APP_ROLE, organization=member.organization_id)

    def deal(
        self,
        member: Membership | None = None,
        *,
        type: DealType = DealType.CO_SELL,
        contact: Person | None = CONTACT,
        team: list[Person] | None = None,
        **details: Any,
    ) -> Deal:
        """A created deal of this member's organisation, on a customer of its own."""
        member = member or self.anna
        company = self.company_of(member)
        reference = ReferenceCustomerFactory()
        with self.as_member(member):
            return create_deal(
                member,
                type=type,
                customer=customer_from_directory(company.organization, reference),
                location=company.location,
                details=details_of(**details),
                team=team or [person_of_member(member)],
                solutions=[self.assessment if type == DealType.ASSESSMENT else company.solution],
                contact=contact,
                consent=contact is not None,
            )

    def referral(
        self,
        deal: Deal | None = None,
        *,
        sender: Membership | None = None,
        recipient: Company | None = None,
        **offer: Any,
    ) -> Referral:
        """An invitation that waits for its answer: by default Contoso's to the vendor."""
        sender = sender or self.anna
        deal = deal or self.deal(sender)
        recipient = recipient or self.microsoft
        company = self.company_of(sender)
        given = {
            "value": deal.value,
            "currency": deal.currency,
            "close_date": deal.close_date,
            "help_type": HelpType.ARCHITECTURE,
            "message": "Help us with the architecture.",
            "people": [person_of_member(sender)],
            "solutions": [recipient.solution],
            "shares_contact": True,
            **offer,
        }
        with self.as_member(sender):
            return invite(
                deal,
                sender=company.organization,
                recipient=recipient.organization,
                actor=sender.actor,
                offer=Invitation(**given),
            )

    def accepted(self, referral: Referral | None = None, *, by: Membership | None = None) -> Deal:
        """The recipient's deal after `by` (Sam) accepted."""
        referral = referral or self.referral()
        by = by or self.sam
        with self.as_member(by):
            deal = Deal.objects.get(pk=referral.recipient_deal_id)
            details = details_of(
                name=deal.name, value=deal.value, currency=deal.currency, close_date=deal.close_date
            )
            return accept_referral(
                deal, actor=by.actor, details=details, team=[person_of_member(by)]
            )

    def overdue_referral(self, deal: Deal | None = None, **given: Any) -> Referral:
        """An invitation whose time to answer was over as soon as it was sent."""
        with override_settings(INVITATION_DAYS=0):
            return self.referral(deal, **given)


def person_of_member(member: Membership) -> Person:
    user = member.user
    return Person(user.first_name, user.last_name, str(user.phone), user.email)


def details_of(**given: Any) -> Details:
    return Details(
        **{
            "name": "Data platform",
            "value": Decimal("25000.00"),
            "currency": "EUR",
            "close_date": timezone.localdate() + timedelta(days=60),
            **given,
        }
    )


def build_world() -> World:
    """Made once a process; later its rows are written again, which is much faster."""
    with as_owner():
        if _made:
            with connection.cursor() as cursor:
                cursor.execute(";".join([*_inserts, _SEEN_NOW]))
        else:
            with connection.execute_wrapper(_write_down):
                _made.append(_build_world())
    return deepcopy(_made[0])


# Who was not seen for long is noted with the next request, which tests do not count.
_SEEN_NOW = "UPDATE partners_membership SET last_seen_at = statement_timestamp()"
_made: list[World] = []
_inserts: list[str] = []


def _write_down(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    _inserts.append(context["cursor"].mogrify(sql, params))
    return execute(sql, params, many, context)


def _build_world() -> World:
    contoso = _company("Contoso", is_vetted=True)
    fabrikam = _company("Fabrikam")
    outsider = _company("Outsider")
    microsoft = _company("Microsoft", kind=Kind.VENDOR)
    VettingFactory(organization=microsoft.organization, partner=contoso.organization)
    return World(
        contoso,
        fabrikam,
        outsider,
        microsoft,
        anna=_member(contoso, "Anna", "Kowalska", Role.REFERRALS_ADMIN),
        bob=_member(contoso, "Bob", "Baker", Role.REFERRALS_USER),
        piotr=_member(contoso, "Piotr", "Nowak", Role.MPN_ADMIN),
        olga=_member(contoso, "Olga", "Wójcik", Role.OBSERVER),
        frank=_member(fabrikam, "Frank", "Fischer", Role.REFERRALS_ADMIN),
        mallory=_member(outsider, "Mallory", "Moore", Role.REFERRALS_ADMIN),
        sam=_member(microsoft, "Sam", "Seller", Role.VENDOR_SELLER),
        rita=_member(microsoft, "Rita", "Reviewer", Role.REVIEWER),
        victor=_member(microsoft, "Victor", "Vance", Role.VENDOR_ADMIN),
        assessment=assessment_type(microsoft, "Cloud Economics Assessment"),
    )


def add_partner(world: World, name: str) -> Membership:
    """One more partner, and its referrals admin, for tests that need more than the cast."""
    company = _company(name)
    world.others.append(company)
    return _member(company, "Nora", "Novak", Role.REFERRALS_ADMIN)


def assessment_type(microsoft: Company, name: str) -> Solution:
    return SolutionFactory(
        organization=microsoft.organization,
        kind=SolutionKind.ASSESSMENT,
        name=name,
        status=CoSellStatus.IN_MARKET,
    )


def _company(name: str, *, kind: Kind = Kind.PARTNER, is_vetted: bool = False) -> Company:
    organization = OrganizationFactory(name=name, slug=slugify(name), kind=kind)
    OrganizationAccountFactory(
        organization=organization,
        vetted_for_assessments_at=timezone.now() if is_vetted else None,
    )
    location = LocationFactory(organization=organization, name=f"{name} main", is_main=True)
    solution = SolutionFactory(
        organization=organization, name=f"{name} Suite", status=CoSellStatus.INCENTIVE_ELIGIBLE
    )
    return Company(organization, location, solution)


def _member(company: Company, first_name: str, last_name: str, role: Role) -> Membership:
    user = UserFactory(
        first_name=first_name,
        last_name=last_name,
        email=f"{first_name.lower()}@{company.slug}.example",
    )
    return MembershipFactory(organization=company.organization, user=user, role=role)
