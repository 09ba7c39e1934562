"""What is written about mails is what is sent (7.2)."""

import re
from html.parser import HTMLParser

import pytest

from notifications.catalogue import CATALOGUE, DIGEST, is_fixed
from notifications.documentation import documents
from notifications.examples import example_of
from notifications.management.commands.document_mails import DOCS

KINDS = (*CATALOGUE, DIGEST)


def test_documents_are_as_the_catalogue_and_the_templates_make_them() -> None:
    """If not: python3 run.py manage document_mails."""
    made = dict(documents())
    written = {path: (DOCS / path).read_text(encoding="utf-8") for path in made}
    assert written == made
    kept = {f"mails/{file.name}" for file in (DOCS / "mails").iterdir()}
    assert kept == {path for path in made if path.startswith("mails/")}


@pytest.mark.parametrize("kind", KINDS)
def test_mail_can_be_read_as_plain_text(kind: str) -> None:
    body = str(example_of(kind).body)
    assert body.startswith("Hello ")
    assert not re.search(r"</?\w+>|&\w+;|\{[{%]|None|\n{3}", body)
    assert re.search(r"^https://desk.example/(o/\w+|account)/\S+$", body, re.MULTILINE)
    stops = "Stop mails like this: https://desk.example/unsubscribe/" in body
    assert stops != is_fixed(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_mail_can_be_read_in_the_dark_and_on_a_phone(kind: str) -> None:
    html = str(example_of(kind).alternatives[0][0])
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "prefers-color-scheme: dark" in html
    assert 'name="viewport"' in html
    # Nothing is fetched, and nothing is wider than what holds it.
    assert not re.search(r"<(img|link|script|iframe)\b|url\(", html)
    assert not re.search(r"(?<!max-)width:\s*\d{3,}px", html)


@pytest.mark.parametrize("kind", KINDS)
def test_both_versions_of_a_mail_lead_to_the_same_places(kind: str) -> None:
    message = example_of(kind)
    links = _Links()
    links.feed(str(message.alternatives[0][0]))
    in_text = set(re.findall(r"https://desk\.example\S+", str(message.body)))
    assert {one for one in links.found if one.startswith("https://desk.example/")} == in_text


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name == "href"]
