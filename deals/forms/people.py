"""The team of a deal: rows of four fields, added and removed by buttons (3.5).

Rows travel as plain dicts of what was typed, so that a draft can keep them and a button can change
them without validating anything. The buttons are `add_person` (its value: the e-mail of a recent
contact, or nothing) and `remove_person_<row>`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from cosell.core.typed import storable
from deals.models import CustomerContact, TeamMember
from deals.parts import MAX_TEAM, Person
from partners.models import Membership, User
from partners.queries import emails_with_access

Row = dict[str, str]
PREFIX = "people"
FIELDS = ("first_name", "last_name", "email", "phone")
_CELL = re.compile(rf"{PREFIX}-(\d{{1,3}})-({'|'.join(FIELDS)})")
_REMOVE = re.compile(r"remove_person_(\d{1,3})")


class PhoneField(PhoneNumberField):  # type: ignore[misc]  # the package is untyped
    """International, or national of the company's country."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
        self.error_messages["invalid"] = _(
            "Write the phone number with its country code, such as +48 22 123 45 67."
        )


class PersonForm(forms.Form):
    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80)
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    phone = PhoneField(label=_("Phone"))

    def __init__(self, *args: Any, region: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].region = region or None  # type: ignore[attr-defined]  # PhoneField's
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    @property
    def heading(self) -> str:
        """The name as far as it is known, for the head of the row."""
        return f"{self['first_name'].value() or ''} {self['last_name'].value() or ''}".strip()

    @property
    def typed_email(self) -> str:
        return str(self["email"].value() or "").strip().lower()

    @property
    def person(self) -> Person:
        cleaned = self.cleaned_data
        return Person(
            cleaned["first_name"], cleaned["last_name"], str(cleaned["phone"]), cleaned["email"]
        )


class PeopleFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # not generic when run
    """The whole team; `sent` checks what was typed, `showing` only shows rows."""

    form = PersonForm
    extra, min_num, max_num, absolute_max = 0, 1, MAX_TEAM, 10 * MAX_TEAM
    can_order = can_delete = can_delete_extra = False
    validate_min = validate_max = True
    edit_only = False
    renderer = forms.renderers.get_default_renderer()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        member: Membership,
        initial: Sequence[Row] | None = None,
    ) -> None:
        self.member = member
        region = member.organization.country
        super().__init__(data, prefix=PREFIX, initial=initial, form_kwargs={"region": region})

    @classmethod
    def sent(cls, data: Mapping[str, Any], *, member: Membership) -> "PeopleFormSet":
        """Bound to what was typed; rows without a word in them do not count."""
        rows = [row for row in rows_in(data) if any(row.values())] or [{}]
        return cls(cells_of(rows), member=member)

    @classmethod
    def showing(cls, rows: Sequence[Row], *, member: Membership) -> "PeopleFormSet":
        formset = cls(initial=[*rows] or [{}], member=member)
        # Rows are the whole team; Django would add `min_num` empty ones to the initial ones.
        formset.min_num = 0
        if formset.has_new_row:
            formset.forms[-1].fields["first_name"].widget.attrs["data-focus"] = True
        return formset

    def clean(self) -> None:
        emails = [form.typed_email for form in self.forms]
        for number, form in enumerate(self.forms):
            if form.typed_email and form.typed_email in emails[:number]:
                form.add_error("email", gettext("Somebody above has the same e-mail address."))
        if self.member.sees_only_own_deals and self.member.user.email.lower() not in emails:
            raise ValidationError(
                gettext(
                    "Stay on the team yourself (%(email)s): with your role you see only the deals"
                    " whose team you are on."
                )
                % {"email": self.member.user.email}
            )

    @property
    def people(self) -> list[Person]:
        return [form.person for form in self.forms]

    @property
    def linked_emails(self) -> set[str]:
        """Whose e-mail is that of a member of the company, so that they get access."""
        typed = [form.typed_email for form in self.forms if form.typed_email]
        return emails_with_access(self.member.organization_id, typed)

    @property
    def has_new_row(self) -> bool:
        """Whether the last row waits to be filled; a fragment opens there."""
        return not (self.forms[-1].heading or self.forms[-1].typed_email)

    @property
    def typed_emails(self) -> list[str]:
        return [form.typed_email for form in self.forms]

    @property
    def is_full(self) -> bool:
        return len(self.forms) >= MAX_TEAM


def rows_in(data: Mapping[str, Any]) -> list[Row]:
    """The rows that the browser sent, in order; gaps in the numbering do not matter."""
    rows: dict[int, Row] = {}
    for name in data:
        cell = _CELL.fullmatch(name)
        if cell:
            rows.setdefault(int(cell[1]), {})[cell[2]] = storable(str(data[name])).strip()
    return [rows[number] for number in sorted(rows)]


def cells_of(rows: Sequence[Row]) -> dict[str, str]:
    """Rows as a browser would send them."""
    cells = {
        f"{PREFIX}-{number}-{name}": row.get(name, "")
        for number, row in enumerate(rows)
        for name in FIELDS
    }
    return {
        f"{PREFIX}-TOTAL_FORMS": str(len(rows)),
        f"{PREFIX}-INITIAL_FORMS": "0",
        **cells,
    }


def rows_after_button(data: Mapping[str, Any], contacts: Iterable[TeamMember]) -> list[Row] | None:
    """The rows after an add or remove button was pressed; None if neither was."""
    rows = rows_in(data)
    if "add_person" in data:
        return _with_person(rows, str(data["add_person"]), contacts)
    pressed = next(filter(None, map(_REMOVE.fullmatch, data)), None)
    if pressed is None:
        return None
    return [row for number, row in enumerate(rows) if number != int(pressed[1])]


def _with_person(rows: list[Row], email: str, contacts: Iterable[TeamMember]) -> list[Row]:
    if not email:
        return [*rows, {}] if len(rows) < MAX_TEAM else rows
    filled = [row for row in rows if any(row.values())]
    known = {row.get("email", "").lower() for row in filled}
    found = next((one for one in contacts if one.email.lower() == email.lower()), None)
    if found is None or email.lower() in known or len(filled) >= MAX_TEAM:
        return rows
    return [*filled, row_of(found)]


def row_of(person: TeamMember | CustomerContact | User) -> Row:
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "phone": str(person.phone or ""),
    }


def rows_of(team: Iterable[TeamMember]) -> list[Row]:
    return [row_of(person) for person in team]
