"""A new deal across interruptions, and the vendor's way to begin one."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.browser.hands import Mouse, on_page
from tests.browser.telling import (
    SECRET,
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

DEAL = "Analytics for the cold chain"


def test_draft_survives_a_closed_browser(world: World, desk: Callable[..., Desk]) -> None:
    """What was typed before the last click is there too: the form keeps itself."""
    ReferenceCustomerFactory(name="Zakłady Północ")
    first = Mouse(desk(world.anna))
    first.desk.open("deals/outbound/")
    choose_customer(first, "Zakłady Północ")
    write_contact(first)
    next_step(first, "Deal details")
    with first.page.expect_response(lambda answer: "autosave" in answer.url):
        first.write(first.page.get_by_label("Deal name"), DEAL)
    first.page.context.close()

    later = Mouse(desk(world.anna))
    later.desk.open("deals/outbound/")
    later.press(later.page.get_by_role("link", name="New deal").first)
    on_page(later.page, "Your drafts")
    later.press(later.page.get_by_role("link", name=f"Continue {DEAL}"))
    on_page(later.page, "Deal details")
    expect(later.page.get_by_label("Deal name")).to_have_value(DEAL)
    later.press(button(later.page, "Back"))
    on_page(later.page, "Who is the customer?")
    expect(later.page.get_by_text("Zakłady Północ").first).to_be_visible()
    expect(later.page.get_by_label("Last name")).to_have_value("Zielińska")


def test_browser_back_and_forward_within_the_wizard(
    world: World, desk: Callable[..., Desk]
) -> None:
    ReferenceCustomerFactory(name="Zakłady Północ")
    anna = Mouse(desk(world.anna))
    anna.desk.open("deals/outbound/")
    choose_customer(anna, "Zakłady Północ")
    next_step(anna, "Deal details")
    write_details(anna, DEAL)
    next_step(anna, "Who works on it?")
    anna.page.go_back()
    on_page(anna.page, "Deal details")
    expect(anna.page.get_by_label("Deal name")).to_have_value(DEAL)
    anna.page.go_forward()
    on_page(anna.page, "Who works on it?")
    anna.page.reload()
    on_page(anna.page, "Who works on it?")


def test_draft_is_nobody_elses(world: World, desk: Callable[..., Desk]) -> None:
    ReferenceCustomerFactory(name="Zakłady Północ")
    anna = Mouse(desk(world.anna))
    anna.desk.open("deals/outbound/")
    choose_customer(anna, "Zakłady Północ")
    for member in (world.piotr, world.mallory):
        other = desk(member).page
        other.goto(anna.page.url)
        on_page(other, "There is nothing here for you")


def test_vendor_creates_an_opportunity_for_one_partner(
    world: World, desk: Callable[..., Desk]
) -> None:
    ReferenceCustomerFactory(name="Zakłady Północ")
    sam, frank = Mouse(desk(world.sam)), Mouse(desk(world.frank))
    page = sam.page
    sam.desk.open("deals/outbound/")
    choose_customer(sam, "Zakłady Północ")
    next_step(sam, "Deal details")
    write_details(sam, DEAL)
    next_step(sam, "Who works on it?")
    next_step(sam, "What is being sold?")
    add_solution(sam, "Microsoft Suite")
    next_step(sam, "Which partners do you invite?")
    sam.suggest(
        page.get_by_label("Name of the partner"),
        "fabri",
        page.get_by_role("button", name="Fabrikam"),
    )
    expect(page.get_by_role("button", name="Remove Fabrikam")).to_be_visible()
    sam.choose(page.get_by_label("Fabrikam Suite"))
    sam.write(page.get_by_label("What is needed"), "Please deliver the dashboards.")
    next_step(sam, "Check who will see what")
    shared = page.get_by_role("region", name="Your company and Fabrikam")
    expect(shared).not_to_contain_text(SECRET)
    sam.press(button(page, "Create deal and invite Fabrikam"))
    on_page(page, DEAL)

    open_deal(frank, "inbound", DEAL)
    expect(frank.page.get_by_text("Please deliver the dashboards.")).to_be_visible()
    expect(frank.page.get_by_text(SECRET)).to_have_count(0)
    expect(party(frank.page)).to_contain_text("Microsoft")


def test_first_step_that_is_refused_stays_one_draft(
    world: World, desk: Callable[..., Desk]
) -> None:
    ReferenceCustomerFactory(name="Zakłady Północ")
    anna = Mouse(desk(world.anna))
    page = anna.page
    anna.desk.open("deals/new/")
    anna.press(button(page, "Next"))
    expect(page.get_by_role("alert")).to_be_visible()
    with page.expect_response(lambda answer: "autosave" in answer.url):
        anna.write(page.get_by_label("Last name"), "Zielińska")
    suggestion = page.get_by_role("button", name="Zakłady Północ")
    anna.suggest(page.get_by_label("Name or D-U-N-S number"), "zakł", suggestion)
    expect(page.get_by_role("button", name="Change the customer")).to_be_visible()
    anna.press(button(page, "Save and close"))
    on_page(page, "Your drafts")
    expect(
        page.get_by_role("region", name="Drafts").get_by_role("link", name="Continue")
    ).to_have_count(1)


def test_suggestions_hold_still_while_one_is_pressed(
    world: World, desk: Callable[..., Desk]
) -> None:
    """Leaving the field saves the draft; nothing may move under the pointer meanwhile."""
    ReferenceCustomerFactory.create_batch(3, name="Zakłady Północ")
    anna = Mouse(desk(world.anna))
    page = anna.page
    anna.desk.open("deals/new/")
    anna.press(button(page, "Next"))
    expect(page.get_by_role("alert")).to_be_visible()
    with page.expect_response(lambda answer: "autosave" in answer.url):
        page.get_by_label("Name or D-U-N-S number").press_sequentially("zakł")
    anna.press(page.get_by_role("button", name="Enter the customer by hand"))
    expect(page.get_by_label("Company name")).to_be_visible()
