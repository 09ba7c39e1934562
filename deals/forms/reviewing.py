"""What a reviewer writes about a registration, and what the vendor's admins set for all (6.4)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cosell.core.money import currency_choices
from deals.forms.amounts import AmountField
from deals.forms.details import DateField, check_precision
from deals.models import RegistrationRules
from deals.registration.lifecycle import Move
from deals.registration.queries import Queue, Whose
from deals.registration.services import GENERAL, MESSAGE_FIELDS, Rules
from deals.registration.words import label_of

_PREFIX = "say_"


class ReviewForm(forms.Form):
    """A remark beside each answer; a day until which they are waited for; a reason."""

    answer_by = DateField(
        label=_("Answer by"),
        required=False,
        help_text=_("Nothing happens by itself on that day."),
    )
    reason = forms.CharField(
        label=_("Why it is rejected"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in MESSAGE_FIELDS:
            spoken = {"aria-label": self._spoken(name), "autocomplete": "off"}
            self.fields[_PREFIX + name] = forms.CharField(
                label=label_of(name),
                required=False,
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 3})
                if name == GENERAL
                else forms.TextInput(attrs=spoken),
            )

    @staticmethod
    def _spoken(name: str) -> str:
        return gettext("What has to be corrected: %(field)s") % {"field": label_of(name)}

    def remark(self, name: str) -> forms.BoundField:
        return self[_PREFIX + name]

    @property
    def general(self) -> forms.BoundField:
        return self.remark(GENERAL)

    @property
    def remarks(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(_PREFIX + name, "") for name in MESSAGE_FIELDS}

    @property
    def typed(self) -> list[tuple[Any, str]]:
        """Everything written, for who has to look at it again elsewhere."""
        written = [(label_of(name), text) for name, text in self.remarks.items() if text]
        reason = self.cleaned_data.get("reason")
        return [*written, (self.fields["reason"].label, reason)] if reason else written

    def check_fits(self, move: Move) -> None:
        """What was typed must not be lost because another button was pressed."""
        has_remarks = any(self.remarks.values()) or self.cleaned_data.get("answer_by")
        if move != Move.ASK_FOR_CHANGES and has_remarks:
            text = _("You wrote what has to be corrected: ask for changes, or clear it first.")
            self.add_error(None, text)
        if move != Move.REJECT and self.cleaned_data.get("reason"):
            self.add_error("reason", _("You wrote a reason: reject it, or clear the reason first."))


class QueueFilter(forms.Form):
    """What the address of the queue asks for; what it does not know is left out."""

    status = forms.ChoiceField(required=False, choices=Queue.choices)
    company = forms.ChoiceField(label=_("Company"), required=False)
    whose = forms.ChoiceField(label=_("Reviewer"), required=False, choices=Whose.choices)

    def __init__(self, data: QueryDict, *, companies: Iterable[tuple[str, str]]) -> None:
        super().__init__(data, auto_id="queue-%s")
        field = self.fields["company"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [("", _("All companies")), *companies]
        self.is_valid()

    @property
    def chosen_queue(self) -> Queue:
        return Queue(self.cleaned_data.get("status", ""))

    @property
    def chosen_reviewer(self) -> Whose:
        return Whose(self.cleaned_data.get("whose", ""))

    @property
    def chosen_company(self) -> str:
        return str(self.cleaned_data.get("company", ""))


class RulesForm(forms.Form):
    """Each rule is switched off by leaving it empty."""

    version = forms.IntegerField(label=_("Version"), widget=forms.HiddenInput)
    minimum_value = AmountField(label=_("Minimum contract value"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices, required=False)
    days_since_signature = forms.IntegerField(
        label=_("Days since signature"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=_("A contract is registered within so many days of the customer's signature."),
    )
    waiting_days = forms.IntegerField(
        label=_("Waiting time in days"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=_("So many days pass between winning a deal and registering it."),
    )

    @staticmethod
    def initial_from(rules: RegistrationRules) -> dict[str, Any]:
        names = ("version", "minimum_value", "days_since_signature", "waiting_days")
        shown = {name: getattr(rules, name) for name in names}
        return shown | {"currency": rules.currency or "EUR"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        minimum, currency = cleaned.get("minimum_value"), cleaned.get("currency")
        if minimum is not None and minimum <= 0:
            self.add_error("minimum_value", _("The value has to be above zero; empty is off."))
        elif minimum is not None and currency:
            try:
                check_precision(minimum, currency)
            except ValidationError as error:
                self.add_error("minimum_value", error)
        elif minimum is not None:
            self.add_error("currency", _("Choose the currency of the minimum."))
        days, waiting = cleaned.get("days_since_signature"), cleaned.get("waiting_days")
        if days and waiting and waiting >= days:
            self.add_error(
                "waiting_days", _("Nobody could register in time: wait for fewer days than that.")
            )
        return cleaned

    @property
    def rules(self) -> Rules:
        minimum = self.cleaned_data["minimum_value"]
        return Rules(
            minimum_value=minimum,
            currency=self.cleaned_data["currency"] if minimum is not None else "",
            days_since_signature=self.cleaned_data["days_since_signature"],
            waiting_days=self.cleaned_data["waiting_days"],
        )
