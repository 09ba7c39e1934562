"""The public profile of a company (1.1)."""

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from cosell.core.money import country_choices
from partners.models import Industry, Organization
from partners.profile import Description

LONGEST = 1000


class ProfileForm(forms.Form):
    description = forms.CharField(
        label=_("What you do"),
        max_length=LONGEST,
        required=False,
        help_text=_("For somebody who looks for a partner: what you are good at, and for whom."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    website = forms.URLField(
        label=_("Website"),
        max_length=200,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https", "http"])],
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )
    country = forms.ChoiceField(label=_("Country of the company"))
    industries = forms.MultipleChoiceField(
        label=_("Industries you know"),
        choices=Industry.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    countries = forms.MultipleChoiceField(
        label=_("Countries you work in"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("country", "countries"):
            self.fields[name].choices = country_choices()  # type: ignore[attr-defined]  # choices

    @classmethod
    def showing(cls, organization: Organization) -> "ProfileForm":
        names = ("description", "website", "country", "industries", "countries")
        return cls(initial={name: getattr(organization, name) for name in names})

    @property
    def told(self) -> Description:
        return Description(**self.cleaned_data)
