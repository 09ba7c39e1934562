"""A solution assessment through the front door: wizard, deal page, lists."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deals.lifecycle import advance
from deals.models import Deal, Draft
from deals.stages import ASSESSMENT_STAGES, DealType, StageCode, codes_of
from deals.transitions import Name
from partners.models import OrganizationAccount, Solution
from referrals.models import Referral
from tests.deals.pages import HTMX, as_, get, post, text
from tests.deals.walking import HTMX as HTMX_HEADERS
from tests.deals.walking import Walk, offers
from tests.identity import as_owner
from tests.world import World, assessment_type

pytestmark = pytest.mark.django_db

STAGES = codes_of(ASSESSMENT_STAGES)


@pytest.fixture
def walk(client: Client, world: World) -> Walk:
    return Walk(client, world.anna)


@pytest.fixture
def deal(world: World) -> Deal:
    return world.deal(type=DealType.ASSESSMENT)


def to_solutions(walk: Walk) -> None:
    walk.to("solutions")


def choose(walk: Walk, solution: Solution, **extra: Any) -> Any:
    return walk.send("solutions", {}, button="choose_assessment", value=str(solution.pk), **extra)


def created(walk: Walk) -> Deal:
    with as_owner():
        return Deal.objects.get(pk=str(walk.draft_id))


def tab(walk: Walk, kind: str) -> str:
    return walk.client.get(walk.url("solutions"), {"kind": kind}).content.decode()


def add_button(page: str, solution: Solution) -> str:
    found = re.search(rf'<button[^>]*id="solution-{solution.pk}".*?</button>', page, re.DOTALL)
    assert found
    return found[0]


def unvet(world: World) -> None:
    with as_owner():
        account = OrganizationAccount.objects.filter(pk=world.contoso.pk)
        account.update(vetted_for_assessments_at=None)


def test_assessment_is_created_in_five_steps_and_invites_nobody(world: World, walk: Walk) -> None:
    to_solutions(walk)
    assert choose(walk, world.assessment).status_code == 302
    page = tab(walk, "assessments")
    assert "nobody can be invited to it" in page
    walk.advance("solutions", {"solutions": [str(world.assessment.pk)]})
    review = walk.get("review").content.decode()
    assert "Step 5 of 5: Review" in review
    assert "nobody can be invited to it, and Microsoft sees nothing" in review
    assert "Type of assessment" in review
    assert f"(MPN {world.contoso.location.mpn_location_id})" in review
    assert walk.create().status_code == 302
    deal = created(walk)
    assert (deal.type, deal.stage) == (DealType.ASSESSMENT, StageCode.CREATED)
    with as_owner():
        assert [row.name for row in deal.solutions.all()] == ["Cloud Economics Assessment"]
        assert not Referral.objects.exists()


def test_choosing_works_through_htmx_and_replaces_the_other_type(world: World, walk: Walk) -> None:
    other = assessment_type(world.microsoft, "Data Estate Assessment")
    to_solutions(walk)
    choose(walk, world.assessment, headers=HTMX_HEADERS)
    url = f"{walk.url('solutions')}?kind=assessments"
    sent = {"revision": walk.revision("solutions"), "choose_assessment": str(other.pk)}
    page = walk.client.post(url, sent, headers=HTMX_HEADERS).text
    assert 'data-announce="1 solution chosen"' in page
    assert 'aria-pressed="true"' in add_button(page, other)
    assert "Choose instead" in add_button(page, world.assessment)


def test_assessments_and_solutions_keep_each_other_out(world: World, walk: Walk) -> None:
    to_solutions(walk)
    walk.send("solutions", {"solutions": [str(world.contoso.solution.pk)]})
    page = tab(walk, "assessments")
    assert "To choose one, remove the others first." in page
    assert " disabled" in add_button(page, world.assessment)
    choose(walk, world.assessment)
    page = tab(walk, "ours")
    assert "To choose others, remove it first." in page
    assert " disabled" in add_button(page, world.contoso.solution)


def test_mixture_posted_by_hand_is_refused_in_place(world: World, walk: Walk) -> None:
    other = assessment_type(world.microsoft, "Data Estate Assessment")
    to_solutions(walk)
    for second in (world.contoso.solution, other):
        both = [str(world.assessment.pk), str(second.pk)]
        answer = walk.send("solutions", {"solutions": both})
        assert answer.status_code == 422
        assert "exactly one type of assessment and no other solution" in answer.content.decode()


def test_company_that_is_not_vetted_sees_why_and_whom_to_ask(world: World, walk: Walk) -> None:
    unvet(world)
    to_solutions(walk)
    assert "not for your company" in tab(walk, "ours")
    page = tab(walk, "assessments")
    assert "Microsoft decides which companies carry out solution assessments" in page
    assert "has not vetted Contoso" in page
    assert "Piotr Nowak" in page
    assert "piotr@contoso.example" in page
    assert " disabled" in add_button(page, world.assessment)


def test_company_that_is_not_vetted_cannot_post_one(world: World, walk: Walk) -> None:
    unvet(world)
    to_solutions(walk)
    answer = walk.send("solutions", {"solutions": [str(world.assessment.pk)]})
    assert answer.status_code == 422
    assert "has not vetted Contoso" in answer.content.decode()


def test_vetting_that_ends_before_the_last_click_is_told(world: World, walk: Walk) -> None:
    to_solutions(walk)
    walk.advance("solutions", {"solutions": [str(world.assessment.pk)]})
    seen = walk.seen
    unvet(world)
    answer = walk.create(seen=seen)
    assert answer.status_code == 422
    assert "has not vetted Contoso" in answer.content.decode()
    with as_owner():
        assert not Deal.objects.exists()
        assert Draft.objects.filter(pk=str(walk.draft_id)).exists()


def test_invitations_typed_before_an_assessment_was_chosen_are_not_sent(
    world: World, walk: Walk
) -> None:
    walk.to_partners(world.contoso.solution)
    walk.advance("partners", offers((world.fabrikam, walk.offer(world.fabrikam))))
    walk.advance("solutions", {"solutions": [str(world.assessment.pk)]})
    review = walk.get("review").content.decode()
    assert "Fabrikam" not in review
    # Another tab still shows the step.
    for answer in (walk.get("partners"), walk.send("partners", {}), walk.get("help")):
        assert answer.status_code == 302
        assert answer.headers["Location"] == walk.url("review")
    assert "Nobody can be invited to a solution assessment." in walk.get("review").content.decode()
    assert walk.create().status_code == 302
    with as_owner():
        assert not Referral.objects.exists()


def test_steps_come_back_with_what_was_typed(world: World, walk: Walk) -> None:
    walk.to_partners(world.contoso.solution)
    walk.advance("partners", offers((world.fabrikam, walk.offer(world.fabrikam))))
    walk.advance("solutions", {"solutions": [str(world.assessment.pk)]})
    walk.advance("solutions", {"solutions": [str(world.contoso.solution.pk)]})
    walk.advance("help", {"help_type": "none"})
    assert "Your company and Fabrikam" in walk.get("review").content.decode()
    walk.create()
    assert created(walk).type == DealType.P2P


def test_vendor_has_no_assessments_to_choose(world: World, client: Client) -> None:
    walk = Walk(client, world.sam)
    to_solutions(walk)
    assert "kind-assessments" not in walk.get("solutions").content.decode()
    answer = walk.send("solutions", {"solutions": [str(world.assessment.pk)]})
    assert answer.status_code == 422


def test_steps_of_the_wizard_cost_the_same_with_an_assessment(world: World, walk: Walk) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert walk.get("solutions").status_code == 200
        return len(queries)

    to_solutions(walk)
    choose(walk, world.assessment)
    before = statements()
    for number in range(3):
        assessment_type(world.microsoft, f"Assessment {number}")
    assert statements() == before


def test_deal_page_shows_its_stages_what_is_missing_and_why_nobody_is_invited(
    world: World, deal: Deal
) -> None:
    page = text(get(world.anna, deal.pk))
    for stage in ASSESSMENT_STAGES:
        assert f'lifecycle-name" title="{stage.definition}">{stage.label}<' in page
        assert f"{stage.percent}%" in page
    assert "Negotiated" not in page
    assert "An assessment goes through every stage, one after the other." in page
    assert page.count('aria-label="Mark as ') == 1
    assert 'aria-label="Mark as Letter of engagement secured"' in page
    assert "Still to be marked before the deal can be won: Letter of engagement secured" in page
    assert "Nobody can be invited to a solution assessment." in page
    assert "Invite partners" not in page
    assert f"MPN {world.contoso.location.mpn_location_id}" in page
    assert "Type of assessment" in page


def test_stage_posted_out_of_order_is_refused(world: World, deal: Deal) -> None:
    for stage in (STAGES[1], STAGES[3], StageCode.PROPOSED, StageCode.WON):
        answer = post(world.anna, deal.pk, "mark_stage", data={"stage": stage})
        assert answer.status_code == 422, stage
    with as_owner():
        assert Deal.objects.get(pk=deal.pk).stage == StageCode.CREATED


def test_from_the_letter_to_won_with_steps_back(world: World, deal: Deal) -> None:
    for stage in (STAGES[0], STAGES[1], STAGES[0], StageCode.CREATED, *STAGES):
        answer = post(world.anna, deal.pk, "mark_stage", data={"stage": stage}, **HTMX)
        assert answer.status_code == 302
    asked = text(get(world.anna, deal.pk, "close", "win"))
    assert "Is the assessment complete?" in asked
    with as_owner():
        version = Deal.objects.get(pk=deal.pk).version
    answer = post(world.anna, deal.pk, "close", "win", data={"version": version})
    assert answer.status_code == 302
    page = text(get(world.anna, deal.pk))
    assert 'title="The assessment is complete."' in page
    assert "Nothing can be changed any more." in page


def test_winning_early_by_hand_is_refused_with_the_missing_stages(world: World, deal: Deal) -> None:
    asked = text(get(world.anna, deal.pk, "close", "win"))
    assert "Still to be marked" in asked
    answer = post(world.anna, deal.pk, "close", "win", data={"version": deal.version})
    assert answer.status_code == 422
    assert "Presented to customer" in text(answer)
    with as_owner():
        assert not Deal.objects.get(pk=deal.pk).is_closed


def test_edit_page_changes_the_type_of_assessment_alone(world: World, deal: Deal) -> None:
    other = assessment_type(world.microsoft, "Data Estate Assessment")
    page = text(get(world.anna, deal.pk, "edit_solutions"))
    assert "Change the type of assessment" in page
    assert page.count('id="kind-') == 1
    pressed = post(
        world.anna, deal.pk, "edit_solutions",
        data={"version": deal.version, "choose_assessment": str(other.pk)},
    )  # fmt: skip
    assert 'aria-pressed="true"' in add_button(text(pressed), other)
    for wrong in ([world.contoso.solution], [other, world.assessment]):
        answer = post(
            world.anna, deal.pk, "edit_solutions",
            data={"version": deal.version, "solutions": [str(one.pk) for one in wrong]},
        )  # fmt: skip
        assert answer.status_code == 422
    data = {"version": deal.version, "solutions": [str(other.pk)]}
    assert post(world.anna, deal.pk, "edit_solutions", data=data).status_code == 302
    assert "Data Estate Assessment" in text(get(world.anna, deal.pk))


def test_edit_page_of_another_deal_has_no_assessments(world: World) -> None:
    deal = world.deal()
    assert "kind-assessments" not in text(get(world.anna, deal.pk, "edit_solutions"))
    data = {"version": deal.version, "solutions": [str(world.assessment.pk)]}
    answer = post(world.anna, deal.pk, "edit_solutions", data=data)
    assert answer.status_code == 422
    assert "this deal cannot have one" in text(answer)


def names_in(page: str) -> set[str]:
    return set(re.findall(r'class="grid-name"[^>]*>([^<]+)<', page))


def test_lists_filter_by_the_type_and_by_stages_of_both_ladders(world: World) -> None:
    for name, type, stage in (
        ("Estate", DealType.ASSESSMENT, STAGES[0]),
        ("Begun", DealType.ASSESSMENT, None),
        ("Sale", DealType.PRIVATE, StageCode.QUALIFIED),
    ):
        made = world.deal(type=type, name=name)
        if stage:
            with world.as_member(world.anna):
                advance(made, Name.MARK_STAGE, actor=world.anna.actor, stage=stage)
    anna = as_(world.anna)

    def listed(query: str) -> set[str]:
        return names_in(text(anna.get(f"/o/contoso/deals/outbound/?{query}")))

    assert listed("type=assessment") == {"Estate", "Begun"}
    assert listed("stage=engagement_letter") == {"Estate"}
    assert listed("stage=engagement_letter&stage=qualified") == {"Estate", "Sale"}
    page = text(anna.get("/o/contoso/deals/outbound/?type=assessment"))
    assert "Letter of engagement secured" in page
    assert "Solution assessment" in page


def test_filters_name_the_stages_of_assessments_apart_and_not_for_inbound(world: World) -> None:
    anna = as_(world.anna)
    outbound = text(anna.get("/o/contoso/deals/outbound/filters/"))
    assert outbound.count('class="choices-heading"') == 1
    assert 'value="report_prepared"' in outbound
    inbound = text(anna.get("/o/contoso/deals/inbound/filters/"))
    assert 'class="choices-heading"' not in inbound
    for value in ("report_prepared", "assessment"):
        assert f'value="{value}"' not in inbound
