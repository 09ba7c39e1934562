"""Exchange rates: loading them from a file, and the currency that a company counts in.

The file is checked to its last row before anything is written.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from io import TextIOBase

from babel.numbers import get_territory_currencies
from django.db import transaction
from django.db.models import Subquery
from django.utils import timezone

from cosell.core.money import currency_choices
from deals.directory import NotADirectory, Problem
from deals.models import ExchangeRate
from partners.models import Organization

COLUMNS = ("date", "currency", "rate")
# What a DecimalField(18, 8) holds.
_MOST = Decimal(10) ** 10
_LEAST = Decimal("0.00000001")


@dataclass
class CheckedRates:
    rates: list[ExchangeRate] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def home_currency(organization: Organization) -> str:
    """The one of its country; euros where a country has none of its own any more."""
    return next(iter(get_territory_currencies(organization.country)), "EUR")


def converted(amount: Decimal, currency: str, *, into: str) -> Decimal | None:
    """At the rates of the newest day; None where one of the two has none."""
    if currency == into:
        return amount
    newest = ExchangeRate.objects.order_by("-date").values("date")[:1]
    found = ExchangeRate.objects.filter(date=Subquery(newest), currency__in=[currency, into])
    rates = dict(found.values_list("currency", "rate"))
    if not {currency, into} <= rates.keys():
        return None
    return amount / rates[currency] * rates[into]


def check_rates(file: TextIOBase) -> CheckedRates:
    """Read every row and collect every problem; NotADirectory if it is no such file at all."""
    checked = CheckedRates()
    known = {code for code, _name in currency_choices()}
    seen: dict[tuple[date, str], int] = {}
    for number, cells in _rows(file):
        code = cells["currency"].upper()
        day, rate = _day(cells["date"]), _rate(cells["rate"])
        problems = list(_problems(number, day, code if code in known else "", rate))
        if day and rate and not problems:
            first = seen.setdefault((day, code), number)
            if first != number:
                message = f"{code} of {day} is in row {first} already."
                problems.append(Problem(number, "currency", message))
            checked.rates.append(ExchangeRate(date=day, currency=code, rate=rate))
        checked.problems += problems
    return checked


@transaction.atomic
def write_rates(rates: list[ExchangeRate]) -> None:
    """Add days, and correct those that are known."""
    ExchangeRate.objects.bulk_create(
        rates,
        update_conflicts=True,
        unique_fields=["date", "currency"],
        update_fields=["rate"],
    )


def _rows(file: TextIOBase) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        reader = csv.DictReader(file, restval="", strict=True)
        names = [name.strip().lower() for name in reader.fieldnames or ()]
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            raise NotADirectory(f"The header lacks {', '.join(missing)}.")
        reader.fieldnames = names
        for cells in reader:
            yield reader.line_num, {name: cells[name].strip() for name in COLUMNS}
    except UnicodeDecodeError as error:
        raise NotADirectory(f"The file is not UTF-8 (byte {error.start}).") from error
    except csv.Error as error:
        raise NotADirectory(f"Row {reader.line_num} is not CSV: {error}.") from error


def _problems(number: int, day: date | None, code: str, rate: Decimal | None) -> Iterator[Problem]:
    if day is None:
        yield Problem(number, "date", "is no date such as 2026-11-20.")
    elif day > timezone.localdate():
        yield Problem(number, "date", f"{day} is in the future.")
    if not code:
        yield Problem(number, "currency", "is no ISO 4217 code, such as PLN.")
    if rate is None:
        yield Problem(number, "rate", "is no number above zero, such as 4.2312.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _rate(text: str) -> Decimal | None:
    try:
        rate = Decimal(text)
    except InvalidOperation:
        return None
    return rate if rate.is_finite() and _LEAST <= rate < _MOST else None
