"""Drafts: kept as typed, private, resumed, discarded (3.11)."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deals.models import Deal, Draft
from tests.deals.walking import CONSENT, CONTACT, HTMX, Walk, shown_consent
from tests.factories import ReferenceCustomerFactory, SolutionFactory
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db

EWA, JAN = CONTACT["contact-email"], "jan@customer.example"
KEYS = ("customer", "details", "team", "solutions", "help", "review")


@pytest.fixture
def walk(world: World, client: Client) -> Walk:
    return Walk(client, world.anna)


def kept(walk: Walk) -> dict[str, Any]:
    with as_owner():
        data: dict[str, Any] = Draft.objects.get(pk=str(walk.draft_id)).data
    return data


@pytest.mark.parametrize("button", ["next", "back", "leave"])
def test_every_button_keeps_what_was_typed_valid_or_not(
    world: World, walk: Walk, button: str
) -> None:
    walk.to("details")
    walk.send("details", {"name": "Half", "value": "lots"}, button=button)
    page = walk.get("details").content.decode()
    assert 'value="Half"' in page
    assert 'value="lots"' in page


def test_autosave_keeps_quietly_what_is_being_typed(world: World, walk: Walk) -> None:
    walk.to("details")
    sent = {"name": "Hal", "revision": walk.revision("details")}
    response = walk.client.post(f"{walk.url('details')}?autosave", sent, headers=HTMX)
    assert (response.status_code, response.content) == (204, b"")
    assert kept(walk)["details"]["name"] == ["Hal"]


def test_autosave_that_arrives_late_undoes_no_button(world: World, walk: Walk) -> None:
    walk.to("details")
    before = walk.revision("details")
    walk.send("details", {"name": "Whole"}, button="leave")
    late = {"name": "Who", "revision": before}
    walk.client.post(f"{walk.url('details')}?autosave", late, headers=HTMX)
    assert kept(walk)["details"]["name"] == ["Whole"]


def test_of_two_tabs_the_last_one_wins_its_step_and_no_other(world: World, walk: Walk) -> None:
    walk.begin()
    walk.advance("customer", {**walk.customer, **CONTACT})
    walk.advance("details", walk.details(name="First tab"))
    walk.send("details", walk.details(name="Second tab"), button="leave")
    walk.send("team", walk.team, button="leave")
    data = kept(walk)
    assert data["details"]["name"] == ["Second tab"]
    assert data["contact"]["contact-email"] == ["ewa@customer.example"]
    assert data["team"]["people-0-email"] == ["anna@contoso.example"]


def test_first_step_that_was_refused_goes_on_in_its_draft(world: World, walk: Walk) -> None:
    refused = walk.client.post(walk.base, {"country": "PL", "q": "", "next": "1"})
    assert refused.status_code == 422
    with as_owner():
        walk.draft_id = Draft.objects.get().pk
    page = refused.content.decode()
    assert f'action="{walk.url("customer")}"' in page
    assert f'hx-post="{walk.url("customer")}?autosave"' in page


def test_only_the_fields_of_a_step_are_kept(world: World, walk: Walk) -> None:
    walk.to("details")
    walk.send("details", {"name": "A", "organization": "x", "csrfmiddlewaretoken": "y"})
    assert kept(walk)["details"] == {"name": ["A"]}


def test_consent_of_a_draft_is_not_passed_on_to_another_person(world: World, walk: Walk) -> None:
    walk.begin()
    walk.advance("customer", {**walk.customer, **CONTACT, **CONSENT})
    assert shown_consent(walk.get("customer").content.decode()) == (EWA, True)
    other = {**CONTACT, "contact-email": JAN, **CONSENT, "contact-consent_for": EWA}
    typing = {**walk.customer, **other, "revision": walk.revision("customer")}
    walk.client.post(f"{walk.url('customer')}?autosave", typing, headers=HTMX)
    assert shown_consent(walk.get("customer").content.decode()) == (JAN, False)
    refused = walk.send("customer", {**walk.customer, **other})
    assert refused.status_code == 422
    assert "Confirm again: the contact has changed." in refused.content.decode()
    assert shown_consent(refused.content.decode()) == (JAN, False)
    walk.advance("customer", {**walk.customer, **other, "contact-consent_for": JAN})
    assert shown_consent(walk.get("customer").content.decode()) == (JAN, True)


def test_draft_with_a_consent_for_somebody_else_makes_no_deal(world: World, walk: Walk) -> None:
    walk.to("review", world.contoso.solution, contact={**CONTACT, **CONSENT})
    other = {**CONTACT, "contact-email": JAN, **CONSENT, "contact-consent_for": EWA}
    walk.send("customer", {**walk.customer, **other}, button="leave")
    response = walk.create()
    assert response.status_code == 422
    assert "Confirm again: the contact has changed." in response.content.decode()
    with as_owner():
        assert not Deal.objects.exists()


def test_steps_are_visited_in_any_order_once_reached(world: World, walk: Walk) -> None:
    walk.to_last_step(world.contoso.solution)
    for key in KEYS[:-1]:
        assert walk.get(key).status_code == 200
    assert walk.get("review")["Location"] == walk.url("help")
    walk.advance("help", {"help_type": "none"})
    assert walk.get("review").status_code == 200


def test_step_that_was_not_reached_leads_to_the_one_that_is_open(world: World, walk: Walk) -> None:
    walk.begin()
    for key in KEYS[2:]:
        assert walk.get(key)["Location"] == walk.url("details")


def test_list_of_steps_says_what_is_done_and_what_is_not_right(world: World, walk: Walk) -> None:
    walk.to_last_step(world.contoso.solution)
    walk.send("details", walk.details(value=""), button="leave")
    page = walk.get("help").content.decode()
    rail = page[page.index("wizard-steps") : page.index("</nav>", page.index("wizard-steps"))]
    assert rail.count("is-done") == 4
    assert rail.count("is-error") == 1
    assert "Estimated value: This field is required." in rail
    assert f"{walk.url('details')}?check" in rail
    shown = walk.client.get(f"{walk.url('details')}?check").content.decode()
    assert "Please correct this" in shown
    assert "Please correct this" not in walk.get("details").content.decode()


def test_title_says_step_and_draft(world: World, walk: Walk) -> None:
    reference = walk.begin()
    assert f"<title>Customer (step 1 of 7) · {reference.name} ·" in _page(walk, "customer")
    walk.advance("customer", walk.customer)
    walk.advance("details", walk.details())
    assert "<title>Team (step 3 of 7) · Claims platform ·" in _page(walk, "team")


def _page(walk: Walk, key: str) -> str:
    return " ".join(walk.get(key).content.decode().split())


def test_drafts_are_listed_to_their_person_and_continued(world: World, walk: Walk) -> None:
    reference = walk.begin()
    walk.advance("customer", walk.customer)
    walk.advance("details", walk.details())
    page = walk.client.get(walk.base).content.decode()
    assert "Claims platform" in page
    assert reference.name in page
    continued = walk.client.get(f"{walk.base}{walk.draft_id}/")
    assert continued["Location"] == walk.url("team")
    assert "Who is the customer?" in walk.client.get(f"{walk.base}?start").content.decode()


def test_first_page_sent_twice_begins_one_draft(world: World, walk: Walk) -> None:
    reference, other = ReferenceCustomerFactory(), ReferenceCustomerFactory()
    page = walk.client.get(f"{walk.base}?start").content.decode()
    sent = {"page_id": page_id_in(page), "choose": f"directory:{reference.pk}"}
    first, second = (walk.client.post(walk.base, sent) for _press in range(2))
    with as_owner():
        walk.draft_id = Draft.objects.get().pk
    assert first["Location"] == second["Location"] == walk.url("customer")
    script = walk.client.post(walk.base, sent, headers=HTMX)
    assert script["HX-Redirect"] == walk.url("customer")
    again = walk.client.get(f"{walk.base}?start").content.decode()
    sent = {"page_id": page_id_in(again), "choose": f"directory:{other.pk}"}
    assert walk.client.post(walk.base, sent)["Location"] != first["Location"]


def test_first_page_sent_after_its_deal_was_made_leads_there(world: World, walk: Walk) -> None:
    sent = {"page_id": "1", "choose": f"directory:{ReferenceCustomerFactory().pk}"}
    walk.client.post(walk.base, sent)
    with as_owner():
        walk.draft_id = Draft.objects.get().pk
    walk.advance("customer", walk.customer)
    walk.advance("details", walk.details())
    walk.advance("team", walk.team)
    walk.advance("solutions", {"solutions": [str(world.contoso.solution.pk)]})
    walk.advance("partners", {})
    walk.advance("help", {"help_type": "none"})
    made = walk.create()
    assert walk.client.post(walk.base, sent)["Location"] == made["Location"]
    with as_owner():
        assert not Draft.objects.exists()


def test_pages_of_two_people_begin_two_drafts(world: World, walk: Walk) -> None:
    sent = {"page_id": "1", "choose": f"directory:{ReferenceCustomerFactory().pk}"}
    walk.client.post(walk.base, sent)
    other = Walk(Client(), world.piotr)
    other.client.post(other.base, sent)
    with as_owner():
        owners = set(Draft.objects.values_list("membership", flat=True))
    assert owners == {world.anna.pk, world.piotr.pk}


def page_id_in(page: str) -> str:
    return page.split('name="page_id" value="')[1].split('"')[0]


def test_only_the_latest_drafts_are_listed_and_the_page_says_so(world: World, walk: Walk) -> None:
    def begin(*numbers: int) -> None:
        drafts = [
            Draft(
                organization_id=world.contoso.pk,
                membership=world.anna,
                data={"about": {"name": f"Draft {number:02}"}},
            )
            for number in numbers
        ]
        with as_owner():
            for draft in drafts:
                draft.save()

    begin(*range(50))
    page = walk.client.get(walk.base).content.decode()
    assert "Draft 00" in page
    assert "Only the latest" not in page
    begin(50)
    page = walk.client.get(walk.base).content.decode()
    assert "Only the latest 50 are shown." in page
    assert "Draft 50" in page
    assert "Draft 01" in page
    assert "Draft 00" not in page


def test_list_of_drafts_needs_no_statement_per_draft(world: World, walk: Walk) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert walk.client.get(walk.base).status_code == 200
        return len(queries)

    walk.begin()
    one = statements()
    walk.begin()
    walk.begin()
    assert statements() == one


def test_solutions_step_needs_no_statement_per_solution(world: World, walk: Walk) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert walk.get("solutions").status_code == 200
        return len(queries)

    walk.to_last_step(world.contoso.solution)
    one = statements()
    more = [SolutionFactory(organization=world.contoso.organization) for _number in range(3)]
    walk.advance("solutions", {"solutions": [str(solution.pk) for solution in more]})
    assert statements() == one


def test_draft_is_discarded_by_post_only(world: World, walk: Walk) -> None:
    walk.begin()
    url = reverse("deals:discard", args=["contoso", walk.draft_id])
    assert walk.client.get(url).status_code == 405
    assert walk.client.post(url)["Location"] == walk.base
    with as_owner():
        assert not Draft.objects.exists()
    assert walk.get("customer").status_code == 404


@pytest.mark.parametrize(
    ("who", "headers", "keys"),
    [
        ("piotr", {}, KEYS),
        ("piotr", HTMX, ["review"]),
        ("mallory", {}, ["review"]),
        ("mallory", HTMX, ["review"]),
        ("sam", {}, ["review"]),
        pytest.param("piotr", HTMX, KEYS, marks=pytest.mark.full),
        pytest.param("mallory", {}, KEYS, marks=pytest.mark.full),
        pytest.param("mallory", HTMX, KEYS, marks=pytest.mark.full),
        pytest.param("sam", {}, KEYS, marks=pytest.mark.full),
        pytest.param("sam", HTMX, KEYS, marks=pytest.mark.full),
    ],
)
def test_draft_of_somebody_else_does_not_exist(
    world: World, walk: Walk, who: str, headers: dict[str, str], keys: Sequence[str]
) -> None:
    walk.to("review", world.contoso.solution)
    other = world.cast[who]
    client = Client()
    client.force_login(other.user)
    slug = other.organization.slug

    def answers(draft_id: object) -> list[tuple[int, bytes]]:
        urls = [reverse("deals:draft", args=[slug, draft_id])]
        urls += [f"{urls[0]}{key}/" for key in keys]
        got = [client.get(url, headers=headers) for url in urls]
        posted = [client.post(url, headers=headers) for url in urls[1:]]
        thrown = client.post(reverse("deals:discard", args=[slug, draft_id]), headers=headers)
        return [(one.status_code, one.content) for one in (*got, *posted, thrown)]

    theirs = answers(walk.draft_id)
    assert {status for status, _content in theirs} == {404}
    assert theirs == answers(uuid4())
    with as_owner():
        assert Draft.objects.filter(pk=str(walk.draft_id)).exists()
        assert not Deal.objects.exists()


def test_stranger_gets_nothing_from_the_wizard_of_a_company(world: World, client: Client) -> None:
    client.force_login(world.mallory.user)
    response = client.get(reverse("deals:new", args=["contoso"]))
    assert response.status_code == 404
    assert response.content == client.get(reverse("deals:new", args=["nowhere"])).content


def test_step_of_another_wizard_does_not_exist(world: World, walk: Walk) -> None:
    walk.begin()
    vendors = Walk(Client(), world.sam)
    vendors.begin()
    assert vendors.get("help").status_code == 404
    assert walk.get("nonsense").status_code == 404


def test_htmx_gets_the_fragment_and_a_browser_the_page(world: World, walk: Walk) -> None:
    walk.begin()
    fragment = walk.get("customer", headers=HTMX).content.decode()
    assert "<html" not in fragment
    assert 'id="wizard"' in fragment
    restored = {**HTMX, "HX-History-Restore-Request": "true"}
    assert "<html" in walk.get("customer", headers=restored).content.decode()
