"""Every page in another language: it answers as in English, and says nothing untranslated.

One test for all, because nothing that it asks for leaves anything behind.
"""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import available_timezones

import pytest
from babel import Locale
from pytest_django import Settings

from partners.cast import CAST
from partners.models import Membership, User
from tests.architecture.routes import GUARDED, ROUTES, VENDORS_OWN, Route, Stage, ask
from tests.architecture.test_access_matrix import answer
from tests.identity import as_owner
from tests.pseudo import WORD, untranslated_in, words_in_the_database

pytestmark = pytest.mark.django_db

# What has the same name everywhere, or is said in its own language.
NAMES = "English Polski Ctrl Enter Esc UTC CRM CSV https"


@pytest.fixture
def reading(stage: Stage, settings: Settings, pseudo_locale: Path) -> Stage:
    settings.LOCALE_PATHS = [pseudo_locale]
    with as_owner():
        User.objects.update(language="pl")
    for member in stage.world.cast.values():
        member.user.language = "pl"
    return stage


def test_pages_answer_as_in_english_and_are_translated(reading: Stage) -> None:
    wrong, data = [], _data()
    for route in ROUTES:
        for member, method, htmx, url in _requests(route, reading):
            response = ask(member, url, method, htmx, language="pl")
            expected = {answer(route, method, htmx), 405} if route in GUARDED else None
            if expected and response.status_code not in expected:
                wrong.append(f"{method} {url}: {response.status_code}")
            elif response["Content-Type"].startswith("text/html"):
                found = untranslated_in(response.text, data=data)
                wrong += [f"{method} {url}: {text}" for text in found]
    assert not wrong, "\n".join(sorted(set(wrong)))


def test_what_is_not_translated_is_found() -> None:
    page = '<p title="One">«Twoo <b>threee</b>» Four 5 Contoso</p><kbd>Tab</kbd>'
    assert untranslated_in(page, data={"Contoso"}) == ["One", "Four 5 Contoso"]


def _requests(route: Route, stage: Stage) -> Iterator[tuple[Membership | None, str, bool, str]]:
    world = stage.world
    readers: list[Membership | None] = [None, world.anna]
    organization = "contoso"
    if route.permission in VENDORS_OWN:
        readers, organization = [world.victor], "microsoft"
    elif route in GUARDED:
        own = (world.anna, world.piotr)
        readers = [next(one for one in own if route.permission in one.permissions)]
    url = stage.url(route, organization=organization)
    for reader in readers:
        # A part of a page comes from the page's own template.
        for method in ("get", "post"):
            yield reader, method, False, url


def _data() -> set[str]:
    """Words that are nobody's to translate here: rows, and what Babel names in every language."""
    polish = Locale.parse("pl")
    named = [NAMES, *polish.territories.values(), *polish.currencies.values(), *polish.currencies]
    named += [part for one in CAST for part in (one.name, one.company)]
    named += [zone.replace("_", " ") for zone in available_timezones()]
    with as_owner():
        words = words_in_the_database()
    return words.union(*(WORD.findall(text) for text in named))
