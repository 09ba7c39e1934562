"""Parts of stories that several stories tell."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.browser.hands import Hand, on_page

SECRET = "Margin is thin; do not show this to anybody."


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def next_step(hand: Hand, heading: str) -> None:
    hand.press(button(hand.page, "Next"))
    on_page(hand.page, heading)


def choose_customer(hand: Hand, name: str) -> None:
    page = hand.page
    hand.press(page.get_by_role("link", name="New deal").first)
    on_page(page, "Who is the customer?")
    suggestion = page.get_by_role("button", name=name)
    hand.suggest(page.get_by_label("Name or D-U-N-S number"), name[:5].lower(), suggestion)
    expect(page.get_by_role("button", name="Change the customer")).to_be_visible()


def write_contact(hand: Hand, *, agrees: bool = True) -> None:
    page = hand.page
    hand.write(page.get_by_label("First name"), "Ewa")
    hand.write(page.get_by_label("Last name"), "Zielińska")
    hand.write(page.get_by_label("E-mail"), "ewa@customer.example")
    hand.write(page.get_by_label("Phone"), "+48 22 123 45 67")
    if agrees:
        hand.choose(page.get_by_label("The customer agrees"))


def write_details(hand: Hand, name: str) -> None:
    page = hand.page
    hand.write(page.get_by_label("Deal name"), name)
    hand.write(page.get_by_label("Estimated value"), "48 000")
    day = timezone.localdate() + timedelta(days=61)
    hand.write_date(page.get_by_label("Estimated close date"), day)
    hand.write(page.get_by_label("Notes"), SECRET)


def add_solution(hand: Hand, name: str) -> None:
    page = hand.page
    hand.press(page.get_by_role("button", name=f"Add {name}"))
    expect(page.get_by_role("button", name=f"Remove {name}")).to_be_visible()


def create_co_sell_deal(hand: Hand, *, name: str, customer: str, solution: str) -> None:
    """From the list to the page of a deal that Microsoft is invited to."""
    page = hand.page
    choose_customer(hand, customer)
    write_contact(hand)
    next_step(hand, "Deal details")
    write_details(hand, name)
    next_step(hand, "Who works on it?")
    next_step(hand, "What is being sold?")
    add_solution(hand, solution)
    next_step(hand, "Do you invite partners?")
    next_step(hand, "Do you want help?")
    hand.choose(page.get_by_label("Customer technical architecture"))
    hand.write(page.get_by_label("What is needed"), "Please look at our network plan.")
    next_step(hand, "Check who will see what")
    shared = page.get_by_role("region", name="Your company and Microsoft")
    expect(shared).to_contain_text("Please look at our network plan.")
    expect(shared).not_to_contain_text(SECRET)
    hand.press(button(page, "Create deal and invite Microsoft"))
    on_page(page, name)


def open_deal(hand: Hand, tab: str, name: str) -> None:
    """From the list to the deal."""
    hand.desk.open(f"deals/{tab}/")
    hand.press(hand.page.get_by_role("link", name=name, exact=True))
    on_page(hand.page, name)


def party(page: Page) -> Locator:
    """The cards of the others in the engagement."""
    return page.get_by_role("complementary", name="Others in this engagement")


def progress(page: Page) -> Locator:
    return page.get_by_role("region", name="Our progress")
