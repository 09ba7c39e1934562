"""Who will see what: read from the very invitations that will be sent (3.11)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cosell.core.money import country_name, format_money
from deals.customers import Entry
from deals.models import Customer, ReferenceCustomer
from deals.parts import Person
from deals.views.wizard.partners import PartnersStep
from deals.views.wizard.steps import Step
from deals.views.wizard.wizard import Wizard
from partners.models import Organization, Solution
from referrals.models import HelpType
from referrals.offers import Invitation

Fact = tuple[Any, list[str]]


@dataclass(frozen=True)
class Part:
    """Facts that are changed in one step, or in none."""

    title: str
    step: str
    facts: list[Fact]


@dataclass(frozen=True)
class Audience:
    kind: str
    icon: str
    title: str
    parts: list[Part] = field(default_factory=list)
    note: str = ""


def audiences(wizard: Wizard) -> list[Audience]:
    """One for each company that is invited, and one for what stays with us."""
    shown = [
        _invited(wizard, step, company, offer)
        for step in wizard.steps.values()
        for company, offer in _of(wizard, step)
    ]
    return [*shown, _own(wizard)]


def invitations(wizard: Wizard) -> list[tuple[Organization, Invitation]]:
    """What would be sent now; nothing before every step is right."""
    return [one for step in wizard.steps.values() for one in _of(wizard, step)]


def _of(wizard: Wizard, step: Step) -> list[tuple[Organization, Invitation]]:
    return step.invitations() if wizard.is_complete else []


def create_label(invited: list[tuple[Organization, Invitation]]) -> str:
    if not invited:
        return _("Create deal")
    return _("Create deal and invite %(companies)s") % {"companies": _names(invited)}


def created_message(invited: list[tuple[Organization, Invitation]]) -> str:
    if not invited:
        return _("The deal was created.")
    return _("The deal was created and %(companies)s invited.") % {"companies": _names(invited)}


def _names(invited: list[tuple[Organization, Invitation]]) -> str:
    return ", ".join(company.name for company, _offer in invited)


def _invited(wizard: Wizard, step: Step, company: Organization, offer: Invitation) -> Audience:
    """An offer to a partner is written in its own step; the vendor gets what the deal has."""
    is_own_offer = isinstance(step, PartnersStep)
    contact = [_contact(wizard, agreed=True)] if offer.shares_contact else []
    deal = Part(
        _("Deal"),
        step.key if is_own_offer else "details",
        [
            (_("Deal name"), [wizard.details.form.details.name]),
            (_("Value"), [format_money(offer.value, offer.currency)]),
            (_("Estimated close date"), [date_format(offer.close_date)]),
        ],
    )
    ask = Part(
        _("Help wanted"),
        step.key,
        [
            (_("Type of help"), [str(HelpType(offer.help_type).label)]),
            (_("What is needed"), [offer.message] if offer.message else []),
        ],
    )
    return Audience(
        "vendor" if company.is_vendor else "partner",
        "eye",
        _("Your company and %(company)s") % {"company": company.name},
        [
            _customer(wizard),
            *contact,
            deal,
            _people(offer.people, step=step.key if is_own_offer else "team"),
            _solutions(offer.solutions, step=step.key if is_own_offer else "solutions"),
            ask,
            _from_then_on(company),
        ],
        _("%(company)s gets this when you create the deal.") % {"company": company.name},
    )


def _from_then_on(company: Organization) -> Part:
    """What goes on being shared after the invitation was sent (4.6)."""
    words = _(
        "%(company)s sees the status and the sales stage of your deal as they change, unless it"
        " declines or does not answer in time."
    )
    return Part(
        _("From then on"), "", [(_("Status and sales stage"), [words % {"company": company.name}])]
    )


def _own(wizard: Wizard) -> Audience:
    """Everything that no invitation carries."""
    invited = invitations(wizard)
    if not invited:
        parts = _all_parts(wizard)
    elif any(company.is_vendor for company, _offer in invited):
        parts = []
    else:
        parts = [_our_estimate(wizard), _solutions(wizard.solutions.form.solutions)]
        if not any(offer.shares_contact for _company, offer in invited):
            parts = [_contact(wizard), *parts]
    if wizard.details.is_valid:
        parts = [*parts, _internal(wizard)]
    return Audience("own", "eye-off", _("Only your company"), parts, _why_own(wizard, invited))


def _why_own(wizard: Wizard, invited: list[Any]) -> str:
    if invited:
        return _("Never shown to anybody else.")
    if not wizard.is_complete:
        return _("What others will see appears here once every step is complete.")
    if wizard.is_assessment:
        words = _(
            "This is a solution assessment: nobody can be invited to it, and %(vendor)s sees"
            " nothing."
        )
        return words % {"vendor": wizard.vendor_name}
    return _("This is a private deal: nobody is invited, and %(vendor)s sees nothing.") % {
        "vendor": wizard.vendor_name
    }


def _all_parts(wizard: Wizard) -> list[Part]:
    made: list[tuple[str, Callable[[], Part]]] = [
        ("customer", lambda: _customer(wizard)),
        ("customer", lambda: _contact(wizard)),
        ("details", lambda: _deal(wizard)),
        ("team", lambda: _people(wizard.team.formset.people)),
        ("solutions", lambda: _solutions(wizard.solutions.form.solutions)),
    ]
    return [make() for key, make in made if wizard.steps[key].is_valid]


def _customer(wizard: Wizard) -> Part:
    entry = wizard.customer.entry or Entry(Customer(**wizard.customer.hand_form.address))
    company = entry.company
    return Part(
        _("Customer"),
        "customer",
        [
            (_("Company"), [company.name]),
            (_("Address"), [_address(company)]),
            (_("D-U-N-S number"), [entry.duns] if entry.duns else []),
        ],
    )


def _address(company: Customer | ReferenceCustomer) -> str:
    return f"{company.one_line}, {country_name(company.country)}"


def _contact(wizard: Wizard, *, agreed: bool = False) -> Part:
    """`agreed`: the customer's consent stands in the invitation that shares the contact."""
    form = wizard.contact_form(checked=True)
    person = form.person if form.is_valid() else None
    agreed = agreed or (form.is_valid() and form.has_consent)
    facts: list[Fact] = [(_("Contact"), _written(person))]
    if person and (agreed or "consent" in form.fields):
        facts.append((_("Consent"), [_("The customer agrees") if agreed else _("Not confirmed")]))
    return Part(_("Contact at the customer"), "customer", facts)


def _written(person: Person | None) -> list[str]:
    if person is None:
        return []
    return [f"{person.first_name} {person.last_name}, {person.email}, {person.phone}"]


def _deal(wizard: Wizard) -> Part:
    details = wizard.details.form.details
    return Part(
        _("Deal"),
        "details",
        [
            (_("Deal name"), [details.name]),
            (_("Value"), [format_money(Decimal(details.value), details.currency)]),
            (_("Estimated close date"), [date_format(details.close_date)]),
        ],
    )


def _our_estimate(wizard: Wizard) -> Part:
    """Value and date of our own deal, where the invitation carries others."""
    whole = _deal(wizard)
    return Part(_("Our own estimate"), whole.step, whole.facts[1:])


def _people(people: Any, *, step: str = "team") -> Part:
    written = [line for person in people for line in _written(person)]
    return Part(_("Team"), step, [(_("People"), written)])


def _solutions(solutions: Any, *, step: str = "solutions") -> Part:
    named = [_solution(solution) for solution in solutions]
    if any(solution.is_assessment for solution in solutions):
        return Part(_("Solution assessment"), step, [(_("Type of assessment"), named)])
    return Part(_("Solutions"), step, [(_("Solutions"), named)])


def _solution(solution: Solution) -> str:
    return f"{solution.name}, {solution.organization.name} ({solution.code})"


def _internal(wizard: Wizard) -> Part:
    details, location = wizard.details.form.details, wizard.details.form.chosen_location
    facts = (
        (gettext_lazy("CRM ID"), details.crm_id),
        (gettext_lazy("Campaign ID"), details.campaign_id),
        (gettext_lazy("Our location"), f"{location.name} (MPN {location.mpn_location_id})"),
        (gettext_lazy("Notes"), details.notes),
    )
    listed: list[Fact] = [(label, [text] if text else []) for label, text in facts]
    return Part(_("Internal"), "details", listed)
