"""The map from an organisation's own stage names to the standard stages, one row a stage (5.8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cosell.core.errors import Refused
from cosell.core.money import format_percentage
from deals.stage_names import LONGEST, Names, check_names, state_of, tidy
from deals.stages import ASSESSMENT_STAGES, SALES_STAGES, Stage, StageCode, stage_of


@dataclass(frozen=True)
class Group:
    title: Any
    rows: list[tuple[BoundField, BoundField]]


class StageNamesForm(forms.Form):
    """`seen` tells which map the editor started from."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for stage in map(stage_of, StageCode):
            if stage is not None:
                self._add_row(stage)

    def _add_row(self, stage: Stage) -> None:
        named = f"{stage.label}, {format_percentage(stage.percent)}"
        self.fields[f"shown_{stage.code}"] = forms.CharField(
            label=named,
            help_text=str(stage.definition),
            required=False,
            max_length=LONGEST,
            widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": str(stage.label)}),
        )
        self.fields[f"others_{stage.code}"] = forms.CharField(
            label=gettext_lazy("Also called"),
            required=False,
            max_length=1300,
            widget=forms.TextInput(
                attrs={"autocomplete": "off", "aria-label": f"{named}: {_('Also called')}"}
            ),
        )

    @classmethod
    def initial_from(cls, names: Names) -> dict[str, str]:
        initial = {"seen": state_of(names)}
        for code, some in names.items():
            initial |= {f"shown_{code}": some[0], f"others_{code}": ", ".join(some[1:])}
        return initial

    def clean(self) -> dict[str, Any]:
        try:
            check_names(self.names)
        except Refused as refusal:
            self.refuse(refusal)
        for code in StageCode:
            if self.cleaned_data.get(f"others_{code}") and not self.cleaned_data.get(
                f"shown_{code}"
            ):
                self.add_error(f"shown_{code}", _("Say which name is shown."))
        return self.cleaned_data

    def refuse(self, refusal: Refused) -> None:
        field = f"shown_{refusal.field}"
        if field in self.fields and not self.has_error(field):
            self.add_error(field, str(refusal))
        elif field not in self.fields:
            self.add_error(None, str(refusal))

    @property
    def names(self) -> dict[StageCode, list[str]]:
        """No name twice: which of them is shown stands first."""
        return {code: names for code in StageCode if (names := self._names_of(code))}

    def _names_of(self, code: StageCode) -> list[str]:
        others = str(self.cleaned_data.get(f"others_{code}") or "").split(",")
        typed = [tidy(str(self.cleaned_data.get(f"shown_{code}") or "")), *map(tidy, others)]
        unique: dict[str, str] = {}
        for name in filter(None, typed):
            unique.setdefault(name.casefold(), name)
        return list(unique.values())

    @property
    def groups(self) -> Iterator[Group]:
        yield Group(_("Beginning"), self._rows(StageCode.CREATED, StageCode.ACCEPTED))
        yield Group(_("Sales stages"), self._rows(*(one.code for one in SALES_STAGES)))
        yield Group(_("Solution assessments"), self._rows(*(one.code for one in ASSESSMENT_STAGES)))
        yield Group(_("End"), self._rows(StageCode.WON))

    def _rows(self, *codes: StageCode) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"shown_{code}"], self[f"others_{code}"]) for code in codes]
