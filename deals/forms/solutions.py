"""Choosing the solutions of a deal (3.6).

The chosen ones travel as `solutions` fields. The buttons are `add_solution` and `remove_solution`
with an id; the list beside them is narrowed by `kind` and `q` in the page's address.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cosell.core.errors import Refused
from cosell.core.folding import with_words
from cosell.core.typed import storable
from deals.models import Deal, DealSolution
from deals.parts import MAX_SOLUTIONS, check_kinds
from partners.models import Membership, Organization, Solution, SolutionKind, User
from partners.queries import (
    admins_of,
    assessment_types,
    choosable_solutions,
    own_solutions,
    partner_solutions,
    vendor,
    vendor_solutions,
)
from partners.vetting import is_vetted, why_not_vetted

SHOWN = 50


class ChosenSolutionsField(forms.Field):
    """Ids in, solutions out, in the order chosen. `kept` need not be offered any more.

    A new deal becomes an assessment by what is chosen; `is_assessment` is what a deal is already.
    """

    widget = forms.MultipleHiddenInput

    def __init__(
        self,
        *,
        kept: Iterable[Solution] = (),
        is_assessment: bool | None = None,
        why_no_assessment: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(required=False, **kwargs)
        self.kept = {solution.pk: solution for solution in kept}
        self.is_assessment, self.why_no_assessment = is_assessment, why_no_assessment

    def clean(self, value: Any) -> list[Solution]:
        if not value:
            raise ValidationError(gettext("Choose at least one solution."), code="required")
        ids = ids_among(value)
        if len(ids) > MAX_SOLUTIONS:
            raise ValidationError(
                gettext("A deal has at most %(max)s solutions.") % {"max": MAX_SOLUTIONS}
            )
        found = {**self.kept, **choosable_solutions().in_bulk(ids)}
        if any(pk not in found for pk in ids) or len(ids) < len(set(value)):
            raise ValidationError(
                gettext("A chosen solution is no longer offered. Remove it, or choose another.")
            )
        chosen = [found[pk] for pk in ids]
        self._check_kinds(chosen)
        return chosen

    def _check_kinds(self, chosen: Sequence[Solution]) -> None:
        is_assessment = self.is_assessment
        if is_assessment is None:
            is_assessment = any(one.is_assessment for one in chosen)
            if is_assessment and self.why_no_assessment:
                raise ValidationError(self.why_no_assessment, code="not_vetted")
        try:
            check_kinds(chosen, is_assessment=is_assessment)
        except Refused as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal


class SolutionsForm(forms.Form):
    def __init__(
        self,
        *args: Any,
        kept: Iterable[Solution] = (),
        is_assessment: bool | None = None,
        why_no_assessment: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["solutions"] = ChosenSolutionsField(
            label=_("Solutions"),
            kept=kept,
            is_assessment=is_assessment,
            why_no_assessment=why_no_assessment,
        )

    @staticmethod
    def initial_from(deal: Deal) -> dict[str, Any]:
        return {"solutions": [str(pk) for pk in deal.solutions.values_list("solution", flat=True)]}

    @property
    def solutions(self) -> list[Solution]:
        chosen: list[Solution] = self.cleaned_data["solutions"]
        return chosen


def ids_among(values: Iterable[str]) -> list[UUID]:
    """The values that are ids, each once, in order."""
    found: dict[UUID, None] = {}
    for value in values:
        try:
            found[UUID(str(value))] = None
        except ValueError:
            continue
    return list(found)


def ids_after_button(data: MultiValueDict[str, str]) -> list[str] | None:
    """The chosen ids after a button was pressed; None if none was. An assessment stands alone."""
    chosen = data.getlist("solutions")
    if "choose_assessment" in data:
        return [str(data["choose_assessment"])]
    if "add_solution" in data:
        return list(dict.fromkeys([*chosen, str(data["add_solution"])]))
    if "remove_solution" in data:
        return [one for one in chosen if one != data["remove_solution"]]
    return None


def kept_solutions(deal: Deal) -> list[Solution]:
    """A deal's solutions as they were when added: they may stay on it after they were retired.

    Row-level security hides what another company retired; the deal's own rows know enough.
    """
    kind = SolutionKind.ASSESSMENT if deal.is_assessment else SolutionKind.SOLUTION
    return [_as_added(row, kind) for row in deal.solutions.all()]


def _as_added(row: DealSolution, kind: SolutionKind) -> Solution:
    owner = Organization(name=row.owner_name)
    return Solution(
        pk=row.solution_id, kind=kind, code=row.code, name=row.name, organization=owner, status=0
    )


@dataclass(frozen=True)
class Kind:
    """A tab of the picker."""

    key: str
    label: Promise | str
    solutions: QuerySet[Solution]
    is_assessment: bool = False

    def matching(self, query: str) -> QuerySet[Solution]:
        return with_words(self.solutions, query, "name", "code", "organization__name")


def kinds_for(member: Membership, *, is_assessment: bool | None) -> list[Kind]:
    """Ours, other partners' and the vendor's; the vendor's own are its first kind.

    Partners choose assessments as well, though not for a deal that is none: its type is fixed.
    """
    ours = member.organization
    assessments = Kind("assessments", _("Assessments"), assessment_types(), is_assessment=True)
    if is_assessment:
        return [assessments]
    partners = Kind("partners", _("Partners'"), partner_solutions(besides=ours.pk))
    if ours.is_vendor:
        return [Kind("ours", _("Ours"), vendor_solutions()), partners]
    kinds = [Kind("ours", _("Ours"), own_solutions(ours.pk)), partners]
    seller = vendor()
    if seller:
        name = gettext("%(company)s's") % {"company": seller.name}
        kinds.append(Kind("vendor", name, vendor_solutions()))
    return kinds if is_assessment is False else [*kinds, assessments]


@dataclass(frozen=True)
class Choice:
    """A chosen solution; None stands for one that is gone."""

    id: str
    solution: Solution | None


class SolutionPicker:
    """What the template templates/deals/_solutions.html shows: tabs, matches, chosen ones."""

    def __init__(
        self,
        member: Membership,
        *,
        chosen: Sequence[str],
        place: Mapping[str, str],
        kept: Iterable[Solution] = (),
        is_assessment: bool | None = None,
    ) -> None:
        """`place` is the query of the page: `kind` and `q`; `is_assessment` as for the field."""
        self._member, self._is_assessment = member, is_assessment
        self._ids = list(dict.fromkeys(chosen))
        self._kept = {solution.pk: solution for solution in kept}
        self.query = storable(place.get("q", "")).strip()[:100]
        self._place = place

    @cached_property
    def kinds(self) -> list[Kind]:
        return kinds_for(self._member, is_assessment=self._is_assessment)

    @cached_property
    def kind(self) -> Kind:
        """The tab that is open."""
        wanted = self._place.get("kind")
        return next((kind for kind in self.kinds if kind.key == wanted), self.kinds[0])

    @cached_property
    def tabs(self) -> list[tuple[Kind, int]]:
        return [(kind, kind.matching(self.query).count()) for kind in self.kinds]

    @property
    def count(self) -> int:
        """How many match in the tab that is open."""
        return next(count for kind, count in self.tabs if kind is self.kind)

    @cached_property
    def results(self) -> list[Solution]:
        return list(self.kind.matching(self.query)[:SHOWN])

    @property
    def left_out(self) -> int:
        """How many more match than are shown."""
        return max(self.count - SHOWN, 0)

    @cached_property
    def chosen(self) -> list[Choice]:
        if not self._ids:
            return []
        found = {**self._kept, **choosable_solutions().in_bulk(ids_among(self._ids))}
        return [Choice(one, found.get(pk)) for one in self._ids for pk in ids_among([one])]

    @property
    def chosen_ids(self) -> set[UUID]:
        return {choice.solution.pk for choice in self.chosen if choice.solution}

    @property
    def is_full(self) -> bool:
        return len(self._ids) >= MAX_SOLUTIONS

    @property
    def is_assessment(self) -> bool:
        return any(one.solution and one.solution.is_assessment for one in self.chosen)

    @cached_property
    def why_no_assessment(self) -> str:
        """Why this company cannot begin one (1.6); a deal that is one already goes on."""
        if self._is_assessment is not None or is_vetted(self._member.organization):
            return ""
        return why_not_vetted(self._member.organization, vendor=vendor())

    @property
    def is_locked(self) -> bool:
        """Whether the tab that is open is not for this company."""
        return self.kind.is_assessment and bool(self.why_no_assessment)

    @cached_property
    def whom_to_ask(self) -> list[User]:
        return admins_of(self._member.organization_id) if self.is_locked else []

    @property
    def obstacle(self) -> str:
        """Why nothing of the tab that is open can be added now."""
        if self.is_locked:
            return self.why_no_assessment
        if self.kind.is_assessment and self.chosen and not self.is_assessment:
            return gettext("An assessment stands alone. To choose one, remove the others first.")
        if self.is_assessment and not self.kind.is_assessment:
            return gettext("An assessment stands alone. To choose others, remove it first.")
        return ""

    @property
    def has_incentive(self) -> bool:
        return any(one.solution and one.solution.is_incentive_eligible for one in self.chosen)

    @property
    def address(self) -> str:
        """The query of this state, for forms that come back to it."""
        query = QueryDict(mutable=True)
        query["kind"] = self.kind.key
        query["q"] = self.query
        return query.urlencode()
