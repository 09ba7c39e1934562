"""What is offered to one partner: what it should bring, for how much, until when (3.9)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cosell.core.money import country_name, currency_choices
from deals.forms.amounts import AmountField
from deals.forms.details import DateField, check_precision
from deals.forms.help import MessageField
from deals.parts import Person
from partners.models import Organization, Solution
from referrals.models import HelpType, Referral
from referrals.offers import Invitation
from referrals.queries import Place


@dataclass(frozen=True)
class Partner:
    """A partner that was chosen, with what there is to choose from."""

    organization: Organization
    solutions: Sequence[Solution]
    places: Sequence[Place]
    # Earlier invitations to the same deal (5.6).
    history: Sequence[Referral] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        return f"offer-{self.organization.pk.hex}"


class PartnerForm(forms.Form):
    """Everything but the partner itself, which is chosen from a list."""

    bring = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one solution."),
            "invalid_choice": _("A chosen solution is no longer offered."),
        },
    )
    value = AmountField(label=_("Value of their part"))
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    close_date = DateField(label=_("Estimated close date"))
    help_type = forms.ChoiceField(
        label=_("Type of help"),
        choices=HelpType.choices,
        widget=forms.RadioSelect,
        initial=HelpType.GENERAL,
    )
    message = MessageField()
    people = forms.MultipleChoiceField(
        label=_("Our people who will work with them"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Name at least one of your people."),
            "invalid_choice": _("Somebody you chose is no longer on the team."),
        },
    )
    location = forms.ChoiceField(
        label=_("Location"),
        required=False,
        error_messages={"invalid_choice": _("This location is not available any more.")},
    )
    shares_contact = forms.BooleanField(required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        partner: Partner,
        people: Sequence[Person],
        may_share: bool,
        initial: dict[str, Any] | None = None,
    ) -> None:
        """`may_share`: whether there is a contact that the customer agreed to share."""
        super().__init__(data, prefix=partner.prefix, initial=initial)
        self.partner = partner
        self._people = {person.email.lower(): person for person in people}
        self._solutions = {str(solution.pk): solution for solution in partner.solutions}
        self._fill_choices()
        self._name_the_partner({"company": partner.organization.name})
        if not may_share:
            del self.fields["shares_contact"]

    def _fill_choices(self) -> None:
        self._choose("bring", [(pk, str(one)) for pk, one in self._solutions.items()])
        self._choose(
            "people",
            [
                (email, f"{person.first_name} {person.last_name}, {person.email}")
                for email, person in self._people.items()
            ],
        )
        places = [
            (str(place.id), f"{place.name}, {place.city}, {country_name(place.country)}")
            for place in self.partner.places
        ]
        self._choose("location", [("", _("The nearest to the customer")), *places])

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a field of choices

    def _name_the_partner(self, named: dict[str, str]) -> None:
        labels = {
            "bring": gettext("Solutions that %(company)s should bring"),
            "shares_contact": gettext(
                "Share the customer's contact with %(company)s; the customer agrees to that"
            ),
        }
        for name, label in labels.items():
            self.fields[name].label = label % named
        self.fields["message"].help_text = (
            gettext("%(company)s reads this. It cannot be changed after sending.") % named
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._check_amount(cleaned)
        if cleaned.get("close_date") and cleaned["close_date"] < timezone.localdate():
            self.add_error("close_date", gettext("Choose a day from today on."))
        wants_help = cleaned.get("help_type") not in (None, HelpType.NONE)
        if wants_help and not cleaned.get("message") and "message" not in self.errors:
            self.add_error("message", gettext("Say what you need help with."))
        return cleaned

    def _check_amount(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("value") is None or not cleaned.get("currency"):
            return
        try:
            check_precision(cleaned["value"], cleaned["currency"])
        except ValidationError as error:
            self.add_error("value", error)

    @property
    def offer(self) -> Invitation:
        cleaned = self.cleaned_data
        return Invitation(
            value=cleaned["value"],
            currency=cleaned["currency"],
            close_date=cleaned["close_date"],
            help_type=HelpType(cleaned["help_type"]),
            message=cleaned["message"],
            people=[self._people[email] for email in cleaned["people"]],
            solutions=[self._solutions[pk] for pk in cleaned["bring"]],
            shares_contact=cleaned.get("shares_contact", False),
            location=UUID(cleaned["location"]) if cleaned["location"] else None,
        )
