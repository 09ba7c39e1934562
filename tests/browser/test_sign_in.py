from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.identity import as_owner
from tests.world import World


def test_sign_in_with_password(world: World, desk: Callable[..., Desk]) -> None:
    with as_owner():
        world.anna.user.set_password("correct horse battery")
        world.anna.user.save()
    visitor = desk(None)
    page = visitor.page
    page.goto(f"{visitor.address}/o/contoso/deals/outbound/")
    visitor.assert_accessible()
    page.get_by_label("E-mail").fill("anna@contoso.example")
    page.get_by_label("Password").fill("wrong horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("not correct")).to_be_visible()
    visitor.assert_accessible()
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(f"{visitor.address}/o/contoso/deals/outbound/")
