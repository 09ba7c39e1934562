"""Every state of a list has an address: Back, reload and a second tab give the same full page."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from deals.lifecycle import advance
from deals.models import Deal
from deals.stages import DealType
from deals.transitions import Name
from tests.browser.conftest import Desk
from tests.browser.hands import WAYS, Hand
from tests.world import World

MANY = 27


def shown(page: Page) -> list[str]:
    """The names in the list, on a page that is whole and there once."""
    expect(page.get_by_role("banner")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="Deals")).to_be_visible()
    expect(page.locator("#deal-list")).to_have_count(1)
    return page.locator("#deal-list .grid-name").all_inner_texts()


def type_search(page: Page) -> None:
    page.get_by_role("searchbox", name="Search these deals").press_sequentially("deal 1")
    expect(page.locator("#chip-q")).to_contain_text("deal 1")
    expect(page).to_have_url(re.compile("q=deal"))


def set_filter(page: Page) -> None:
    page.get_by_role("button", name="Filters").click()
    panel = page.get_by_role("dialog", name="Filters")
    panel.get_by_label("Private").check()
    panel.get_by_role("button", name="Show deals").click()
    expect(page.get_by_role("group", name="Active filters")).to_contain_text("Private")


def sort_by_name(page: Page) -> None:
    page.locator("#head-name").click()
    expect(page.get_by_role("columnheader", name="Deal")).to_have_attribute(
        "aria-sort", "ascending"
    )


def second_page(page: Page) -> None:
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("link", name="Previous")).to_be_visible()


def other_group(page: Page) -> None:
    page.locator("#group-closed").click()
    expect(page.locator("#group-closed")).to_have_attribute("aria-current", "page")


def other_tab(page: Page) -> None:
    page.get_by_role("navigation", name="Lists").get_by_role("link", name="Inbound").click()
    expect(page).to_have_url(re.compile("/inbound/"))


def two_at_once(page: Page) -> None:
    set_filter(page)
    sort_by_name(page)


STATES = [type_search, set_filter, sort_by_name, second_page, other_group, other_tab, two_at_once]


@pytest.fixture
def many(world: World) -> None:
    """More deals than a page shows: some private, one closed, one received."""
    deals = [
        world.deal(
            name=f"Deal {number:02}", type=DealType.CO_SELL if number % 9 else DealType.PRIVATE
        )
        for number in range(1, MANY + 1)
    ]
    with world.as_member(world.anna):
        closing = Deal.objects.get(pk=deals[3].pk)
        advance(closing, Name.WIN, actor=world.anna.actor)
    world.referral(world.deal(world.sam), sender=world.sam, recipient=world.contoso)


@pytest.mark.usefixtures("many")
def test_state_of_a_list_is_found_again(world: World, desk: Callable[..., Desk]) -> None:
    anna = desk(world.anna)
    page = anna.page
    anna.open("deals/outbound/")
    before = shown(page)
    for change in STATES:
        anna.open("deals/outbound/")
        change(page)
        assert shown(page) not in ([], before), change.__name__
        found_again(page, change.__name__)


def found_again(page: Page, change: str) -> None:
    address, rows = page.url, shown(page)
    page.reload()
    assert shown(page) == rows, f"reloaded after {change}"
    twin = page.context.new_page()
    twin.goto(address)
    assert shown(twin) == rows, f"in a second tab after {change}"
    # Behind another tab a page is not painted, and everything takes longer.
    twin.close()

    page.locator("#deal-list .grid-name").first.click()
    expect(page.get_by_role("heading", level=1, name=rows[0])).to_be_visible()
    page.go_back()
    expect(page).to_have_url(address)
    assert shown(page) == rows, f"gone back to after {change}"
    page.locator("#deal-list .grid-name").first.click()
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link").last.click()
    expect(page).to_have_url(address)
    assert shown(page) == rows, f"returned to after {change}"


@pytest.mark.usefixtures("many")
def test_back_undoes_one_change_after_the_other(world: World, desk: Callable[..., Desk]) -> None:
    anna = desk(world.anna)
    page = anna.page
    anna.open("deals/outbound/")
    stops = [(page.url, shown(page))]
    for change in (set_filter, sort_by_name):
        change(page)
        stops.append((page.url, shown(page)))
    for address, rows in reversed(stops[:-1]):
        page.go_back()
        expect(page).to_have_url(address)
        assert shown(page) == rows
    page.go_forward()
    expect(page).to_have_url(stops[1][0])
    assert shown(page) == stops[1][1]


@pytest.mark.parametrize(("way", "javascript"), WAYS)
def test_heart(
    world: World, desk: Callable[..., Desk], way: Callable[[Desk], Hand], javascript: bool
) -> None:
    world.deal(name="Plain deal")
    world.deal(name="Dear deal")
    anna = way(desk(world.anna, javascript=javascript))
    page = anna.page
    heart = page.get_by_role("button", name="Favorite: Dear deal")
    anna.desk.open("deals/outbound/")
    anna.press(heart)
    expect(heart).to_have_attribute("aria-pressed", "true")
    anna.press(page.get_by_role("navigation", name="Lists").get_by_role("link", name="Favorites"))
    expect(page).to_have_url(re.compile("/favorites/"))
    assert shown(page) == ["Dear deal"]
    anna.press(page.get_by_role("link", name="Dear deal"))
    expect(page.get_by_role("heading", level=1, name="Dear deal")).to_be_visible()
    anna.press(heart)
    expect(heart).to_have_attribute("aria-pressed", "false")
    anna.desk.open("deals/favorites/")
    expect(page.get_by_role("heading", name="No favorites yet")).to_be_visible()


def test_export_leaves_the_selection_in_use(world: World, desk: Callable[..., Desk]) -> None:
    """The page stays when a file comes, so its buttons have to be let go by themselves."""
    world.deal(name="Ours")
    anna = desk(world.anna)
    page = anna.page
    anna.open("deals/outbound/")
    page.get_by_label("Select: Ours").check()
    export = page.get_by_role("button", name="Export as CSV")
    with page.expect_download() as download:
        export.click()
    assert download.value.suggested_filename.endswith(".csv")
    expect(export).not_to_have_attribute("aria-busy", "true", timeout=5_000)
    with page.expect_download():
        export.click()
    expect(export).not_to_have_attribute("aria-busy", "true", timeout=5_000)
    page.get_by_role("button", name="Mark stage…").click()
    expect(page.get_by_role("heading", level=1, name="Mark a sales stage")).to_be_visible()


def test_filters_without_script_are_a_page(world: World, desk: Callable[..., Desk]) -> None:
    world.deal(name="Ours")
    anna = desk(world.anna, javascript=False)
    page = anna.page
    anna.open("deals/outbound/")
    expect(page.get_by_role("button", name="Filters")).to_be_hidden()
    page.get_by_role("link", name="All filters").click()
    expect(page.get_by_role("heading", level=1, name="Filter Outbound")).to_be_visible()
    page.get_by_label("Private").check()
    page.get_by_role("button", name="Show deals").click()
    expect(page.get_by_role("group", name="Active filters")).to_contain_text("Private")


def test_view_is_shared_with_a_colleague(world: World, desk: Callable[..., Desk]) -> None:
    world.deal(name="Private deal", type=DealType.PRIVATE)
    world.deal(name="Shared deal")
    anna, piotr = desk(world.anna), desk(world.piotr)
    page = anna.page
    anna.open("deals/outbound/")
    set_filter(page)
    page.locator("#list-views summary").click()
    page.get_by_role("link", name="Save as a view…").click()
    page.get_by_label("Name").fill("Private ones")
    page.get_by_label("Everybody in our company sees it").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#list-views summary")).to_contain_text("Private ones")
    assert shown(page) == ["Private deal"]

    theirs = piotr.page
    piotr.open("deals/outbound/")
    assert shown(theirs) == ["Shared deal", "Private deal"]
    theirs.locator("#list-views summary").click()
    entry = theirs.get_by_role("link", name="Private ones")
    expect(entry.locator(".count")).to_have_text("1")
    entry.click()
    expect(theirs.locator("#list-views summary")).to_contain_text("Private ones")
    assert shown(theirs) == ["Private deal"]
    theirs.goto(page.url)
    assert shown(theirs) == ["Private deal"]
    sort_by_name(theirs)
    expect(theirs.locator("#list-views summary")).to_contain_text("Private ones (changed)")


def test_stranger_who_types_an_address_finds_nothing(
    world: World, desk: Callable[..., Desk]
) -> None:
    deal = world.deal(name="Secret deal")
    mallory = desk(world.mallory)
    for place in ("", "close/win/", "edit/details/", "edit/team/", "accept/", "decline/"):
        for slug in ("contoso", "outsider"):
            answer = mallory.page.goto(f"{mallory.address}/o/{slug}/deals/{deal.pk}/{place}")
            assert answer
            assert answer.status == 404
            heading = mallory.page.get_by_role("heading", level=1)
            expect(heading).to_have_text("There is nothing here for you")
