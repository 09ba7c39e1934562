"""The bell, in the hands of somebody who was away for a day."""

from collections.abc import Callable

from playwright.sync_api import expect

from notifications.services import resolve_notices
from tests.browser.conftest import Desk
from tests.world import World


def test_bell_leads_to_the_news_and_goes_quiet_when_they_are_read(
    world: World, desk: Callable[..., Desk]
) -> None:
    for name in ("Retail analytics", "Data platform"):
        world.referral(world.deal(name=name))
    resolve_notices()
    anna = desk(world.anna)
    anna.open("deals/inbound/")
    page = anna.page
    page.get_by_role("link", name="Notifications, 2 unread").click()
    page.get_by_role("listitem").filter(has_text="Retail analytics").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Retail analytics")).to_be_visible()
    page.get_by_role("link", name="Notifications, 1 unread").click()
    page.get_by_role("button", name="Mark as read: Anna Kowalska invited Microsoft").click()
    # The bell is answered along with the list, without a page load.
    expect(page.locator("#bell")).to_have_attribute("aria-label", "Notifications")
    expect(page.get_by_role("button", name="Mark all as read")).to_have_count(0)
