"""Asking the vendor for help, or not (3.7, 3.8)."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from referrals.models import HelpType

MESSAGE_LENGTH = 2000


def message_field() -> forms.CharField:
    return forms.CharField(
        label=_("What is needed"),
        max_length=MESSAGE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class HelpForm(forms.Form):
    """Without help the deal is private; any other type invites the company (3.7, 3.8)."""

    help_type = forms.ChoiceField(
        label=_("Type of help"),
        choices=[(HelpType.NONE, HelpType.NONE.label)]
        + [choice for choice in HelpType.choices if choice[0] != HelpType.NONE],
        widget=forms.RadioSelect,
        initial=HelpType.NONE,
    )
    message = message_field()

    def __init__(self, *args: Any, company: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].help_text = gettext(
            "%(company)s reads this. It cannot be changed after sending."
        ) % {"company": company}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.asks_for_help and not cleaned.get("message") and "message" not in self.errors:
            self.add_error("message", gettext("Say what you need help with."))
        return cleaned

    @property
    def chosen_help(self) -> HelpType:
        return HelpType(self.cleaned_data.get("help_type") or HelpType.NONE)

    @property
    def asks_for_help(self) -> bool:
        return self.chosen_help != HelpType.NONE
