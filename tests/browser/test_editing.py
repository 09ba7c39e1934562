"""Two people, one deal."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.browser.hands import Mouse, on_page
from tests.browser.telling import button
from tests.world import World


def test_second_save_is_told_and_loses_nothing(world: World, desk: Callable[..., Desk]) -> None:
    deal = world.deal(name="Data platform")
    anna, piotr = Mouse(desk(world.anna)), Mouse(desk(world.piotr))
    for person in (anna, piotr):
        person.desk.open(f"deals/{deal.pk}/edit/details/")
    anna.write(anna.page.get_by_label("CRM ID"), "CRM-77")
    anna.press(button(anna.page, "Save"))
    on_page(anna.page, "Data platform")

    page = piotr.page
    piotr.write(page.get_by_label("Deal name"), "Data platform, phase two")
    piotr.write(page.get_by_label("Notes"), "Typed for ten minutes.")
    with page.expect_response(lambda answer: answer.request.method == "POST") as saving:
        piotr.press(button(page, "Save"))
    assert saving.value.status == 409
    expect(page.get_by_text("nothing you typed is lost")).to_be_visible()
    expect(page.get_by_text("Anna Kowalska").first).to_be_visible()
    expect(page.get_by_label("Deal name")).to_have_value("Data platform, phase two")
    expect(page.get_by_label("Notes")).to_have_value("Typed for ten minutes.")
    expect(page.get_by_label("CRM ID")).to_have_value("CRM-77")
    piotr.desk.assert_accessible()

    piotr.press(button(page, "Save mine on top"))
    on_page(page, "Data platform, phase two")
    for text in ("CRM-77", "Typed for ten minutes."):
        expect(page.get_by_role("definition").filter(has_text=text)).to_be_visible()


def test_stage_marked_by_somebody_else_meanwhile(world: World, desk: Callable[..., Desk]) -> None:
    deal = world.deal(name="Data platform")
    anna, piotr = Mouse(desk(world.anna)), Mouse(desk(world.piotr))
    for person in (anna, piotr):
        person.desk.open(f"deals/{deal.pk}/")
    anna.press(button(anna.page, "Mark as Qualified"))
    expect(anna.page.locator("[aria-current=step]")).to_contain_text("Qualified")
    piotr.press(button(piotr.page, "Mark as Negotiated"))
    expect(piotr.page.get_by_text("Nothing was changed.")).to_be_visible()
    piotr.press(piotr.page.get_by_role("link", name="Open the deal as it is now"))
    expect(piotr.page.locator("[aria-current=step]")).to_contain_text("Qualified")
