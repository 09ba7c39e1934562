"""Talking about a deal: who is asked, who answers, who gets a mail, and who hears none of it."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from deals.models import Deal
from deals.services import edit_team
from partners.models import Membership
from referrals.models import Referral
from tests.browser.conftest import Desk
from tests.browser.hands import WAYS_OF_MORE, Hand, Keyboard, Mouse, on_page
from tests.browser.telling import button, open_deal
from tests.notifications.reading import everything, mails_to
from tests.world import World, person_of_member

DEAL = "Sensors for the cold chain"
QUESTION = "Can your architect join us on Tuesday?"
BETTER_QUESTION = "Can your architect join us on Wednesday?"
ANSWER = "Wednesday is fine, 10:00."
INSIDE = "Wednesday it is. Margin stays at nine per cent."


@pytest.fixture
def sent(world: World) -> dict[str, Referral]:
    """Contoso's deal with Microsoft, where Sam and Victor work, and with Fabrikam."""
    deal = world.deal(name=DEAL, team=[person_of_member(one) for one in (world.anna, world.bob)])
    vendors = world.referral(deal)
    partners = world.referral(deal, recipient=world.fabrikam)
    world.accepted(partners, by=world.frank)
    received = world.accepted(vendors)
    with world.as_member(world.sam):
        now = Deal.objects.get(pk=received.pk)
        team = [person_of_member(one) for one in (world.sam, world.victor)]
        edit_team(now, actor=world.sam.actor, version=now.version, team=team)
    return {"microsoft": vendors, "fabrikam": partners}


def remark(page: Page, text: str) -> Locator:
    """What stands as said, not what is still being written."""
    return page.get_by_role("article").filter(has_text=text)


def say(hand: Hand, text: str, *, to: str = "", mention: Membership | None = None) -> None:
    page = hand.page
    hand.write(page.get_by_role("textbox", name="Comment"), text)
    if to:
        hand.choose(page.get_by_label(to, exact=True))
    if mention:
        hand.choose(page.get_by_label(mention.user.full_name, exact=True))
    hand.press(button(page, "Comment"))
    expect(remark(page, text)).to_be_visible()


def follow_mail(hand: Hand, member: Membership, about: str) -> None:
    message = next(one for one in mails_to(member.user.email) if about in one.subject)
    link = re.search(r"https?://\S+", str(message.body))
    assert link
    parts = urlsplit(link[0])
    assert parts.fragment.startswith("comment-")
    hand.page.goto(f"{hand.desk.address}{parts.path}?{parts.query}#{parts.fragment}")
    expect(hand.page.locator("article:target")).to_be_in_viewport()


@pytest.mark.parametrize(("way", "javascript"), WAYS_OF_MORE)
def test_two_companies_talk_and_the_third_hears_nothing(
    world: World,
    desk: Callable[..., Desk],
    sent: dict[str, Referral],
    way: Callable[[Desk], Hand],
    javascript: bool,
) -> None:
    anna, sam = (way(desk(one, javascript=javascript)) for one in (world.anna, world.sam))
    open_deal(anna, "outbound", DEAL)
    say(anna, QUESTION, to="Contoso and Microsoft")
    expect(remark(anna.page, QUESTION)).to_contain_text("Contoso and Microsoft")
    correct(anna)

    follow_mail(sam, world.sam, "Contoso wrote to you")
    expect(remark(sam.page, BETTER_QUESTION)).to_be_visible()
    sam.press(sam.page.get_by_text("edited"))
    expect(remark(sam.page, BETTER_QUESTION)).to_contain_text(QUESTION)
    say(sam, ANSWER, to="Microsoft and Contoso", mention=world.victor)

    victor = Mouse(desk(world.victor))
    follow_mail(victor, world.victor, "Sam Seller mentioned you")
    expect(remark(victor.page, ANSWER)).to_be_visible()

    open_deal(anna, "outbound", DEAL)
    expect(remark(anna.page, ANSWER)).to_be_visible()
    expect(anna.page.get_by_text("Told by mail")).to_have_count(0)
    say(anna, INSIDE, mention=world.bob)
    expect(remark(anna.page, INSIDE)).to_contain_text("Only Contoso")
    keep_to_comments(anna)
    hears_nothing(Mouse(desk(world.frank)), world)
    sees_what_they_see(anna, sent)


def correct(anna: Hand) -> None:
    page = anna.page
    anna.press(page.get_by_role("link", name="Edit comment"))
    on_page(page, "Edit comment")
    expect(page.get_by_text("Who can read it: Contoso and Microsoft")).to_be_visible()
    anna.write(page.get_by_role("textbox", name="Comment"), BETTER_QUESTION)
    anna.press(button(page, "Save"))
    expect(remark(page, BETTER_QUESTION)).to_contain_text("edited")


def keep_to_comments(anna: Hand) -> None:
    page = anna.page
    shown = page.get_by_role("navigation", name="Timeline shows")
    anna.press(shown.get_by_role("link", name="Comments"))
    expect(page.get_by_text("created the deal")).to_have_count(0)
    expect(remark(page, INSIDE)).to_be_visible()
    expect(page).to_have_url(re.compile("show=comments"))
    anna.press(shown.get_by_role("link", name="Changes"))
    expect(page.get_by_text("created the deal")).to_be_visible()
    expect(remark(page, INSIDE)).to_have_count(0)


def hears_nothing(frank: Hand, world: World) -> None:
    said = (QUESTION, BETTER_QUESTION, ANSWER, INSIDE)
    open_deal(frank, "inbound", DEAL)
    expect(frank.page.get_by_role("heading", name="Timeline")).to_be_visible()
    page = frank.page.content()
    mails = "".join(everything(one) for one in mails_to(world.frank.user.email))
    assert [text for text in said if text in page + mails] == []


def sees_what_they_see(anna: Hand, sent: dict[str, Referral]) -> None:
    page, referral = anna.page, sent["microsoft"]
    open_deal(anna, "outbound", DEAL)
    anna.press(page.get_by_role("link", name="What Microsoft sees of us"))
    on_page(page, "What Microsoft sees of us")
    expect(remark(page, ANSWER)).to_be_visible()
    expect(remark(page, BETTER_QUESTION)).to_be_visible()
    expect(page.get_by_text(INSIDE)).to_have_count(0)
    anna.desk.open(f"deals/{referral.sender_deal_id}/as/{sent['fabrikam'].pk}/")
    on_page(page, "What Fabrikam sees of us")
    expect(page.get_by_text("Nothing was said between Contoso and Fabrikam.")).to_be_visible()


@pytest.mark.parametrize("way", [Mouse, Keyboard])
def test_name_after_an_at_is_suggested_and_told(
    world: World, desk: Callable[..., Desk], sent: dict[str, Referral], way: Callable[[Desk], Hand]
) -> None:
    anna = way(desk(world.anna))
    page = anna.page
    open_deal(anna, "outbound", DEAL)
    field = page.get_by_role("textbox", name="Comment")
    anna.suggest(field, "Look at this, @bo", page.get_by_role("button", name="Bob Baker"))
    expect(field).to_have_value("Look at this, @Bob Baker ")
    expect(page.get_by_label("Bob Baker", exact=True)).to_be_checked()
    anna.press(button(page, "Comment"))
    expect(remark(page, "Look at this, @Bob Baker")).to_be_visible()
    expect(page.get_by_text("Told by mail: Bob Baker")).to_be_visible()
    assert len(mails_to(world.bob.user.email)) > 0
