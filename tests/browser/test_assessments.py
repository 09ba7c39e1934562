"""A solution assessment: the vendor vets the company, which takes it through every stage to won."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from deals.stages import ASSESSMENT_STAGES
from tests.browser.conftest import Desk
from tests.browser.hands import WAYS_OF_MORE, Hand, on_page
from tests.browser.telling import (
    button,
    choose_customer,
    next_step,
    party,
    progress,
    write_details,
)
from tests.factories import ReferenceCustomerFactory
from tests.world import World

DEAL = "What the old data centre costs"
TYPE = "Cloud Economics Assessment"


@pytest.mark.parametrize(("way", "javascript"), WAYS_OF_MORE)
def test_from_vetting_over_creation_to_won(
    world: World, desk: Callable[..., Desk], way: Callable[[Desk], Hand], javascript: bool
) -> None:
    ReferenceCustomerFactory(name="Zakłady Północ")
    frank = way(desk(world.frank, javascript=javascript))
    victor = way(desk(world.victor, javascript=javascript))

    walk_to_solutions(frank)
    open_assessments(frank)
    expect(frank.page.get_by_text("Microsoft decides which companies")).to_be_visible()
    expect(choice(frank.page)).to_be_disabled()
    vet(victor, "Fabrikam")

    frank.page.reload()
    frank.press(choice(frank.page))
    expect(frank.page.get_by_role("button", name=f"Remove {TYPE}")).to_be_visible()
    next_step(frank, "Check who will see what")
    expect(frank.page.get_by_text("nobody can be invited to it")).to_be_visible()
    frank.press(button(frank.page, "Create deal"))
    on_page(frank.page, DEAL)
    expect(party(frank.page)).to_contain_text("Nobody can be invited to a solution assessment.")
    mark_every_stage(frank)
    win(frank)


def walk_to_solutions(frank: Hand) -> None:
    frank.desk.open("deals/outbound/")
    choose_customer(frank, "Zakłady Północ")
    next_step(frank, "Deal details")
    write_details(frank, DEAL)
    next_step(frank, "Who works on it?")
    next_step(frank, "What is being sold?")


def open_assessments(frank: Hand) -> None:
    tabs = frank.page.get_by_role("navigation", name="Kinds of solutions")
    frank.press(tabs.get_by_role("link", name="Assessments"))
    expect(tabs.locator("[aria-current]")).to_contain_text("Assessments")


def choice(page: Page) -> Locator:
    return page.get_by_role("button", name=f"Choose {TYPE}")


def vet(victor: Hand, company: str) -> None:
    page = victor.page
    victor.desk.open("partners/")
    victor.press(page.get_by_role("link", name=f"Vet… {company}"))
    on_page(page, f"Should {company} carry out solution assessments?")
    victor.press(button(page, f"Vet {company}"))
    told = page.get_by_text(f"{company} can create solution assessments from now on.")
    expect(told).to_be_visible()


def mark_every_stage(frank: Hand) -> None:
    page = frank.page
    for position, stage in enumerate(ASSESSMENT_STAGES):
        expect(page.get_by_role("button", name="Won…")).to_be_disabled()
        missing = ", ".join(str(one.label) for one in ASSESSMENT_STAGES[position:])
        expect(page.get_by_text(f"before the deal can be won: {missing}.")).to_be_visible()
        expect(progress(page).get_by_role("button", name="Mark as")).to_have_count(1)
        frank.press(button(page, f"Mark as {stage.label}"))
        expect(page.locator("[aria-current=step]")).to_contain_text(str(stage.label))


def win(frank: Hand) -> None:
    page = frank.page
    frank.press(page.get_by_role("link", name="Won…"))
    on_page(page, "Is the assessment complete?")
    frank.press(button(page, "Yes, it is won"))
    expect(page.get_by_text("Nothing can be changed any more.")).to_be_visible()
    expect(progress(page)).to_contain_text("100%")
