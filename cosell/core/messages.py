"""Catalogues of translations: what the code says, and keeping every language in step with it.

Babel does it all, so that no gettext programs are needed. The compiled catalogues are kept in the
repository beside their sources; a test compares.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import SEEK_END, BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

LOCALE = Path(settings.BASE_DIR) / "locale"
KEYWORDS = {
    "_": None,
    **{f"gettext{kind}": None for kind in ("", "_lazy", "_noop")},
    **{f"ngettext{kind}": (1, 2) for kind in ("", "_lazy")},
    **{f"pgettext{kind}": ((1, "c"), 2) for kind in ("", "_lazy")},
    **{f"npgettext{kind}": ((1, "c"), 2, 3) for kind in ("", "_lazy")},
}
# The same code has to give the same bytes, also tomorrow.
_UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
_HEADER = """\
# {name}. The terms are explained in docs/polish.md.
msgid ""
msgstr ""
"Language: {code}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {plurals}\\n"

"""


def said_by_the_code() -> Catalog:
    """Every message of templates and Python, in the order of files."""
    catalog = Catalog(creation_date=_UNDATED)
    for path in sorted(_sources()):
        name = path.relative_to(settings.BASE_DIR).as_posix()
        found = extract("python", BytesIO(_as_python(path).encode()), keywords=KEYWORDS)
        for _line, message, _comments, context in found:
            catalog.add(message, locations=[(name, 0)], context=context)
    return catalog


def catalogue(language: str) -> Catalog:
    with _file(language, "po").open("rb") as file:
        catalog = read_po(file, locale=language)
    catalog.creation_date = catalog.revision_date = _UNDATED
    return catalog


def in_step(language: str) -> Catalog:
    """The catalogue with what the code says today; what is new has no translation yet."""
    catalog = catalogue(language)
    catalog.update(said_by_the_code(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def as_source(catalog: Catalog) -> bytes:
    assert catalog.locale  # noqa: S101 (read from a language's file)
    header = _HEADER.format(
        name=catalog.locale.english_name, code=catalog.locale, plurals=catalog.plural_forms
    )
    file = BytesIO(header.encode())
    file.seek(0, SEEK_END)
    write_po(file, catalog, width=100, omit_header=True, include_lineno=False)
    return file.getvalue()


def compiled(catalog: Catalog) -> bytes:
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def keep(language: str, catalog: Catalog, *, folder: Path = LOCALE) -> None:
    for kind, content in (("po", as_source(catalog)), ("mo", compiled(catalog))):
        file = _file(language, kind, folder=folder)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def untranslated(catalog: Catalog) -> list[Message]:
    return [one for one in catalog if one.id and not all(_strings(one))]


def languages() -> list[str]:
    """Those with a catalogue; the code itself speaks English."""
    return [code for code, _name in settings.LANGUAGES if code != "en"]


def _file(language: str, kind: str, *, folder: Path = LOCALE) -> Path:
    return folder / language / "LC_MESSAGES" / f"django.{kind}"


def _sources() -> Iterator[Path]:
    base = Path(settings.BASE_DIR)
    for folder in {base / "cosell", *(file.parent for file in base.glob("*/apps.py"))}:
        yield from (one for one in folder.rglob("*.py") if one.parent.name != "migrations")
    yield from (one for one in (base / "templates").rglob("*.*") if one.suffix != ".css")


def _as_python(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    # Calls of gettext amid filler; how far a line was indented means nothing.
    lines = templatize(text, origin=str(path)).splitlines()
    return "\n".join(line.strip() for line in lines)


def _strings(message: Message) -> tuple[str, ...]:
    said = message.string
    return tuple(said) if isinstance(said, (tuple, list)) else (said or "",)
