"""Every page in every state, one after the other, for whoever wants to look at all of them.

A scene is a generator: it brings a desk to a state and yields it.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import expect

from comments.services import edit_comment, write_comment
from deals.bulk import MOST_AT_ONCE
from deals.bulk import work_off as work_off_selections
from deals.lifecycle import advance
from deals.models import CloseReason, Deal, ExchangeRate, RegistrationStatus, Status
from deals.parts import Person
from deals.services import set_favorite
from deals.stages import DealType
from deals.transitions import Name
from notifications.models import Notification
from notifications.services import work_off
from notifications.unsubscribing import unsubscribe_url
from partners.models import CoSellStatus, DirectoryTenant, Membership, Solution
from referrals.responsiveness import rate_everybody
from referrals.services import expire_all_overdue, withdraw_referral
from tests.browser.conftest import Desk
from tests.browser.hands import Mouse, on_page
from tests.browser.telling import add_solution, button, next_step, write_contact, write_details
from tests.deals.listed import make_deals
from tests.deals.registering import registration_in, won_deal
from tests.factories import (
    CoSellRequestFactory,
    DirectoryTenantFactory,
    JoinInvitationFactory,
    ReferenceCustomerFactory,
    TenantLinkRequestFactory,
)
from tests.identity import as_owner, set_session_role
from tests.insights.some import some_deals
from tests.referrals.endings import ended
from tests.world import World, person_of_member

OpenDesk = Callable[..., Desk]
NOTES = "They bought elsewhere; ask again in spring."


def lists_full(world: World, desk: OpenDesk) -> Iterator[Desk]:
    deal = world.deal(name="A deal whose name is long enough to need a second line in any column")
    world.referral(deal)
    world.deal(type=DealType.PRIVATE)
    with world.as_member(world.anna):
        set_favorite(deal, member=world.anna, on=True)
    with override_settings(INVITATION_DAYS=1):
        world.referral(world.deal(world.sam), sender=world.sam, recipient=world.contoso)
    anna = desk(world.anna)
    for tab in ("inbound", "outbound", "favorites"):
        anna.open(f"deals/{tab}/")
        yield anna
    anna.open("deals/outbound/?type=private&sort=value&group=accepted&nonsense=1")
    yield anna
    anna.page.get_by_role("button", name="Filters").click()
    yield anna
    anna.open("deals/outbound/")
    anna.page.locator("#list-sort summary").click()
    yield anna
    anna.open("deals/outbound/?q=nothing+like+it")
    yield anna
    olga = desk(world.olga)
    olga.open("deals/outbound/")
    yield olga


def lists_empty(world: World, desk: OpenDesk) -> Iterator[Desk]:
    anna = desk(world.anna)
    for place in ("inbound/", "inbound/?group=received", "outbound/", "favorites/"):
        anna.open(f"deals/{place}")
        yield anna
    with as_owner():
        Solution.objects.update(status=CoSellStatus.IN_MARKET)
    anna.open("deals/outbound/")
    yield anna
    anna.open("deals/new/")
    on_page(anna.page, "Your company cannot create deals yet")
    yield anna


def boards(world: World, desk: OpenDesk) -> Iterator[Desk]:
    deal = world.deal(name="A deal whose name is long enough to need a second line on any card")
    world.referral(deal)
    assessment = world.deal(type=DealType.ASSESSMENT, currency="XAF")
    world.referral(world.deal(world.sam), sender=world.sam, recipient=world.contoso)
    _closed(world, world.deal(), Name.WIN, by=world.anna)
    with as_owner():
        ExchangeRate.objects.create(date=timezone.localdate(), currency="EUR", rate=1)
        ExchangeRate.objects.create(date=timezone.localdate(), currency="PLN", rate=4)
    anna, olga = desk(world.anna), desk(world.olga)
    page = anna.page
    for tab in ("inbound", "outbound", "favorites"):
        anna.open(f"deals/{tab}/?layout=board")
        yield anna
    anna.open("deals/outbound/?layout=board")
    page.get_by_role("link", name=f"Move to… {assessment.name}").last.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    yield anna
    page.get_by_role("dialog").get_by_role("button", name="Presented").click()
    expect(page.locator(".board-refusal")).to_be_visible()
    yield anna
    for place in (f"{assessment.pk}/move/", "find/?q=deal", "find/?q=zz", "keys/"):
        anna.open(f"deals/{place}")
        yield anna
    olga.open("deals/outbound/?layout=board")
    yield olga


def views(world: World, desk: OpenDesk) -> Iterator[Desk]:
    """Keeping a list, looking after what is kept, and choosing columns."""
    anna, piotr = desk(world.anna), desk(world.piotr)
    page = anna.page
    anna.open("deals/views/")
    yield anna
    anna.open("deals/views/new/?from=outbound%3Fstatus%3Daccepted")
    yield anna
    yield from _refused(anna, "Save")
    page.get_by_label("Name").fill("Everything that is open and closes in the next quarter")
    page.get_by_label("Everybody in our company sees it").check()
    page.get_by_label("My list opens with it").check()
    button(page, "Save").click()
    on_page(page, "Deals")
    page.locator("#list-views summary").click()
    expect(page.locator("#list-views .count").first).not_to_be_empty()
    yield anna
    for person in (anna, piotr):
        person.open("deals/views/")
        yield person
    page.get_by_role("link", name="Change Everything").click()
    on_page(page, "Everything that is open")
    yield anna
    page.go_back()
    on_page(page, "Views")
    page.get_by_role("link", name="Delete Everything").click()
    on_page(page, "Delete the view")
    yield anna
    anna.open("deals/columns/?from=outbound")
    yield anna


def selections(world: World, desk: OpenDesk) -> Iterator[Desk]:
    """Few deals by their boxes; all of a list, which a worker changes."""
    world.deal(name="A deal whose name is long enough to need a second line in any column")
    make_deals(world.contoso, *({"name": f"deal {number}"} for number in range(MOST_AT_ONCE)))
    make_deals(world.contoso, {"name": "won", "status": Status.WON})
    anna = desk(world.anna)
    page = anna.page
    anna.open("deals/outbound/")
    page.get_by_role("checkbox", name="Select: deal 99", exact=True).check()
    yield anna
    button(page, "Add to favorites…").click()
    on_page(page, "Add to favorites")
    yield anna
    button(page, "Change 1 deal").click()
    expect(page.get_by_role("status").first).to_contain_text("1 deal was changed.")
    yield anna
    anna.open("deals/outbound/?group=closed")
    page.get_by_role("checkbox", name="Select: won").check()
    button(page, "Mark stage…").click()
    on_page(page, "Mark a sales stage")
    yield anna
    button(page, "Preview").click()
    expect(page.get_by_role("heading", name="Would not change")).to_be_visible()
    yield anna
    anna.open("deals/outbound/")
    page.get_by_role("checkbox", name="Select: deal 99", exact=True).check()
    page.get_by_role("checkbox", name="of this list").check()
    button(page, "Change close date…").click()
    on_page(page, "Change the close date")
    yield from _refused(anna, "Preview")
    page.get_by_label("Estimated close date").fill(str(timezone.localdate()))
    button(page, "Preview").click()
    expect(page.get_by_text("The preview is of the first")).to_be_visible()
    yield anna
    button(page, f"Change {MOST_AT_ONCE + 2} deals").click()
    expect(page.get_by_role("heading", name=f"0 of {MOST_AT_ONCE + 2} deals")).to_be_visible()
    yield anna
    set_session_role("cosell_worker")
    work_off_selections(seconds=60)
    set_session_role("cosell_app")
    expect(page.get_by_text(f"{MOST_AT_ONCE + 1} deals were changed. 1 was not.")).to_be_visible()
    yield anna


def deals_open(world: World, desk: OpenDesk) -> Iterator[Desk]:
    referral = world.referral()
    accepted = world.accepted(world.referral())
    private = world.deal(type=DealType.PRIVATE, contact=None)
    sam, anna, olga = desk(world.sam), desk(world.anna), desk(world.olga)
    for deal_id in (referral.recipient_deal_id, accepted.pk):
        sam.open(f"deals/{deal_id}/")
        yield sam
    anna.open(f"deals/{referral.sender_deal_id}/")
    anna.page.get_by_text("What we asked").click()
    yield anna
    button(anna.page, "Mark as Proposed").click()
    expect(anna.page.locator("[aria-current=step]")).to_contain_text("Proposed")
    yield anna
    anna.page.locator(".topbar-actions summary").click()
    yield anna
    anna.open(f"deals/{private.pk}/")
    yield anna
    olga.open(f"deals/{private.pk}/")
    yield olga


def deals_closed(world: World, desk: OpenDesk) -> Iterator[Desk]:
    anna, sam = desk(world.anna), desk(world.sam)
    for name in (Name.WIN, Name.LOSE, Name.CLOSE_AS_ERROR):
        anna.open(f"deals/{_closed(world, world.deal(), name, by=world.anna).pk}/")
        yield anna
    declined = world.referral()
    received = _deal_of(world.sam, declined.recipient_deal_id)
    _closed(world, received, Name.DECLINE, by=world.sam)
    withdrawn = world.referral()
    with world.as_member(world.anna):
        withdraw_referral(withdrawn, actor=world.anna.actor)
    expired = world.overdue_referral()
    expire_all_overdue()
    overdue = world.overdue_referral()
    for referral in (declined, withdrawn, expired, overdue):
        anna.open(f"deals/{referral.sender_deal_id}/")
        yield anna
        sam.open(f"deals/{referral.recipient_deal_id}/")
        yield sam


def _deal_of(member: Membership, deal_id: Any) -> Deal:
    with as_owner():
        return Deal.objects.get(pk=deal_id, organization_id=member.organization_id)


def _closed(world: World, deal: Deal, name: Name, *, by: Membership) -> Deal:
    reason = {
        Name.LOSE: CloseReason.OTHER_VENDOR,
        Name.DECLINE: CloseReason.BUDGET,
        Name.CLOSE_AS_ERROR: CloseReason.DUPLICATE,
    }.get(name, "")
    with world.as_member(by):
        advance(deal, name, actor=by.actor, reason=reason, notes=NOTES if reason else "")
    return deal


def answering(world: World, desk: OpenDesk) -> Iterator[Desk]:
    referral = world.referral()
    sam, anna = desk(world.sam), desk(world.anna)
    sam.open(f"deals/{referral.recipient_deal_id}/accept/")
    yield sam
    sam.page.get_by_label("Deal name").fill("")
    sam.page.get_by_label("Phone").fill("12")
    button(sam.page, "Accept").click()
    expect(sam.page.get_by_role("alert").first).to_be_visible()
    yield sam
    sam.open(f"deals/{referral.recipient_deal_id}/decline/")
    yield sam
    button(sam.page, "Decline the deal").click()
    expect(sam.page.get_by_role("alert")).to_be_visible()
    yield sam
    anna.open(f"deals/{referral.sender_deal_id}/withdraw/{referral.pk}/")
    yield anna
    world.accepted(referral)
    sam.open(f"deals/{referral.recipient_deal_id}/decline/")
    on_page(sam.page, "That is not possible any more")
    yield sam


def closing(world: World, desk: OpenDesk) -> Iterator[Desk]:
    referral = world.referral()
    anna, olga = desk(world.anna), desk(world.olga)
    for name in (Name.WIN, Name.CLOSE_AS_ERROR, Name.LOSE):
        anna.open(f"deals/{referral.sender_deal_id}/close/{name}/")
        yield anna
    button(anna.page, "Close as lost").click()
    expect(anna.page.get_by_role("alert")).to_be_visible()
    yield anna
    olga.open(f"deals/{referral.sender_deal_id}/close/win/")
    on_page(olga.page, "Your role does not allow this")
    yield olga


def inviting(world: World, desk: OpenDesk) -> Iterator[Desk]:
    """Partners and the vendor, later and once more, and a deal that invites nobody."""
    deal = world.deal(type=DealType.P2P, contact=None)
    ended(world, deal, world.fabrikam, "declined", by=world.frank)
    anna = desk(world.anna)
    page = anna.page
    anna.open(f"deals/{deal.pk}/")
    yield anna
    page.get_by_role("link", name="Invite again… Fabrikam").click()
    on_page(page, "Invite partners")
    page.get_by_role("button", name="Outsider").click()
    expect(page.get_by_role("button", name="Remove Outsider")).to_be_visible()
    yield anna
    yield from _refused(anna, "Invite Fabrikam, Outsider")
    anna.open(f"deals/{deal.pk}/invite/vendor/")
    yield anna
    yield from _refused(anna, "Invite Microsoft")
    anna.open(f"deals/{world.deal(type=DealType.ASSESSMENT).pk}/")
    yield anna


def editing(world: World, desk: OpenDesk) -> Iterator[Desk]:
    deal = world.deal()
    anna, piotr = desk(world.anna), desk(world.piotr)
    page = anna.page
    for part in ("details", "team", "solutions", "contact"):
        anna.open(f"deals/{deal.pk}/edit/{part}/")
        yield anna
    page.get_by_label("Phone").fill("12")
    yield from _refused(anna, "Save")
    anna.open(f"deals/{deal.pk}/edit/details/")
    page.get_by_label("Estimated value").fill("many")
    yield from _refused(anna, "Save")
    anna.open(f"deals/{deal.pk}/edit/team/")
    button(page, "Add another person").click()
    expect(page.get_by_role("heading", name="2. New person")).to_be_visible()
    page.get_by_label("First name").last.fill("Jan")
    yield from _refused(anna, "Save")
    anna.open(f"deals/{deal.pk}/edit/solutions/")
    page.get_by_role("button", name="Remove Contoso Suite").click()
    expect(page.get_by_text("Nothing yet.")).to_be_visible()
    yield from _refused(anna, "Save")
    for person in (anna, piotr):
        person.open(f"deals/{deal.pk}/edit/details/")
    button(piotr.page, "Save").click()
    on_page(piotr.page, deal.name)
    piotr.open(f"deals/{deal.pk}/edit/details/")
    piotr.page.get_by_label("CRM ID").fill("CRM-77")
    button(piotr.page, "Save").click()
    on_page(piotr.page, deal.name)
    button(page, "Save").click()
    expect(button(page, "Save mine on top")).to_be_visible()
    yield anna


def _refused(one: Desk, name: str) -> Iterator[Desk]:
    button(one.page, name).click()
    expect(one.page.get_by_role("alert").first).to_be_visible()
    yield one


def wizard(world: World, desk: OpenDesk) -> Iterator[Desk]:
    """Every step as it opens, refused, and filled in."""
    ReferenceCustomerFactory.create_batch(3, name="Zakłady Północ")
    anna = desk(world.anna)
    page, hand = anna.page, Mouse(anna)
    anna.open("deals/new/")
    yield anna
    yield from _refused(anna, "Next")
    page.get_by_label("Name or D-U-N-S number").press_sequentially("zakł")
    expect(page.get_by_role("button", name="Zakłady Północ").first).to_be_visible()
    yield anna
    page.get_by_role("button", name="Enter the customer by hand").click()
    expect(page.get_by_label("Company name")).to_be_visible()
    yield from _refused(anna, "Next")
    button(page, "Search instead").click()
    page.get_by_role("button", name="Zakłady Północ").first.click()
    expect(page.get_by_role("button", name="Change the customer")).to_be_visible()
    write_contact(hand)
    yield anna
    next_step(hand, "Deal details")
    yield anna
    yield from _refused(anna, "Next")
    write_details(hand, "Analytics for the cold chain")
    next_step(hand, "Who works on it?")
    yield anna
    page.get_by_label("Phone").fill("12")
    yield from _refused(anna, "Next")
    page.get_by_label("Phone").fill("+48 22 123 45 67")
    next_step(hand, "What is being sold?")
    yield anna
    yield from _refused(anna, "Next")
    add_solution(hand, "Contoso Suite")
    yield anna
    next_step(hand, "Do you invite partners?")
    yield anna
    page.get_by_role("button", name="Fabrikam").click()
    expect(page.get_by_role("button", name="Remove Fabrikam")).to_be_visible()
    yield anna
    yield from _refused(anna, "Next")
    page.get_by_role("button", name="Remove Fabrikam").click()
    expect(page.get_by_role("button", name="Remove Fabrikam")).to_have_count(0)
    next_step(hand, "Do you want help?")
    yield anna
    page.get_by_label("Customer technical architecture").check()
    yield from _refused(anna, "Next")
    page.get_by_label("What is needed").fill("Please look at our network plan.")
    next_step(hand, "Check who will see what")
    yield anna
    button(page, "Save and close").click()
    on_page(page, "Your drafts")
    yield anna


def talking(world: World, desk: OpenDesk) -> Iterator[Desk]:
    """What was said, what is refused, one's own text once more, and what the others see."""
    deal = world.deal(team=[person_of_member(one) for one in (world.anna, world.bob)])
    vendors, partners = world.referral(deal), world.referral(deal, recipient=world.fabrikam)
    world.accepted(vendors)
    with world.as_member(world.anna):
        write_comment(deal, actor=world.anna.actor, body="Only for us, @Bob Baker.")
        shared = write_comment(deal, actor=world.anna.actor, body="For both", to=vendors)
        edit_comment(shared, actor=world.anna.actor, body="For both of us")
    anna, sam = desk(world.anna), desk(world.sam)
    page = anna.page
    anna.open(f"deals/{deal.pk}/")
    page.get_by_text("edited").click()
    page.get_by_role("textbox", name="Comment").press_sequentially("@bo")
    expect(page.get_by_role("button", name="Bob Baker")).to_be_visible()
    yield anna
    page.get_by_role("textbox", name="Comment").fill("")
    yield from _refused(anna, "Comment")
    anna.open(f"deals/{deal.pk}/?show=comments")
    yield anna
    page.get_by_role("link", name="Edit comment").first.click()
    on_page(page, "Edit comment")
    page.get_by_role("textbox", name="Comment").fill("")
    yield from _refused(anna, "Save")
    for referral in (vendors, partners):
        anna.open(f"deals/{deal.pk}/as/{referral.pk}/")
        yield anna
    sam.open(f"deals/{vendors.recipient_deal_id}/as/{vendors.pk}/")
    yield sam


def stage_names(world: World, desk: OpenDesk) -> Iterator[Desk]:
    piotr = desk(world.piotr)
    piotr.open("deals/stage-names/")
    yield piotr
    piotr.page.get_by_role("textbox", name="Qualified").first.fill("Proposed")
    yield from _refused(piotr, "Save")


def wizard_private(world: World, desk: OpenDesk) -> Iterator[Desk]:
    """A repeated customer, nobody invited, and a review that finds something missing."""
    repeated = world.deal()
    anna = desk(world.anna)
    page, hand = anna.page, Mouse(anna)
    anna.open("deals/new/")
    page.get_by_label("Name or D-U-N-S number").press_sequentially(repeated.customer_name)
    page.get_by_role("button", name=repeated.customer_name).first.click()
    expect(page.get_by_text("You already have an open deal")).to_be_visible()
    yield anna
    next_step(hand, "Deal details")
    write_details(hand, "A quiet deal")
    next_step(hand, "Who works on it?")
    next_step(hand, "What is being sold?")
    add_solution(hand, "Contoso Suite")
    next_step(hand, "Do you invite partners?")
    next_step(hand, "Do you want help?")
    next_step(hand, "Check who will see what")
    yield anna
    review = page.url
    with as_owner():
        Solution.objects.filter(name="Contoso Suite").update(status=CoSellStatus.IN_MARKET)
    ReferenceCustomerFactory()
    page.goto(review)
    yield anna


def wizard_of_vendor(world: World, desk: OpenDesk) -> Iterator[Desk]:
    ReferenceCustomerFactory(name="Zakłady Północ")
    sam = desk(world.sam)
    page, hand = sam.page, Mouse(sam)
    sam.open("deals/new/")
    page.get_by_label("Name or D-U-N-S number").press_sequentially("zakł")
    page.get_by_role("button", name="Zakłady Północ").click()
    expect(page.get_by_role("button", name="Change the customer")).to_be_visible()
    next_step(hand, "Deal details")
    write_details(hand, "Analytics for the cold chain")
    next_step(hand, "Who works on it?")
    next_step(hand, "What is being sold?")
    add_solution(hand, "Microsoft Suite")
    next_step(hand, "Which partners do you invite?")
    yield sam
    page.get_by_role("button", name="Fabrikam").click()
    expect(page.get_by_role("button", name="Remove Fabrikam")).to_be_visible()
    yield sam
    yield from _refused(sam, "Next")


def assessments(world: World, desk: OpenDesk) -> Iterator[Desk]:
    """The vendor's decision both ways, the picker locked and open, and a deal on its way to won."""
    ReferenceCustomerFactory(name="Zakłady Północ")
    victor, frank, anna = desk(world.victor), desk(world.frank), desk(world.anna)
    for partner in ("fabrikam", "contoso"):
        victor.open(f"partners/{partner}/assessments/")
        yield victor
    for person, action in ((frank, ""), (anna, "Choose Cloud Economics Assessment")):
        page, hand = person.page, Mouse(person)
        person.open("deals/new/")
        page.get_by_label("Name or D-U-N-S number").press_sequentially("zakł")
        page.get_by_role("button", name="Zakłady Północ").click()
        next_step(hand, "Deal details")
        write_details(hand, "What the old data centre costs")
        next_step(hand, "Who works on it?")
        next_step(hand, "What is being sold?")
        page.get_by_role("link", name="Assessments").click()
        expect(page.get_by_role("heading", name="Nothing found")).to_have_count(0)
        expect(page.get_by_text("Cloud Economics Assessment").first).to_be_visible()
        yield person
        if action:
            page.get_by_role("button", name=action).click()
            expect(page.get_by_role("heading", name="Chosen 1")).to_be_visible()
            page.get_by_role("link", name="Ours").click()
            expect(page.get_by_text("An assessment stands alone.")).to_be_visible()
            yield person
            next_step(hand, "Check who will see what")
            yield person
    deal = world.deal(type=DealType.ASSESSMENT)
    for place in ("", "close/win/", "edit/solutions/"):
        anna.open(f"deals/{deal.pk}/{place}")
        yield anna
    anna.open("deals/outbound/filters/")
    yield anna


def partner_organizations(world: World, desk: OpenDesk) -> Iterator[Desk]:
    victor, sam = desk(world.victor), desk(world.sam)
    victor.open("partners/")
    yield victor
    victor.open("partners/?q=nobody+of+this+name")
    yield victor
    victor.open("partners/add/")
    yield victor
    yield from _refused(victor, "Add partner")
    sam.open("partners/add/")
    on_page(sam.page, "Your role does not allow this")
    yield sam


def company(world: World, desk: OpenDesk) -> Iterator[Desk]:
    """What an admin looks after: people, locations, profile, solutions."""
    JoinInvitationFactory(organization=world.contoso.organization, invited_by=world.piotr.user)
    piotr, olga = desk(world.piotr), desk(world.olga)
    places = ("people/", "people/?q=nobody", "locations/", "directory/", "directory/fabrikam/")
    people = (f"people/{world.anna.pk}/", f"people/{world.piotr.pk}/")
    leaving = (f"people/{world.anna.pk}/deactivate/", f"people/{world.anna.pk}/deals/")
    solution = f"solutions/{world.contoso.solution.pk}/"
    for place in (*places, *people, *leaving, "profile/", "solutions/", solution):
        piotr.open(place)
        yield piotr
    piotr.open(f"{solution}retire/")
    yield piotr
    for place, name in (
        ("people/invite/", "Send the invitation"),
        ("locations/add/", "Add location"),
        ("solutions/add/", "Add solution"),
    ):
        piotr.open(place)
        yield from _refused(piotr, name)
    olga.open("people/")
    on_page(olga.page, "Your role does not allow this")
    yield olga


def good_partner(world: World, desk: OpenDesk) -> Iterator[Desk]:
    anna, olga = desk(world.anna), desk(world.olga)
    for path in ("good-partner/", "deals/stale/"):
        anna.open(path)
        yield anna
    for _number in range(3):
        world.accepted(world.referral(recipient=world.fabrikam), by=world.frank)
        world.overdue_referral(world.deal(world.sam), sender=world.sam, recipient=world.contoso)
    rate_everybody()
    late, quiet = world.deal(name="Late"), world.deal(name="Quiet")
    with as_owner():
        long_ago = timezone.now() - timedelta(days=40)
        Deal.objects.filter(pk=late.pk).update(close_date=long_ago.date())
        Deal.objects.filter(pk=quiet.pk).update(updated_at=long_ago)
    for one, path in (
        (anna, "good-partner/"), (anna, "deals/stale/"), (olga, "deals/stale/"),
        (anna, f"deals/{late.pk}/"), (anna, f"deals/{late.pk}/still-open/"),
        (anna, f"deals/{late.pk}/invite/partners/"), (anna, "directory/"),
    ):  # fmt: skip
        one.open(path)
        yield one
    anna.open(f"deals/{late.pk}/still-open/")
    anna.page.get_by_label("New close date").fill("")
    button(anna.page, "Still open").click()
    yield anna


def co_sell_requests(world: World, desk: OpenDesk) -> Iterator[Desk]:
    """The vendor's queue, empty and not, and a request."""
    victor = desk(world.victor)
    victor.open("co-sell/")
    yield victor
    request = CoSellRequestFactory(
        vendor=world.microsoft.organization, solution=world.contoso.solution
    )
    victor.open("co-sell/")
    yield victor
    victor.open(f"co-sell/{request.pk}/")
    yield victor
    for place in ("co-sell/marks/", f"co-sell/marks/{world.contoso.solution.pk}/"):
        victor.open(place)
        yield victor
    yield from _refused(victor, "Lower it")


def registering(world: World, desk: OpenDesk) -> Iterator[Desk]:
    """A deal before, while and after it is registered, and the form with everything wrong."""
    anna, olga = desk(world.anna), desk(world.olga)
    deal = world.deal(name="Not yet")
    anna.open(f"deals/{deal.pk}/registration/")
    yield anna
    won = won_deal(world, name="Won")
    for one in (anna, olga):
        one.open(f"deals/{won.pk}/registration/")
        yield one
    anna.open(f"deals/{won.pk}/")
    yield anna
    anna.open(f"deals/{won.pk}/registration/send/")
    yield anna
    yield from _refused(anna, "Send to Microsoft")
    for status in RegistrationStatus:
        registration = registration_in(world, status)
        for page in ("", "registration/"):
            anna.open(f"deals/{registration.deal_id}/{page}")
            yield anna
        if status == RegistrationStatus.ACTION_REQUIRED:
            anna.open(f"deals/{registration.deal_id}/registration/send/")
            yield anna


def reviewing(world: World, desk: OpenDesk) -> Iterator[Desk]:
    """The queue, empty and not, a registration in each status, and the rules."""
    rita, victor = desk(world.rita), desk(world.victor)
    rita.open("deals/registrations/")
    yield rita
    for status in RegistrationStatus:
        registration = registration_in(world, status)
        rita.open(f"deals/registrations/{registration.pk}/")
        yield rita
        if status == RegistrationStatus.PENDING:
            yield from _refused(rita, "Ask for changes")
    for query in ("", "?status=action_required", "?status=approved", "?whose=mine"):
        rita.open(f"deals/registrations/{query}")
        yield rita
    victor.open("deals/registrations/rules/")
    yield victor
    victor.page.get_by_label("Waiting time in days").fill("0")
    yield from _refused(victor, "Save")


def signing_in(world: World, desk: OpenDesk) -> Iterator[Desk]:
    """Tenants and the second factor of a company, its history, and people's own pages."""
    piotr, victor = desk(world.piotr), desk(world.victor)
    for place in ("tenants/", "history/"):
        piotr.open(place)
        yield piotr
    own = DirectoryTenantFactory(organization=world.contoso.organization, domain="contoso.example")
    piotr.open(f"tenants/{own.pk}/unlink/")
    yield piotr
    DirectoryTenantFactory(organization=world.contoso.organization)
    victor.open("tenant-requests/")
    yield victor
    asked = TenantLinkRequestFactory(membership=world.bob, vendor=world.microsoft.organization)
    for place in ("tenants/", f"tenants/{own.pk}/unlink/", f"tenants/requests/{asked.pk}/"):
        piotr.open(place)
        yield piotr
    yield from _refused(piotr, "Refuse")
    victor.open("tenant-requests/")
    yield victor
    page = piotr.page
    button(page, "Approve and link").click()
    for place in ("history/", f"tenants/requests/{asked.pk}/"):
        piotr.open(place)
        yield piotr
    bob = desk(world.bob)
    with as_owner():
        DirectoryTenant.objects.filter(domain="contoso.example").update(domain="else.example")
    bob.open("deals/inbound/")
    on_page(bob.page, "Contoso does not know where you sign in from")
    yield bob
    button(bob.page, "Request linking").click()
    expect(bob.page.get_by_text("You requested linking")).to_be_visible()
    yield bob
    for place in ("", "sessions/", "factors/", "confirm/"):
        page.goto(f"{piotr.address}/account/{place}")
        yield piotr


def notifications(world: World, desk: OpenDesk) -> Iterator[Desk]:
    anna, ela = (
        desk(world.anna),
        Person("Ela", "Freelance", "+48221234567", "ela@freelance.example"),
    )
    anna.open("notifications/")
    on_page(anna.page, "Notifications")
    yield anna
    world.accepted(world.referral(world.deal(team=[person_of_member(world.anna), ela])))
    work_off(seconds=30)
    anna.open("notifications/")
    yield anna
    anna.page.get_by_role("button", name="Mark all as read").click()
    expect(anna.page.get_by_role("link", name="Notifications", exact=True).first).to_be_visible()
    yield anna
    anna.open("notifications/?show=unread")
    yield anna
    anna.open("notifications/preferences/")
    yield anna
    anna.page.get_by_label("Quiet from").fill("22:00")
    yield from _refused(anna, "Save preferences")
    with as_owner():
        links = [unsubscribe_url(one) for one in Notification.objects.order_by("-email")[:2]]
    visitor = desk(None)
    for link in links:
        visitor.page.goto(f"{visitor.address}{link}")
        yield visitor
        visitor.page.get_by_role("button", name="Stop these mails").click()
        on_page(visitor.page, "Stopped")
        yield visitor


def insights(world: World, desk: OpenDesk) -> Iterator[Desk]:
    anna = desk(world.anna)
    anna.open("insights/")
    yield anna
    some_deals(world.contoso)
    anna.open("insights/?period=12m")
    yield anna
    for table in anna.page.locator(".chart-table > summary").all():
        table.click()
    yield anna
    anna.open("insights/?since=2026-03-01&until=2026-02-01")
    yield anna
    bob = desk(world.bob)
    bob.open("insights/")
    yield bob


def account(world: World, desk: OpenDesk) -> Iterator[Desk]:
    visitor, anna = desk(None), desk(world.anna)
    for place in ("login/", "password/reset/", "password/reset/done/", "inactive/"):
        visitor.page.goto(f"{visitor.address}/account/{place}")
        yield visitor
    visitor.page.goto(f"{visitor.address}/account/password/reset/key/1-nonsense/")
    yield visitor
    visitor.page.goto(f"{visitor.address}/account/login/")
    yield from _refused(visitor, "Sign in")
    visitor.page.goto(f"{visitor.address}/account/password/reset/")
    yield from _refused(visitor, visitor.page.locator("form .button-primary").inner_text())
    for place in ("password/change/", "logout/"):
        anna.page.goto(f"{anna.address}/account/{place}")
        yield anna


def elsewhere(world: World, desk: OpenDesk) -> Iterator[Desk]:
    """The mailbox, without and with mail, and what is not there."""
    anna = desk(world.anna)
    anna.page.goto(f"{anna.address}/mailbox/")
    yield anna
    anna.open("deals/there-is-no-such-page/")
    on_page(anna.page, "There is nothing here for you")
    yield anna
    world.accepted()
    work_off(seconds=30)
    anna.page.goto(f"{anna.address}/mailbox/")
    expect(anna.page.locator("iframe")).to_be_visible()
    yield anna
