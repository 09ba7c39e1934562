"""The organisations of the load, each with people, solutions and customers of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.auth.hashers import make_password

from deals.parts import Person
from demo.companies import PASSWORD
from demo.crowd.plan import Size
from demo.names import Names
from partners.models import (
    CoSellStatus,
    Kind,
    Location,
    Membership,
    Organization,
    OrganizationAccount,
    Solution,
    User,
)
from partners.permissions import Role

_PARTNER_ROLES = (Role.REFERRALS_ADMIN, Role.REFERRALS_USER, Role.MPN_ADMIN)
_VENDOR_ROLES = (Role.VENDOR_SELLER, Role.REVIEWER, Role.VENDOR_ADMIN)
_DEALS_A_CUSTOMER = 5
# Nobody works on thousands of deals.
_DEALS_A_PERSON, _MOST_PEOPLE = 400, 250


@dataclass(frozen=True)
class Member:
    membership: Membership
    person: Person


@dataclass(frozen=True)
class KnownCustomer:
    """Written when its first deal is."""

    id: UUID
    name: str
    street: str
    postal_code: str
    city: str
    country: str
    duns: str


@dataclass
class CrowdCompany:
    size: Size
    organization: Organization
    location: Location
    members: list[Member]
    solutions: list[Solution]
    customers: list[KnownCustomer] = field(default_factory=list)

    @property
    def id(self) -> UUID:
        return self.organization.pk

    @property
    def is_vendor(self) -> bool:
        return self.organization.is_vendor


def create_companies(sizes: Sequence[Size], names: Names) -> list[CrowdCompany]:
    """Everybody signs in as <role>@<slug>.example with the demo's password."""
    password = make_password(PASSWORD)
    return [_company(number, size, names, password) for number, size in enumerate(sizes)]


def new_customer(names: Names) -> KnownCustomer:
    country = names.random.choice(list(names.countries))
    words = names.countries[country]
    pick = names.random.choice
    city = pick(words["cities"])
    return KnownCustomer(
        id=names.uuid(),
        name=f"{pick(words['brands'])} {pick(words['trades'])} {pick(words['legal'])}",
        street=f"{pick(words['streets'])} {names.random.randint(1, 180)}",
        postal_code=names.digits(city[1]),
        city=city[0],
        country=country,
        duns=names.digits("#########"),
    )


def _company(number: int, size: Size, names: Names, password: str) -> CrowdCompany:
    country = names.random.choice(list(names.countries))
    organization = Organization.objects.create(
        id=names.uuid(),
        slug=size.slug,
        name=size.slug.replace("-", " ").title(),
        kind=Kind.VENDOR if size.is_vendor else Kind.PARTNER,
        country=country,
    )
    OrganizationAccount.objects.create(organization=organization, mpn_id=f"7{number:06}")
    location = Location.objects.create(
        id=names.uuid(), organization=organization, name="Head office", is_main=True,
        city=names.countries[country]["cities"][0][0], country=country, mpn_location_id="7000001",
    )  # fmt: skip
    members = _members(organization, size, names, password)
    return CrowdCompany(size, organization, location, members, _solutions(organization, names), [
        new_customer(names) for _number in range(size.deals // _DEALS_A_CUSTOMER + 1)
    ])  # fmt: skip


def _members(organization: Organization, size: Size, names: Names, password: str) -> list[Member]:
    """One of each role, the first of whom sees every deal, and as many who work on them."""
    roles = list(_VENDOR_ROLES if size.is_vendor else _PARTNER_ROLES)
    workers = min(_MOST_PEOPLE, size.deals // _DEALS_A_PERSON)
    roles += [Role.VENDOR_SELLER if size.is_vendor else Role.REFERRALS_USER] * workers
    members = [
        _member(organization, role, "" if number < 3 else f"-{number}", names, password)
        for number, role in enumerate(roles)
    ]
    User.objects.bulk_create(one.membership.user for one in members)
    Membership.objects.bulk_create(one.membership for one in members)
    return members


def _member(
    organization: Organization, role: Role, number: str, names: Names, password: str
) -> Member:
    email = f"{role.value.replace('_', '-')}{number}@{organization.slug}.example"
    someone = names.person(organization.country, domain="load.example")
    person = Person(someone.first_name, someone.last_name, someone.phone, email)
    user = User(
        id=names.uuid(), email=email, first_name=person.first_name, last_name=person.last_name,
        phone=person.phone, password=password,
    )  # fmt: skip
    return Member(
        Membership(id=names.uuid(), organization=organization, user=user, role=role), person
    )


def _solutions(organization: Organization, names: Names) -> list[Solution]:
    return Solution.objects.bulk_create(
        Solution(
            id=names.uuid(),
            organization=organization,
            code=f"SOL-{names.digits('####')}-{names.code(4)}",
            name=f"{organization.name} {what}",
            status=CoSellStatus.INCENTIVE_ELIGIBLE,
            is_published=True,
        )
        for what in ("Migration", "Data Platform", "Security", "Workplace")
    )
