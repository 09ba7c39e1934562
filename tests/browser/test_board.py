"""The board: by mouse, by keyboard alone and without script; its menu, and dragging."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from deals.lifecycle import advance
from deals.models import Deal
from deals.stages import DealType
from deals.transitions import Name
from tests.browser.conftest import Desk
from tests.browser.hands import WAYS, Hand, on_page
from tests.identity import as_owner
from tests.world import World


def lane(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def card_in(page: Page, name: str, deal: str) -> Locator:
    return lane(page, name).get_by_role("listitem").filter(has_text=deal)


def drag(page: Page, card: Locator, to: Locator) -> None:
    card.hover(position={"x": 12, "y": 40})
    page.mouse.down()
    box = to.bounding_box()
    assert box
    for step in (10, 30):
        page.mouse.move(box["x"] + step, box["y"] + step)
    page.mouse.up()


@pytest.mark.parametrize(("way", "javascript"), WAYS)
def test_card_moves_by_its_menu(
    world: World, desk: Callable[..., Desk], way: Callable[[Desk], Hand], javascript: bool
) -> None:
    world.deal(name="Cold chain")
    world.deal(name="Other deal")
    anna = way(desk(world.anna, javascript=javascript))
    page = anna.page
    anna.desk.open("deals/outbound/?type=co_sell")
    anna.press(page.get_by_role("link", name="Board"))
    expect(card_in(page, "Created", "Cold chain")).to_be_visible()
    address = page.url
    anna.press(page.get_by_role("link", name="Move to… Cold chain"))
    anna.press(page.get_by_role("button", name="Proposed"))
    moved = card_in(page, "Proposed", "Cold chain")
    expect(moved).to_be_visible()
    expect(card_in(page, "Created", "Other deal")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    if javascript:
        expect(page.locator("#announcer")).to_have_text("“Cold chain” is in Proposed, 60% now.")
        expect(page.get_by_role("link", name="Move to… Cold chain")).to_be_focused()
        assert page.url == address
    else:
        expect(page.get_by_role("status").first).to_contain_text("is in Proposed")
        assert page.url.partition("#")[0] == address
    anna.press(moved.get_by_role("link", name="Cold chain", exact=True))
    on_page(page, "Cold chain")
    page.go_back()
    expect(moved).to_be_visible()


def test_card_is_dragged_and_what_is_refused_stays(world: World, desk: Callable[..., Desk]) -> None:
    deal = world.deal(name="Cold chain")
    world.deal(name="Assessment", type=DealType.ASSESSMENT)
    anna = desk(world.anna)
    page = anna.page
    anna.open("deals/outbound/?layout=board")
    drag(page, card_in(page, "Created", "Cold chain"), lane(page, "Qualified"))
    expect(card_in(page, "Qualified", "Cold chain")).to_be_visible()
    drag(page, card_in(page, "Created", "Assessment"), lane(page, "Proposed"))
    refused = card_in(page, "Created", "Assessment")
    expect(refused).to_contain_text("The stages of an assessment are marked in order")
    with as_owner():
        moved = Deal.objects.get(pk=deal.pk)
    with world.as_member(world.piotr):
        advance(moved, Name.MARK_STAGE, actor=world.piotr.actor, stage="negotiated")
    drag(page, card_in(page, "Qualified", "Cold chain"), lane(page, "Developed"))
    stale = card_in(page, "Negotiated", "Cold chain")
    expect(stale).to_contain_text("Piotr Nowak changed this deal meanwhile.")
    drag(page, stale, lane(page, "Developed"))
    expect(card_in(page, "Developed", "Cold chain")).to_be_visible()
    drag(page, card_in(page, "Developed", "Cold chain"), lane(page, "Won"))
    on_page(page, "Did the customer buy?")
