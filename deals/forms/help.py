"""Asking the vendor for help, or not (3.7, 3.8)."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from referrals.models import HelpType

MESSAGE_LENGTH = 2000


class MessageField(forms.CharField):
    """Marked as required, because it is hidden where it is not; the form knows when it is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("What is needed"),
            max_length=MESSAGE_LENGTH,
            widget=forms.Textarea(attrs={"rows": 5}),
            **kwargs,
        )

    def validate(self, value: Any) -> None:
        """Empty is the form's business."""


class HelpForm(forms.Form):
    """Without help the deal is private; any other type invites the company (3.7, 3.8)."""

    help_type = forms.ChoiceField(
        label=_("Type of help"),
        choices=[(HelpType.NONE, HelpType.NONE.label)]
        + [choice for choice in HelpType.choices if choice[0] != HelpType.NONE],
        widget=forms.RadioSelect,
        initial=HelpType.NONE,
    )
    message = MessageField()

    def __init__(self, *args: Any, company: str, is_needed: bool = False, **kwargs: Any) -> None:
        """`is_needed`: no help is no choice, because the company is being invited."""
        super().__init__(*args, **kwargs)
        self.is_needed = is_needed
        if is_needed:
            offered = [choice for choice in HelpType.choices if choice[0] != HelpType.NONE]
            self.fields["help_type"] = forms.ChoiceField(
                label=_("Type of help"), choices=offered, widget=forms.RadioSelect,
                error_messages={"required": _("Choose what you need help with.")},
            )  # fmt: skip
        self.fields["message"].help_text = gettext(
            "%(company)s reads this. It cannot be changed after sending."
        ) % {"company": company}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        needs_words = self.is_needed or self.asks_for_help
        if needs_words and not cleaned.get("message") and "message" not in self.errors:
            self.add_error("message", gettext("Say what you need help with."))
        return cleaned

    @property
    def chosen_help(self) -> HelpType:
        """What was chosen, whatever else is wrong; an unknown type counts as none."""
        typed = self["help_type"].data if self.is_bound else None
        return HelpType(typed) if typed in HelpType.values else HelpType.NONE

    @property
    def asks_for_help(self) -> bool:
        return self.chosen_help != HelpType.NONE
