"""What people in the demo write: deal names, notes, messages, reasons, amounts and dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from deals.models import Deal, ReferenceCustomer
from deals.parts import Person
from demo.companies import Colleague, Company
from demo.names import Names, domain_of, load
from referrals.models import HelpType

Picked = TypeVar("Picked")

_REFERENCE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# What a euro is worth, roughly: amounts should look right, not be right.
_RATES = {"EUR": 1, "PLN": 4, "CZK": 25, "SEK": 11, "GBP": 0.9, "CHF": 1, "USD": 1.1}
_CAMPAIGNS = {
    "sap": "SAP-ON-AZURE", "data": "FABRIC-NOW", "security": "NIS2-READY", "crm": "SERVICE-DESK",
    "work": "COPILOT-START", "apps": "APP-MODERNISE", "infra": "DATACENTRE-EXIT",
    "ai": "COPILOT-START", "iot": "SMART-PLANT",
}  # fmt: skip


@dataclass(frozen=True)
class Topic:
    theme: str
    names: Sequence[str]
    range: tuple[int, int]
    insurance: Sequence[str]


class Words:
    def __init__(self, names: Names) -> None:
        self.names = names
        self.random = names.random
        texts = load("deals")
        self.topics = [
            Topic(one["theme"], one["names"], tuple(one["range"]), one.get("insurance", ()))
            for one in texts["topics"]
        ]
        self._texts = texts
        self._deal_names: set[tuple[str, str]] = set()

    def pick(self, choices: Sequence[Picked]) -> Picked:
        return self.random.choice(choices)

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def topic(self, themes: set[str]) -> Topic:
        return self.pick([topic for topic in self.topics if topic.theme in themes])

    def reference(self) -> str:
        letters = "".join(self.random.choices(_REFERENCE_LETTERS, k=8))
        return f"CO-{letters[:4]}-{letters[4:]}"

    def crm_id(self) -> str:
        return self.names.digits("OPP-2####") if self.chance(60) else ""

    def campaign_id(self, topic: Topic, at: datetime) -> str:
        year = at.year % 100 + (at.month > 6)
        return f"FY{year}-{_CAMPAIGNS[topic.theme]}" if self.chance(35) else ""

    def note(self) -> str:
        return self.pick(self._texts["notes"]["open"]) if self.chance(75) else ""

    def offer(self, topic: Topic, customer: ReferenceCustomer, at: datetime) -> dict[str, Any]:
        """Name, value, currency and close date of a new deal."""
        currency = self.names.countries[customer.country]["currency"]
        if currency != "EUR" and self.chance(12):
            currency = self.pick(["EUR", "USD"])
        thousands = self.random.randint(*topic.range)
        return {
            "name": self._deal_name(topic, customer),
            "value": self.rounded(Decimal(thousands * 1000 * _RATES[currency]), currency),
            "currency": currency,
            "close_date": (at + timedelta(days=self.random.randint(45, 210))).date(),
        }

    def rounded(self, value: Decimal, currency: str) -> Decimal:
        """People estimate: two or three digits that mean something."""
        step = Decimal(10) ** max(len(str(int(value))) - 2, 2) / 2
        return max((value / step).quantize(Decimal(1)) * step, step).quantize(Decimal("0.01"))

    def changed_value(self, deal: Deal) -> Decimal:
        factor = Decimal(self.pick([70, 80, 90, 110, 120, 135, 150])) / 100
        return self.rounded(deal.value * factor, deal.currency)

    def team(self, company: Company, *, first: Colleague) -> list[Colleague]:
        others = [
            one for one in company.people if one is not first and (one.may_work or not one.user)
        ]
        how_many = min(self.pick([0, 1, 1, 2, 2, 3]), len(others))
        return [first, *self.random.sample(others, how_many)]

    def customer_contact(self, customer: ReferenceCustomer) -> Person:
        return self.names.person(customer.country, domain=domain_of(customer.name))

    def request(self, *, vendor: bool) -> tuple[HelpType, str]:
        """Help type and message of an invitation."""
        types = [one for one in HelpType if one != HelpType.NONE]
        help_type = self.pick(types) if vendor or self.chance(50) else HelpType.NONE
        return help_type, self._filled(self.pick(self._texts["messages"][help_type.value]))

    def outcome(self, kind: str) -> tuple[str, str]:
        """Reason and notes of a deal that is declined, lost or closed as error."""
        reason, notes = self.pick(self._texts["outcomes"][kind])
        return reason, notes

    def _deal_name(self, topic: Topic, customer: ReferenceCustomer) -> str:
        insurer = any(word in customer.name for word in self._texts["trades"]["insurance"])
        choices = topic.insurance if insurer and topic.insurance else topic.names
        for _attempt in range(5):
            name = self._filled(self.pick(choices))
            if (name, customer.name) not in self._deal_names:
                break
        self._deal_names.add((name, customer.name))
        return name

    def _filled(self, text: str) -> str:
        return text.format(
            phase=self.random.randint(1, 3),
            n=self.pick([3, 4, 6, 8, 12, 14, 20, 25, 40]),
            seats=self.pick(["80", "150", "250", "400", "600", "1,200", "3,200"]),
            area=self.pick(self._texts["words"]["area"]),
        )
