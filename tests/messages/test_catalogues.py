"""Every language says everything that the code says, with the same names and tags in it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from babel.messages import Catalog, Message
from babel.messages.mofile import read_mo
from django.utils import translation
from django.utils.encoding import force_str

from cosell.core.messages import LOCALE, as_source, catalogue, in_step, untranslated
from cosell.core.messages import languages as translated_languages

# %(name)s, {name}, and the tags and entities of HTML.
PARTS = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}|</?\w+[^>]*>|&\w+;|https?://\S+")
TRANSLATED = pytest.mark.parametrize("language", translated_languages())


@TRANSLATED
def test_catalogue_is_in_step_with_the_code(language: str) -> None:
    """If not: python3 run.py manage messages, and translate what it names."""
    folder = LOCALE / language / "LC_MESSAGES"
    said = in_step(language)
    assert [one.id for one in untranslated(said)] == []
    assert as_source(said) == (folder / "django.po").read_bytes()
    with (folder / "django.mo").open("rb") as file:
        assert _told(read_mo(file)) == _told(said)


@TRANSLATED
def test_translations_keep_names_and_tags(language: str) -> None:
    assert list(_faults(catalogue(language))) == []


def test_faults_are_found() -> None:
    catalog = Catalog(locale="pl")
    catalog.add("%(n)s of {all}", "%(m)s z {all}")
    catalog.add("a <b>word</b>", "<b>słowo")
    catalog.add(("%(n)s day", "%(n)s days"), ("%(n)s dzień", "%(n)s dni"))
    catalog.add(("%(n)s hour", "%(n)s hours"), ("%(n)s godzina", "%(n)s godziny", "godzin"))
    catalog.add("unsure", "niepewne", flags=["fuzzy"])
    catalog.add("right %(n)s", "dobrze %(n)s")
    faulty = [message.id for message in _faulty(catalog)]
    assert faulty == [one.id for one in list(catalog)[1:-1]]


def test_polish_counts_in_three_ways() -> None:
    with translation.override("pl"):
        told = [
            translation.ngettext("%(n)d hour", "%(n)d hours", n) % {"n": n}
            for n in (1, 2, 5, 12, 22, 25)
        ]
    assert told == ["1 godzina", "2 godziny", "5 godzin", "12 godzin", "22 godziny", "25 godzin"]


def _told(catalog: Catalog) -> dict[Any, tuple[str, ...]]:
    """By context, which Babel reads back as bytes, and English words."""
    return {
        (force_str(one.context or ""), *_forms(one.id)): _forms(one.string)
        for one in catalog
        if one.id
    }


def _forms(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _faults(catalog: Catalog) -> Iterator[str]:
    for message in _faulty(catalog):
        yield f"{message.id!r}: {message.string!r}"


def _faulty(catalog: Catalog) -> Iterator[Message]:
    for message in catalog:
        if message.id and (message.fuzzy or not _says_the_same(message, catalog)):
            yield message


def _says_the_same(message: Message, catalog: Catalog) -> bool:
    if isinstance(message.id, str):
        return _parts(message.id) == _parts(str(message.string))
    forms = [_parts(form) for form in message.string or ()]
    one, many = _parts(message.id[0]), _parts(message.id[1])
    return (
        len(forms) == catalog.num_plurals
        and forms[0] in (one, many)
        and all(form == many for form in forms[1:])
    )


def _parts(text: str) -> set[str]:
    """How often something is named may differ with grammar; whether it is named may not."""
    return set(PARTS.findall(text))
