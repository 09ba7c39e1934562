"""A private deal becomes partner to partner, then co-sell, and everybody who is open sees it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from deals.stages import DealType
from tests.browser.conftest import Desk
from tests.browser.hands import WAYS_OF_MORE, Hand, on_page
from tests.browser.telling import (
    add_solution,
    button,
    choose_customer,
    next_step,
    open_deal,
    party,
    write_contact,
    write_details,
)
from tests.factories import ReferenceCustomerFactory
from tests.world import World

DEAL = "Robots for the sorting hall"


def type_of(page: Page) -> Locator:
    """The badge among the facts at the top of a deal."""
    return page.locator(".deal-facts > div").filter(has_text="Type")


def timeline(page: Page) -> Locator:
    return page.locator("#timeline")


@pytest.mark.parametrize(("way", "javascript"), WAYS_OF_MORE)
def test_private_deal_becomes_partner_to_partner_then_co_sell(
    world: World, desk: Callable[..., Desk], way: Callable[[Desk], Hand], javascript: bool
) -> None:
    ReferenceCustomerFactory(name="Zakłady Północ")
    anna = way(desk(world.anna, javascript=javascript))
    frank = way(desk(world.frank, javascript=javascript))
    create_private_deal(anna)
    invite_fabrikam(anna)
    accept(frank)
    invite_microsoft(anna)
    sees_the_upgrade(frank)


def create_private_deal(anna: Hand) -> None:
    anna.desk.open("deals/outbound/")
    choose_customer(anna, "Zakłady Północ")
    next_step(anna, "Deal details")
    write_details(anna, DEAL)
    next_step(anna, "Who works on it?")
    next_step(anna, "What is being sold?")
    add_solution(anna, "Contoso Suite")
    next_step(anna, "Do you invite partners?")
    next_step(anna, "Do you want help?")
    next_step(anna, "Check who will see what")
    anna.press(button(anna.page, "Create deal"))
    on_page(anna.page, DEAL)
    expect(type_of(anna.page)).to_contain_text(str(DealType.PRIVATE.label))
    expect(party(anna.page)).to_contain_text("This deal stays inside your company.")


def invite_fabrikam(anna: Hand) -> None:
    """From the deal's page, with the contact that was missing so far."""
    page = anna.page
    anna.press(page.get_by_role("link", name="Invite partners…"))
    on_page(page, "Invite partners")
    suggestion = page.get_by_role("button", name="Fabrikam").filter(has_text="Fabrikam Suite")
    anna.suggest(page.get_by_label("Name of the partner"), "fabri", suggestion)
    offer = page.get_by_role("region", name="What you offer Fabrikam")
    anna.choose(offer.get_by_label("Fabrikam Suite"))
    anna.write(offer.get_by_label("What is needed"), "Please bring the grippers.")
    anna.choose(offer.get_by_label("Share the customer's contact with Fabrikam"))
    anna.press(button(page, "Invite Fabrikam"))
    expect(page.get_by_role("alert").first).to_contain_text("Needed to share the contact.")
    expect(offer.get_by_label("What is needed")).to_have_value("Please bring the grippers.")
    write_contact(anna, agrees=False)
    anna.press(button(page, "Invite Fabrikam"))
    on_page(page, DEAL)
    expect(page.get_by_text("Invited: Fabrikam.")).to_be_visible()
    expect(type_of(page)).to_contain_text(str(DealType.P2P.label))


def accept(frank: Hand) -> None:
    page = frank.page
    open_deal(frank, "inbound", DEAL)
    expect(type_of(page)).to_contain_text(str(DealType.P2P.label))
    expect(page.get_by_text("Ewa Zielińska")).to_be_visible()
    frank.press(page.get_by_role("link", name="Accept…"))
    on_page(page, "Accept")
    frank.press(button(page, "Accept"))
    expect(page.get_by_text("Accepted. You can mark stages")).to_be_visible()


def invite_microsoft(anna: Hand) -> None:
    """The contact is Fabrikam's already; Microsoft needs a consent of its own."""
    page = anna.page
    open_deal(anna, "outbound", DEAL)
    anna.press(page.get_by_role("link", name="Invite Microsoft…"))
    on_page(page, "Invite Microsoft")
    expect(page.get_by_text("The deal becomes co-sell, for everybody")).to_be_visible()
    expect(page.get_by_label("First name")).to_have_count(0)
    anna.choose(page.get_by_label("Customer technical architecture"))
    anna.write(page.get_by_label("What is needed"), "Please look at our plan.")
    anna.press(button(page, "Invite Microsoft"))
    expect(page.get_by_role("alert").first).to_contain_text("Confirm that the customer agreed")
    anna.choose(page.get_by_label("The customer agrees"))
    anna.press(button(page, "Invite Microsoft"))
    expect(page.get_by_text("Microsoft is invited.")).to_be_visible()
    expect(type_of(page)).to_contain_text(str(DealType.CO_SELL.label))
    for told in ("Private", "Partner to partner", "Co-sell"):
        expect(timeline(page)).to_contain_text(told)
    expect(party(page)).to_contain_text("Microsoft was invited already.")


def sees_the_upgrade(frank: Hand) -> None:
    page = frank.page
    open_deal(frank, "inbound", DEAL)
    expect(type_of(page)).to_contain_text(str(DealType.CO_SELL.label))
    upgrade = timeline(page).get_by_role("listitem").filter(has_text="upgraded the deal's type")
    expect(upgrade).to_contain_text("Contoso")
    expect(upgrade.locator("del")).to_have_text(str(DealType.P2P.label))
    expect(upgrade.locator("ins")).to_have_text(str(DealType.CO_SELL.label))
    expect(party(page)).to_contain_text("Microsoft")
    expect(page.get_by_text("Please look at our plan.")).to_have_count(0)
