"""Lists worked by single keys, and the palette."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.browser.hands import on_page
from tests.world import World


def test_list_is_worked_by_single_keys(world: World, desk: Callable[..., Desk]) -> None:
    for name in ("Third deal", "Second deal", "First deal"):
        world.deal(name=name)
    anna = desk(world.anna)
    page, press = anna.page, anna.page.keyboard.press
    anna.open("deals/outbound/")
    for key, name in (
        ("j", "First"),
        ("j", "Second"),
        ("j", "Third"),
        ("j", "Third"),
        ("k", "Second"),
    ):
        press(key)
        expect(page.get_by_role("link", name=f"{name} deal", exact=True)).to_be_focused()
    press("f")
    heart = page.get_by_role("button", name="Favorite: Second deal")
    expect(heart).to_have_attribute("aria-pressed", "true")
    for key in ("Control+j", "Alt+f"):
        press(key)
    expect(page.get_by_role("link", name="Second deal", exact=True)).to_be_focused()
    press("/")
    page.keyboard.type("fjk?/")
    expect(page.get_by_role("searchbox", name="Search these deals")).to_have_value("fjk?/")
    anna.open("deals/outbound/?layout=board")
    press("j")
    press("j")
    press("f")
    expect(heart).to_have_attribute("aria-pressed", "false")
    press("Enter")
    on_page(page, "Second deal")
    expect(page).to_have_url(re.compile("/deals/[0-9a-f-]{36}/"))
    press("f")
    expect(heart).to_have_attribute("aria-pressed", "true")


def test_help_is_a_dialog_and_turns_single_keys_off(
    world: World, desk: Callable[..., Desk]
) -> None:
    world.deal(name="First deal")
    anna = desk(world.anna)
    page, press = anna.page, anna.page.keyboard.press
    anna.open("deals/outbound/")
    press("j")
    press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    anna.assert_accessible()
    press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("link", name="First deal", exact=True)).to_be_focused()
    press("?")
    dialog.get_by_role("button", name="Turn single keys off").click()
    on_page(page, "Keyboard shortcuts")
    anna.open("deals/outbound/")
    press("j")
    expect(page.get_by_role("link", name="First deal", exact=True)).not_to_be_focused()
    press("Control+k")
    expect(page.get_by_role("combobox", name="Search or jump to")).to_be_focused()


def test_palette_jumps_by_keyboard_alone_and_gives_the_focus_back(
    world: World, desk: Callable[..., Desk]
) -> None:
    world.deal(name="Cold chain one")
    world.deal(name="Cold chain two")
    anna = desk(world.anna)
    page, press = anna.page, anna.page.keyboard.press
    anna.open("deals/inbound/")
    opener = page.get_by_role("link", name="Search or jump to")
    opener.focus()
    press("Enter")
    field = page.get_by_role("combobox", name="Search or jump to")
    expect(field).to_be_focused()
    anna.assert_accessible()
    press("Escape")
    expect(opener).to_be_focused()
    press("Control+k")
    expect(field).to_be_focused()
    page.keyboard.type("cold ch")
    second = page.get_by_role("option", name=re.compile("Cold chain one"))
    expect(second).to_be_visible()
    # An answer to the last letters would begin the list again.
    page.wait_for_load_state("networkidle")
    press("ArrowDown")
    expect(second).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", second.get_attribute("id") or "")
    anna.assert_accessible()
    press("Enter")
    on_page(page, "Cold chain one")


def test_letters_typed_while_the_palette_opens_are_searched_for(
    world: World, desk: Callable[..., Desk]
) -> None:
    world.deal(name="Cold chain")
    anna = desk(world.anna)
    anna.open("deals/inbound/")
    # Nobody types so quickly that a test could rely on it.
    anna.page.evaluate(
        """() => document.addEventListener("htmx:afterSwap", () => {
            const field = document.getElementById("palette");
            if (!field || field.value) return;
            field.value = "cold ch";
            field.dispatchEvent(new Event("input", { bubbles: true }));
        })"""
    )
    anna.page.keyboard.press("Control+k")
    expect(anna.page.get_by_role("option", name="Cold chain")).to_be_visible()


def test_palette_is_a_page_without_script(world: World, desk: Callable[..., Desk]) -> None:
    world.deal(name="Cold chain")
    page = (anna := desk(world.anna, javascript=False)).page
    anna.open("deals/inbound/")
    page.get_by_role("link", name="Search or jump to").click()
    on_page(page, "Search")
    page.get_by_role("searchbox").fill("cold")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("link", name="Cold chain", exact=True).click()
    on_page(page, "Cold chain")
