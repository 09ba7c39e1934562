"""Forms about directory tenants (1.2)."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from partners.origins import Tenant, tenant_of_domain

_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = RegexValidator(rf"^({_LABEL}\.)+{_LABEL}\Z", _("Write a domain such as contoso.com."))


class LinkForm(forms.Form):
    domain = forms.CharField(
        label=_("Domain"),
        max_length=253,
        help_text=_("What stands behind the @ in the addresses of your people."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    tenant_id = forms.UUIDField(
        label=_("Tenant ID"),
        required=False,
        help_text=_(
            "From the overview page of Microsoft Entra. Leave it empty where people sign in with a"
            " password."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "invalid": _("A tenant ID looks like 72f988bf-86f1-41af-91ab-2d7cd011db47.")
        },
    )

    def clean_domain(self) -> str:
        domain: str = self.cleaned_data["domain"].lower().removeprefix("@")
        DOMAIN(domain)
        return domain

    @property
    def tenant(self) -> Tenant:
        given: dict[str, Any] = self.cleaned_data
        own = tenant_of_domain(given["domain"])
        return Tenant(given["tenant_id"] or own.id, own.domain)


class LinkAnswerForm(forms.Form):
    reason = forms.CharField(
        label=_("A word to them"),
        max_length=1000,
        required=False,
        help_text=_("They read it in the mail. Needed when you refuse."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
