"""What is to be done with the deals selected in a list."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from deals.bulk import MOST, Action, Change
from deals.forms.details import DateField
from deals.stage_names import stage_in_words
from deals.stages import ASSESSMENT_STAGES, SALES_STAGES, Stage


def _choices(stages: Iterable[Stage], names: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(stage.code.value, stage_in_words(stage, names)) for stage in stages]


class ChangeForm(forms.Form):
    """Asks for what the action needs."""

    stage = forms.ChoiceField(label=gettext_lazy("Sales stage"))
    close_date = DateField(label=gettext_lazy("Estimated close date"))

    def __init__(
        self, *args: Any, action: Action, stage_names: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [
            (gettext_lazy("Sales stages"), _choices(SALES_STAGES, stage_names)),
            (gettext_lazy("Stages of assessments"), _choices(ASSESSMENT_STAGES, stage_names)),
        ]
        for name in {*self.fields} - {action.value}:
            del self.fields[name]

    def clean_close_date(self) -> date:
        chosen: date = self.cleaned_data["close_date"]
        if chosen < timezone.localdate():
            raise ValidationError(gettext("Choose a day from today on."))
        return chosen

    @property
    def change(self) -> Change:
        return Change(self.action, **self.cleaned_data)


def selected_ids(sent: QueryDict) -> list[UUID]:
    """The deals ticked; what is no id of a deal was not sent by a list."""
    found = []
    for text in sent.getlist("deal")[:MOST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
