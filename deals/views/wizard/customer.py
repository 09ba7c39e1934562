"""The first step: which company, and whom to talk to there (3.1-3.3)."""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deals.customers import (
    SHOWN,
    Entry,
    customer_of,
    duns_in,
    enter_customer,
    entry_of,
    find_customers,
)
from deals.forms.contact import ContactForm
from deals.forms.customers import CustomerByHandForm, CustomerSearchForm
from deals.models import Customer, Deal
from deals.parts import Person
from deals.queries import open_deals_for_same_customer
from deals.stage_names import shown_names
from deals.views.wizard.drafts import Sent, changed
from deals.views.wizard.steps import Step, typed_in

MOST_DUPLICATES = 5


class CustomerStep(Step):
    """`choice` is a company from the list; `by_hand` shows the fields to enter one instead."""

    key = "customer"
    label = _("Customer")
    title = _("Who is the customer?")
    lead = _("The customer cannot be changed once the deal exists.")
    template = "deals/wizard/_customer.html"
    fields = re.compile(r"country|city|q|choice|by_hand|hand-\w+")

    @cached_property
    def search_form(self) -> CustomerSearchForm:
        country = self.member.organization.country
        if self.sent is None:
            return CustomerSearchForm(initial={"country": country})
        return CustomerSearchForm(initial=typed_in(CustomerSearchForm(self.sent)))

    @cached_property
    def hand_form(self) -> CustomerByHandForm:
        return self._form(CustomerByHandForm)

    @cached_property
    def contact_form(self) -> ContactForm:
        return self.wizard.contact_form(checked=self.checked)

    @cached_property
    def entry(self) -> Entry | None:
        key = self.text("choice")
        return entry_of(key, organization=self.member.organization) if key else None

    @property
    def is_by_hand(self) -> bool:
        return bool(self.text("by_hand")) and self.entry is None

    @cached_property
    def matches(self) -> list[Entry]:
        form = self.search_form
        return find_customers(
            self.member.organization,
            form.typed,
            country=str(form["country"].value() or ""),
            city=str(form["city"].value() or ""),
        )

    @property
    def is_cut_short(self) -> bool:
        return len(self.matches) >= SHOWN

    @property
    def forms(self) -> Sequence[forms.BaseForm]:
        return [self.hand_form, self.contact_form] if self.is_by_hand else [self.contact_form]

    @property
    def is_valid(self) -> bool:
        return (self.is_by_hand or self.entry is not None) and super().is_valid

    @property
    def is_unchosen(self) -> bool:
        return not self.is_by_hand and self.entry is None

    @property
    def unchosen(self) -> str:
        return "id_q" if self.is_unchosen else ""

    @property
    def problem(self) -> str:
        if self.is_unchosen:
            return str(_("Choose a company from the list, or enter it by hand."))
        return super().problem

    @property
    def address(self) -> dict[str, str]:
        """Name, country and D-U-N-S of whichever company it is now; empty before."""
        if self.entry:
            company = self.entry.company
            return {"name": company.name, "country": company.country, "duns": company.duns}
        if self.is_by_hand and self.hand_form.is_bound and self.hand_form.is_valid():
            address = self.hand_form.address
            return {name: address[name] for name in ("name", "country", "duns")}
        return {}

    @property
    def summary(self) -> str:
        return self.address.get("name", "")

    @cached_property
    def duplicates(self) -> list[Deal]:
        """Open deals of ours that this one may repeat (3.2)."""
        if not self.address:
            return []
        repeated = open_deals_for_same_customer(self.member, **self.address)
        return list(repeated.order_by("-created_at")[:MOST_DUPLICATES])

    @property
    def stage_names(self) -> dict[str, str]:
        """What our stages are called where duplicates are shown (5.8)."""
        return shown_names(self.member.organization_id)

    def customer(self) -> Customer:
        """The row for the deal; made on first use."""
        organization = self.member.organization
        if self.entry:
            return customer_of(self.entry, organization=organization)
        return enter_customer(organization, self.hand_form.address)

    @property
    def contact(self) -> Person | None:
        return self.contact_form.person

    def press(self, sent: Sent) -> Sent | None:
        if "choose" in sent:
            return changed(sent, choice=str(sent["choose"]), by_hand="")
        if "change" in sent:
            return changed(sent, choice="", by_hand="")
        if "enter" in sent:
            return changed(sent, choice="", by_hand="1", **_known_already(sent))
        return sent if "search" in sent else None


def _known_already(sent: Sent) -> dict[str, Any]:
    """What was typed to search is not typed again."""
    query = str(sent.get("q") or "")
    duns = duns_in(query)
    known = {"name": "" if duns else query, "duns": duns}
    known |= {name: str(sent.get(name) or "") for name in ("city", "country")}
    return {
        f"hand__{name}": str(sent.get(f"hand-{name}") or "") or text for name, text in known.items()
    }
