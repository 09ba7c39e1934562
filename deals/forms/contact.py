"""The person to talk to at the customer, and the consent to share them (3.3).

The consent is to being contacted by the vendor, who always gets the contact; that a partner gets it
is confirmed in the offer to that partner. It is one person's, known by the e-mail. `consent_for`
says whose a tick on the page is: who writes somebody else over them is asked to confirm again.
"""

from copy import copy
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from deals.forms.people import FIELDS, PhoneField, row_of
from deals.models import CustomerContact, Deal
from deals.parts import Person


class ContactForm(forms.Form):
    """All four fields or none; with `needed`, which says what for, all four and the consent."""

    first_name = forms.CharField(label=_("First name"), max_length=80, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    consent = forms.BooleanField(required=False)
    consent_for = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        company: str = "",
        region: str = "",
        needed: str = "",
        is_fixed: bool = False,
        **kwargs: Any,
    ) -> None:
        """`company` is the vendor; where it is not to be invited, nobody is asked for the consent.

        `region` reads national phone numbers. `is_fixed`: only the consent is still open.
        """
        kwargs.setdefault("prefix", "contact")
        super().__init__(*args, **kwargs)
        self.fields["phone"].region = region or None  # type: ignore[attr-defined]  # PhoneField's
        self.fields["consent"].label = consent_text(company)
        for name in FIELDS:
            self.fields[name].widget.attrs["autocomplete"] = "off"
            self.fields[name].disabled = is_fixed
        if not company:
            del self.fields["consent"], self.fields["consent_for"]
        if needed:
            self._require_all(needed)

    def _require_all(self, needed: str) -> None:
        for name in FIELDS:
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = needed
        if "consent" in self.fields:
            self.fields["consent"].required = True
            self.fields["consent"].error_messages["required"] = gettext(
                "Confirm that the customer agreed to this."
            )

    @staticmethod
    def initial_from(deal: Deal) -> dict[str, Any]:
        contact = CustomerContact.objects.filter(deal=deal).first()
        if contact is None:
            return {}
        has_consent = contact.consent_at is not None
        return {
            **row_of(contact),
            "consent": has_consent,
            "consent_for": contact.email if has_consent else "",
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        missing = [name for name in FIELDS if name not in self.errors and not cleaned.get(name)]
        if len(missing) < len(FIELDS):
            for name in missing:
                self.add_error(name, gettext("Fill in all four fields of the contact, or none."))
        if "consent" in self.fields:
            self._check_whose_consent(cleaned)
        return cleaned

    def _check_whose_consent(self, cleaned: dict[str, Any]) -> None:
        typed = str(self["email"].value() or "").strip()
        ticked_for = cleaned.get("consent_for") or self.initial.get("consent_for", "")
        is_theirs = bool(typed) and ticked_for.lower() in ("", typed.lower())
        if cleaned.get("consent") and typed and not is_theirs:
            self.add_error("consent", gettext("Confirm again: the contact has changed."))
        self._show_consent(is_theirs, whose=typed)

    def _show_consent(self, is_theirs: bool, *, whose: str) -> None:
        """Where the form is shown again, a tick is that of the person who stands there now."""
        shown: Any = copy(self.data)
        shown[self.add_prefix("consent_for")] = whose
        if not is_theirs:
            shown.pop(self.add_prefix("consent"), None)
        self.data = shown

    @property
    def person(self) -> Person | None:
        cleaned = self.cleaned_data
        if not cleaned["email"]:
            return None
        return Person(
            cleaned["first_name"], cleaned["last_name"], str(cleaned["phone"]), cleaned["email"]
        )

    @property
    def has_consent(self) -> bool:
        """Agreed for a contact that is there; without one there is nothing to agree to."""
        return bool(self.cleaned_data.get("consent") and self.cleaned_data["email"])


def needed_to_invite(company: str) -> str:
    return gettext("Needed to invite %(company)s.") % {"company": company}


def consent_text(company: str) -> str:
    return gettext(
        "The customer agrees that this contact is shared with %(company)s."
        " %(company)s may contact the customer directly."
    ) % {"company": company}
