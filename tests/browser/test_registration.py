"""A referrals admin registers a won deal, the reviewer asks for changes, and approves the second
round (6)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Desk
from tests.browser.hands import WAYS_OF_MORE, Hand, Mouse, on_page
from tests.browser.telling import button, open_deal, progress
from tests.world import World

DEAL = "Move the warehouse to the cloud"


@pytest.mark.parametrize(("way", "javascript"), WAYS_OF_MORE)
def test_won_deal_from_checklist_to_approval(
    world: World, desk: Callable[..., Desk], way: Callable[[Desk], Hand], javascript: bool
) -> None:
    deal = world.deal(name=DEAL)
    referral = world.referral(deal)
    anna = way(desk(world.anna, javascript=javascript))
    rita = way(desk(world.rita, javascript=javascript))

    open_deal(anna, "outbound", DEAL)
    expect(checklist(anna.page)).to_contain_text("Microsoft has not accepted yet")
    world.accepted(referral)
    anna.page.reload()
    expect(checklist(anna.page)).to_contain_text("Microsoft takes part")
    expect(progress(anna.page)).to_contain_text("After Won")

    win_and_register(anna)
    expect(anna.page.get_by_text("Microsoft is reviewing it")).to_be_visible()

    open_registration(rita)
    expect(rita.page.get_by_role("definition").filter(has_text="Contoso Suite")).to_be_visible()
    rita.press(button(rita.page, "Assign to me"))
    expect(rita.page.get_by_text("Yours", exact=True)).to_be_visible()
    ask_for_changes(rita)

    open_deal(anna, "outbound", DEAL)
    expect(progress(anna.page)).to_contain_text("Action required by")
    expect(progress(anna.page)).to_contain_text("The order says 9,500.")
    correct(anna)

    open_registration(rita)
    expect(rita.page.get_by_text("before: 10,000")).to_be_visible()
    rita.press(button(rita.page, "Approve"))
    on_page(rita.page, "Registrations")
    expect(rita.page.get_by_text("Approved; Contoso gets a mail.")).to_be_visible()

    open_deal(anna, "outbound", DEAL)
    expect(progress(anna.page)).to_contain_text("Approved")
    anna.press(anna.page.get_by_role("link", name="Open the registration"))
    expect(anna.page.get_by_text("The registration is closed.")).to_be_visible()


def checklist(page: Page) -> Locator:
    return page.get_by_role("region", name="Deal registration")


def win_and_register(anna: Hand) -> None:
    page = anna.page
    anna.press(page.get_by_role("link", name="Won…"))
    on_page(page, "Did the customer buy?")
    anna.press(button(page, "Yes, it is won"))
    on_page(page, "Deal registration")
    anna.press(page.get_by_role("link", name="Register now"))
    on_page(page, "Register the deal")
    fill_in(anna, solution="80 000")
    anna.press(button(page, "Send to Microsoft"))
    expect(page.get_by_role("alert")).to_contain_text("at most 25,000")
    expect(page.get_by_label("Total contract value")).to_have_value("25 000")
    anna.write(page.get_by_label("Value of the solution in it"), "10 000")
    anna.press(button(page, "Send to Microsoft"))
    on_page(page, "Deal registration")


def fill_in(anna: Hand, *, solution: str) -> None:
    page, today = anna.page, timezone.localdate()
    anna.choose(page.get_by_role("group", name="Bought through").get_by_label("No"))
    anna.choose(page.get_by_role("group", name="Deployed on").get_by_label("Yes"))
    anna.choose(page.get_by_label("The customer's own tenant"))
    anna.write(page.get_by_label("Total contract value"), "25 000")
    anna.write(page.get_by_label("Value of the solution in it"), solution)
    anna.choose(page.get_by_label("Per user"))
    anna.choose(page.get_by_label("Finite: until an agreed day"))
    anna.write_date(page.get_by_label("Signed on"), today - timedelta(days=2))
    anna.write_date(page.get_by_label("Starts on"), today)
    anna.write_date(page.get_by_label("Ends on"), today + timedelta(days=364))
    anna.choose(page.get_by_label("The contract with the customer names our company"))


def open_registration(rita: Hand) -> None:
    rita.desk.open("deals/registrations/")
    rita.press(rita.page.get_by_role("link", name=DEAL))
    on_page(rita.page, DEAL)


def ask_for_changes(rita: Hand) -> None:
    page = rita.page
    remark = page.get_by_label("What has to be corrected: Value of the solution in it")
    rita.write(remark, "The order says 9,500.")
    rita.write_date(page.get_by_label("Answer by"), timezone.localdate() + timedelta(days=9))
    rita.press(button(page, "Ask for changes"))
    on_page(page, "Registrations")


def correct(anna: Hand) -> None:
    page = anna.page
    anna.press(page.get_by_role("link", name="Correct").first)
    on_page(page, "Correct the registration")
    expect(page.get_by_text("The order says 9,500.")).to_be_visible()
    anna.write(page.get_by_label("Value of the solution in it"), "9 500")
    anna.choose(page.get_by_label("The contract with the customer names our company"))
    anna.press(button(page, "Send again"))
    on_page(page, "Deal registration")


def test_later_is_possible_too(world: World, desk: Callable[..., Desk]) -> None:
    deal = world.deal(name=DEAL)
    world.accepted(world.referral(deal))
    anna = Mouse(desk(world.anna))
    anna.desk.open(f"deals/{deal.pk}/close/win/")
    anna.press(button(anna.page, "Yes, it is won"))
    on_page(anna.page, "Deal registration")
    anna.press(anna.page.get_by_role("link", name="Later"))
    on_page(anna.page, DEAL)
    anna.press(progress(anna.page).get_by_role("link", name="Register").first)
    on_page(anna.page, "Register the deal")
