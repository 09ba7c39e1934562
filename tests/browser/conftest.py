"""Real Chromium against the real application, on a world of its own for every story.

The server runs in threads of the test process; each of its connections takes the app role, as the
web process does. Chromium is Debian's, best without windows: `.ci/run` installs it where it is
missing.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db.backends.signals import connection_created
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from cosell.core.tenancy import APP_ROLE
from partners.models import Membership

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
Scheme = Literal["light", "dark"]
Look = tuple[str, Scheme]
LOOKS: tuple[Look, ...] = (("wide", "light"), ("narrow", "dark"))
SIZES = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 360, "height": 740}}

# In the middle of a transition colours are neither of the one nor of the other. Waiting for its end
# could take for ever: a page that is not painted has no frames.
SETTLE = """() => document.getAnimations()
    .filter(one => one instanceof CSSTransition).forEach(one => one.finish())"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright's synchronous API keeps an event loop in this thread, which Django takes for async.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert program, "Chromium is missing: apt-get install chromium-headless-shell"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield chromium
        chromium.close()


def _take_app_role(sender: Any, connection: Any, **kwargs: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, false)", [APP_ROLE])


@pytest.fixture(autouse=True)
def _server_takes_the_app_role() -> Iterator[None]:
    connection_created.connect(_take_app_role)
    yield
    connection_created.disconnect(_take_app_role)


class Desk:
    """Somebody's browser: signed in, on one screen, with an eye on what must not happen."""

    def __init__(self, page: Page, address: str, slug: str, *, size: str) -> None:
        self.page = page
        self.address = address
        self.slug = slug
        self.look: Look = (size, "light")
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("console", self._listen)
        page.on("response", self._watch)

    def _listen(self, message: Any) -> None:
        # A refused form is an answer, not a fault; Chromium logs it as an error all the same.
        # Nor is a request that the next keystroke or page made needless.
        expected = ("status of 4", "htmx:sendAbort", "htmx:afterRequest")
        if message.type == "error" and not any(one in message.text for one in expected):
            self.complaints.append(f"console: {message.text}")

    def _watch(self, response: Any) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} {response.url}")

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}/o/{self.slug}/{path}")

    def assert_accessible(self) -> None:
        assert self.barriers() == []

    def barriers(self, looks: Sequence[Look] = LOOKS) -> list[str]:
        """What axe finds on a wide light and on a narrow dark screen; and scrolling sideways.

        Colours do not depend on the width, so that each of the two stands for its row and column.
        """
        look = self.look
        found = [line for one in looks for line in self._barriers_on(*one)]
        self._change_to(*look)
        return [f"{self.page.url}, {line}" for line in found]

    def _barriers_on(self, size: str, scheme: Scheme) -> list[str]:
        self._change_to(size, scheme)
        found = [
            f"{rule['id']}: {rule['help']}: {node['html'][:200]} ({node['target']})"
            for rule in Axe().run(self.page).response["violations"]
            for node in rule["nodes"]
        ]
        overflow = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        found += [f"{overflow} px too wide"] if overflow > 0 else []
        return [f"{size}, {scheme}: {line}" for line in found]

    def _change_to(self, size: str, scheme: Scheme) -> None:
        if self.look != (size, scheme):
            self.page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]  # a TypedDict
            self.page.emulate_media(color_scheme=scheme)
            self.look = (size, scheme)
        self.page.evaluate(SETTLE)


@pytest.fixture
def desk(browser: Browser, live_server: Any) -> Iterator[Callable[..., Desk]]:
    """Open a desk: `desk(world.anna)`, `desk(world.anna, javascript=False, size="narrow")`."""
    contexts: list[BrowserContext] = []
    desks: list[Desk] = []

    def open_desk(
        member: Membership | None, *, javascript: bool = True, size: str = "wide"
    ) -> Desk:
        context = browser.new_context(
            java_script_enabled=javascript,
            viewport=SIZES[size],  # type: ignore[arg-type]  # a TypedDict
            reduced_motion="reduce",
            locale="en-GB",
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        if member:
            _sign_in(context, member, live_server.url)
        slug = member.organization.slug if member else ""
        desks.append(Desk(context.new_page(), live_server.url, slug, size=size))
        return desks[-1]

    expect.set_options(timeout=20_000)
    yield open_desk
    for context in contexts:
        context.close()
    assert [line for one in desks for line in one.complaints] == []


def _sign_in(context: BrowserContext, member: Membership, url: str) -> None:
    client = Client()
    client.force_login(member.user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
