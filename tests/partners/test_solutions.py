"""The company's solutions, their checklist, and the vendor's mark (1.5, 1.6)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cosell.core.errors import NotAllowed, Stale
from deals.models import DealSolution
from partners import cosell, solutions
from partners.models import CoSellRequest, CoSellStatus, Organization, Solution, SolutionContact
from partners.queries import may_create_deals
from tests.factories import CoSellRequestFactory, SolutionFactory
from tests.identity import as_owner
from tests.notifications.reading import mails_to
from tests.world import World

pytestmark = pytest.mark.django_db

LIST = "/o/contoso/solutions/"
QUEUE = "/o/microsoft/co-sell/"
GIVEN = {
    "name": "Contoso Claims Hub",
    "summary": "Claims processing for insurers.",
    "contacts": "Górska, Ewa <ewa@contoso.example>\n\nhub@contoso.example\n",
}


@pytest.fixture
def piotr(client: Client, world: World) -> Client:
    client.force_login(world.piotr.user)
    return client


@pytest.fixture
def victor(world: World) -> Client:
    client = Client()
    client.force_login(world.victor.user)
    return client


@pytest.fixture
def ready_profile(world: World) -> None:
    with as_owner():
        Organization.objects.filter(pk=world.contoso.pk).update(
            description="We know claims.", website="https://contoso.example"
        )


def added(piotr: Client) -> Solution:
    piotr.post(f"{LIST}add/", GIVEN)
    with as_owner():
        return Solution.objects.get(name="Contoso Claims Hub")


def now_of(solution: Solution) -> Solution:
    with as_owner():
        return Solution.objects.get(pk=solution.pk)


def status_of(solution: Solution) -> CoSellStatus:
    return CoSellStatus(now_of(solution).status)


def page_of(solution: Solution) -> str:
    return f"{LIST}{solution.pk}/"


def asked_for(piotr: Client, solution: Solution) -> CoSellRequest:
    piotr.post(f"{page_of(solution)}publish/")
    assert piotr.post(f"{page_of(solution)}ask/", {"message": "Try it."}).status_code == 302
    with as_owner():
        return CoSellRequest.objects.get(solution=solution, answered_at=None, withdrawn_at=None)


def test_solution_is_added_with_a_code_and_contacts(piotr: Client, world: World) -> None:
    solution = added(piotr)
    assert re.fullmatch(r"SOL-\d{4}-[A-Z]{4}", solution.code)
    assert (solution.status, solution.is_published) == (CoSellStatus.IN_MARKET, False)
    with as_owner():
        contacts = SolutionContact.objects.filter(solution=solution).order_by("email")
        assert list(contacts.values_list("name", "email")) == [
            ("Górska, Ewa", "ewa@contoso.example"),
            ("", "hub@contoso.example"),
        ]
    assert "Górska, Ewa &lt;ewa@contoso.example&gt;" in piotr.get(page_of(solution)).text
    with world.as_member(world.frank):
        assert not Solution.objects.filter(pk=solution.pk).exists()


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"name": ""}, "name", "required"),
        ({"summary": "x" * 501}, "summary", "at most 500"),
        ({"contacts": ""}, "contacts", "required"),
        ({"contacts": "Ewa <nobody>"}, "contacts", "is no e-mail address"),
        ({"contacts": f"{'x' * 161} <a@x.example>"}, "contacts", "too long"),
        ({"contacts": "nobody"}, "contacts", "is no e-mail address"),
        ({"contacts": "a@x.example\nA@x.example"}, "contacts", "the same address"),
    ],
)
def test_refusal_stands_beside_its_field(
    piotr: Client, wrong: dict[str, str], field: str, sentence: str
) -> None:
    response = piotr.post(f"{LIST}add/", {**GIVEN, **wrong})
    assert response.status_code == 422
    assert re.search(rf'id="id_{field}_error".*?{sentence}', response.text, re.DOTALL)


def test_renamed_or_retired_solution_stays_on_its_deals(piotr: Client, world: World) -> None:
    deal, suite = world.deal(), world.contoso.solution
    piotr.post(page_of(suite), {**GIVEN, "name": "New name"})
    assert "1 open deal of yours carries it" in piotr.get(f"{page_of(suite)}retire/").text
    piotr.post(f"{page_of(suite)}retire/")
    assert now_of(suite).retired_at
    with as_owner():
        assert DealSolution.objects.get(deal=deal).name == "Contoso Suite"
    with world.as_member(world.anna):
        assert not may_create_deals(world.contoso.organization)
    assert "cannot create deals yet" in piotr.get(LIST).text
    assert "Bring it back first" in piotr.post(f"{page_of(suite)}publish/", follow=True).text
    for verb in ("bring-back", "publish"):
        piotr.post(f"{page_of(suite)}{verb}/")
    with world.as_member(world.anna):
        assert may_create_deals(world.contoso.organization)


def test_published_and_unpublished(piotr: Client, world: World) -> None:
    suite = world.contoso.solution
    piotr.post(f"{page_of(suite)}unpublish/")
    with world.as_member(world.frank):
        assert not Solution.objects.filter(pk=suite.pk).exists()
    refused = piotr.post(f"{page_of(suite)}publish/", follow=True).text
    assert "name a contact before you publish it" in refused
    piotr.post(page_of(suite), GIVEN)
    piotr.post(f"{page_of(suite)}publish/")
    with world.as_member(world.frank):
        assert Solution.objects.filter(pk=suite.pk).exists()


def test_checklist_says_what_is_missing(piotr: Client, world: World) -> None:
    solution = added(piotr)

    def missing() -> list[str]:
        page = piotr.get(page_of(solution))
        levels: Any = page.context["levels"]
        return [one.label for level in levels for one in level.requirements if not one.is_met]

    profile = "Your company's profile says what you do and has a website"
    marks = ["Marked by Microsoft", "Co-sell ready", "Marked by Microsoft"]
    assert missing() == ["Published", profile, *marks]
    assert "Ask for" not in piotr.get(page_of(solution)).text
    assert piotr.post(f"{page_of(solution)}ask/").status_code == 422
    piotr.post(f"{page_of(solution)}publish/")
    with as_owner():
        Organization.objects.filter(pk=world.contoso.pk).update(
            description="We know claims.", website="https://contoso.example"
        )
    assert missing() == marks
    assert "Ask for “Co-sell ready”" in piotr.get(page_of(solution)).text


@pytest.mark.usefixtures("ready_profile")
def test_vendor_marks_what_a_partner_asks_for(piotr: Client, victor: Client, world: World) -> None:
    solution = added(piotr)
    for wanted in (CoSellStatus.CO_SELL_READY, CoSellStatus.INCENTIVE_ELIGIBLE):
        request = asked_for(piotr, solution)
        assert f"{QUEUE}{request.pk}/" in str(mails_to("victor@microsoft.example")[-1].body)
        assert "Contoso Claims Hub" in victor.get(QUEUE).text
        assert "Try it." in victor.get(f"{QUEUE}{request.pk}/").text
        assert piotr.post(f"{page_of(solution)}ask/").status_code == 409
        victor.post(f"{QUEUE}{request.pk}/", {"answer": "grant"})
        assert status_of(solution) == wanted
        told = mails_to("piotr@contoso.example")[-1]
        assert told.subject == f"Contoso Claims Hub is {wanted.label} now"
        assert victor.post(f"{QUEUE}{request.pk}/", {"answer": "grant"}).status_code == 409
    assert len(mails_to("@")) == 4
    assert piotr.post(f"{page_of(solution)}ask/").status_code == 422
    assert "Answered lately" in victor.get(QUEUE).text


@pytest.mark.usefixtures("ready_profile")
def test_refusal_has_a_reason_and_can_be_asked_again(piotr: Client, victor: Client) -> None:
    solution = added(piotr)
    request = asked_for(piotr, solution)
    for sent in ({"answer": "refuse"}, {"answer": "refuse", "reason": "  "}, {}):
        assert victor.post(f"{QUEUE}{request.pk}/", sent).status_code == 422
    victor.post(f"{QUEUE}{request.pk}/", {"answer": "refuse", "reason": "Where is the demo?"})
    (letter,) = mails_to("piotr@contoso.example")
    assert letter.subject == "Contoso Claims Hub is not Co-sell ready yet"
    assert "Where is the demo?" in str(letter.body)
    assert status_of(solution) == CoSellStatus.IN_MARKET
    assert "Where is the demo?" in piotr.get(page_of(solution)).text
    assert asked_for(piotr, solution).pk != request.pk


@pytest.mark.usefixtures("ready_profile")
def test_request_is_withdrawn(piotr: Client, victor: Client) -> None:
    solution = added(piotr)
    request = asked_for(piotr, solution)
    assert (
        "The request is withdrawn." in piotr.post(f"{page_of(solution)}withdraw/", follow=True).text
    )
    assert "Nothing waits for you" in victor.get(QUEUE).text
    assert victor.post(f"{QUEUE}{request.pk}/", {"answer": "grant"}).status_code == 409
    assert status_of(solution) == CoSellStatus.IN_MARKET
    assert piotr.post(f"{page_of(solution)}withdraw/").status_code == 422


def test_vendor_sets_the_status_of_its_own(victor: Client, world: World) -> None:
    path = f"/o/microsoft/solutions/{world.microsoft.solution.pk}/"
    assert "Ask for" not in victor.get(path).text
    for status in CoSellStatus:
        assert victor.post(path, {**GIVEN, "status": status}).status_code == 302
        assert status_of(world.microsoft.solution) == status


def test_partner_who_sends_a_status_keeps_the_old_one(piotr: Client) -> None:
    solution = added(piotr)
    piotr.post(page_of(solution), {**GIVEN, "status": 3})
    assert status_of(solution) == CoSellStatus.IN_MARKET


@pytest.mark.usefixtures("ready_profile")
def test_database_lets_nobody_mark_themselves(piotr: Client, world: World) -> None:
    solution = added(piotr)
    request = asked_for(piotr, solution)
    changes: list[Callable[[], object]] = [
        lambda: Solution.objects.filter(pk=solution.pk).update(status=3),
        lambda: Solution.objects.create(
            organization=world.contoso.organization, code="SOL-1", name="x", status=2
        ),
        lambda: CoSellRequest.objects.filter(pk=request.pk).update(is_granted=True),
        lambda: CoSellRequest.objects.create(
            organization=world.contoso.organization, vendor=world.fabrikam.organization,
            solution=solution, wanted=2, code="x", name="x", summary="x",
        ),
        lambda: cosell.answer(request, is_granted=True, reason="", actor=world.victor.actor),
    ]  # fmt: skip
    for change in changes:
        with world.as_member(world.piotr), pytest.raises(DatabaseError), transaction.atomic():
            change()
    with world.as_member(world.mallory):
        assert not CoSellRequest.objects.exists()


def test_services_ask_for_the_permission(world: World) -> None:
    suite = world.contoso.solution
    with world.as_member(world.anna):
        for change in (solutions.publish, solutions.unpublish, solutions.retire):
            with pytest.raises(NotAllowed):
                change(suite, actor=world.anna.actor)
        with pytest.raises(NotAllowed):
            cosell.ask(world.anna, solution=suite, message="")


@pytest.mark.parametrize("name", ["anna", "olga"])
def test_others_are_told_whom_to_ask(client: Client, world: World, name: str) -> None:
    client.force_login(world.cast[name].user)
    response = client.post(f"{LIST}add/", GIVEN)
    assert (response.status_code, "piotr@contoso.example" in response.text) == (403, True)


def test_solution_of_another_company_is_not_there(piotr: Client, world: World) -> None:
    """Though it is published, and everybody may read it."""
    path = page_of(world.fabrikam.solution)
    assert piotr.get(path).status_code == 404
    assert piotr.post(f"{path}retire/").status_code == 404
    assert now_of(world.fabrikam.solution).retired_at is None


def test_lists_take_as_many_statements_for_more_rows(
    piotr: Client, victor: Client, world: World
) -> None:
    for client, path in ((piotr, LIST), (victor, QUEUE)):
        client.get(path)
        with CaptureQueriesContext(connection) as few:
            client.get(path)
        for _number in range(3):
            CoSellRequestFactory(
                vendor=world.microsoft.organization,
                solution=SolutionFactory(organization=world.contoso.organization),
            )
        with CaptureQueriesContext(connection) as many:
            client.get(path)
        assert len(many) == len(few)


def test_vendor_lowers_a_mark_with_a_reason(victor: Client, piotr: Client, world: World) -> None:
    solution = world.contoso.solution
    deal = world.deal()
    page = f"{QUEUE}marks/{solution.pk}/"
    assert "Contoso Suite" in victor.get(f"{QUEUE}marks/", {"q": "conto suite"}).text
    assert "Contoso Suite" not in victor.get(f"{QUEUE}marks/", {"q": "fabrikam"}).text
    assert "Deals that carry it keep it" in victor.get(page).text
    for wrong in ({"status": 1}, {"status": 3, "reason": "x"}, {"reason": "x"}):
        assert victor.post(page, wrong).status_code == 422
    victor.post(page, {"status": 1, "reason": "It is no longer sold."})
    with as_owner():
        solution.refresh_from_db()
        assert solution.status == CoSellStatus.IN_MARKET
        assert DealSolution.objects.filter(deal=deal, solution=solution).exists()
    (letter,) = mails_to("@")
    assert letter.to == ["Piotr Nowak <piotr@contoso.example>"]
    assert letter.subject == "Contoso Suite is only In market now"
    assert "It is no longer sold." in str(letter.body)
    history = piotr.get("/o/contoso/history/").text
    assert "Victor Vance (Microsoft)" in history
    assert "<del>Incentive eligible</del>" in history
    assert victor.get(page).status_code == 404


def test_only_the_vendors_admins_lower_marks(world: World) -> None:
    solution = world.contoso.solution
    for member in (world.sam, world.piotr):
        with world.as_member(member), pytest.raises(NotAllowed):
            cosell.lower_mark(solution, to=CoSellStatus.IN_MARKET, reason="x", actor=member.actor)


def test_mark_that_changed_meanwhile_is_not_lowered_by_what_the_page_showed(world: World) -> None:
    solution = world.contoso.solution
    with as_owner():
        Solution.objects.filter(pk=solution.pk).update(status=CoSellStatus.CO_SELL_READY)
    with world.as_member(world.victor), pytest.raises(Stale):
        cosell.lower_mark(solution, to=CoSellStatus.IN_MARKET, reason="x", actor=world.victor.actor)
