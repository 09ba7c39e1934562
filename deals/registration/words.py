"""Answers and history of a registration as people read them, on both sides."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cosell.core.money import format_money
from deals.models import Registration, RegistrationStep
from deals.models.registration import PricingModel, StepKind, TenantType, Term
from deals.registration.answers import NAMES, answers_of, plain_answers
from deals.registration.lifecycle import INTERNAL, who_did

LABELS = {
    "is_marketplace": gettext_lazy("Bought through the marketplace?"),
    "marketplace_date": gettext_lazy("Day of the marketplace transaction"),
    "is_on_vendor_cloud": gettext_lazy("Deployed on the vendor's cloud?"),
    "term": gettext_lazy("Term of the contract"),
    "total_value": gettext_lazy("Total contract value"),
    "solution_value": gettext_lazy("Value of the solution in it"),
    "signed_on": gettext_lazy("Signed on"),
    "starts_on": gettext_lazy("Starts on"),
    "ends_on": gettext_lazy("Ends on"),
    "tenant_type": gettext_lazy("Where it runs"),
    "pricing_model": gettext_lazy("Pricing model"),
    "message": gettext_lazy("Message to the reviewer"),
}
_GENERAL = gettext_lazy("In general")
_CHOICES = {"term": Term, "tenant_type": TenantType, "pricing_model": PricingModel}
_AMOUNTS = {"total_value", "solution_value"}
_SENTENCES = {
    StepKind.SUBMITTED: (gettext_lazy("%(who)s registered the deal"), "send", "accent"),
    StepKind.RESUBMITTED: (gettext_lazy("%(who)s sent it again"), "refresh-cw", "accent"),
    StepKind.APPROVED: (gettext_lazy("%(who)s approved it"), "badge-check", "green"),
    StepKind.REJECTED: (gettext_lazy("%(who)s rejected it"), "circle-x", "red"),
    StepKind.ACTION_REQUIRED: (gettext_lazy("%(who)s asked for changes"), "triangle-alert", ""),
    StepKind.TAKEN: (gettext_lazy("%(who)s took the review on"), "user-check", ""),
    StepKind.RELEASED: (gettext_lazy("%(who)s gave the review back"), "undo-2", ""),
}


@dataclass(frozen=True)
class Row:
    """One answer; `before` is that of the round before, where it was another."""

    name: str
    label: Any
    value: str
    before: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Change:
    label: Any
    before: str
    after: str


@dataclass(frozen=True)
class HistoryItem:
    at: datetime
    sentence: str
    icon: str
    tone: str
    round: int
    note: str = ""
    answer_by: date | None = None
    messages: list[tuple[Any, str]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def label_of(name: str) -> Any:
    return LABELS.get(name, _GENERAL)


def messages_in_words(messages: Mapping[str, str]) -> list[tuple[Any, str]]:
    """In the order of the form; what is about no field comes last."""
    order = {name: place for place, name in enumerate(NAMES)}
    named = sorted(messages.items(), key=lambda pair: order.get(pair[0], len(order)))
    return [(label_of(name), text) for name, text in named]


def rows_of(registration: Registration, steps: Iterable[RegistrationStep]) -> list[Row]:
    """What stands in it now, beside what the last round said."""
    rounds = [step.data["answers"] for step in steps if "answers" in step.data]
    now = plain_answers(answers_of(registration))
    before = rounds[-2] if len(rounds) > 1 else now
    return [
        Row(
            name,
            label_of(name),
            in_words(name, now[name], registration.currency),
            _was(name, now, before, registration.currency),
            registration.messages.get(name, ""),
        )
        for name in NAMES
        if name != "message"
    ]


def _was(name: str, now: Mapping[str, Any], before: Mapping[str, Any], currency: str) -> str:
    return in_words(name, before[name], currency) if _differ(now, before, name) else ""


def history_of(
    steps: Iterable[RegistrationStep], *, reader: UUID, currency: str
) -> list[HistoryItem]:
    """The newest first; who took a review on is the vendor's own affair."""
    return list(_items(steps, reader=reader, currency=currency))[::-1]


def _items(
    steps: Iterable[RegistrationStep], *, reader: UUID, currency: str
) -> Iterator[HistoryItem]:
    before: dict[str, Any] = {}
    for step in steps:
        if step.kind in INTERNAL and reader != step.vendor_id:
            continue
        sentence, icon, tone = _SENTENCES[StepKind(step.kind)]
        now = step.data.get("answers") or before
        until = step.data.get("answer_by")
        yield HistoryItem(
            at=step.at,
            sentence=str(sentence) % {"who": who_did(step, reader=reader)},
            icon=icon,
            tone=tone,
            round=step.round,
            note=step.data.get("reason", "") or step.data.get("answers", {}).get("message", ""),
            answer_by=date.fromisoformat(until) if until else None,
            messages=messages_in_words(step.data.get("messages", {})),
            changes=list(_changes(before, now, currency)) if before else [],
        )
        before = now


def _changes(before: Mapping[str, Any], now: Mapping[str, Any], currency: str) -> Iterator[Change]:
    for name in NAMES:
        if name != "message" and _differ(now, before, name):
            yield Change(
                label_of(name),
                in_words(name, before[name], currency),
                in_words(name, now[name], currency),
            )


def _differ(now: Mapping[str, Any], before: Mapping[str, Any], name: str) -> bool:
    if name in _AMOUNTS:
        return Decimal(now[name]) != Decimal(before[name])
    return bool(now[name] != before[name])


def in_words(name: str, value: Any, currency: str) -> str:
    """One answer, as steps keep it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name in _AMOUNTS:
        return format_money(Decimal(value), currency)
    if name in _CHOICES:
        return str(_CHOICES[name](value).label)
    if name.endswith(("_on", "_date")):
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    return str(value)
