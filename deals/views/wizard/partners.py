"""The step that invites partners: as many as wanted, each with an offer of its own (3.9, 3.10)."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from deals.customers import listed_with_duns
from deals.forms.partners import FIELDS, PartnerPicker, sent_after_button
from deals.stages import DealType
from deals.views.wizard.drafts import Sent
from deals.views.wizard.steps import Step
from partners.models import Organization
from referrals.models import HelpType
from referrals.offers import Invitation
from referrals.suggestions import suggest_partners
from referrals.traits import DealTraits


class PartnersStep(Step):
    """A company may invite other partners, or go on without."""

    key = "partners"
    label = _("Partners")
    title = _("Do you invite partners?")
    lead = _(
        "Each gets an invitation of its own and sees nobody else whom you invite."
        " Without a partner, just go on."
    )
    template = "deals/wizard/_partners.html"
    fields = FIELDS
    is_needed: ClassVar[bool] = False

    @classmethod
    def applies(cls, wizard: Any) -> bool:
        """Nobody is invited to an assessment (5.6)."""
        return not wizard.is_assessment

    @cached_property
    def picker(self) -> PartnerPicker:
        return PartnerPicker(
            self.member.organization,
            self.sent if self.sent is not None else Sent(),
            checked=self.checked,
            prefilled=self._prefilled(),
            people=self.wizard.team.formset.people if self.wizard.team.is_valid else [],
            may_share=self.wizard.has_contact,
            suggest=lambda besides: suggest_partners(self.member, self._traits(), besides=besides),
        )

    def _traits(self) -> DealTraits:
        """What is known of the deal by now; details that are not right yet tell no size."""
        details, customer = self.wizard.details.form, self.wizard.customer
        is_right = details.is_valid()
        listed = listed_with_duns(customer.address.get("duns", ""))
        return DealTraits(
            country=customer.address.get("country", ""),
            industry=listed.industry if listed else "",
            value=details.details.value if is_right else None,
            currency=details.details.currency if is_right else "",
            solutions=self.wizard.solutions.picker.chosen_ids,
        )

    def _prefilled(self) -> dict[str, Any]:
        details = self.wizard.details.form
        names = ("value", "currency", "close_date")
        typed = {name: details[name].value() for name in names}
        return {**typed, "help_type": HelpType.GENERAL}

    @property
    def forms(self) -> Sequence[forms.BaseForm]:
        return self.picker.forms

    @property
    def is_valid(self) -> bool:
        if self.is_unchosen or self.sent is None:
            return False
        return self.picker.is_valid

    @property
    def is_unchosen(self) -> bool:
        return self.is_needed and not self.picker.ids

    @property
    def unchosen(self) -> str:
        return "id_partner_q" if self.is_unchosen or self.picker.problem else ""

    @property
    def problem(self) -> str:
        if self.is_unchosen:
            return gettext("Choose a partner.")
        if self.sent is None:
            return gettext("Not filled in yet.")
        return self.picker.problem or super().problem

    @property
    def summary(self) -> str:
        return self.picker.names or gettext("Nobody")

    def press(self, sent: Sent) -> Sent | None:
        after = sent_after_button(sent)
        if "choose_partner" in sent:
            self.anchor = f"offer-{str(sent['choose_partner']).replace('-', '')}"
        return after

    def deal_type(self) -> DealType:
        return DealType.P2P if self.picker.ids else DealType.PRIVATE

    def invitations(self) -> list[tuple[Organization, Invitation]]:
        return [(form.partner.organization, form.offer) for form in self.picker.forms]


class VendorsPartnersStep(PartnersStep):
    """What the vendor creates is for a partner: at least one."""

    title = _("Which partners do you invite?")
    lead = _("Each gets an invitation of its own and sees nobody else whom you invite.")
    is_needed = True

    def deal_type(self) -> DealType:
        return DealType.CO_SELL
