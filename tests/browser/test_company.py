"""An admin invites a colleague for one location, and the colleague sees just that."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from playwright.sync_api import expect

from deals.models import Deal
from tests.browser.conftest import Desk
from tests.browser.hands import WAYS_OF_MORE, Hand, Keyboard, on_page
from tests.factories import LocationFactory
from tests.identity import as_owner
from tests.world import World

EWA = "ewa.sikora@contoso.example"


@pytest.mark.parametrize(("way", "javascript"), WAYS_OF_MORE)
def test_colleague_joins_for_one_location(
    world: World, desk: Callable[..., Desk], way: Callable[[Desk], Hand], javascript: bool
) -> None:
    berlin = LocationFactory(organization=world.contoso.organization, name="Contoso Berlin")
    world.deal(name="In Warszawa")
    there = world.deal(name="In Berlin")
    with as_owner():
        Deal.objects.filter(pk=there.pk).update(location=berlin)
    invite(way(desk(world.piotr, javascript=javascript)))
    ewa = way(desk(None, javascript=javascript))
    join(ewa, link_of_mail())
    ewa.press(ewa.page.get_by_role("link", name="Outbound").first)
    expect(ewa.page.get_by_role("link", name="In Berlin")).to_be_visible()
    expect(ewa.page.get_by_text("In Warszawa")).to_have_count(0)


def invite(piotr: Hand) -> None:
    page = piotr.page
    piotr.desk.open("people/")
    piotr.press(page.get_by_role("link", name="Invite"))
    on_page(page, "Invite somebody")
    piotr.write(page.get_by_label("E-mail address"), EWA)
    choose_role(piotr)
    piotr.choose(page.get_by_role("checkbox", name="Contoso Berlin"))
    piotr.press(page.get_by_role("button", name="Send the invitation"))
    expect(page.get_by_text(f"{EWA} gets a mail with a link.")).to_be_visible()


def choose_role(piotr: Hand) -> None:
    """No role is chosen yet: Tab enters the group at its first button, and Space takes that one."""
    role = piotr.page.get_by_role("radio", name="Referrals admin")
    if isinstance(piotr, Keyboard):
        first = piotr.page.get_by_role("radio").first
        while not first.evaluate("element => element === document.activeElement"):
            piotr.page.keyboard.press("Tab")
        piotr.page.keyboard.press("Space")
    piotr.choose(role)


def link_of_mail() -> str:
    (letter,) = mail.outbox
    found = re.search(r"/account/join/\S+", str(letter.body))
    assert found
    return found.group()


def join(ewa: Hand, link: str) -> None:
    page = ewa.page
    page.goto(f"{ewa.desk.address}{link}")
    on_page(page, "Join Contoso")
    ewa.write(page.get_by_label("First name"), "Ewa")
    ewa.write(page.get_by_label("Last name"), "Sikora")
    ewa.write(page.get_by_label("Phone"), "+48 22 123 45 67")
    ewa.write(page.get_by_label("Password"), "correct horse battery")
    ewa.press(page.get_by_role("button", name="Join Contoso"))
    expect(page.get_by_text("Welcome to Contoso.")).to_be_visible()
