"""The product in Polish, and in a language whose every message is 40 % longer."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django import Settings

from notifications.catalogue import DIGEST
from notifications.models import Notification
from notifications.mornings import write_digests
from notifications.services import work_off
from partners.models import Membership, User
from partners.permissions import Permission
from tests.architecture.conftest import stage_in
from tests.architecture.routes import GUARDED, VENDORS_OWN, Route, Stage, ask
from tests.browser.conftest import LOOKS, SIZES, Desk
from tests.identity import as_owner
from tests.world import World

OpenDesk = Callable[..., Desk]

# Lists, board, deal, wizard, forms, dialogs, tables, cards: one of each.
DIFFERENT = {
    "deals:detail", "deals:new", "deals:edit_team", "deals:find", "deals:close", "deals:columns",
    "referrals:accept", "referrals:invite_partners", "notifications:list",
    "notifications:preferences", "partners:people", "partners:solution", "partners:directory",
}  # fmt: skip
# Colours are the same in every language, and on a wide screen longer words fit as well.
LOOK = LOOKS[1:]


@pytest.fixture
def stage(world: World) -> Stage:
    """Committed, so that the server sees it."""
    return stage_in(world)


def everybody_reads_polish() -> None:
    with as_owner():
        User.objects.update(language="pl")


def _open(
    route: Route, member: Membership, stage: Stage, desks: dict[str, Desk], desk: OpenDesk
) -> Desk:
    """At the desk that the person has in `desks`; a new one, if it is their first page."""
    if member.user.email not in desks:
        desks[member.user.email] = desk(member)
    shown = desks[member.user.email]
    shown.page.goto(f"{shown.address}{_url(route, stage, member)}")
    return shown


def test_long_words_break_no_layout(
    stage: Stage,
    desk: OpenDesk,
    settings: Settings,
    pseudo_locale: Path,
) -> None:
    settings.LOCALE_PATHS = [pseudo_locale]
    everybody_reads_polish()
    desks: dict[str, Desk] = {}
    broken = []
    for route, member in _pages(stage, GUARDED):
        shown = _open(route, member, stage, desks, desk)
        assert "«" in shown.page.content()
        for name, size in SIZES.items():
            shown.page.set_viewport_size(size)  # type: ignore[arg-type]  # a TypedDict
            broken += [f"{route.name}, {name}: {line}" for line in too_wide(shown)]
    assert not broken, "\n".join(broken)


def test_no_barrier_in_polish(stage: Stage, desk: OpenDesk) -> None:
    everybody_reads_polish()
    desks: dict[str, Desk] = {}
    barriers = []
    for route, member in _pages(stage, [one for one in GUARDED if one.name in DIFFERENT]):
        barriers += _open(route, member, stage, desks, desk).barriers(LOOK)
    anna = desks[stage.world.anna.user.email]
    for place in ("deals/outbound/", "deals/outbound/?layout=board"):
        anna.open(place)
        expect(anna.page.locator("html")).to_have_attribute("lang", "pl")
        barriers += anna.barriers(LOOK)
    assert not barriers, "\n".join(barriers)


@pytest.mark.parametrize("javascript", [True, False])
def test_language_is_chosen_on_any_page_and_stays(
    world: World, desk: OpenDesk, javascript: bool
) -> None:
    world.deal(name="Retail analytics")
    anna = desk(world.anna, javascript=javascript)
    anna.open("deals/outbound/?group=accepted&q=retail")
    page, here = anna.page, anna.page.url
    page.locator("summary", has_text="Account:").click()
    page.get_by_role("button", name="Polski").click()
    expect(page.get_by_role("heading", name="Transakcje", level=1)).to_be_visible()
    assert page.url == here
    page.get_by_role("link", name="Retail analytics").first.click()
    expect(page.get_by_role("heading", name="Nasze postępy")).to_be_visible()
    visitor = desk(None, javascript=javascript)
    visitor.page.goto(f"{visitor.address}{reverse('account_login')}")
    visitor.page.get_by_role("button", name="Polski").click()
    expect(visitor.page.get_by_role("heading", name="Zaloguj się")).to_be_visible()


def test_digest_arrives_in_polish_in_the_readers_morning(
    world: World, desk: OpenDesk, settings: Settings
) -> None:
    """Frank works in Tokyo, reads Polish, and was invited by Contoso."""
    settings.EMAIL_BACKEND = "notifications.mailbox.MailboxBackend"
    world.referral(world.deal(name="Retail analytics"), recipient=world.fabrikam)
    frank = desk(world.frank)
    page = frank.page
    frank.open("notifications/preferences/")
    page.get_by_role("combobox", name="Language").select_option(label="Polski")
    page.get_by_role("combobox", name="Time zone").select_option(value="Asia/Tokyo")
    page.get_by_label("Time of the digest").fill("07:30")
    page.get_by_role("button", name="Save preferences").click()
    expect(page.get_by_text("Preferencje zostały zapisane.")).to_be_visible()
    yesterday = timezone.localdate() - timedelta(days=1)
    morning = datetime.combine(yesterday, time(7, 30), tzinfo=ZoneInfo("Asia/Tokyo"))
    for moment, written in ((morning - timedelta(minutes=1), 0), (morning, 1), (morning, 1)):
        with time_machine.travel(moment, tick=False):
            write_digests()
        with as_owner():
            assert (
                Notification.objects.filter(kind=DIGEST, email__startswith="frank").count()
                == written
            )
    _send_digests()
    page.goto(f"{frank.address}/mailbox/?q=frank")
    page.get_by_role("link", name="1 zaproszenie czeka na odpowiedź").click()
    body = page.frame_locator("iframe")
    expect(body.get_by_role("heading", name="Czeka na odpowiedź")).to_be_visible()
    link = body.get_by_role("link", name="Retail analytics").get_attribute("href") or ""
    page.goto(link.replace(settings.SITE_URL.rstrip("/"), frank.address))
    expect(page.get_by_role("link", name="Przyjmij…")).to_be_visible()


def too_wide(shown: Desk) -> Iterator[str]:
    overflow = shown.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if overflow > 0:
        yield f"{overflow} px too wide"


def _digests_to(member: Membership) -> int:
    with as_owner():
        return Notification.objects.filter(kind=DIGEST, membership=member).count()


def _send_digests() -> None:
    """Now, whatever time it was when they were written."""
    with as_owner():
        Notification.objects.filter(kind=DIGEST).update(next_attempt_at=Now())
    work_off(seconds=30)


def _pages(stage: Stage, routes: Sequence[Route]) -> Iterator[tuple[Route, Membership]]:
    """Those that are a page of their own, with somebody who may open it."""
    world = stage.world
    for route in routes:
        permission = route.permission or Permission.VIEW_DEALS
        own = [one for one in (world.anna, world.piotr) if permission in one.permissions]
        member = world.victor if permission in VENDORS_OWN else own[0]
        response = ask(member, _url(route, stage, member), "get", False)
        if response.status_code == 200 and "<html" in getattr(response, "text", ""):
            yield route, member


def _url(route: Route, stage: Stage, member: Membership) -> str:
    return stage.url(route, organization=member.organization.slug)
