"""What the address of the insights asks for."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cosell.core.money import currency_choices
from deals.models import Direction
from deals.rates import home_currency
from deals.stages import DealType
from insights.periods import Period, Preset, today
from insights.queries import Asked
from partners.models import Location, Membership

DEFAULT = Preset.QUARTER
EARLIEST = date(2000, 1, 1)
LONGEST = 3 * 366


def _day(label: Any) -> forms.DateField:
    """The browser's own date field, which sends and wants ISO dates."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=widget, input_formats=["%Y-%m-%d"])


class InsightsForm(forms.Form):
    """Own days win over the preset, which is what the links beside the form change."""

    since = _day(gettext_lazy("From"))
    until = _day(gettext_lazy("To"))
    direction = forms.ChoiceField(label=gettext_lazy("Direction"), required=False)
    type = forms.ChoiceField(label=gettext_lazy("Deal type"), required=False)
    location = forms.ChoiceField(label=gettext_lazy("Location"), required=False)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), required=False)
    period = forms.ChoiceField(
        label=gettext_lazy("Period"), required=False, choices=Preset, widget=forms.HiddenInput
    )

    def __init__(self, data: QueryDict, *, member: Membership, locations: list[Location]) -> None:
        super().__init__(data, auto_id="insights-%s")
        self._home = home_currency(member.organization)
        self._today = today()
        choices: dict[str, list[tuple[Any, Any]]] = {
            "direction": [("", _("Inbound and outbound")), *Direction.choices],
            "type": [("", _("Any type")), *DealType.choices],
            "location": [("", _("All locations")), *((str(one.pk), one.name) for one in locations)],
            "currency": [("", self._home), *_besides(self._home)],
        }
        for name, values in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
            field.choices = values
        if len(locations) < 2:
            del self.fields["location"]

    @property
    def asked(self) -> Asked:
        """What the valid form asks for."""
        found = self.cleaned_data
        return Asked(
            period=self.days,
            currency=found["currency"] or self._home,
            direction=found["direction"],
            type=found["type"],
            location=UUID(found["location"]) if found.get("location") else None,
        )

    @property
    def has_own_days(self) -> bool:
        return bool(self.cleaned_data.get("since"))

    @property
    def preset(self) -> Preset:
        return Preset(self.cleaned_data.get("period") or DEFAULT)

    @property
    def days(self) -> Period:
        first = self.cleaned_data.get("since")
        if not first:
            return self.preset.period(self._today)
        return Period(first, self.cleaned_data.get("until") or self._today)

    def clean_since(self) -> date | None:
        first: date | None = self.cleaned_data["since"]
        if first and first < EARLIEST:
            raise forms.ValidationError(_("There is nothing before the year 2000."))
        if first and first > self._today:
            raise forms.ValidationError(_("This day is still to come."))
        return first

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if "since" not in found or "until" not in found:
            return found
        first, last = found["since"], found["until"]
        if last and not first:
            self.add_error("since", _("Say from which day on."))
        elif first and (last or self._today) < first:
            self.add_error("until", _("The last day is before the first."))
        elif first and (last or self._today) - first > timedelta(days=LONGEST):
            self.add_error("until", _("Choose three years at most."))
        return found


def _besides(home: str) -> list[tuple[str, str]]:
    return [one for one in currency_choices() if one[0] != home]
