"""The steps of the wizard that every kind of deal has.

A step builds its forms from what the draft keeps. `checked` says whether to point out errors: not
before somebody pressed Next. Buttons inside a step (add, remove, choose) change what is kept and
never check anything.
"""

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from re import Pattern
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from babel.numbers import get_territory_currencies
from django import forms
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cosell.core.money import format_money
from deals.forms.details import NewDetailsForm
from deals.forms.people import PeopleFormSet, cells_of, row_of, rows_after_button, rows_in
from deals.forms.solutions import SolutionPicker, SolutionsForm, ids_after_button
from deals.models import TeamMember
from deals.queries import recent_contacts
from deals.stages import DealType
from deals.views.wizard.drafts import Sent, as_sent, changed
from partners.models import Organization
from referrals.offers import Invitation

if TYPE_CHECKING:
    from deals.views.wizard.wizard import Wizard

AnyForm = TypeVar("AnyForm", bound=forms.BaseForm)


class State(models.TextChoices):
    CURRENT = "current"
    DONE = "done"
    ERROR = "error"
    TODO = "todo"


class Step:
    key: ClassVar[str]
    label: ClassVar[Promise]
    title: ClassVar[Promise]
    lead: ClassVar[Promise | str] = ""
    template: ClassVar[str]
    # Parts of the page outside of the step's form.
    beside: ClassVar[str] = ""
    below: ClassVar[str] = ""
    is_wide: ClassVar[bool] = False
    # Whether the address of the page says where a list stands.
    has_place: ClassVar[bool] = False
    # Names of the fields that the draft keeps.
    fields: ClassVar[Pattern[str]]

    def __init__(self, wizard: "Wizard", *, checked: bool) -> None:
        self.wizard = wizard
        self.member = wizard.member
        self.checked = checked
        self.sent = wizard.sent(self.key)
        # What is announced, and where the page opens, after a button inside the step.
        self.note = ""
        self.anchor = ""

    @classmethod
    def applies(cls, wizard: "Wizard") -> bool:
        return True

    @property
    def is_valid(self) -> bool:
        return all(form.is_valid() for form in self.forms)

    @property
    def forms(self) -> Sequence[forms.BaseForm | PeopleFormSet]:
        raise NotImplementedError

    @property
    def revision(self) -> int:
        return self.wizard.revision_of(self.key)

    @property
    def unchosen(self) -> str:
        """Id of the search field while a step that begins with a choice has none."""
        return ""

    @property
    def summary(self) -> str:
        """What the list of steps says once this one is done."""
        return ""

    def press(self, sent: Sent) -> Sent | None:
        """What is to be kept after a button inside the step; None if none was pressed."""
        return None

    def deal_type(self) -> DealType:
        """What this step's answer makes of the deal at least; the widest of all steps counts."""
        return DealType.PRIVATE

    def invitations(self) -> list[tuple[Organization, Invitation]]:
        return []

    @property
    def problem(self) -> str:
        """The first thing that is wrong, for the list of steps and the review."""
        for form in self.forms:
            if not form.is_valid():
                return first_error(form)
        return ""

    def text(self, name: str) -> str:
        """A field as it was sent."""
        return str(self.sent.get(name) or "").strip() if self.sent else ""

    def _form(self, make: Callable[..., AnyForm], **initial: Any) -> AnyForm:
        if self.sent is None:
            return make(initial=initial)
        form = make(self.sent)
        return form if self.checked else make(initial=typed_in(form))


def typed_in(form: forms.BaseForm) -> dict[str, Any]:
    return {name: form[name].data for name in form.fields}


def first_error(form: forms.BaseForm | PeopleFormSet) -> str:
    if isinstance(form, PeopleFormSet):
        general = form.non_form_errors()
        return str(general[0]) if general else first_error(next(f for f in form if f.errors))
    if not form.is_bound:
        return gettext("Not filled in yet.")
    name, errors = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    return f"{label}: {errors[0]}" if label and len(str(label)) < 40 else str(errors[0])


class DetailsStep(Step):
    key = "details"
    label = _("Details")
    title = _("Deal details")
    template = "deals/wizard/_details.html"
    fields = re.compile(r"name|value|currency|close_date|location|crm_id|campaign_id|notes")

    @cached_property
    def form(self) -> NewDetailsForm:
        def make(*args: Any, **kwargs: Any) -> NewDetailsForm:
            return NewDetailsForm(*args, member=self.member, **kwargs)

        return self._form(make, currency=_currency_of(self.member.organization))

    @property
    def forms(self) -> Sequence[forms.BaseForm]:
        return [self.form]

    @property
    def summary(self) -> str:
        details = self.form.details
        return format_money(details.value, details.currency)


def _currency_of(organization: Organization) -> str:
    used = get_territory_currencies(organization.country)
    return used[0] if used else "EUR"


class TeamStep(Step):
    key = "team"
    label = _("Team")
    title = _("Who works on it?")
    lead = _(
        "At least one person, with all four fields. Whoever has the e-mail address of a member of"
        " your company gets access to the deal."
    )
    template = "deals/wizard/_team.html"
    beside = "deals/wizard/_team_beside.html"
    fields = re.compile(r"people-\d{1,3}-(first_name|last_name|email|phone)")

    @cached_property
    def formset(self) -> PeopleFormSet:
        if self.sent is None:
            return PeopleFormSet.showing([row_of(self.member.user)], member=self.member)
        if self.checked:
            return PeopleFormSet.sent(self.sent, member=self.member)
        return PeopleFormSet.showing(rows_in(self.sent), member=self.member)

    @property
    def forms(self) -> Sequence[PeopleFormSet]:
        return [self.formset]

    @cached_property
    def contacts(self) -> list[TeamMember]:
        return recent_contacts(self.member)

    @property
    def summary(self) -> str:
        count = len(self.formset.people)
        return ngettext("%(n)s person", "%(n)s people", count) % {"n": count}

    def press(self, sent: Sent) -> Sent | None:
        rows = rows_after_button(sent, self.contacts)
        if rows is None:
            return None
        count = len(rows)
        self.note = ngettext("%(n)s person", "%(n)s people", count) % {"n": count}
        self.anchor = "add-person"
        return as_sent(cells_of(rows))


class SolutionsStep(Step):
    key = "solutions"
    label = _("Solutions")
    title = _("What is being sold?")
    lead = _("At least one solution, up to 50; or a solution assessment, which stands alone.")
    template = "deals/wizard/_solutions.html"
    below = "deals/wizard/_solutions_below.html"
    is_wide = True
    has_place = True
    fields = re.compile("solutions")

    @cached_property
    def form(self) -> SolutionsForm:
        why_not = self.picker.why_no_assessment if self.is_assessment else ""
        return SolutionsForm(
            self.sent if self.sent is not None else None, why_no_assessment=why_not
        )

    @property
    def forms(self) -> Sequence[forms.BaseForm]:
        return [self.form]

    @cached_property
    def picker(self) -> SolutionPicker:
        chosen = self.sent.getlist("solutions") if self.sent else []
        return SolutionPicker(self.member, chosen=chosen, place=self.wizard.place)

    @property
    def summary(self) -> str:
        chosen = self.form.solutions
        if self.is_assessment:
            return chosen[0].name
        return ngettext("%(n)s solution", "%(n)s solutions", len(chosen)) % {"n": len(chosen)}

    @property
    def is_assessment(self) -> bool:
        return self.picker.is_assessment

    def press(self, sent: Sent) -> Sent | None:
        ids = ids_after_button(sent)
        if ids is None:
            return None
        count = len(ids)
        self.note = ngettext("%(n)s solution chosen", "%(n)s solutions chosen", count) % {
            "n": count
        }
        return changed(sent, solutions=ids)
