"""The figures: narrow them, look behind them, follow one to its deals, take them along."""

import csv
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.browser.hands import WAYS_OF_MORE, Hand, on_page
from tests.insights.some import some_deals
from tests.world import World


@pytest.mark.parametrize(("way", "javascript"), WAYS_OF_MORE)
def test_from_a_figure_to_its_deals(
    world: World, desk: Callable[..., Desk], way: Callable[[Desk], Hand], javascript: bool
) -> None:
    some_deals(world.contoso)
    anna = way(desk(world.anna, javascript=javascript))
    page = anna.page
    anna.desk.open("deals/inbound/")
    anna.press(page.get_by_role("navigation", name="Main").get_by_role("link", name="Insights"))
    on_page(page, "Insights")
    anna.press(page.get_by_role("link", name="12 months"))
    expect(page.locator(".headline-number").first).to_have_text("7")
    page.get_by_label("Direction").select_option("inbound")
    anna.press(page.get_by_role("button", name="Show"))
    expect(page.locator(".headline-number").first).to_have_text("4")
    expect(page.get_by_role("link", name="12 months")).to_have_attribute("aria-current", "page")
    funnel = page.get_by_role("region", name="Funnel")
    anna.press(funnel.get_by_role("link", name="Won, Inbound: 1 deal"))
    rows = page.locator("#deal-list .grid-name")
    expect(rows).to_have_text(["won"])
    page.go_back()
    expect(funnel).to_be_visible()
    anna.press(funnel.locator("summary"))
    expect(funnel.get_by_role("cell", name="Accepted or created", exact=True)).to_be_visible()
    expect(funnel.get_by_role("link", name="Inbound 2")).to_be_visible()


def test_table_is_downloaded_under_the_filters_of_the_page(
    world: World, desk: Callable[..., Desk]
) -> None:
    some_deals(world.contoso)
    anna = desk(world.anna)
    anna.open("insights/?direction=inbound&currency=EUR")
    with anna.page.expect_download() as downloading:
        lost = anna.page.get_by_role("region", name="Why deals were lost")
        lost.get_by_role("link", name="CSV").click()
    with downloading.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[1] == ["Project budget isn't adequate", "1", "0", "300.00", "0.00", "EUR"]


def test_refused_days_stand_where_they_were_typed(world: World, desk: Callable[..., Desk]) -> None:
    some_deals(world.contoso)
    anna = desk(world.anna)
    anna.open("insights/")
    page = anna.page
    page.get_by_label("From", exact=True).fill("2026-03-05")
    page.get_by_label("To", exact=True).fill("2026-03-01")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="To: The last day is before the first.").click()
    last = page.get_by_label("To", exact=True)
    expect(last).to_be_focused()
    expect(last).to_have_value("2026-03-01")
    last.fill("2026-03-20")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("5 Mar 2026 to 20 Mar 2026")).to_be_visible()
