"""A location of a company (1.1)."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cosell.core.money import country_choices
from partners.forms import MPN_ID
from partners.locations import Place
from partners.models import Location

_PLAIN = {"autocomplete": "off"}


class LocationForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("Others read it when they choose where to send an invitation."),
        widget=forms.TextInput(attrs=_PLAIN),
    )
    city = forms.CharField(label=_("City"), max_length=120, widget=forms.TextInput(attrs=_PLAIN))
    country = forms.ChoiceField(label=_("Country"))
    mpn_location_id = forms.CharField(
        label=_("MPN location ID"),
        max_length=20,
        validators=[MPN_ID],
        widget=forms.TextInput(attrs=_PLAIN),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choose a country")), *country_choices()]
        self.fields["country"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    @classmethod
    def showing(cls, location: Location) -> "LocationForm":
        return cls(initial=asdict(place_of(location)))

    @property
    def place(self) -> Place:
        return Place(**self.cleaned_data)


def place_of(location: Location) -> Place:
    return Place(location.name, location.city, location.country, location.mpn_location_id)
