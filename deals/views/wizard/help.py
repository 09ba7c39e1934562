"""The step in which a partner asks the vendor for help, or does not (3.7, 3.8)."""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from deals.forms.contact import ContactForm
from deals.forms.help import HelpForm
from deals.stages import DealType
from deals.views.wizard.steps import Step
from partners.models import Organization
from referrals.models import HelpType
from referrals.offers import Invitation


class HelpStep(Step):
    """Private, or co-sell with the vendor (3.7, 3.8). Asks for the contact where it is missing."""

    key = "help"
    label = _("Selling type")
    title = _("Do you want help?")
    lead = _(
        "This decides the type of the deal. A private deal can become co-sell later, never the"
        " other way round."
    )
    template = "deals/wizard/_help.html"
    fields = re.compile("help_type|message")
    days = settings.INVITATION_DAYS

    @classmethod
    def applies(cls, wizard: Any) -> bool:
        """Nobody helps with an assessment (5.6)."""
        return wizard.vendor is not None and not wizard.is_assessment

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
        return str(self.wizard.type.label)

    def deal_type(self) -> DealType:
        return DealType.CO_SELL if self.asks_for_help else DealType.PRIVATE

    @property
    def without_help(self) -> str:
        """What no help means for the deal."""
        if self.wizard.type == DealType.PRIVATE:
            told = gettext("Private deal: nobody is invited, and %(vendor)s sees nothing.")
        else:
            told = gettext("Only the partners that you invite: %(vendor)s sees nothing.")
        return told % {"vendor": self.wizard.vendor_name}

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
