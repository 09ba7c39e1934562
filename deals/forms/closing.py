"""Why a deal is turned down, lost or an error (4.3, 5.4)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deals.transitions import Transition


class ReasonForm(forms.Form):
    """Reason and notes where the transition wants them; else nothing but the button."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a reason."),
            "invalid_choice": _("Choose a reason."),
        },
    )
    notes = forms.CharField(
        label=_("Notes"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, transition: Transition, notes_hint: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not transition.reasons:
            self.fields.clear()
            return
        choices = [(reason.value, reason.label) for reason in transition.reasons]
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["notes"].help_text = notes_hint

    @property
    def answer(self) -> dict[str, Any]:
        """The keyword arguments of `advance`."""
        return {name: self.cleaned_data[name] for name in self.fields}
