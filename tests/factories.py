"""Rows that tests need; written as the owner, whatever the test rests as."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from deals.models import Customer, ReferenceCustomer
from partners.models import (
    CoSellRequest,
    CoSellStatus,
    DirectoryTenant,
    JoinInvitation,
    Location,
    Membership,
    Organization,
    OrganizationAccount,
    Solution,
    SolutionContact,
    TenantLinkRequest,
    User,
    Vetting,
)
from partners.origins import tenant_of_domain
from partners.permissions import Role
from tests.identity import as_owner


class OwnerFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        with as_owner():
            return super()._create(model_class, *args, **kwargs)


class UserFactory(OwnerFactory):
    class Meta:
        model = User

    first_name = factory.Faker("first_name")
    last_name = factory.Faker("last_name")
    email = factory.Sequence(lambda number: f"person{number}@example.com")
    phone = "+48 22 123 45 67"
    # Hashing is slow; tests that sign in with a password set one.
    password = "!"


class OrganizationFactory(OwnerFactory):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda number: f"Company {number}")
    slug = factory.Sequence(lambda number: f"company-{number}")
    country = "PL"


class OrganizationAccountFactory(OwnerFactory):
    class Meta:
        model = OrganizationAccount

    mpn_id = factory.Sequence(lambda number: f"{4000000 + number}")


class VettingFactory(OwnerFactory):
    class Meta:
        model = Vetting

    is_vetted = True
    by_name = "Victor Vance"


class LocationFactory(OwnerFactory):
    class Meta:
        model = Location

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda number: f"Office {number}")
    city = "Warszawa"
    country = "PL"
    mpn_location_id = factory.Sequence(lambda number: f"{5000000 + number}")


class MembershipFactory(OwnerFactory):
    class Meta:
        model = Membership

    organization = factory.SubFactory(OrganizationFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.REFERRALS_ADMIN
    # A visit is written down every quarter of an hour, and would count among a page's statements.
    last_seen_at = factory.LazyFunction(timezone.now)


class JoinInvitationFactory(OwnerFactory):
    class Meta:
        model = JoinInvitation

    organization = factory.SubFactory(OrganizationFactory)
    email = factory.Sequence(lambda number: f"newcomer{number}@example.com")
    role = Role.OBSERVER
    secret_hash = factory.Sequence(lambda number: f"{number:064}")
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))
    invited_by = factory.SubFactory(UserFactory)


class SolutionFactory(OwnerFactory):
    class Meta:
        model = Solution

    organization = factory.SubFactory(OrganizationFactory)
    code = factory.Sequence(lambda number: f"SOL-{1000 + number}-TEST")
    name = factory.Sequence(lambda number: f"Solution {number}")
    status = CoSellStatus.CO_SELL_READY
    is_published = True


class CoSellRequestFactory(OwnerFactory):
    class Meta:
        model = CoSellRequest

    solution = factory.SubFactory(SolutionFactory)
    organization = factory.SelfAttribute("solution.organization")
    wanted = CoSellStatus.INCENTIVE_ELIGIBLE
    code = factory.SelfAttribute("solution.code")
    name = factory.SelfAttribute("solution.name")
    summary = "What it does."
    asked_by_name = "Piotr Nowak"
    asked_by_email = "piotr@contoso.example"


class DirectoryTenantFactory(OwnerFactory):
    class Meta:
        model = DirectoryTenant

    domain = factory.Sequence(lambda number: f"company{number}.example")
    tenant_id = factory.LazyAttribute(lambda row: tenant_of_domain(row.domain).id)
    linked_by_name = "Piotr Nowak"


class TenantLinkRequestFactory(OwnerFactory):
    class Meta:
        model = TenantLinkRequest

    organization = factory.SelfAttribute("membership.organization")
    domain = "nordic.example"
    tenant_id = factory.LazyAttribute(lambda row: tenant_of_domain(row.domain).id)
    asked_by_name = "Nora Nilsson"
    asked_by_email = "nora@nordic.example"


class SolutionContactFactory(OwnerFactory):
    class Meta:
        model = SolutionContact

    solution = factory.SubFactory(SolutionFactory)
    organization = factory.SelfAttribute("solution.organization")
    email = factory.Sequence(lambda number: f"solution{number}@example.com")


class ReferenceCustomerFactory(OwnerFactory):
    class Meta:
        model = ReferenceCustomer

    name = factory.Sequence(lambda number: f"Customer {number}")
    street = "ul. Prosta 1"
    postal_code = "00-001"
    city = "Warszawa"
    country = "PL"
    duns = factory.Sequence(lambda number: f"{300000000 + number}")


class CustomerFactory(OwnerFactory):
    class Meta:
        model = Customer

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda number: f"Customer {number}")
    city = "Warszawa"
    country = "PL"
