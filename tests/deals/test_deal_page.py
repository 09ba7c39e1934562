import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deals.customers import written_duns
from deals.lifecycle import advance
from deals.models import CloseReason, Deal, Status, TeamMember
from deals.services import edit_details, edit_team
from deals.stages import DealType
from deals.transitions import Name
from partners.models import Solution
from referrals.models import Referral
from referrals.services import expire_overdue_referrals
from tests.deals.conftest import OneDeal
from tests.deals.pages import HTMX, address, as_, get, post, text
from tests.factories import SolutionFactory
from tests.identity import as_owner
from tests.world import World, details_of, person_of_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(one_deal: OneDeal) -> World:
    return one_deal.world


def reload(deal: Deal) -> Deal:
    with as_owner():
        return Deal.objects.get(pk=deal.pk)


def move(world: World, deal: Deal, name: Name, **given: Any) -> None:
    member = world.anna if deal.organization_id == world.contoso.pk else world.sam
    with world.as_member(member):
        advance(Deal.objects.get(pk=deal.pk), name, actor=member.actor, **given)


def test_page_shows_the_facts_of_the_deal(world: World) -> None:
    deal = world.deal(name="Claims platform", crm_id="CRM-77", notes="Ask for a reference.")
    page = text(get(world.anna, deal.pk))
    for fact in (
        "Claims platform", deal.reference, deal.customer_name, "25,000\u00a0EUR", "CRM-77",
        "Ask for a reference.", "Contoso main", "Contoso Suite", "ewa@customer.example",
        "anna@contoso.example", written_duns(deal.customer.duns),
    ):  # fmt: skip
        assert fact in page


def test_stranger_gets_what_a_random_id_gets(world: World, deal: Deal) -> None:
    theirs = get(world.mallory, deal.pk)
    random = get(world.mallory, uuid4())
    other_slug = as_(world.mallory).get(address(world.anna, deal.pk))
    assert theirs.status_code == random.status_code == other_slug.status_code == 404
    assert theirs.content == random.content == other_slug.content


def test_referrals_user_sees_a_deal_only_from_its_team(world: World, deal: Deal) -> None:
    assert get(world.bob, deal.pk).status_code == 404
    with world.as_member(world.anna):
        team = [person_of_member(world.anna), person_of_member(world.bob)]
        edit_team(deal, actor=world.anna.actor, version=deal.version, team=team)
    page = text(get(world.bob, deal.pk))
    assert address(world.bob, deal.pk, "close", "win") in page
    assert address(world.bob, deal.pk, "mark_stage") in page


@pytest.mark.parametrize("name", ["olga", "rita"])
def test_who_may_only_look_sees_everything_and_whom_to_ask(world: World, name: str) -> None:
    deal, looker = world.deal(notes="Budget approved."), world.olga
    if name == "rita":
        deal, looker = world.accepted(), world.rita
    page = text(get(looker, deal.pk))
    admin = world.piotr if name == "olga" else world.victor
    assert "You may look at this deal, but not change it" in page
    assert f"{admin.user.full_name}</a> ({admin.user.email})" in page
    for action in ("mark_stage", "edit_details", "edit_team", "edit_solutions"):
        assert address(looker, deal.pk, action) not in page
    assert "/close/" not in page


def test_marking_skipping_and_going_back_move_the_stage(world: World, deal: Deal) -> None:
    for stage in ("proposed", "created", "qualified"):
        response = post(world.anna, deal.pk, "mark_stage", data={"stage": stage})
        assert response.status_code == 302
        assert reload(deal).stage == stage
    page = text(get(world.anna, deal.pk))
    assert "Qualified\u00a0· 20%" in page
    assert "Mark as Proposed" in page
    assert "Go back to Created" in page
    assert page.count("Go back to") == 1


def test_skipped_stage_is_named_and_can_be_gone_back_to(world: World, deal: Deal) -> None:
    post(world.anna, deal.pk, "mark_stage", data={"stage": "developed"})
    page = text(get(world.anna, deal.pk))
    assert "Skipped" in page
    assert "Go back to Qualified" in page


def test_marking_by_htmx_answers_with_the_deal_alone(world: World, deal: Deal) -> None:
    response = as_(world.anna).post(
        address(world.anna, deal.pk, "mark_stage"),
        {"stage": "qualified", "from": "created"},
        follow=True,
        HTTP_HX_TARGET="deal",
        **HTMX,
    )
    page = text(response)
    assert page.lstrip().startswith('<div class="stack" id="deal">')
    assert "<html" not in page
    assert "Qualified\u00a0· 20%" in page


def test_history_restore_gets_the_whole_page(world: World, deal: Deal) -> None:
    response = get(
        world.anna, deal.pk, HTTP_HX_TARGET="deal", HTTP_HX_HISTORY_RESTORE_REQUEST="true", **HTMX
    )
    assert "<html" in text(response)


@pytest.mark.parametrize("stage", ["won", "accepted", "nonsense", "engagement_letter"])
def test_stage_that_cannot_be_marked_is_refused(world: World, deal: Deal, stage: str) -> None:
    response = post(world.anna, deal.pk, "mark_stage", data={"stage": stage})
    assert response.status_code == 422
    assert "This deal has no such stage." in text(response)
    assert reload(deal).stage == "created"


def test_clicking_a_page_that_another_click_outdated_says_who_was_faster(
    world: World, deal: Deal
) -> None:
    with world.as_member(world.piotr):
        advance(
            Deal.objects.get(pk=deal.pk),
            Name.MARK_STAGE, actor=world.piotr.actor, stage="proposed",
        )  # fmt: skip
    data = {"stage": "qualified", "from": "created"}
    response = post(world.anna, deal.pk, "mark_stage", data=data)
    assert response.status_code == 409
    assert "Piotr Nowak was faster" in text(response)
    assert "Proposed, 60%" in text(response)
    assert reload(deal).stage == "proposed"


@pytest.mark.parametrize("extra", [{}, HTMX])
def test_clicking_after_somebody_closed_says_who_and_links_to_the_deal(
    world: World, deal: Deal, extra: dict[str, str]
) -> None:
    with world.as_member(world.piotr):
        advance(Deal.objects.get(pk=deal.pk), Name.WIN, actor=world.piotr.actor)
    response = post(world.anna, deal.pk, "mark_stage", data={"stage": "qualified"}, **extra)
    page = text(response)
    assert response.status_code == 409
    assert re.search(r"“Won” since .*, by Piotr Nowak\.", page)
    assert "“Won”" in page
    assert f'href="{address(world.anna, deal.pk)}"' in page
    assert ("<html" in page) is not bool(extra)


def test_marking_needs_the_right_and_a_post(world: World, deal: Deal) -> None:
    refused = post(world.olga, deal.pk, "mark_stage", data={"stage": "qualified"})
    assert refused.status_code == 403
    assert "Piotr Nowak" in text(refused)
    assert get(world.anna, deal.pk, "mark_stage").status_code == 405
    hidden = post(world.mallory, deal.pk, "mark_stage", data={"stage": "qualified"})
    assert hidden.status_code == 404
    assert reload(deal).stage == "created"


def test_received_deal_is_readable_and_can_be_answered(world: World) -> None:
    referral = world.referral(message="We need an architect.")
    page = text(get(world.sam, referral.recipient_deal_id))
    for shown in ("We need an architect.", "Contoso", "anna@contoso.example", "Microsoft Suite",
                  "ewa@customer.example", "Shared by Contoso"):  # fmt: skip
        assert shown in page
    assert address(world.sam, referral.recipient_deal_id, "accept") in page
    assert address(world.sam, referral.recipient_deal_id, "decline") in page
    assert "/edit/" not in page


def test_contact_that_was_not_shared_stays_with_the_inviter(world: World) -> None:
    deal = world.deal(world.sam)
    referral = world.referral(deal, sender=world.sam, recipient=world.contoso, shares_contact=False)
    page = text(get(world.anna, referral.recipient_deal_id))
    assert "Microsoft did not share the customer's contact." in page
    assert "ewa@customer.example" not in page


def test_overdue_deal_is_expired_before_and_after_the_sweep(world: World) -> None:
    referral = world.overdue_referral()
    for sweep in (False, True):
        if sweep:
            with as_owner():
                assert expire_overdue_referrals() == 1
        received = text(get(world.sam, referral.recipient_deal_id))
        assert "nobody answered in time" in received
        assert "It cannot be answered any more. Contoso is told.</p>" in received
        assert "/accept/" not in received
        assert "/decline/" not in received
        sent = text(get(world.anna, referral.sender_deal_id))
        assert ">Expired</span>" in sent
        assert "/withdraw/" not in sent


def test_nothing_internal_crosses_between_the_companies(world: World) -> None:
    ours = world.deal(notes="CANARY-1", crm_id="CANARY-2", campaign_id="CANARY-3")
    theirs = world.accepted(world.referral(ours))
    secret = details_of(
        name="CANARY-4", value=ours.value, notes="CANARY-5", crm_id="CANARY-6",
        campaign_id="CANARY-7",
    )  # fmt: skip
    with world.as_member(world.sam):
        edit_details(theirs, actor=world.sam.actor, version=theirs.version, details=secret)
    assert "CANARY" not in text(get(world.anna, ours.pk)).replace("CANARY-1", "").replace(
        "CANARY-2", ""
    ).replace("CANARY-3", "")
    page = text(get(world.sam, theirs.pk))
    assert all(f"CANARY-{number}" in page for number in (4, 5, 6, 7))
    assert not any(f"CANARY-{number}" in page for number in (1, 2, 3))


def test_reason_and_notes_of_a_loss_stay_inside(world: World) -> None:
    ours = world.deal()
    theirs = world.accepted(world.referral(ours))
    move(world, theirs, Name.LOSE, reason=CloseReason.BUDGET, notes="CANARY-LOSS")
    page = text(get(world.anna, ours.pk))
    assert "closed its deal: Lost" in page
    assert "CANARY-LOSS" not in page
    assert "budget" not in page.lower()
    assert "CANARY-LOSS" in text(get(world.sam, theirs.pk))


def test_invited_party_sees_no_other_invited_party_but_partners_the_vendor(world: World) -> None:
    ours = world.deal()
    first = world.referral(ours)
    second = world.referral(ours, recipient=world.fabrikam)
    third = world.referral(ours, recipient=world.outsider)
    pages = {
        "Contoso": text(get(world.anna, ours.pk)),
        "Microsoft": text(get(world.sam, first.recipient_deal_id)),
        "Fabrikam": text(get(world.frank, second.recipient_deal_id)),
        "Outsider": text(get(world.mallory, third.recipient_deal_id)),
    }
    invited = ("Microsoft", "Fabrikam", "Outsider")
    seen = {reader: {one for one in invited if one in page} for reader, page in pages.items()}
    assert seen == {
        "Contoso": {"Microsoft", "Fabrikam", "Outsider"},
        "Microsoft": {"Microsoft"},
        "Fabrikam": {"Fabrikam", "Microsoft"},
        "Outsider": {"Outsider", "Microsoft"},
    }


def test_card_shows_an_answer_stage_and_team(world: World) -> None:
    ours = world.deal()
    referral = world.referral(ours)
    waiting = text(get(world.anna, ours.pk))
    assert "Waiting" in waiting
    assert address(world.anna, ours.pk, "withdraw", referral.pk) in waiting
    assert "by Anna Kowalska" in waiting
    theirs = world.accepted(referral)
    move(world, theirs, Name.MARK_STAGE, stage="negotiated")
    page = text(get(world.anna, ours.pk))
    assert "Negotiated · 80%" in page
    assert 'href="mailto:sam@microsoft.example"' in page
    assert "/withdraw/" not in page


def test_declined_card_shows_reason_and_notes(world: World) -> None:
    ours = world.deal()
    with as_owner():
        theirs = Deal.objects.get(pk=world.referral(ours).recipient_deal_id)
    move(world, theirs, Name.DECLINE, reason=CloseReason.TIMELINE, notes="Booked until autumn.")
    page = text(get(world.anna, ours.pk))
    assert "Proposed time line was too short" in page
    assert "Booked until autumn." in page


@pytest.mark.parametrize(
    ("name", "given", "story"),
    [
        (Name.WIN, {}, "Won on"),
        (Name.LOSE, {"reason": "budget", "notes": "Too dear."}, "Lost on"),
        (Name.CLOSE_AS_ERROR, {"reason": "test"}, "Closed as error on"),
    ],
)
def test_closed_deal_tells_its_story_and_offers_nothing_but_the_heart(
    world: World, deal: Deal, name: Name, given: dict[str, str], story: str
) -> None:
    move(world, deal, name, **given)
    page = text(get(world.anna, deal.pk))
    assert story in page
    assert "by Anna Kowalska" in page
    assert given.get("notes", "") in page
    assert "Nothing can be changed any more." in page
    assert address(world.anna, deal.pk, "favorite") in page
    for action in ("/edit/", "/close/", "/stage/", "/withdraw/"):
        assert action not in page


def test_withdrawn_deal_names_the_company_that_withdrew(world: World) -> None:
    referral = world.referral()
    move(world, reload_sender(referral), Name.WIN)
    page = text(get(world.sam, referral.recipient_deal_id))
    assert "Withdrawn on" in page
    assert "by Contoso" in page
    assert "Anna Kowalska withdrew" not in page


def reload_sender(referral: Referral) -> Deal:
    with as_owner():
        return Deal.objects.get(pk=referral.sender_deal_id)


def test_solution_that_its_owner_hides_stays_on_the_page(world: World, deal: Deal) -> None:
    solution = SolutionFactory(organization=world.fabrikam.organization, name="Factory Cloud")
    with world.as_member(world.anna):
        deal.solutions.create(
            organization_id=deal.organization_id, solution=solution, code=solution.code,
            name=solution.name, owner_name="Fabrikam", position=1,
        )  # fmt: skip
    with as_owner():
        Solution.objects.filter(pk=solution.pk).update(retired_at=timezone.now())
    page = text(get(world.anna, deal.pk))
    assert "Factory Cloud" in page
    assert "Not offered any more" in page


def test_shared_contact_says_why_it_is_fixed(world: World, deal: Deal) -> None:
    assert address(world.anna, deal.pk, "edit_contact") in text(get(world.anna, deal.pk))
    world.referral(deal)
    page = text(get(world.anna, deal.pk))
    assert "so it cannot be changed any more" in page
    assert "May be contacted directly, as confirmed by Anna Kowalska" in page
    assert address(world.anna, deal.pk, "edit_contact") not in page


def test_won_of_an_assessment_is_disabled_with_the_reason(world: World) -> None:
    deal = world.deal(type=DealType.ASSESSMENT)
    page = text(get(world.anna, deal.pk))
    assert address(world.anna, deal.pk, "close", "win") not in page
    assert "Still to be marked before the deal can be won" in page
    assert page.count("Mark as ") == 1


def test_links_lead_back_to_the_list_one_came_from(world: World, deal: Deal) -> None:
    origin = "?from=favorites%3Fstatus%3Daccepted"
    page = text(as_(world.anna).get(address(world.anna, deal.pk) + origin))
    assert '/deals/favorites/?status=accepted"' in page
    assert f"{address(world.anna, deal.pk, 'close', 'win')}{origin}" in page
    for trap in ("//evil.example", "https://evil.example", "javascript:alert(1)"):
        answer = as_(world.anna).get(address(world.anna, deal.pk), {"from": trap})
        assert 'href="/o/contoso/deals/outbound/"' in text(answer)


@pytest.mark.parametrize(
    "page", [("detail",), ("edit_team",), ("edit_solutions",), ("close", "win")]
)
def test_page_reads_as_often_for_a_big_deal_as_for_a_small_one(
    world: World, page: tuple[str, ...]
) -> None:
    small, big = world.deal(), world.deal()
    world.referral(small)
    _grow(world, big)
    client = as_(world.anna)
    counts = []
    for deal in (small, big):
        path = address(world.anna, deal.pk, *page)
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def _grow(world: World, deal: Deal) -> None:
    extra = SolutionFactory.create_batch(3, organization=world.contoso.organization)
    with world.as_member(world.anna):
        for number in range(3):
            TeamMember.objects.create(
                organization_id=deal.organization_id, deal=deal, first_name="Person",
                last_name=str(number), phone="+48221234567", email=f"p{number}@contoso.example",
            )  # fmt: skip
            deal.solutions.create(
                organization_id=deal.organization_id, solution=extra[number],
                code=extra[number].code, name=extra[number].name, owner_name="Contoso",
            )  # fmt: skip
            version = Deal.objects.get(pk=deal.pk).version
            close_date = timezone.localdate() + timedelta(days=90 + number)
            edit_details(
                Deal.objects.get(pk=deal.pk), actor=world.anna.actor, version=version,
                details=details_of(close_date=close_date),
            )  # fmt: skip
    deal = reload(deal)
    for company in (world.microsoft, world.fabrikam, world.outsider):
        world.referral(deal, recipient=company)
    assert reload(deal).status == Status.ACCEPTED


def test_signed_out_reader_is_sent_to_sign_in(world: World) -> None:
    path = address(world.anna, world.deal().pk)
    response = Client().get(path)
    assert response.status_code == 302
    assert f"next={path}" in response["Location"]


def test_heart_works_without_script_and_on_closed_deals(world: World, deal: Deal) -> None:
    move(world, deal, Name.WIN)
    origin = "?from=favorites"
    for on, pressed in (("1", "true"), ("0", "false")):
        data = {"on": on, "back": "deal", "from": "favorites"}
        response = post(world.olga, deal.pk, "favorite", data=data)
        assert response["Location"] == address(world.olga, deal.pk) + origin
        page = text(get(world.olga, deal.pk))
        assert f'aria-pressed="{pressed}"' in page


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("mark_stage", {"stage": "qualified\0", "from": "created\0"}),
        ("edit_details", {"name": "\0", "notes": "\0"}),
        ("edit_team", {"people-0-email": "\0", "add_person": "\0"}),
        ("edit_solutions", {"q": "\0", "kind": "\0", "search": "1", "solutions": "\0"}),
        ("edit_contact", {"contact-email": "\0"}),
    ],
)
def test_characters_that_no_database_stores_break_nothing(
    world: World, name: str, data: dict[str, str]
) -> None:
    assert post(world.anna, world.deal().pk, name, data=data).status_code in {200, 422}
