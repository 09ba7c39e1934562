"""The step that decides who is invited: a partner asks the vendor, the vendor asks a partner."""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from deals.forms.contact import ContactForm
from deals.forms.help import HelpForm
from deals.forms.partner import PartnerForm
from deals.stages import DealType
from deals.views.wizard.drafts import Sent, changed
from deals.views.wizard.steps import Step
from partners.models import Organization, Solution
from partners.queries import ecosystem, partner_solutions
from referrals.models import HelpType
from referrals.offers import Invitation

SUGGESTED = 8


class HelpStep(Step):
    """Private, or co-sell with the vendor (3.7, 3.8). Asks for the contact where it is missing."""

    key = "help"
    label = _("Selling type")
    title = _("Do you want help?")
    lead = _("This decides the type of the deal.")
    template = "deals/wizard/_help.html"
    fields = re.compile("help_type|message")
    days = settings.INVITATION_DAYS

    @classmethod
    def applies(cls, wizard: Any) -> bool:
        return wizard.vendor is not None

    @cached_property
    def form(self) -> HelpForm:
        def make(*args: Any, **kwargs: Any) -> HelpForm:
            return HelpForm(*args, company=self.wizard.vendor_name, **kwargs)

        return self._form(make, help_type=HelpType.NONE)

    @cached_property
    def contact_form(self) -> ContactForm:
        return self.wizard.contact_form(checked=self.checked, is_required=True)

    @cached_property
    def is_contact_ready(self) -> bool:
        return self.wizard.contact_form(checked=True, is_required=True).is_valid()

    @property
    def asks_for_help(self) -> bool:
        return self.form.asks_for_help

    @property
    def forms(self) -> Sequence[forms.BaseForm]:
        return [self.form, self.contact_form] if self.asks_for_help else [self.form]

    @property
    def is_valid(self) -> bool:
        return self.form.is_bound and super().is_valid

    @property
    def has_incentive(self) -> bool:
        return self.wizard.has_incentive

    @property
    def summary(self) -> str:
        return str(self.deal_type().label)

    def deal_type(self) -> DealType:
        return DealType.CO_SELL if self.asks_for_help else DealType.PRIVATE

    def invitations(self) -> list[tuple[Organization, Invitation]]:
        vendor = self.wizard.vendor
        if vendor is None or not self.asks_for_help:
            return []
        return [(vendor, self._invitation())]

    def _invitation(self) -> Invitation:
        details = self.wizard.details.form.details
        return Invitation(
            value=details.value,
            currency=details.currency,
            close_date=details.close_date,
            help_type=self.form.chosen_help,
            message=self.form.cleaned_data["message"],
            people=self.wizard.team.formset.people,
            solutions=self.wizard.solutions.form.solutions,
            shares_contact=True,
        )


class PartnerStep(Step):
    """The vendor chooses one partner and what it should bring (3.9)."""

    key = "partner"
    label = _("Partner")
    title = _("Which partner do you invite?")
    template = "deals/wizard/_partner.html"
    fields = re.compile(
        "partner|partner_q|bring|value|currency|close_date|help_type|message|shares_contact"
    )
    days = settings.INVITATION_DAYS

    @property
    def query(self) -> str:
        return self.text("partner_q")[:100]

    @cached_property
    def matches(self) -> list[tuple[Organization, list[Solution]]]:
        """Partners by name with what they offer; without a word, the first by name."""
        found = ecosystem().exclude(pk=self.member.organization_id)
        for word in self.query.split():
            found = found.filter(name__icontains=word)
        partners = list(found.order_by("name")[:SUGGESTED])
        offered: dict[UUID, list[Solution]] = {}
        for solution in partner_solutions(besides=self.member.organization_id).filter(
            organization__in=partners
        ):
            offered.setdefault(solution.organization_id, []).append(solution)
        return [(partner, offered.get(partner.pk, [])) for partner in partners]

    @cached_property
    def partner(self) -> Organization | None:
        try:
            wanted = UUID(self.text("partner"))
        except ValueError:
            return None
        return ecosystem().filter(pk=wanted).first()

    @cached_property
    def form(self) -> PartnerForm | None:
        partner = self.partner
        if partner is None:
            return None

        def make(*args: Any, **kwargs: Any) -> PartnerForm:
            inviter = self.member.organization
            return PartnerForm(*args, partner=partner, inviter=inviter, **kwargs)

        form = self._form(make)
        if not form.is_bound:
            known = {name: value for name, value in form.initial.items() if value}
            form.initial = {**self._prefilled(), **known}
        return form

    def _prefilled(self) -> dict[str, Any]:
        details = self.wizard.details.form
        names = ("value", "currency", "close_date")
        typed = {name: details[name].value() for name in names}
        return {**typed, "help_type": HelpType.GENERAL}

    @cached_property
    def contact_form(self) -> ContactForm:
        return self.wizard.contact_form(checked=True, is_required=True)

    @property
    def is_contact_ready(self) -> bool:
        """Whether there is a contact that may be shared: whole, and with consent."""
        return self.contact_form.is_valid()

    @property
    def forms(self) -> Sequence[forms.BaseForm]:
        return [self.form] if self.form else []

    @property
    def is_valid(self) -> bool:
        return self.form is not None and super().is_valid

    @property
    def unchosen(self) -> str:
        return "" if self.form else "id_partner_q"

    @property
    def problem(self) -> str:
        return super().problem if self.form else gettext("Choose a partner.")

    @property
    def summary(self) -> str:
        return self.partner.name if self.partner else ""

    def press(self, sent: Sent) -> Sent | None:
        if "choose_partner" in sent:
            return changed(sent, partner=str(sent["choose_partner"]))
        if "change_partner" in sent:
            return changed(sent, partner="", bring=[])
        return sent if "search" in sent else None

    def deal_type(self) -> DealType:
        return DealType.CO_SELL

    def invitations(self) -> list[tuple[Organization, Invitation]]:
        if self.partner is None or self.form is None:
            return []
        cleaned = self.form.cleaned_data
        offer = Invitation(
            value=cleaned["value"],
            currency=cleaned["currency"],
            close_date=cleaned["close_date"],
            help_type=HelpType(cleaned["help_type"]),
            message=cleaned["message"],
            people=self.wizard.team.formset.people,
            solutions=list(cleaned["bring"]),
            shares_contact=self.shares_contact,
        )
        return [(self.partner, offer)]

    @property
    def shares_contact(self) -> bool:
        return bool(
            self.form and self.form.cleaned_data["shares_contact"] and self.is_contact_ready
        )
