"""The vendor requires a second factor, and a seller enrols a passkey on localhost."""

from collections.abc import Callable

from django.core import mail
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.hands import on_page
from tests.browser.telling import button
from tests.identity import as_owner
from tests.world import World

PASSWORD = "correct horse battery"


def with_fingerprint(page: Page) -> None:
    """A device that recognises its owner at once."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_vendor_requires_a_factor_and_a_seller_enrols_a_passkey(
    world: World, desk: Callable[..., Desk]
) -> None:
    with as_owner():
        world.sam.user.set_password(PASSWORD)
        world.sam.user.save()
    require(desk(world.victor))
    sam = desk(world.sam)
    with_fingerprint(sam.page)
    sam.open("deals/inbound/")
    on_page(sam.page, "Microsoft requires a second factor")
    expect(sam.page.get_by_text("victor@microsoft.example")).to_be_visible()
    sam.assert_accessible()
    enrol(sam)
    sign_out(sam)
    sign_in_by_passkey(sam)
    sign_out(sam)
    sign_in_by_password_and_passkey(sam)


def require(victor: Desk) -> None:
    victor.open("tenants/")
    victor.assert_accessible()
    button(victor.page, "Require a second factor").click()
    on_page(victor.page, "Microsoft requires a second factor")


def enrol(sam: Desk) -> None:
    page = sam.page
    page.get_by_role("link", name="Add a passkey").click()
    on_page(page, "Confirm that it is you")
    sam.assert_accessible()
    page.get_by_label("Password").fill(PASSWORD)
    button(page, "Confirm").click()
    on_page(page, "Add a passkey")
    sam.assert_accessible()
    page.get_by_label("Name").fill("My laptop")
    button(page, "Add a passkey").click()
    on_page(page, "Your recovery codes")
    sam.assert_accessible()
    assert mail.outbox[-1].to == ["sam@microsoft.example"]
    page.get_by_role("link", name="Kept. Go on to my deals").click()
    expect(page).to_have_url(f"{sam.address}/o/microsoft/deals/inbound/")
    page.goto(f"{sam.address}/account/factors/")
    expect(page.get_by_role("link", name="My laptop", exact=True)).to_be_visible()
    sam.assert_accessible()


def sign_out(sam: Desk) -> None:
    sam.page.goto(f"{sam.address}/account/logout/")
    sam.page.get_by_role("main").get_by_role("button", name="Sign out").click()
    on_page(sam.page, "Sign in")


def sign_in_by_passkey(sam: Desk) -> None:
    button(sam.page, "Sign in with a passkey").click()
    expect(sam.page).to_have_url(f"{sam.address}/o/microsoft/deals/inbound/")


def sign_in_by_password_and_passkey(sam: Desk) -> None:
    page = sam.page
    page.get_by_label("E-mail").fill("sam@microsoft.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    on_page(page, "One more step")
    sam.assert_accessible()
    button(page, "Use a passkey").click()
    expect(page).to_have_url(f"{sam.address}/o/microsoft/deals/inbound/")
