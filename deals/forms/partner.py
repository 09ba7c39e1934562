"""What the vendor offers one partner: which solutions to bring, for how much, until when (3.9)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cosell.core.money import currency_choices
from deals.forms.details import AmountField, DateField, check_precision
from deals.forms.help import MessageField
from partners.models import Organization, Solution
from partners.queries import partner_solutions
from referrals.models import HelpType


class SolutionBoxes(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic when run
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Solution) -> str:
        return str(obj)


class PartnerForm(forms.Form):
    """Everything but the partner itself, which is chosen from a list."""

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
    shares_contact = forms.BooleanField(required=False)

    def __init__(
        self, *args: Any, partner: Organization, inviter: Organization, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        named = {"company": partner.name}
        self.fields["bring"] = SolutionBoxes(
            label=gettext("Solutions that %(company)s should bring") % named,
            queryset=partner_solutions(besides=inviter.pk).filter(organization=partner),
            error_messages={
                "required": _("Choose at least one solution."),
                "invalid_choice": _("A chosen solution is no longer offered."),
            },
        )
        self.fields["shares_contact"].label = (
            gettext("Share the customer's contact with %(company)s") % named
        )
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
