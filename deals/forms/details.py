"""The details of a deal (3.4)."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cosell.core.money import currency_choices
from deals.forms.amounts import AmountField
from deals.models import Deal
from deals.services import Details, details_of
from partners.models import Location, Membership
from partners.queries import locations_for


class DateField(forms.DateField):
    """The browser's own date field, which sends and wants ISO dates."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **kwargs)


def check_precision(value: Decimal, currency: str) -> None:
    if get_currency_precision(currency) == 0 and value % 1:
        raise ValidationError(
            gettext("%(currency)s has no smaller unit; write a whole amount.")
            % {"currency": currency}
        )


class DetailsForm(forms.Form):
    """What stays editable as long as the deal is open (5.1).

    A close date in the past is refused unless it stands there already: an old deal whose date
    slipped must not lock the editor out of everything else.
    """

    name = forms.CharField(label=_("Deal name"), max_length=200)
    value = AmountField(label=_("Estimated value"))
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    close_date = DateField(label=_("Estimated close date"))
    crm_id = forms.CharField(label=_("CRM ID"), max_length=100, required=False)
    campaign_id = forms.CharField(label=_("Marketing campaign ID"), max_length=100, required=False)
    notes = forms.CharField(
        label=_("Notes"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    @staticmethod
    def initial_from(deal: Deal) -> dict[str, Any]:
        return asdict(details_of(deal))

    def clean_close_date(self) -> date:
        chosen: date = self.cleaned_data["close_date"]
        if chosen < timezone.localdate() and chosen != self.initial.get("close_date"):
            raise ValidationError(gettext("Choose a day from today on."))
        return chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("value") is not None and cleaned.get("currency"):
            try:
                check_precision(cleaned["value"], cleaned["currency"])
            except ValidationError as error:
                self.add_error("value", error)
        return cleaned

    @property
    def details(self) -> Details:
        return Details(**{name: self.cleaned_data[name] for name in DETAILS})


class LocationField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when run
    def label_from_instance(self, obj: Location) -> str:
        return f"{obj.name}, {obj.city} (MPN {obj.mpn_location_id})"


class NewDetailsForm(DetailsForm):
    """With one of our locations, which is fixed once the deal exists (3.4)."""

    field_order = ("name", "value", "currency", "close_date", "location")

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = locations_for(member)
        self.fields["location"] = field = LocationField(
            label=_("Our location"),
            queryset=allowed,
            help_text=_("Fixed once the deal exists."),
            empty_label=None,
            error_messages={
                "invalid_choice": _("This location is not available any more."),
                "required": _("Choose one of the locations you work for."),
            },
        )
        sent = self["location"].data if self.is_bound else None
        if len(allowed) == 1 and sent in (None, "", str(allowed[0].pk)):
            # Nothing to choose, so nothing is asked; another one that is gone must be pointed out.
            field.widget = field.hidden_widget()
            field.disabled, field.initial = True, allowed[0].pk

    @property
    def chosen_location(self) -> Location:
        location: Location = self.cleaned_data["location"]
        return location


DETAILS = ("name", "value", "currency", "close_date", "crm_id", "campaign_id", "notes")
