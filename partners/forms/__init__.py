"""Forms for accounts and for adding a partner organisation."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from django import forms
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from cosell.core.money import country_choices
from partners.models import Kind
from partners.provisioning import NewAdmin, NewLocation, NewOrganization

MPN_ID = RegexValidator(r"^\d{4,12}\Z", _("An MPN ID is a number of 4 to 12 digits."))

_SPELT_OUT = str.maketrans(
    {"ł": "l", "Ł": "L", "ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "đ": "d", "Đ": "D"}
)


_GOOD_PASSWORD = {
    "password1": _("At least 10 characters, and nothing that others would guess first.")
}


class Plain:
    """Labels above the fields say it; placeholders and help of allauth go."""

    labels: dict[str, Any] = {}
    helps: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]  # a mixin of forms
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, "")


class SignInForm(Plain, allauth.LoginForm):  # type: ignore[misc]  # allauth is untyped
    labels = {"login": _("E-mail address"), "password": _("Password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ResetPasswordForm(Plain, allauth.ResetPasswordForm):  # type: ignore[misc]  # as above
    labels = {"email": _("E-mail address")}

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """An unknown address gets a mail too, so that neither page nor time tells which it is."""
        if self.users:
            return str(super().save(request, **kwargs))
        email: str = self.cleaned_data["email"]
        get_adapter(request).send_mail("account/email/unknown_account", email, {})
        return email


class ResetPasswordKeyForm(Plain, allauth.ResetPasswordKeyForm):  # type: ignore[misc]  # as above
    helps = _GOOD_PASSWORD
    labels = {"password1": _("New password"), "password2": _("New password, once more")}


class ChangePasswordForm(Plain, allauth.ChangePasswordForm):  # type: ignore[misc]  # as above
    helps = _GOOD_PASSWORD
    labels = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password, once more"),
    }


class SetPasswordForm(Plain, allauth.SetPasswordForm):  # type: ignore[misc]  # as above
    helps = _GOOD_PASSWORD
    labels = {"password1": _("New password"), "password2": _("New password, once more")}


def _text(label: Any, length: int, **given: Any) -> forms.CharField:
    given.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
    return forms.CharField(label=label, max_length=length, **given)


def web_address(name: str) -> str:
    """Latin letters for a name; those that Unicode does not take apart are spelt out."""
    return slugify(name.translate(_SPELT_OUT))[:60].strip("-")


class PartnerForm(forms.Form):
    """A new partner organisation, its main location and its first admin."""

    name = _text(_("Name"), 200)
    country = forms.ChoiceField(label=_("Country"))
    slug = forms.SlugField(
        label=_("Web address"),
        max_length=60,
        required=False,
        help_text=_("Stands in the address of their pages. Left empty it is made from the name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    mpn_id = _text(_("MPN account ID"), 20, validators=[MPN_ID])

    location_name = _text(_("Name of the location"), 120)
    city = _text(_("City"), 120)
    location_country = forms.ChoiceField(label=_("Country of the location"))
    mpn_location_id = _text(_("MPN location ID"), 20, validators=[MPN_ID])

    first_name = _text(_("First name"), 80)
    last_name = _text(_("Last name"), 80)
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = PhoneNumberField(
        label=_("Phone"),
        required=False,
        help_text=_("With its country code, such as +48 22 123 45 67."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        error_messages={
            "invalid": _("Write the phone number with its country code, such as +48 22 123 45 67.")
        },
    )

    COMPANY = ("name", "country", "slug", "mpn_id")
    LOCATION = ("location_name", "city", "location_country", "mpn_location_id")
    ADMIN = ("first_name", "last_name", "email", "phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choose a country")), *country_choices()]
        for name in ("country", "location_country"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean_slug(self) -> str:
        typed: str = self.cleaned_data["slug"].lower()
        return typed or web_address(self.cleaned_data.get("name", ""))

    @property
    def company_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.COMPANY]

    @property
    def location_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.LOCATION]

    @property
    def admin_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.ADMIN]

    @property
    def organization(self) -> NewOrganization:
        given = self.cleaned_data
        return NewOrganization(
            name=given["name"], slug=given["slug"], country=given["country"],
            mpn_id=given["mpn_id"], kind=Kind.PARTNER,
        )  # fmt: skip

    @property
    def location(self) -> NewLocation:
        given = self.cleaned_data
        return NewLocation(
            name=given["location_name"], city=given["city"],
            country=given["location_country"], mpn_location_id=given["mpn_location_id"],
        )  # fmt: skip

    @property
    def admin(self) -> NewAdmin:
        given = self.cleaned_data
        return NewAdmin(
            first_name=given["first_name"], last_name=given["last_name"],
            email=given["email"], phone=str(given["phone"] or ""),
        )  # fmt: skip
