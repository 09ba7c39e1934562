"""The form of a saved view: its name, who sees it, whether the list opens with it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ViewForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    is_shared = forms.BooleanField(
        label=_("Everybody in our company sees it"),
        required=False,
        help_text=_("Each colleague finds in it the deals that their role lets them see."),
    )
    is_default = forms.BooleanField(label=_("My list opens with it"), required=False)
    replaces = forms.BooleanField(
        label=_("Keep the filters and the order that the list has now"), required=False
    )

    def __init__(self, *args: Any, may_change: bool = True, has_list: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not may_change:
            del self.fields["name"], self.fields["is_shared"]
        if not (may_change and has_list):
            del self.fields["replaces"]
