"""Makes the pictures of the README from a running demo.

    python3 run.py                                    in one terminal, and in another:
    .venv/bin/python docs/screenshots/make.py         or with another address as its argument

The demo is the same world every time, so the pictures are too, but for their dates.
"""

import shutil
import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent


def main(site: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        picture_of_list(signed_in(browser, site, "Sam Sullivan"))
        picture_of_deal(signed_in(browser, site, "Anna Kowalska"))
        picture_of_review(signed_in(browser, site, "Anna Kowalska", scheme="dark"))
        browser.close()


def signed_in(
    browser: Browser, site: str, name: str, *, scheme: Literal["light", "dark"] = "light"
) -> Page:
    """On the Inbound of this member of the cast."""
    context = browser.new_context(
        base_url=site,
        viewport={"width": 1280, "height": 800},
        color_scheme=scheme,
        locale="en-GB",
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/deals/inbound/")
    return page


def picture_of_list(page: Page) -> None:
    """What waits for an answer stands first, with the time left."""
    keep(page, "list.png")


def picture_of_deal(page: Page) -> None:
    """A deal that is nearly won, with the card of the vendor who accepted beside it."""
    page.goto("/o/contoso/deals/outbound/?type=co_sell&stage=proposed&stage=negotiated&sort=value")
    row = page.get_by_role("row").filter(has_text="Microsoft: Accepted").first
    row.locator(".grid-name").click()
    page.get_by_role("heading", name="Our progress").wait_for()
    keep(page, "deal.png")


def picture_of_review(page: Page) -> None:
    """The last step of a new deal: who will see what. The draft is thrown away afterwards."""
    page.goto("/o/contoso/deals/new/?start")
    choose_customer(page)
    next_step(page)
    page.get_by_label("Deal name").fill("Analytics for the cold chain")
    page.get_by_label("Estimated value").fill("480 000")
    page.get_by_label("Estimated close date").fill("2030-06-28")
    page.get_by_label("Notes").fill("The board decides in June.")
    next_step(page)
    next_step(page)
    page.get_by_role("button", name="Add Contoso Data Foundation").click()
    page.get_by_role("button", name="Remove Contoso Data Foundation").wait_for()
    next_step(page)
    # Without a partner.
    next_step(page)
    page.get_by_label("Customer technical architecture").check()
    page.get_by_label("What is needed").fill("Please review the design of the lakehouse with us.")
    next_step(page)
    keep(page, "review.png")
    discard(page)


def choose_customer(page: Page) -> None:
    page.get_by_label("Name or D-U-N-S number").press_sequentially("logis")
    page.locator(".suggestion").first.click()
    page.get_by_role("button", name="Change the customer").wait_for()
    page.get_by_label("First name").fill("Ewa")
    page.get_by_label("Last name").fill("Zielińska")
    page.get_by_label("E-mail").fill("ewa.zielinska@customer.example")
    page.get_by_label("Phone").fill("+48 22 555 01 20")
    page.get_by_label("The customer agrees").check()


def next_step(page: Page) -> None:
    before = page.url
    page.get_by_role("button", name="Next", exact=True).click()
    page.wait_for_url(lambda url: url != before)


def discard(page: Page) -> None:
    page.get_by_role("button", name="Save and close").click()
    page.get_by_text("Discard…").first.click()
    page.get_by_role("button", name="Discard this draft").first.click()
    page.get_by_text("The draft was discarded.").wait_for()


def keep(page: Page, name: str) -> None:
    page.screenshot(path=HERE / name, animations="disabled")
    sys.stdout.write(f"{name}: {(HERE / name).stat().st_size // 1024} KB\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000")
