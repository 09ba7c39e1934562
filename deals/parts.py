"""What a deal consists of besides its own columns: its people, solutions, customer and contact."""

from collections.abc import Container, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from cosell.core.errors import Refused
from deals.models import (
    Customer,
    CustomerContact,
    Deal,
    DealSolution,
    ReferenceCustomer,
    TeamMember,
)
from partners.models import Membership, Organization, Solution
from partners.queries import choosable_solutions

MAX_TEAM = MAX_SOLUTIONS = 50


@dataclass(frozen=True)
class Person:
    first_name: str
    last_name: str
    phone: str
    email: str


def person_of(source: TeamMember | CustomerContact) -> Person:
    return Person(source.first_name, source.last_name, str(source.phone), source.email)


def write_team(deal: Deal, team: Sequence[Person]) -> None:
    """Make this the team; people who stay keep their rows."""
    emails = _checked_emails(team)
    known = {row.email.lower(): row for row in deal.team.all()}
    linked = _memberships_by_email(deal.organization_id, emails)
    TeamMember.objects.filter(
        pk__in=[row.pk for email, row in known.items() if email not in emails]
    ).delete()
    for position, (email, person) in enumerate(zip(emails, team, strict=True)):
        row = known.get(email) or TeamMember(organization_id=deal.organization_id, deal=deal)
        row.membership_id = linked.get(email)
        row.position = position
        for field, value in asdict(person).items():
            setattr(row, field, value)
        known[email] = row
    rows = [known[email] for email in emails]
    TeamMember.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[
            "membership", "position", "first_name", "last_name", "phone", "email"
        ],
    )  # fmt: skip


def _checked_emails(team: Sequence[Person]) -> list[str]:
    if not team:
        raise Refused("team", _("A deal needs at least one team member."), field="team")
    if len(team) > MAX_TEAM:
        raise Refused(
            "team", _("A team has at most %(max)s members.") % {"max": MAX_TEAM}, field="team"
        )
    emails = [person.email.lower() for person in team]
    if len(set(emails)) != len(emails):
        raise Refused("team", _("Two team members have the same e-mail address."), field="team")
    return emails


def _memberships_by_email(organization_id: UUID, emails: Sequence[str]) -> dict[str, UUID]:
    """Only an active member of the same organisation is linked, and so gets access (3.5)."""
    members = Membership.objects.filter(
        organization_id=organization_id, is_active=True, user__is_active=True
    ).annotate(mail=Lower("user__email"))
    return dict(members.filter(mail__in=emails).values_list("mail", "pk"))


def write_contact(deal: Deal, contact: Person, *, consent_by: UUID | None) -> None:
    CustomerContact.objects.update_or_create(
        deal=deal,
        defaults={
            "organization_id": deal.organization_id,
            "consent_by_id": consent_by,
            "consent_at": timezone.now() if consent_by else None,
            **asdict(contact),
        },
    )


def write_solutions(
    deal: Deal, solutions: Sequence[Solution], *, kept: Container[UUID] = ()
) -> None:
    """`kept` are those that the deal carries already: they may be retired by now (3.6)."""
    if not solutions:
        raise Refused("solutions", _("Choose at least one solution."), field="solutions")
    if len(solutions) > MAX_SOLUTIONS:
        raise Refused(
            "solutions",
            _("A deal has at most %(max)s solutions.") % {"max": MAX_SOLUTIONS},
            field="solutions",
        )
    check_kinds(solutions, is_assessment=deal.is_assessment)
    _check_offered([solution for solution in solutions if solution.pk not in kept])
    DealSolution.objects.bulk_create(
        DealSolution(
            organization_id=deal.organization_id,
            deal=deal,
            solution=solution,
            code=solution.code,
            name=solution.name,
            owner_name=solution.organization.name,
            position=position,
        )
        for position, solution in enumerate(solutions)
    )


def check_kinds(solutions: Sequence[Solution], *, is_assessment: bool) -> None:
    """An assessment deal has one type of assessment and nothing else; other deals have none (3.6).

    The database has the same rule, `deal_solutions_fit_type`.
    """
    of_assessment = [solution.is_assessment for solution in solutions]
    if is_assessment and of_assessment != [True]:
        raise Refused(
            "one_assessment",
            _("A solution assessment has exactly one type of assessment and no other solution."),
            field="solutions",
        )
    if not is_assessment and any(of_assessment):
        raise Refused(
            "assessment_alone",
            _("A solution assessment is a deal of its own; this deal cannot have one."),
            field="solutions",
        )


def _check_offered(solutions: Sequence[Solution]) -> None:
    wanted = {solution.pk: solution for solution in solutions}
    offered = choosable_solutions().filter(pk__in=wanted).values_list("pk", flat=True)
    missing = [wanted[pk].name for pk in wanted.keys() - set(offered)]
    if missing:
        raise Refused(
            "not_offered",
            _("No longer on offer: %(names)s.") % {"names": ", ".join(sorted(missing))},
            field="solutions",
        )


def customer_from_directory(organization: Organization, reference: ReferenceCustomer) -> Customer:
    """The organisation's own entry of a company in the directory, made on first use."""
    own = Customer.objects.filter(organization=organization, reference=reference)
    if not own.exists():
        # A colleague may be making the same entry at this moment.
        entry = Customer(organization=organization, reference=reference, **address_of(reference))
        Customer.objects.bulk_create([entry], ignore_conflicts=True)
    return own.get()


def address_of(customer: Customer | ReferenceCustomer) -> dict[str, str]:
    return {
        "name": customer.name,
        "street": customer.street,
        "postal_code": customer.postal_code,
        "city": customer.city,
        "country": customer.country,
        "duns": customer.duns,
    }


def customer_columns(customer: Customer) -> dict[str, Any]:
    return {
        "customer": customer,
        "customer_name": customer.name,
        "customer_city": customer.city,
        "customer_country": customer.country,
    }
