"""Somebody of an unlinked tenant finds out why there is nothing to see, and gets linked."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.browser.hands import WAYS_OF_MORE, Hand, on_page
from tests.browser.telling import button
from tests.factories import DirectoryTenantFactory, MembershipFactory, UserFactory
from tests.notifications.reading import mails_to
from tests.world import World


@pytest.mark.parametrize(("way", "javascript"), WAYS_OF_MORE)
def test_person_of_an_unlinked_tenant_gets_linked(
    world: World, desk: Callable[..., Desk], way: Callable[[Desk], Hand], javascript: bool
) -> None:
    world.deal(name="A deal to see")
    DirectoryTenantFactory(organization=world.contoso.organization, domain="contoso.example")
    user = UserFactory(first_name="Nora", last_name="Nilsson", email="nora@nordic.example")
    member = MembershipFactory(organization=world.contoso.organization, user=user)
    nora = way(desk(member, javascript=javascript))
    finds_out_and_asks(nora)
    approves(way(desk(world.piotr, javascript=javascript)))
    nora.press(nora.page.get_by_role("link", name="Reload"))
    nora.press(nora.page.get_by_role("link", name="Outbound").first)
    expect(nora.page.get_by_role("link", name="A deal to see")).to_be_visible()


def finds_out_and_asks(nora: Hand) -> None:
    page = nora.page
    nora.desk.open("deals/outbound/")
    on_page(page, "Contoso does not know where you sign in from")
    expect(page.get_by_text("nordic.example", exact=True)).to_be_visible()
    expect(page.get_by_text("A deal to see")).to_have_count(0)
    nora.press(button(page, "Request linking"))
    expect(page.get_by_text("You requested linking")).to_be_visible()


def approves(piotr: Hand) -> None:
    (letter,) = mails_to("piotr@contoso.example")
    link = re.search(r"/o/contoso/tenants/requests/\S+", str(letter.body))
    assert link
    page = piotr.page
    page.goto(f"{piotr.desk.address}{link.group()}")
    on_page(page, "Link nordic.example to Contoso?")
    piotr.press(button(page, "Approve and link"))
    expect(page.get_by_text("Nora Nilsson gets a mail and can get in now.")).to_be_visible()
    assert len(mails_to("nora@nordic.example")) == 1
