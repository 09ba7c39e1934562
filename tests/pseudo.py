"""A language that nobody speaks: every message stands between «», and is about 40 % longer.

What a page shows outside of them is data, or was never given to a translator.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po
from django.apps import apps
from django.db import connection

from cosell.core.messages import keep, said_by_the_code

PARTS = re.compile(r"(%\(\w[\w.]*\)[sd]|%%|\{\w*\}|</?\w+[^>]*>|&\w+;)")
WORD = re.compile(r"[^\W\d_]{2,}")
SHOWN = {
    "title",
    "placeholder",
    "alt",
    "aria-label",
    "data-copied",
    "data-announce",
    "data-offline",
}
SILENT = {"style", "script", "code", "kbd"}


def write_pseudo_locale(folder: Path, *, language: str = "pl") -> None:
    catalog = Catalog(locale=language)
    for source in (said_by_the_code(), *_catalogues_of_packages(language)):
        for message in source:
            if isinstance(message.id, str):
                said: str | tuple[str, ...] = message.id and pseudo(message.id)
            else:
                one, many = map(pseudo, message.id)
                said = (one, many, many)
            catalog.add(message.id, said, context=message.context)
    keep(language, catalog, folder=folder)


def pseudo(text: str) -> str:
    """«Thee daay»: the same length in every word, so that lines can break as they do."""
    pieces = PARTS.split(text)
    longer = (
        piece if number % 2 else re.sub(r"[aeiouy]", r"\g<0>\g<0>", piece, flags=re.IGNORECASE)
        for number, piece in enumerate(pieces)
    )
    return f"«{''.join(longer)}»"


def untranslated_in(page: str, *, data: set[str]) -> list[str]:
    """Visible text outside of «» with words that are no data."""
    visible = _Visible()
    visible.feed(page)
    visible.close()
    found = [text for text in visible.found if set(WORD.findall(text)) - data]
    return found if not visible.depth else [*found, "« without »"]


def words_in_the_database() -> set[str]:
    """The caller is the owner, who sees every row."""
    words: set[str] = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" AS t')  # noqa: S608 (our own tables)
            words.update(word for (row,) in cursor.fetchall() for word in WORD.findall(row))
    return words


def _catalogues_of_packages(language: str) -> Iterator[Catalog]:
    """Of Django and its company, which speak Polish themselves."""
    import django

    folders = [Path(django.__file__).parent / "conf" / "locale"]
    folders += [Path(app.path) / "locale" for app in apps.get_app_configs()]
    for folder in folders:
        source = folder / language / "LC_MESSAGES" / "django.po"
        if source.exists():
            with source.open("rb") as file:
                yield read_po(file, locale=language)


class _Visible(HTMLParser):
    """Text in the order of the document: a message may hold elements."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.depth = self.silent = 0
        self.initials = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        self.initials = "avatar" in (dict(attrs).get("class") or "")
        for name, value in attrs:
            if name in SHOWN and value:
                self.found.append(self._outside(value, depth=0)[0])

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT
        self.initials = False

    def handle_data(self, data: str) -> None:
        if not self.silent and not self.initials:
            outside, self.depth = self._outside(data, depth=self.depth)
            self.found.append(outside)

    def _outside(self, text: str, *, depth: int) -> tuple[str, int]:
        kept = []
        for piece in re.split("([«»])", text):
            depth += {"«": 1, "»": -1}.get(piece, 0)
            if not depth and piece != "»":
                kept.append(piece)
        return "".join(kept).strip(), depth
