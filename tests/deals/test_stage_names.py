"""A company's own names of the stages (5.8)."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from cosell.core.errors import NotAllowed, Refused, Stale
from deals.lifecycle import advance
from deals.models import Deal, DealEvent, EventKind, ReferenceCustomer, StageName
from deals.stage_names import own_names, set_stage_names, stage_for, state_of
from deals.stages import DealType, StageCode
from deals.transitions import Name
from partners.models import Membership
from tests.deals.listed import list_url
from tests.deals.pages import as_, get, text
from tests.deals.walking import Walk
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db
SELECTION = "/o/contoso/deals/selection/"
OURS = {StageCode.QUALIFIED: ["Discovery", "Rozpoznanie"], StageCode.PROPOSED: ["Offer out"]}


def name_stages(world: World, names: Any = OURS, *, by: Membership | None = None) -> None:
    by = by or world.piotr
    with world.as_member(by):
        seen = state_of(own_names(by.organization_id))
        set_stage_names(by.organization_id, actor=by.actor, names=names, seen=seen)


def mark(world: World, deal: Deal, stage: str) -> None:
    with world.as_member(world.anna):
        now = Deal.objects.get(pk=deal.pk)
        advance(now, Name.MARK_STAGE, actor=world.anna.actor, stage=stage)


def url(member: Membership) -> str:
    return f"/o/{member.organization.slug}/deals/stage-names/"


def form_data(world: World, **typed: str) -> dict[str, str]:
    with world.as_member(world.piotr):
        return {"seen": state_of(own_names(world.contoso.pk)), **typed}


def test_imports_understand_own_names_and_standard_ones(world: World) -> None:
    name_stages(world)
    meanings = {
        "Discovery": StageCode.QUALIFIED,
        "  rozpoznanie ": StageCode.QUALIFIED,
        "OFFER  OUT": StageCode.PROPOSED,
        "Developed": StageCode.DEVELOPED,
        "letter of engagement secured": StageCode.ENGAGEMENT_LETTER,
        "engagement_letter": StageCode.ENGAGEMENT_LETTER,
        "Unheard of": None,
        "": None,
    }
    with world.as_member(world.anna):
        assert {name: stage_for(world.contoso.pk, name) for name in meanings} == meanings
    with world.as_member(world.frank):
        assert stage_for(world.contoso.pk, "Discovery") is None
        assert stage_for(world.fabrikam.pk, "Discovery") is None


def test_deal_page_and_list_show_own_names_beside_the_percentages(world: World) -> None:
    deal = world.deal()
    name_stages(world)
    mark(world, deal, "qualified")
    page = text(get(world.anna, deal.pk))
    assert "Discovery\u00a0· 20%" in page
    assert "Mark as Offer out" in page
    assert 'title="Qualified: Value and the customer' in page
    assert "Mark as Developed" in page
    listed = text(as_(world.anna).get(list_url(world, "outbound") + "?stage=qualified"))
    assert 'Discovery <span class="muted num">20%</span>' in listed
    assert "<b>Stage:</b> Discovery" in listed
    filters = text(as_(world.anna).get("/o/contoso/deals/outbound/filters/"))
    assert "Discovery" in filters
    assert "Offer out" in filters
    assert "Qualified" not in filters


def test_selected_deals_are_marked_and_exported_by_own_names(world: World) -> None:
    deal = world.deal()
    name_stages(world)
    mark(world, deal, "qualified")
    client = as_(world.anna)
    sent: dict[str, Any] = {"deal": [deal.pk], "from": "outbound"}
    asked = text(client.post(SELECTION, sent | {"do": "stage"}, follow=True))
    assert '<option value="proposed">Offer out</option>' in asked
    assert "Created, Discovery" in asked
    exported = client.post(SELECTION, sent | {"do": "export"}).getvalue().decode()
    assert "Created,Discovery,20," in exported


def test_warning_about_a_duplicate_shows_own_names(world: World) -> None:
    deal = world.deal()
    name_stages(world)
    mark(world, deal, "qualified")
    with as_owner():
        customer = ReferenceCustomer.objects.get(name=deal.customer_name)
    walk = Walk(Client(), world.anna)
    walk.begin(customer)
    assert "</a> · Discovery · " in text(walk.get("customer"))


def test_other_side_sees_standard_names_only(world: World) -> None:
    deal = world.deal()
    theirs = world.accepted(world.referral(deal))
    name_stages(world)
    mark(world, deal, "qualified")
    page = text(get(world.sam, theirs.pk))
    assert "Qualified · 20%" in page
    assert "Discovery" not in page


def test_changing_the_map_changes_no_history(world: World) -> None:
    deal = world.deal()
    mark(world, deal, "qualified")
    name_stages(world)
    mark(world, deal, "proposed")
    name_stages(world, {StageCode.QUALIFIED: ["Scouting"], StageCode.PROPOSED: ["Quoted"]})
    with as_owner():
        marks = DealEvent.objects.filter(deal_id=deal.pk, kind=EventKind.STAGE_MARKED)
        data = [{k: v for k, v in one.data.items() if "stage" in k} for one in marks]
    assert data == [
        {"from_stage": "created", "stage": "qualified"},
        {
            "from_stage": "qualified", "from_stage_name": "Discovery",
            "stage": "proposed", "stage_name": "Offer out",
        },
    ]  # fmt: skip
    page = text(get(world.anna, deal.pk))
    assert "<del>Discovery\u00a0· 20%</del>" in page
    assert "<ins>Offer out\u00a0· 60%</ins>" in page
    assert "<ins>Qualified\u00a0· 20%</ins>" in page
    assert "Quoted\u00a0· 60%" in page


def test_refusals_of_the_lifecycle_speak_our_language(world: World) -> None:
    deal = world.deal(type=DealType.ASSESSMENT)
    name_stages(world, {StageCode.ENGAGEMENT_LETTER: ["Letter signed"]})
    with world.as_member(world.anna), pytest.raises(Refused, match="Letter signed is next"):
        advance(deal, Name.MARK_STAGE, actor=world.anna.actor, stage="presented")
    assert "Letter signed, Data collected" in text(get(world.anna, deal.pk))


def test_admin_names_stages_on_the_settings_page(world: World) -> None:
    client = as_(world.piotr)
    sent = form_data(
        world, shown_qualified=" Discovery ", others_qualified="Rozpoznanie, , discovery, Scan"
    )
    assert client.post(url(world.piotr), sent).status_code == 302
    with world.as_member(world.piotr):
        assert own_names(world.contoso.pk) == {
            StageCode.QUALIFIED: ["Discovery", "Rozpoznanie", "Scan"]
        }
    page = text(client.get(url(world.piotr)))
    assert 'value="Discovery"' in page
    assert 'value="Rozpoznanie, Scan"' in page


def test_vendors_admin_names_the_vendors_stages(world: World) -> None:
    sent = form_data(world, shown_won="Closed")
    assert as_(world.victor).post(url(world.victor), sent).status_code == 302
    with world.as_member(world.victor):
        assert own_names(world.microsoft.pk) == {StageCode.WON: ["Closed"]}
    with world.as_member(world.piotr):
        assert own_names(world.contoso.pk) == {}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"shown_qualified": "Scan", "shown_proposed": "scan"}, "“scan” stands for two stages."),
        ({"shown_qualified": "Proposed"}, "“Proposed” is the standard name of another stage."),
        ({"others_qualified": "Scan"}, "Say which name is shown."),
        ({"shown_qualified": "x" * 61}, "at most 60 characters"),
        ({"shown_qualified": "Scan", "others_qualified": "y" * 61}, "1 to 60 characters"),
        ({"shown_qualified": "Szacowanie", "shown_won": "Szącowanie"}, "only in case or accents"),
        ({"shown_won": "W", "others_won": ",".join(f"n{i}" for i in range(20))}, "At most 20"),
    ],
)
def test_name_that_does_not_mean_one_stage_is_refused_and_kept(
    world: World, typed: dict[str, str], says: str
) -> None:
    response = as_(world.piotr).post(url(world.piotr), form_data(world, **typed))
    assert response.status_code == 422
    page = text(response)
    assert says in page
    assert all(f'value="{value}"' in page for value in typed.values())
    with as_owner():
        assert not StageName.objects.exists()


def test_second_editor_is_told_and_may_save_over(world: World) -> None:
    sent = form_data(world, shown_qualified="Mine")
    name_stages(world)
    client = as_(world.piotr)
    response = client.post(url(world.piotr), sent)
    assert response.status_code == 409
    assert "Somebody else changed the stage names meanwhile." in text(response)
    assert 'value="Mine"' in text(response)
    with world.as_member(world.piotr):
        assert own_names(world.contoso.pk) == OURS
    again = sent | {"seen": str(response.context["form"]["seen"].value())}
    assert client.post(url(world.piotr), again).status_code == 302


def test_only_admins_name_stages(world: World) -> None:
    response = as_(world.anna).post(url(world.anna), form_data(world, shown_won="Mine"))
    assert response.status_code == 403
    assert "Piotr Nowak" in text(response)
    assert "Stage names" not in text(as_(world.anna).get(list_url(world, "outbound")))
    assert "Stage names" in text(as_(world.piotr).get(list_url(world, "outbound")))
    with world.as_member(world.anna), pytest.raises(NotAllowed):
        set_stage_names(world.contoso.pk, actor=world.anna.actor, names=OURS, seen=state_of({}))
    with world.as_member(world.piotr), pytest.raises(Stale):
        set_stage_names(world.contoso.pk, actor=world.piotr.actor, names=OURS, seen="")


def test_database_knows_one_stage_a_name_and_one_shown_name_a_stage(world: World) -> None:
    name_stages(world)
    for clash in ({"stage": "won", "name": "DISCOVERY"}, {"stage": "qualified", "name": "New"}):
        with (
            world.as_member(world.piotr),
            pytest.raises(IntegrityError),
            transaction.atomic(),
        ):
            StageName.objects.create(organization_id=world.contoso.pk, is_shown=True, **clash)
