"""The demo's companies: organisations, locations, people and solutions."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password

from deals.parts import Person
from demo.names import Names, load
from partners.models import (
    Kind,
    Location,
    Membership,
    Organization,
    OrganizationAccount,
    Solution,
    SolutionContact,
    SolutionKind,
    User,
    Vetting,
)
from partners.models.solutions import CoSellStatus
from partners.permissions import Permission, Role

PASSWORD = "demo"  # noqa: S105 (everybody may know it)
NOBODY = ("nobody@nowhere.example", "Noor", "Visser")
# Somebody in two organisations, for the switcher.
SECOND_MEMBERSHIP = ("piotr@contoso.example", "adventure-works", Role.OBSERVER)


@dataclass(frozen=True)
class Colleague:
    person: Person
    user: User | None
    membership: Membership | None

    @property
    def name(self) -> str:
        return f"{self.person.first_name} {self.person.last_name}"

    @property
    def may_work(self) -> bool:
        return self.membership is not None and self.membership.may(Permission.EDIT_DEALS)


@dataclass
class Company:
    organization: Organization
    locations: list[Location] = field(default_factory=list)
    people: list[Colleague] = field(default_factory=list)
    solutions: list[tuple[Solution, list[str]]] = field(default_factory=list)
    assessments: list[Solution] = field(default_factory=list)

    @property
    def workers(self) -> list[Colleague]:
        return [person for person in self.people if person.may_work]

    @property
    def contacts(self) -> list[Colleague]:
        """Colleagues without an account, who stand on teams."""
        return [person for person in self.people if person.user is None]

    def location_for(self, country: str) -> Location:
        found = (location for location in self.locations if location.country == country)
        return next(found, self.locations[0])

    def solutions_for(self, theme: str) -> list[Solution]:
        """What may be put on a deal about a theme."""
        return [
            solution
            for solution, themes in self.solutions
            if theme in themes and solution.is_published and not solution.retired_at
        ]


def load_companies(names: Names, *, founded: datetime) -> dict[str, Company]:
    """All organisations with what belongs to them, by slug."""
    password = make_password(PASSWORD)
    companies = {
        slug: _company(names, slug, given, password=password, founded=founded)
        for slug, given in load("organizations").items()
    }
    _add_second_membership(companies)
    _record_vettings(companies)
    email, first_name, last_name = NOBODY
    User.objects.create(
        id=names.uuid(), email=email, first_name=first_name, last_name=last_name, password=password
    )
    return companies


def _company(
    names: Names, slug: str, given: dict[str, Any], *, password: str, founded: datetime
) -> Company:
    organization = Organization.objects.create(
        id=names.uuid(),
        slug=slug,
        name=given["name"],
        kind=Kind(given["kind"]),
        country=given["country"],
    )
    OrganizationAccount.objects.create(
        organization=organization,
        mpn_id=given["mpn_id"],
        vetted_for_assessments_at=founded if given.get("is_vetted") else None,
    )
    company = Company(organization, locations=_locations(names, organization, given))
    company.people = _people(names, organization, given, password=password)
    company.solutions = [
        (_solution(names, organization, *row[:3], retired_at=None if row[1] else founded), row[3])
        for row in given["solutions"]
    ]
    company.assessments = [
        _solution(
            names, organization, name, 1, summary, retired_at=None, kind=SolutionKind.ASSESSMENT
        )
        for name, summary in given.get("assessments", [])
    ]
    _add_solution_contacts(company)
    return company


def _locations(names: Names, organization: Organization, given: dict[str, Any]) -> list[Location]:
    return Location.objects.bulk_create(
        Location(
            id=names.uuid(),
            organization=organization,
            name=name,
            city=city,
            country=country,
            mpn_location_id=names.digits("5######"),
            is_main=position == 0,
        )
        for position, (name, city, country) in enumerate(given["locations"])
    )


def _people(
    names: Names, organization: Organization, given: dict[str, Any], *, password: str
) -> list[Colleague]:
    phone = names.countries[given["country"]]["phone"]
    people = []
    for login, first_name, last_name, role in given["people"]:
        email = f"{login}@{given['domain']}"
        person = Person(first_name, last_name, names.digits(phone), email)
        user = membership = None
        if role:
            user = User.objects.create(
                id=names.uuid(),
                email=email,
                first_name=first_name,
                last_name=last_name,
                phone=person.phone,
                password=password,
            )
            membership = Membership.objects.create(
                id=names.uuid(), organization=organization, user=user, role=Role(role)
            )
        people.append(Colleague(person, user, membership))
    return people


def _solution(
    names: Names,
    organization: Organization,
    name: str,
    status: int,
    summary: str,
    *,
    retired_at: datetime | None,
    kind: SolutionKind = SolutionKind.SOLUTION,
) -> Solution:
    is_assessment = kind == SolutionKind.ASSESSMENT
    return Solution.objects.create(
        id=names.uuid(),
        organization=organization,
        kind=kind,
        code=f"{'SA' if is_assessment else 'SOL'}-{names.digits('####')}-{names.code(4)}",
        name=name,
        summary=summary,
        status=CoSellStatus(max(status, CoSellStatus.IN_MARKET)),
        is_published=is_assessment or status >= CoSellStatus.CO_SELL_READY,
        retired_at=retired_at,
    )


def _add_solution_contacts(company: Company) -> None:
    offered = [solution for solution, _themes in company.solutions] + company.assessments
    SolutionContact.objects.bulk_create(
        SolutionContact(
            organization=company.organization,
            solution=solution,
            name=colleague.name,
            email=colleague.person.email,
        )
        for position, solution in enumerate(offered)
        for colleague in (company.contacts[position % len(company.contacts)],)
    )


def _record_vettings(companies: dict[str, Company]) -> None:
    """By the vendor's admin, on the day the company joined."""
    (vendor,) = (one for one in companies.values() if one.organization.is_vendor)
    admin = next(
        one for one in vendor.people
        if one.membership and one.membership.may(Permission.MANAGE_PARTNERS)
    )  # fmt: skip
    vetted = OrganizationAccount.objects.filter(vetted_for_assessments_at__isnull=False)
    since = vetted.values_list("pk", "vetted_for_assessments_at")
    Vetting.objects.bulk_create(
        Vetting(
            organization=vendor.organization,
            partner_id=partner,
            is_vetted=True,
            at=at,
            by=admin.user,
            by_name=admin.name,
        )
        for partner, at in since
        if at
    )


def _add_second_membership(companies: dict[str, Company]) -> None:
    email, slug, role = SECOND_MEMBERSHIP
    Membership.objects.create(
        organization=companies[slug].organization, user=User.objects.get(email=email), role=role
    )
