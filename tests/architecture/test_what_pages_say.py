"""Every page in another language, with names that other companies chose full of markup.

It answers as in English, says nothing untranslated, and shows the names as text: htmx would run an
element. One test for all, because nothing that it asks for leaves anything behind.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pytest
from babel import Locale
from pytest_django import Settings

from partners.cast import CAST
from partners.models import Membership, User
from tests.architecture.naming import ELEMENT, TEXT, give_markup_for_names
from tests.architecture.routes import (
    GUARDED,
    ROUTES,
    VENDORS_OWN,
    Route,
    Stage,
    ask,
    not_found_bytes,
)
from tests.architecture.test_access_matrix import answer
from tests.identity import as_owner
from tests.pseudo import WORD, untranslated_in, words_in_the_database
from tests.world import World

pytestmark = pytest.mark.django_db

# What has the same name everywhere, or is said in its own language.
NAMES = "English Polski Ctrl Enter Esc UTC CRM CSV https"
BOTH = ("get", "post")

Asked = tuple[Membership | None, str, str]


@pytest.fixture(scope="module")
def decorate() -> Callable[[World], None]:
    return give_markup_for_names


@pytest.fixture
def reading(stage: Stage, settings: Settings, pseudo_locale: Path) -> Stage:
    settings.LOCALE_PATHS = [pseudo_locale]
    with as_owner():
        User.objects.update(language="pl")
    for member in stage.world.cast.values():
        member.user.language = "pl"
    return stage


def test_pages_answer_as_in_english_translated_and_with_names_as_text(reading: Stage) -> None:
    wrong, data, nothing = [], _data(), not_found_bytes()
    for route in ROUTES:
        pages: list[Any] = []
        for member, method, url in _asked(route, reading):
            response = ask(member, url, method, False, language="pl")
            if route in GUARDED and _may(member, route):
                expected = {answer(route, method, False), 405}
                if response.status_code not in expected:
                    wrong.append(f"{method} {url}: {response.status_code}")
            if not response["Content-Type"].startswith("text/html"):
                continue
            if response.status_code != 405:
                pages.append(response)
            found = untranslated_in(response.text, data=data)
            found += ["a name is markup"] if ELEMENT in response.content else []
            wrong += [f"{method} {url}: {text}" for text in found]
        # Every page with a frame names the organisation in its top bar.
        framed = b"".join(one.content for one in pages).replace(nothing, b"")
        if route in GUARDED and b"<html" in framed and TEXT not in framed:
            wrong.append(f"{route.name}: names nobody")
    assert not wrong, "\n".join(sorted(set(wrong)))


def test_what_is_not_translated_is_found() -> None:
    page = '<p title="One">«Twoo <b>threee</b>» Four 5 Contoso</p><kbd>Tab</kbd>'
    assert untranslated_in(page, data={"Contoso"}) == ["One", "Four 5 Contoso"]


def _asked(route: Route, stage: Stage) -> Iterator[Asked]:
    """Who may, on each side; Olga reads why not where nobody of a partner may.

    A part of a page comes from the page's own template, and what is said to an empty form is said
    on the vendor's side too.
    """
    world = stage.world
    readers: list[tuple[Membership | None, str, tuple[str, ...]]] = [
        (None, "contoso", BOTH),
        (world.anna, "contoso", BOTH),
    ]
    if route in GUARDED:
        ours = next((one for one in (world.anna, world.piotr) if _may(one, route)), world.olga)
        theirs = [one for one in (world.sam, world.victor, world.rita) if _may(one, route)]
        vendors = route.permission in VENDORS_OWN
        readers = [(ours, "contoso", BOTH)]
        if vendors or not route.names_a_thing:
            readers += [(one, "microsoft", BOTH if vendors else ("get",)) for one in theirs[:1]]
    for member, organization, methods in readers:
        for method in methods:
            yield member, method, stage.url(route, organization=organization)


def _may(member: Membership | None, route: Route) -> bool:
    return bool(member and route.permission and member.may(route.permission))


def _data() -> set[str]:
    """Words that are nobody's to translate here: rows, and what Babel names in every language."""
    polish = Locale.parse("pl")
    named = [NAMES, *polish.territories.values(), *polish.currencies.values(), *polish.currencies]
    named += [part for one in CAST for part in (one.name, one.company)]
    named += [zone.replace("_", " ") for zone in available_timezones()]
    with as_owner():
        words = words_in_the_database()
    return words.union(*(WORD.findall(text) for text in named))
