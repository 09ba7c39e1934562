"""The answers of a registration and the rules between them (6.3), for forms and services alike."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cosell.core.errors import Refused
from cosell.core.money import format_money
from deals.events import plain
from deals.models import Registration, RegistrationRules
from deals.models.registration import Term
from deals.rates import converted


@dataclass(frozen=True, kw_only=True)
class Answers:
    is_marketplace: bool
    marketplace_date: date | None
    is_on_vendor_cloud: bool
    term: str
    total_value: Decimal
    solution_value: Decimal
    signed_on: date
    starts_on: date
    ends_on: date | None
    tenant_type: str
    pricing_model: str
    message: str = ""


NAMES = tuple(one.name for one in fields(Answers))
Problem = tuple[str, str]


@dataclass(frozen=True)
class Frame:
    """What answers are held against. `sent_on`: the day of the first round, which counts."""

    currency: str
    rules: RegistrationRules
    sent_on: date


def answers_of(registration: Registration) -> Answers:
    return Answers(**{name: getattr(registration, name) for name in NAMES})


def plain_answers(answers: Answers) -> dict[str, Any]:
    """As a step of the history keeps them."""
    return {name: plain(getattr(answers, name)) for name in NAMES}


def check_answers(answers: Answers, *, frame: Frame) -> None:
    """Raises the first problem."""
    given = {name: getattr(answers, name) for name in NAMES}
    for field, message in problems_in(given, frame=frame):
        raise Refused("answers", message, field=field)


def problems_in(given: Mapping[str, Any], *, frame: Frame) -> Iterator[Problem]:
    """Every rule that is broken, beside the field to change; what is not given breaks none."""
    yield from _of_marketplace(given)
    yield from _of_values(given, frame)
    yield from _of_signature(given, frame)
    yield from _of_time(given)


def _of_marketplace(given: Mapping[str, Any]) -> Iterator[Problem]:
    answer, day = given.get("is_marketplace"), given.get("marketplace_date")
    if answer and day is None:
        yield "marketplace_date", _("Say on which day the transaction took place.")
    if answer is False and day is not None:
        yield (
            "marketplace_date",
            _("Leave the day empty, or say that it was a marketplace transaction."),
        )
    if answer and day is not None and day > timezone.localdate():
        yield "marketplace_date", _("A transaction that took place cannot lie in the future.")


def _of_values(given: Mapping[str, Any], frame: Frame) -> Iterator[Problem]:
    total, part = given.get("total_value"), given.get("solution_value")
    for name, value in (("total_value", total), ("solution_value", part)):
        if value is not None and value <= 0:
            yield name, _("The value has to be above zero.")
        elif value is not None and value % 1 and not get_currency_precision(frame.currency):
            yield (
                name,
                _("%(currency)s has no smaller unit; write a whole amount.")
                % {"currency": frame.currency},
            )
    if total is not None and part is not None and part > total:
        yield (
            "solution_value",
            _("The solution is part of the contract: at most %(total)s.")
            % {"total": format_money(total, frame.currency)},
        )
    if total is not None and _is_below_minimum(total, frame):
        rules = frame.rules
        yield (
            "total_value",
            _("The contract has to be worth at least %(minimum)s.")
            % {"minimum": format_money(rules.minimum_value or Decimal(0), rules.currency)},
        )


def _is_below_minimum(total: Decimal, frame: Frame) -> bool:
    """Without a rate the reviewer judges."""
    if frame.rules.minimum_value is None:
        return False
    value = converted(total, frame.currency, into=frame.rules.currency)
    return value is not None and value < frame.rules.minimum_value


def _of_signature(given: Mapping[str, Any], frame: Frame) -> Iterator[Problem]:
    signed, days = given.get("signed_on"), frame.rules.days_since_signature
    if signed is None:
        return
    if signed > timezone.localdate():
        yield (
            "signed_on",
            _("A contract is registered once it is signed: choose a day until today."),
        )
    elif days is not None and frame.sent_on > signed + timedelta(days=days):
        text = ngettext(
            "A contract is registered within %(n)d day of its signature: this one until %(day)s.",
            "A contract is registered within %(n)d days of its signature: this one until %(day)s.",
            days,
        )
        last = date_format(signed + timedelta(days=days), "DATE_FORMAT")
        yield "signed_on", text % {"n": days, "day": last}


def _of_time(given: Mapping[str, Any]) -> Iterator[Problem]:
    term, starts, ends = (given.get(name) for name in ("term", "starts_on", "ends_on"))
    if term == Term.FINITE and ends is None:
        yield "ends_on", _("A finite contract has a last day.")
    if term == Term.PERPETUAL and ends is not None:
        yield "ends_on", _("A perpetual contract has no last day: leave it empty, or say finite.")
    if starts is not None and ends is not None and ends < starts:
        yield (
            "ends_on",
            _("The contract cannot end before it starts, on %(day)s.")
            % {"day": date_format(starts, "DATE_FORMAT")},
        )
