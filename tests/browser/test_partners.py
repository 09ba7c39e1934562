"""Several companies in one deal: who accepts, who declines, who lets it expire, and who sees it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from partners.models import Organization
from referrals.services import expire_all_overdue
from tests.browser.conftest import Desk
from tests.browser.hands import WAYS_OF_MORE, Hand, Mouse, on_page
from tests.browser.telling import (
    add_solution,
    button,
    choose_customer,
    next_step,
    open_deal,
    party,
    write_details,
)
from tests.factories import ReferenceCustomerFactory
from tests.identity import as_owner
from tests.world import World

DEAL = "Sensors for the cold chain"


@pytest.fixture
def world(world: World) -> World:
    with as_owner():
        Organization.objects.filter(pk=world.outsider.pk).update(name="Adventure Works")
    return world


@pytest.mark.parametrize(("way", "javascript"), WAYS_OF_MORE)
def test_three_are_invited_and_each_answers_its_own_way(
    world: World,
    desk: Callable[..., Desk],
    settings: Settings,
    way: Callable[[Desk], Hand],
    javascript: bool,
) -> None:
    ReferenceCustomerFactory(name="Zakłady Północ")
    anna = way(desk(world.anna, javascript=javascript))
    frank, mallory = Mouse(desk(world.frank)), Mouse(desk(world.mallory))
    invite_two_partners(anna)
    settings.INVITATION_DAYS = 0
    invite_the_vendor(anna)

    accept_with_another_value(frank)
    decline(mallory)
    assert expire_all_overdue() == 1

    open_deal(anna, "outbound", DEAL)
    cards = party(anna.page)
    for told in ("Accepted", "Frank Fischer", "Declined", "Not before spring.", "Expired"):
        expect(cards).to_contain_text(told)
    expect(anna.page.get_by_text("987,654")).to_have_count(0)
    open_deal(frank, "inbound", DEAL)
    expect(party(frank.page)).to_contain_text("Microsoft")
    expect(party(frank.page)).to_contain_text("Expired")
    expect(frank.page.get_by_text("Adventure Works")).to_have_count(0)


def invite_two_partners(anna: Hand) -> None:
    page = anna.page
    anna.desk.open("deals/outbound/")
    choose_customer(anna, "Zakłady Północ")
    next_step(anna, "Deal details")
    write_details(anna, DEAL)
    next_step(anna, "Who works on it?")
    next_step(anna, "What is being sold?")
    add_solution(anna, "Contoso Suite")
    next_step(anna, "Do you invite partners?")
    for name, solution in (("Fabrikam", "Fabrikam Suite"), ("Adventure Works", "Outsider Suite")):
        suggestion = page.get_by_role("button", name=name).filter(has_text=solution)
        anna.suggest(page.get_by_label("Name of the partner"), name[:5].lower(), suggestion)
        offer = page.get_by_role("region", name=f"What you offer {name}")
        expect(offer).to_be_visible()
        anna.choose(offer.get_by_label(solution))
        anna.write(offer.get_by_label("What is needed"), f"Please help, {name}.")
    next_step(anna, "Do you want help?")
    next_step(anna, "Check who will see what")
    shared = page.get_by_role("region", name="Your company and Fabrikam")
    expect(shared).not_to_contain_text("Adventure Works")
    anna.press(button(page, "Create deal and invite Fabrikam, Adventure Works"))
    on_page(page, DEAL)
    expect(page.get_by_text("Partner to partner").first).to_be_visible()


def invite_the_vendor(anna: Hand) -> None:
    """What is missing is asked for in place; the deal becomes co-sell."""
    page = anna.page
    anna.press(page.get_by_role("link", name="Invite Microsoft…"))
    on_page(page, "Invite Microsoft")
    anna.press(button(page, "Invite Microsoft"))
    expect(page.get_by_role("alert").first).to_contain_text("Please correct this")
    page.get_by_label("Customer technical architecture").check()
    anna.write(page.get_by_label("What is needed"), "Please look at our plan.")
    anna.write(page.get_by_label("First name"), "Ewa")
    anna.write(page.get_by_label("Last name"), "Zielińska")
    anna.write(page.get_by_label("E-mail"), "ewa@customer.example")
    anna.write(page.get_by_label("Phone"), "+48 22 123 45 67")
    anna.choose(page.get_by_label("The customer agrees"))
    anna.press(button(page, "Invite Microsoft"))
    expect(page.get_by_text("Microsoft is invited.")).to_be_visible()
    expect(page.get_by_text("Co-sell").first).to_be_visible()


def accept_with_another_value(frank: Mouse) -> None:
    page = frank.page
    open_deal(frank, "inbound", DEAL)
    expect(page.get_by_text("Please help, Fabrikam.")).to_be_visible()
    frank.press(page.get_by_role("link", name="Accept…"))
    frank.press(button(page, "Accept"))
    expect(page.get_by_text("Accepted. You can mark stages")).to_be_visible()
    frank.press(page.get_by_role("link", name="Edit", exact=True))
    frank.write(page.get_by_label("Estimated value"), "987654")
    frank.press(button(page, "Save"))
    expect(page.get_by_text("987,654").first).to_be_visible()


def decline(mallory: Mouse) -> None:
    page = mallory.page
    open_deal(mallory, "inbound", DEAL)
    mallory.press(page.get_by_role("link", name="Decline…"))
    mallory.choose(page.get_by_label("Project budget isn't adequate"))
    mallory.write(page.get_by_label("Notes"), "Not before spring.")
    mallory.press(button(page, "Decline the deal"))
    expect(page.get_by_text("Declined on")).to_be_visible()
