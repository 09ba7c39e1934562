"""A solution of the company, and the vendor's answer about one (1.5)."""

import re
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners.models import CoSellStatus, Organization, Solution
from partners.solutions import Contact, Content

MOST_CONTACTS, LONGEST_NAME, LONGEST_EMAIL = 10, 160, 254
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]*)>")


class ContactsField(forms.CharField):
    """One person a line: an address, with a name if one likes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=3000, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def clean(self, value: Any) -> list[Contact]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        contacts = [_contact_in(line) for line in lines]
        if len(contacts) > MOST_CONTACTS:
            text = gettext("Name at most %(n)s people.") % {"n": MOST_CONTACTS}
            raise forms.ValidationError(text)
        if len({contact.email.lower() for contact in contacts}) < len(contacts):
            raise forms.ValidationError(gettext("Two lines have the same address."))
        return contacts


class SolutionForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    summary = forms.CharField(
        label=_("Summary"),
        max_length=500,
        help_text=_("What it does and for whom, in one or two sentences."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    contacts = ContactsField(
        label=_("Contacts"),
        help_text=_("One a line, such as: Ewa Sikora <ewa@contoso.example>"),
    )
    status = forms.TypedChoiceField(
        label=_("Co-sell status"), choices=CoSellStatus.choices, coerce=int
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not organization.is_vendor:
            del self.fields["status"]

    @classmethod
    def showing(cls, solution: Solution) -> "SolutionForm":
        contacts = solution.contacts.order_by("email")
        initial = {
            "name": solution.name,
            "summary": solution.summary,
            "contacts": "\n".join(_as_line(one.name, one.email) for one in contacts),
            "status": solution.status,
        }
        return cls(initial=initial, organization=solution.organization)

    @property
    def content(self) -> Content:
        given = self.cleaned_data
        status = CoSellStatus(given["status"]) if "status" in given else None
        return Content(given["name"], given["summary"], given["contacts"], status)


class AskForm(forms.Form):
    message = forms.CharField(
        label=_("Message"),
        max_length=1000,
        required=False,
        help_text=_("Where the vendor can see that it is ready, for instance."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    reason = forms.CharField(
        label=_("What is missing, or a word of welcome"),
        max_length=1000,
        required=False,
        help_text=_("The partner reads it. Needed when you refuse."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class LowerForm(forms.Form):
    """Which lower status a marked solution gets, and why."""

    status = forms.TypedChoiceField(
        label=_("Status from now on"),
        coerce=lambda written: CoSellStatus(int(written)),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=1000,
        help_text=_("The partner reads it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, solution: Solution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lower = [(one.value, one.label) for one in CoSellStatus if one < solution.status]
        self.fields["status"].choices = lower  # type: ignore[attr-defined]  # a ChoiceField


def _as_line(name: str, email: str) -> str:
    return f"{name} <{email}>" if name else email


def _contact_in(line: str) -> Contact:
    named = _NAMED.fullmatch(line)
    name, email = (named["name"].strip(), named["email"].strip()) if named else ("", line)
    try:
        validate_email(email)
    except forms.ValidationError as error:
        text = gettext("“%(line)s” is no e-mail address.") % {"line": line[:80]}
        raise forms.ValidationError(text) from error
    if len(name) > LONGEST_NAME or len(email) > LONGEST_EMAIL:
        raise forms.ValidationError(gettext("“%(line)s…” is too long.") % {"line": line[:80]})
    return Contact(name, email)
