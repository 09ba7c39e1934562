"""The main job: a deal is created, the vendor answers, and it is won."""

import re
from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from playwright.sync_api import expect
from pytest_django import Settings

from notifications.services import work_off
from referrals.services import expire_all_overdue
from tests.browser.conftest import Desk
from tests.browser.hands import WAYS, Hand, Mouse, on_page
from tests.browser.telling import (
    SECRET,
    button,
    create_co_sell_deal,
    open_deal,
    party,
    progress,
)
from tests.factories import ReferenceCustomerFactory
from tests.identity import as_owner
from tests.world import World

DEAL = "Move the warehouse to the cloud"


@pytest.mark.parametrize(("way", "javascript"), WAYS)
def test_deal_from_creation_to_won(
    world: World, desk: Callable[..., Desk], way: Callable[[Desk], Hand], javascript: bool
) -> None:
    ReferenceCustomerFactory(name="Zakłady Północ")
    anna = way(desk(world.anna, javascript=javascript))
    sam = way(desk(world.sam, javascript=javascript))

    anna.desk.open("deals/outbound/")
    create_co_sell_deal(anna, name=DEAL, customer="Zakłady Północ", solution="Contoso Suite")
    expect(party(anna.page)).to_contain_text("Waiting")

    open_deal(sam, "inbound", DEAL)
    expect(sam.page.get_by_text("Please look at our network plan.")).to_be_visible()
    expect(sam.page.get_by_text(SECRET)).to_have_count(0)
    accept(sam)

    open_deal(anna, "outbound", DEAL)
    expect(party(anna.page)).to_contain_text("Accepted")
    expect(party(anna.page)).to_contain_text("Sam Seller")
    mark_and_go_back(anna)
    win(anna)

    open_deal(sam, "inbound", DEAL)
    expect(party(sam.page)).to_contain_text("Won")
    expect(sam.page.get_by_role("link", name="Won…")).to_be_visible()


def accept(sam: Hand) -> None:
    sam.press(sam.page.get_by_role("link", name="Accept…"))
    on_page(sam.page, "Accept")
    sam.write(sam.page.get_by_label("Deal name"), DEAL)
    sam.press(button(sam.page, "Accept"))
    expect(sam.page.get_by_text("Accepted. You can mark stages")).to_be_visible()


def mark_and_go_back(anna: Hand) -> None:
    page = anna.page
    anna.press(button(page, "Mark as Proposed"))
    expect(progress(page)).to_contain_text("Skipped")
    expect(page.locator("[aria-current=step]")).to_contain_text("Proposed")
    anna.press(button(page, "Go back to Qualified"))
    expect(page.locator("[aria-current=step]")).to_contain_text("Qualified")


def win(anna: Hand) -> None:
    page = anna.page
    anna.press(page.get_by_role("link", name="Won…"))
    on_page(page, "Did the customer buy?")
    expect(page.get_by_text("It cannot be reopened.")).to_be_visible()
    expect(page.get_by_text("The team of Microsoft")).to_be_visible()
    anna.press(button(page, "Yes, it is won"))
    on_page(page, "Deal registration")
    anna.press(page.get_by_role("link", name="Later"))
    on_page(page, DEAL)
    expect(page.get_by_text("Nothing can be changed any more.")).to_be_visible()
    expect(progress(page)).to_contain_text("100%")
    expect(page.get_by_role("link", name="Edit")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("^Mark as|^Go back"))).to_have_count(0)


def test_declined_with_reason_and_notes(world: World, desk: Callable[..., Desk]) -> None:
    referral = world.referral(world.deal(name=DEAL))
    sam, anna = Mouse(desk(world.sam)), Mouse(desk(world.anna))
    open_deal(sam, "inbound", DEAL)
    sam.press(sam.page.get_by_role("link", name="Decline…"))
    sam.press(button(sam.page, "Decline the deal"))
    expect(sam.page.get_by_role("alert")).to_contain_text("Choose a reason.")
    sam.choose(sam.page.get_by_label("Project budget isn't adequate"))
    sam.write(sam.page.get_by_label("Notes"), "Come back with twice the budget.")
    sam.press(button(sam.page, "Decline the deal"))
    expect(sam.page.get_by_text("Declined on")).to_be_visible()

    anna.desk.open(f"deals/{referral.sender_deal_id}/")
    expect(party(anna.page)).to_contain_text("Declined")
    expect(party(anna.page)).to_contain_text("Project budget isn't adequate")
    expect(party(anna.page)).to_contain_text("Come back with twice the budget.")


def test_expired_from_the_second_of_the_deadline(world: World, desk: Callable[..., Desk]) -> None:
    """Before the sweep has been there, and after it."""
    referral = world.overdue_referral(world.deal(name=DEAL))
    sam, anna = Mouse(desk(world.sam)), Mouse(desk(world.anna))
    open_deal(sam, "inbound", DEAL)
    expect(sam.page.get_by_text("nobody answered in time")).to_be_visible()
    expect(sam.page.get_by_role("link", name="Accept…")).to_have_count(0)
    sam.desk.open("deals/inbound/")
    expect(sam.page.get_by_role("row").filter(has_text=DEAL)).to_contain_text("Expired")
    sam.desk.open(f"deals/{referral.recipient_deal_id}/accept/")
    on_page(sam.page, "That is not possible any more")

    assert expire_all_overdue() == 1
    anna.desk.open(f"deals/{referral.sender_deal_id}/")
    expect(party(anna.page)).to_contain_text("Expired")
    sam.desk.open("deals/inbound/?group=closed")
    row = sam.page.get_by_role("row").filter(has_text=DEAL)
    expect(row).to_contain_text("Expired")


def test_mail_leads_through_sign_in_to_the_deal(
    world: World,
    desk: Callable[..., Desk],
    settings: Settings,
    mailoutbox: list[EmailMessage],
) -> None:
    with as_owner():
        world.anna.user.set_password("correct horse battery")
        world.anna.user.save()
    visitor = desk(None)
    settings.SITE_URL = visitor.address
    world.accepted(world.referral(world.deal(name=DEAL)))
    work_off(seconds=30)
    mail = next(one for one in mailoutbox if "anna@contoso.example" in one.to[0])
    link = re.search(rf"{visitor.address}/\S+", str(mail.body))
    assert link, mail.body
    page = visitor.page
    page.goto(link[0])
    page.get_by_label("E-mail").fill("anna@contoso.example")
    page.get_by_label("Password").fill("correct horse battery")
    button(page, "Sign in").click()
    on_page(page, DEAL)
    assert page.url == link[0]
