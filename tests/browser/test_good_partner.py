"""Who answers quickly is found first, and a stale deal gets a new date (8.1 to 8.3)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deals.models import Deal
from referrals.responsiveness import rate_everybody
from tests.browser.conftest import Desk
from tests.browser.hands import WAYS_OF_MORE, Hand, on_page
from tests.browser.telling import button
from tests.identity import as_owner
from tests.world import World


@pytest.mark.parametrize(("way", "javascript"), WAYS_OF_MORE)
def test_quick_answerers_come_first_and_one_is_suggested(
    world: World, desk: Callable[..., Desk], way: Callable[[Desk], Hand], javascript: bool
) -> None:
    for _number in range(3):
        world.accepted(world.referral(recipient=world.fabrikam), by=world.frank)
        world.overdue_referral(recipient=world.outsider)
    rate_everybody()
    deal = world.deal(name="Sensors for the cold chain")
    anna = way(desk(world.anna, javascript=javascript))
    anna.desk.open(f"deals/{deal.pk}/invite/partners/")

    found = anna.page.locator("#partner-results .suggestion")
    expect(found).to_have_count(2)
    expect(found.first).to_contain_text("Answers quickly")
    expect(found.last).to_contain_text("Often does not answer")
    suggested = anna.page.locator("#suggested .suggestion")
    expect(suggested).to_contain_text("accepted 3 of your 3 invitations for customers in Poland")
    anna.press(suggested)
    expect(anna.page.get_by_role("heading", name="What you offer Fabrikam")).to_be_visible()
    expect(anna.page.locator("#suggested")).to_have_count(0)


@pytest.mark.parametrize(("way", "javascript"), WAYS_OF_MORE)
def test_stale_deal_gets_a_new_date(
    world: World, desk: Callable[..., Desk], way: Callable[[Desk], Hand], javascript: bool
) -> None:
    today = timezone.localdate()
    names = ("Leave the second data centre", "Sensors for the cold chain")
    for name in names:
        deal = world.deal(name=name)
        with as_owner():
            Deal.objects.filter(pk=deal.pk).update(close_date=today - timedelta(days=12))
    anna = way(desk(world.anna, javascript=javascript))
    anna.desk.open("deals/outbound/")
    anna.press(anna.page.get_by_role("link", name="Stale", exact=True))
    on_page(anna.page, "Stale deals")

    anna.press(button(anna.page, f"Still open {names[0]}"))
    expect(anna.page.get_by_text(f"“{names[0]}” is still open, until")).to_be_visible()
    anna.write_date(
        anna.page.get_by_label(f"New close date of {names[1]}"), today + timedelta(days=75)
    )
    anna.press(button(anna.page, f"Still open {names[1]}"))
    on_page(anna.page, "Stale deals")
    expect(anna.page.get_by_role("heading", name="No deal is stale")).to_be_visible()
    with as_owner():
        dates = dict(Deal.objects.filter(name__in=names).values_list("name", "close_date"))
    assert dates == {
        names[0]: today + timedelta(days=30), names[1]: today + timedelta(days=75)
    }  # fmt: skip
