"""The person to talk to at the customer, and the consent to share them (3.3)."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from deals.forms.people import FIELDS, PhoneField, row_of
from deals.models import CustomerContact, Deal
from deals.services import Person


class ContactForm(forms.Form):
    """All four fields or none; with `is_required` all four and the consent."""

    first_name = forms.CharField(label=_("First name"), max_length=80, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    consent = forms.BooleanField(required=False)

    def __init__(
        self,
        *args: Any,
        company: str,
        region: str = "",
        is_required: bool = False,
        **kwargs: Any,
    ) -> None:
        """`company` is who may see the contact; `region` reads national phone numbers."""
        kwargs.setdefault("prefix", "contact")
        super().__init__(*args, **kwargs)
        self.company = company
        self.fields["phone"].region = region or None  # type: ignore[attr-defined]  # PhoneField's
        self.fields["consent"].label = consent_text(company)
        for name in FIELDS:
            self.fields[name].widget.attrs["autocomplete"] = "off"
        if is_required:
            self._require_all()

    def _require_all(self) -> None:
        needed = gettext("Needed to invite %(company)s.") % {"company": self.company}
        for name in FIELDS:
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = needed
        self.fields["consent"].required = True
        self.fields["consent"].error_messages["required"] = gettext(
            "Confirm that the customer agreed to this."
        )

    @staticmethod
    def initial_from(deal: Deal) -> dict[str, Any]:
        contact = CustomerContact.objects.filter(deal=deal).first()
        if contact is None:
            return {}
        return {**row_of(contact), "consent": contact.consent_at is not None}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        missing = [name for name in FIELDS if name not in self.errors and not cleaned.get(name)]
        if len(missing) < len(FIELDS):
            for name in missing:
                self.add_error(name, gettext("Fill in all four fields of the contact, or none."))
        return cleaned

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
        return bool(self.cleaned_data["consent"] and self.cleaned_data["email"])


def consent_text(company: str) -> str:
    return gettext(
        "The customer agrees that this contact is shared."
        " %(company)s may contact the customer directly."
    ) % {"company": company}
