"""Amounts, dates, names and times left, as each language writes them."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import translation

from cosell.core.money import (
    country_choices,
    country_name,
    currency_choices,
    format_money,
    format_percentage,
    format_share,
)
from cosell.core.templatetags.ui import words_left

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 12, 18, 9, 5)


@pytest.mark.parametrize(
    ("language", "amount", "whole", "country", "currency"),
    [
        ("en", "480,000.50 PLN", "480,000 PLN", "Germany", "EUR – Euro"),
        ("pl", "480 000,50 PLN", "480 000 PLN", "Niemcy", "EUR – euro"),
    ],
)
def test_amounts_and_names(
    language: str, amount: str, whole: str, country: str, currency: str
) -> None:
    with translation.override(language):
        shown = format_money(Decimal("480000.50"), "PLN"), format_money(Decimal(480_000), "PLN")
        assert tuple(one.replace("\xa0", " ") for one in shown) == (amount, whole)
        assert country_name("DE") == country
        assert dict(currency_choices())["EUR"] == currency


@pytest.mark.parametrize("language", ["en", "pl"])
def test_percent_sign_follows_its_number(language: str) -> None:
    with translation.override(language):
        shown = Template("{{ n|percent }}").render(Context({"n": 100}))
        assert (format_percentage(20), format_share(0.2), shown) == ("20%", "20%", "100%")


def test_no_page_writes_the_percent_sign_by_itself() -> None:
    sources = [*ROOT.glob("templates/**/*"), *ROOT.glob("locale/**/*.po")]
    texts = [one.read_text(encoding="utf-8") for one in sources if one.is_file()]
    assert len(texts) > 100
    apart = re.compile(r".{20}(?:}}|[\d)]s?)[ \u00a0]%%?[^}(\w]")
    assert apart.search("of all invitations {{ usual }} %.")
    assert [found for one in texts for found in apart.findall(one)] == []


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "18 Dec 2026; 18 Dec 2026, 09:05; 18 Dec; 18 December 2026"),
        ("pl", "18.12.2026; 18.12.2026, 09:05; 18.12; 18 grudnia 2026"),
    ],
)
def test_dates(language: str, shown: str) -> None:
    formats = ("DATE_FORMAT", "DATETIME_FORMAT", "MONTH_DAY_FORMAT", "j E Y")
    template = "; ".join(f'{{{{ at|date:"{one}" }}}}' for one in formats)
    with translation.override(language):
        assert Template(template).render(Context({"at": AT})) == shown


@pytest.mark.parametrize(
    ("left", "english", "polish"),
    [
        ({"days": 2, "hours": 1}, "2 days 1 hour left", "Jeszcze 2 dni 1 godzina"),
        ({"days": 1, "minutes": 5}, "1 day 5 minutes left", "Jeszcze 1 dzień 5 minut"),
        ({"hours": 22, "minutes": 2}, "22 hours 2 minutes left", "Jeszcze 22 godziny 2 minuty"),
        ({"seconds": 30}, "Less than a minute left", "Została niecała minuta"),
        ({"seconds": -1}, "Time is up", "Czas minął"),
    ],
)
def test_time_left(left: dict[str, int], english: str, polish: str) -> None:
    for language, words in (("en", english), ("pl", polish)):
        with translation.override(language):
            assert words_left(timedelta(**left)) == words


def test_countries_stand_in_the_alphabet() -> None:
    with translation.override("pl"):
        names = [name for _code, name in country_choices()]
    assert names[names.index("Litwa") : names.index("Luksemburg") + 1] == [
        "Litwa",
        "Łotwa",
        "Luksemburg",
    ]
