"""An observer reads all that the company knows of its deals, and changes nothing (1.3, 1.4)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from deals.models import Deal, DealEvent
from tests.browser.conftest import Desk
from tests.browser.hands import Mouse, on_page
from tests.identity import as_owner
from tests.world import World

WORK = ("edit/details/", "edit/team/", "edit/solutions/", "close/win/", "invite/partners/")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "without-script"])
def test_observer_sees_everything_and_changes_nothing(
    world: World, desk: Callable[..., Desk], javascript: bool
) -> None:
    deal = world.deal(name="Data platform", notes="Budget approved.")
    world.accepted(world.referral(deal))
    received = world.referral(world.deal(world.sam), sender=world.sam, recipient=world.contoso)
    before = _history()
    olga = Mouse(desk(world.olga, javascript=javascript))
    page = olga.page

    olga.desk.open("deals/outbound/")
    olga.press(page.get_by_role("link", name="Data platform").first)
    on_page(page, "Data platform")
    for text in ("Budget approved.", "Anna Kowalska", "Sam Seller", "Contoso Suite"):
        expect(page.get_by_text(text).first).to_be_visible()
    expect(page.get_by_text("You may look at this deal, but not change it")).to_be_visible()
    expect(page.get_by_text("Piotr Nowak").first).to_be_visible()
    assert _forms(olga) == []

    for place in WORK:
        olga.desk.open(f"deals/{deal.pk}/{place}")
        expect(page.get_by_text("Piotr Nowak").first).to_be_visible()
        assert _forms(olga) == []
    for place in (f"deals/{received.recipient_deal_id}/", "deals/stale/"):
        olga.desk.open(place)
        assert _forms(olga) == []
    olga.desk.open("insights/")
    on_page(page, "Insights")
    olga.desk.open("deals/new/")
    expect(page.get_by_text("Piotr Nowak").first).to_be_visible()
    assert _history() == before


def _forms(olga: Mouse) -> list[str]:
    """What the page offers to send; a heart is one's own."""
    forms = olga.page.locator("main form[method=post]:not(#hearts)")
    return [one.inner_text() for one in forms.all()]


def _history() -> tuple[int, list[int]]:
    with as_owner():
        return DealEvent.objects.count(), list(
            Deal.objects.order_by("pk").values_list("version", flat=True)
        )
