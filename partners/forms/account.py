"""What people say about themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.models import User


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # takes none at run time
    class Meta:
        model = User
        fields = ("first_name", "last_name", "phone")
        help_texts = {
            "phone": _("Colleagues and partners reach you by it on the deals you work on.")
        }
        error_messages = {
            "phone": {
                "invalid": _(
                    "Write the phone number with its country code, such as +48 22 123 45 67."
                )
            }
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, hint in (
            ("first_name", "given-name"), ("last_name", "family-name"), ("phone", "tel")
        ):  # fmt: skip
            self.fields[name].widget.attrs["autocomplete"] = hint
