"""Forms about the people of a company: inviting, roles, leaving, joining (1.3)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from partners.joining import Newcomer
from partners.models import Kind, Location, Membership, Organization, User
from partners.people import ROLES, Standing
from partners.permissions import LOCATION_ROLES, Role

HINTS: dict[Role, Promise] = {
    Role.MPN_ADMIN: _("Every deal, and the company itself: people, locations, profile, solutions."),
    Role.REFERRALS_ADMIN: _("Every deal of the company, or of the locations chosen below."),
    Role.REFERRALS_USER: _("Only the deals whose team they are on."),
    Role.VENDOR_ADMIN: _("Every deal, partner organisations, and the company itself."),
    Role.VENDOR_SELLER: _("Every deal of the company, or of the locations chosen below."),
    Role.REVIEWER: _("Looks at deals and reviews registrations."),
    Role.OBSERVER: _("Sees every deal and changes nothing."),
}


class StandingForm(forms.Form):
    """A role, and the locations it is limited to."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    locations = forms.ModelMultipleChoiceField(
        label=_("Limited to locations"),
        queryset=Location.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, organization: Organization, locations: Iterable[Location], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        roles = ROLES[Kind(organization.kind)]
        self.fields["role"].choices = [(role, _explained(role)) for role in roles]  # type: ignore[attr-defined]  # a ChoiceField
        chosen = self.fields["locations"]
        chosen.queryset = locations  # type: ignore[attr-defined]  # a ModelMultipleChoiceField
        able = ", ".join(str(role.label) for role in roles if role in LOCATION_ROLES)
        chosen.help_text = gettext(
            "Only for this role: %(roles)s. With nothing ticked it covers the whole company."
        ) % {"roles": able}

    @property
    def standing(self) -> Standing:
        given = self.cleaned_data
        return Standing(Role(given["role"]), list(given["locations"]))


class InviteForm(StandingForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Where the link goes. They sign in with exactly this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("email", "role", "locations")


class HandOverForm(forms.Form):
    """`colleague` gets the place of somebody on the teams of their open deals."""

    colleague = forms.ModelChoiceField(
        label=_("Hand their open deals to"), queryset=Membership.objects.none()
    )

    def __init__(
        self, *args: Any, heirs: Iterable[Membership], is_needed: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["colleague"]
        field.queryset, field.required = heirs, is_needed  # type: ignore[attr-defined]  # a ModelChoiceField
        field.empty_label = _("Choose a colleague") if is_needed else _("Nobody for now")  # type: ignore[attr-defined]  # as above
        field.label_from_instance = _with_role  # type: ignore[attr-defined]  # as above


class NewcomerForm(forms.Form):
    """Who opens the link and has no password yet."""

    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80)
    phone = PhoneNumberField(
        label=_("Phone"),
        help_text=_("Colleagues and partners reach you by it on the deals you work on."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={
            "invalid": _("Write the phone number with its country code, such as +48 22 123 45 67.")
        },
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 10 characters, and nothing that others would guess first."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, region: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email
        self.fields["phone"].region = region  # type: ignore[attr-defined]  # a PhoneNumberField
        for name, hint in (("first_name", "given-name"), ("last_name", "family-name")):
            self.fields[name].widget.attrs["autocomplete"] = hint

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        names = {name: self.cleaned_data.get(name, "") for name in ("first_name", "last_name")}
        try:
            validate_password(password, User(email=self._email, **names))
        except ValidationError as error:
            raise forms.ValidationError(error.messages) from error
        return password

    @property
    def newcomer(self) -> Newcomer:
        given = self.cleaned_data
        return Newcomer(
            given["first_name"], given["last_name"], str(given["phone"]), given["password"]
        )


def _explained(role: Role) -> str:
    return format_html('<span class="choice-title">{}</span>{}', role.label, HINTS[role])


def _with_role(member: Membership) -> str:
    return f"{member.user.full_name} · {member.get_role_display()}"
