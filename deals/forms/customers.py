"""Who the customer of a new deal is: searching for it, or entering it by hand (3.1)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cosell.core.money import country_choices
from deals.customers import MIN_LETTERS, duns_in, listed_with_duns


class CustomerSearchForm(forms.Form):
    """What is looked for; nothing here is ever refused, it only finds less."""

    country = forms.ChoiceField(label=_("Country"), choices=country_choices)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    q = forms.CharField(
        label=_("Name or D-U-N-S number"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
        help_text=_("Suggestions appear from three letters on. A D-U-N-S number has nine digits."),
    )

    @property
    def typed(self) -> str:
        return str(self["q"].value() or "").strip()

    @property
    def is_specific(self) -> bool:
        return len(self.typed) >= MIN_LETTERS


class CustomerByHandForm(forms.Form):
    name = forms.CharField(label=_("Company name"), max_length=200)
    street = forms.CharField(label=_("Street and number"), max_length=200)
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    city = forms.CharField(label=_("City"), max_length=120)
    country = forms.ChoiceField(label=_("Country"), choices=country_choices)
    duns = forms.CharField(
        label=_("D-U-N-S number"),
        max_length=20,
        required=False,
        help_text=_("Nine digits, if you know it."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    prefix = "hand"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def clean_duns(self) -> str:
        typed = str(self.cleaned_data["duns"]).strip()
        duns = duns_in(typed)
        if typed and not duns:
            raise ValidationError(gettext("A D-U-N-S number has nine digits."))
        listed = listed_with_duns(duns)
        if listed:
            raise ValidationError(
                gettext(
                    "%(company)s, %(city)s, has this number in the directory."
                    " Search for the number and choose it there."
                )
                % {"company": listed.name, "city": listed.city}
            )
        return duns

    @property
    def address(self) -> dict[str, str]:
        names = ("name", "street", "postal_code", "city", "country", "duns")
        return {name: str(self.cleaned_data[name]) for name in names}
