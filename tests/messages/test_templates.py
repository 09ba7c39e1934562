"""No template shows words that no catalogue knows."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.template.base import Lexer, Token, TokenType

ROOT = Path(settings.BASE_DIR) / "templates"
# The documentation of mails is English.
TEMPLATES = [
    one.relative_to(ROOT).as_posix()
    for one in sorted(ROOT.rglob("*.*"))
    if one.suffix not in {".css", ".md"}
]
SHOWN = {"title", "placeholder", "alt", "aria-label", "data-copied", "data-announce"}
# Not read as prose: code, keys on a keyboard.
SILENT = {"style", "script", "code", "kbd"}
# The same in every language: what example values look like, and addresses.
AS_IT_IS = re.compile(r"https?://\S+|\b[\w.]+@[\w.]+\b|\bD-U-N-S\b|\bCSV\b|\bCRM\b|\bMPN\b")
WORD = re.compile(r"[^\W\d_]{2,}")
# Blocks that hold names of classes and of buttons.
CLASSES = {"page_class", "shell", "enter"}
# "j M Y" is right in English alone: named formats, and E for a month after its day, are in others.
FIXED_DATE = re.compile(r"""\|date:["'](?![A-Z_]+["'])[^"']*[FMN]""")
# In a tag: 'words like these', as an argument or a default.
PHRASE = re.compile(r"""(?<![\w(])(["'])(?=[^"']*[A-Z ])(?=[^"']*[a-z]{2})([^"'=/{}<>:]+)\1""")
TRANSLATES = {"translate", "trans", "blocktranslate", "blocktrans", "load", "extends", "comment"}


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_says_nothing_untranslated(name: str) -> None:
    source = (ROOT / name).read_text(encoding="utf-8")
    tokens = list(_said(Lexer(source).tokenize()))
    bare = "".join(one.contents if one.token_type == TokenType.TEXT else " " for one in tokens)
    found = _in_html(bare) if name.endswith(".html") else [bare]
    assert [text for text in found if WORD.search(AS_IT_IS.sub("", text))] == []
    tags = (one.contents for one in tokens if one.token_type != TokenType.TEXT)
    assert [tag for tag in tags if not _translates(tag) and PHRASE.search(tag)] == []
    assert FIXED_DATE.findall(source) == []


def test_words_without_a_translation_are_found() -> None:
    page = '<p title="Two words">{{ a }} left</p><code>x y</code>'
    assert _in_html(page) == ["Two words", "{{ a }} left"]
    assert PHRASE.search('include "_a.html" with title="Two words"')
    assert FIXED_DATE.search('{{ at|date:"j M Y" }}')
    assert not FIXED_DATE.search('{{ at|date:"DATETIME_FORMAT" }} {{ at|date:"j E Y, H:i T" }}')
    assert not PHRASE.search('include "_field.html" with field=form.name class="field-wide"')


def _said(tokens: list[Token]) -> Iterator[Token]:
    """Without comments, and without what stands between the tags of a translation."""
    until = ""
    for token in tokens:
        word, *rest = token.contents.split() if token.token_type == TokenType.BLOCK else ("",)
        if until:
            until = "" if word == until else until
        elif word in {"comment", "blocktranslate"} or (word == "block" and rest[0] in CLASSES):
            until = f"end{word}"
            yield token
        elif token.token_type != TokenType.COMMENT:
            yield token


def _translates(tag: str) -> bool:
    return tag.split()[0] in TRANSLATES or "_(" in tag


def _in_html(page: str) -> list[str]:
    visible = _Visible()
    visible.feed(page)
    visible.close()
    return visible.found


class _Visible(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        self.found += [value for name, value in attrs if name in SHOWN and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.found.append(data.strip())
