"""The form of a registration (6.3). Its rules are those of `deals.registration.answers`."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from deals.forms.amounts import AmountField
from deals.forms.details import DateField
from deals.models.registration import PricingModel, TenantType, Term
from deals.registration.answers import NAMES, Answers, Frame, problems_in
from deals.registration.words import LABELS


class YesNoField(forms.TypedChoiceField):
    """Nothing is chosen at first: neither answer is the usual one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("yes", _("Yes")), ("no", _("No"))],
            coerce=lambda value: value == "yes",
            empty_value=None,
            widget=forms.RadioSelect,
            error_messages={"required": _("Answer yes or no.")},
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value)


def _choice(choices: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of these.")}, **kwargs,
    )  # fmt: skip


class RegistrationForm(forms.Form):
    """`remarks`: what the reviewer wrote beside each field; it stands there as `field.remark`."""

    is_marketplace = YesNoField()
    marketplace_date = DateField(required=False, help_text=_("If it was bought there."))
    is_on_vendor_cloud = YesNoField()
    term = _choice(Term.choices)
    total_value = AmountField()
    solution_value = AmountField(help_text=_("At most the total."))
    signed_on = DateField(help_text=_("By the customer."))
    starts_on = DateField()
    ends_on = DateField(required=False, help_text=_("Of a finite contract."))
    tenant_type = _choice(TenantType.choices)
    pricing_model = _choice(PricingModel.choices)
    message = forms.CharField(
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whatever helps to compare this with the contract."),
    )
    confirmed = forms.BooleanField(
        error_messages={"required": _("Look it up in the contract, and confirm it.")}
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        frame: Frame,
        answers: Answers | None = None,
        remarks: Mapping[str, str] | None = None,
        vendor: str,
    ) -> None:
        super().__init__(data, initial=vars(answers) if answers else {})
        self._frame = frame
        for name, label in LABELS.items():
            amounts = {"total_value", "solution_value"}
            self.fields[name].label = (
                format_lazy("{} ({})", label, frame.currency) if name in amounts else label
            )
        self.fields["is_on_vendor_cloud"].label = _("Deployed on the cloud of %(vendor)s?") % {
            "vendor": vendor
        }
        self.fields["confirmed"].label = _(
            "The contract with the customer names our company and the eligible solution."
        )
        for name, remark in (remarks or {}).items():
            if name in self.fields:
                self.fields[name].remark = remark  # type: ignore[attr-defined]  # for the template

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for field, message in list(problems_in(cleaned, frame=self._frame)):
            self.add_error(field, message)
        return self.cleaned_data

    @property
    def answers(self) -> Answers:
        return Answers(**{name: self.cleaned_data[name] for name in NAMES})
