"""Ways to work a page: with the mouse, with the keyboard alone, and without JavaScript.

A story is told once and happens with each of them.
"""

from datetime import date
from typing import Protocol

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Desk

MOST_TABS = 150
HAS_FOCUS = "element => element === document.activeElement"


class Hand(Protocol):
    desk: Desk

    @property
    def page(self) -> Page: ...

    def press(self, control: Locator) -> None:
        """A link or a button."""

    def write(self, field: Locator, text: str) -> None: ...

    def write_date(self, field: Locator, day: date) -> None: ...

    def choose(self, option: Locator) -> None:
        """A radio button or a checkbox."""

    def suggest(self, field: Locator, text: str, suggestion: Locator) -> None:
        """Type until it is suggested, and take it."""


class Mouse:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @property
    def page(self) -> Page:
        return self.desk.page

    def press(self, control: Locator) -> None:
        control.click()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def write_date(self, field: Locator, day: date) -> None:
        field.fill(day.isoformat())

    def choose(self, option: Locator) -> None:
        option.check()

    def suggest(self, field: Locator, text: str, suggestion: Locator) -> None:
        field.press_sequentially(text)
        suggestion.click()


class WithoutScript(Mouse):
    def suggest(self, field: Locator, text: str, suggestion: Locator) -> None:
        field.fill(text)
        self.page.get_by_role("button", name="Search", exact=True).click()
        suggestion.click()


class Keyboard:
    """Tab, Enter, Space, arrows and letters; nothing is ever clicked."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @property
    def page(self) -> Page:
        return self.desk.page

    def press(self, control: Locator) -> None:
        self._reach(control)
        self.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        self._reach(field)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def write_date(self, field: Locator, day: date) -> None:
        """Month or day comes first as the browser's own language has it."""
        self._reach(field)
        for pattern in ("%d%m%Y", "%m%d%Y"):
            self.page.keyboard.type(day.strftime(pattern))
            if field.input_value() == day.isoformat():
                return
            self._to_first_part(field)
        raise AssertionError(f"could not type {day} into {field}")

    def _to_first_part(self, field: Locator) -> None:
        for _part in range(3):
            self.page.keyboard.press("ArrowLeft")

    def choose(self, option: Locator) -> None:
        """Tab stops once in a group of radio buttons; the arrows go from one to the next."""
        expect(option).to_be_visible()
        if option.get_attribute("type") == "checkbox":
            self._reach(option)
            self.page.keyboard.press("Space")
            return
        group = self.page.locator(f"input[name={option.get_attribute('name')}]")
        checked = group.and_(self.page.locator(":checked"))
        if checked.count():
            self._reach(checked)
        else:
            self._reach(group.first)
            self.page.keyboard.press("Space")
        for _step in range(self.page.get_by_role("radio").count()):
            if option.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows do not get to {option}")

    def suggest(self, field: Locator, text: str, suggestion: Locator) -> None:
        self._reach(field)
        self.page.keyboard.type(text)
        expect(suggestion).to_be_visible()
        for _step in range(10):
            self.page.keyboard.press("ArrowDown")
            if _has_focus(suggestion):
                self.page.keyboard.press("Enter")
                return
        raise AssertionError(f"the arrows do not get to {suggestion}")

    def _reach(self, control: Locator) -> None:
        expect(control).to_be_visible()
        # Found once: to find it by role and name anew takes longer than a step.
        element = control.element_handle()
        for _step in range(MOST_TABS):
            if element.evaluate(HAS_FOCUS):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not get to {control}")


def _has_focus(control: Locator) -> bool:
    return bool(control.evaluate(HAS_FOCUS))


# What everybody does all day is told in every way. Other stories are told with the mouse; the other
# ways with --all: without a script a page gets and sends what the tests without a browser do.
WAYS = [
    pytest.param(Mouse, True, id="mouse"),
    pytest.param(Keyboard, True, id="keyboard"),
    pytest.param(WithoutScript, False, id="without-script"),
]
WAYS_OF_MORE = [
    pytest.param(Mouse, True, id="mouse"),
    pytest.param(Keyboard, True, id="keyboard", marks=pytest.mark.full),
    pytest.param(WithoutScript, False, id="without-script", marks=pytest.mark.full),
]


def on_page(page: Page, heading: str) -> None:
    """The page with this heading is there, so that what follows does not hit the one before."""
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
