"""Currencies, countries and amounts, in the reader's language."""

from decimal import Decimal
from functools import lru_cache
from unicodedata import normalize

from babel import Locale
from babel.numbers import (
    format_compact_decimal,
    format_decimal,
    format_percent,
    get_currency_precision,
    get_decimal_symbol,
    list_currencies,
)
from django.utils.translation import get_language

# The currencies of the countries most deals come from stand on top of the choice.
COMMON_CURRENCIES = ("EUR", "USD", "GBP", "PLN", "CHF", "SEK", "NOK", "DKK", "CZK", "JPY")
_NO_MONEY = {
    "XAG",
    "XAU",
    "XBA",
    "XBB",
    "XBC",
    "XBD",
    "XDR",
    "XPD",
    "XPT",
    "XSU",
    "XTS",
    "XUA",
    "XXX",
}


def reader_locale() -> Locale:
    return _locale(get_language() or "en")


@lru_cache(maxsize=8)
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def format_money(value: Decimal, currency: str) -> str:
    """Grouped digits and the ISO code: unmistakable where many currencies share a column."""
    return f"{format_amount(value, places=get_currency_precision(currency))}\u00a0{currency}"


def format_amount(value: Decimal, *, places: int = 2) -> str:
    pattern = f"#,##0.{'0' * places}" if places and value % 1 else "#,##0"
    return format_decimal(value, format=pattern, locale=reader_locale())


def decimal_mark() -> str:
    return get_decimal_symbol(reader_locale())


def currency_choices() -> list[tuple[str, str]]:
    return _currency_choices(get_language() or "en")


@lru_cache(maxsize=8)
def _currency_choices(language: str) -> list[tuple[str, str]]:
    names = _locale(language).currencies
    current = sorted(list_currencies() & set(names) - _NO_MONEY - set(COMMON_CURRENCIES))
    current = [code for code in current if "(" not in names[code]]
    return [(code, f"{code} – {names[code]}") for code in (*COMMON_CURRENCIES, *current)]


def country_name(code: str) -> str:
    return str(reader_locale().territories.get(code, code))


def country_choices() -> list[tuple[str, str]]:
    return _country_choices(get_language() or "en")


def _place(name: str) -> tuple[str, str]:
    """Where a name stands in an alphabet: Łotwa beside Luksemburg, not after Zimbabwe."""
    plain = normalize("NFKD", name.replace("Ł", "L").replace("ł", "l")).encode("ascii", "ignore")
    return plain.decode().casefold(), name


@lru_cache(maxsize=8)
def _country_choices(language: str) -> list[tuple[str, str]]:
    names = _locale(language).territories
    countries = ((code, name) for code, name in names.items() if len(code) == 2 and code.isalpha())
    return sorted(
        (
            (code, name)
            for code, name in countries
            if code not in {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"}
        ),
        key=lambda pair: _place(pair[1]),
    )


def format_compact(value: Decimal, currency: str) -> str:
    """Short enough for a chart: 1.2M EUR."""
    short = format_compact_decimal(value, fraction_digits=1, locale=reader_locale())
    return f"{short}\u00a0{currency}"


def format_number(number: int) -> str:
    return format_decimal(number, locale=reader_locale())


def format_share(share: float) -> str:
    """The one place that decides about the sign: 20%, with nothing between, in Polish as well."""
    return format_percent(share, locale=reader_locale())


def format_percentage(percent: int) -> str:
    return _percentage(percent, get_language() or "en")


@lru_cache(maxsize=256)
def _percentage(percent: int, language: str) -> str:
    return format_percent(percent / 100, locale=_locale(language))
