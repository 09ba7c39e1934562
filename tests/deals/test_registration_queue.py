"""The vendor's queue of registrations."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deals.models import Registration
from deals.registration.queries import PAGE
from partners.models import Membership
from tests.built_once import Once
from tests.deals.pages import as_, text
from tests.deals.registering import registered, review, won_deal
from tests.world import World

pytestmark = pytest.mark.django_db
QUEUE = "/o/microsoft/deals/registrations/"


@dataclass
class Scene:
    """Three registrations that wait, of which this is the first, and two that do not."""

    world: World
    registration: Registration


def scene_in(world: World) -> Scene:
    _second, first, _third = (
        waiting(world, name, days=days)
        for name, days in (("Second", 2), ("First", 3), ("Third", 1))
    )
    review(world, registered(world, won_deal(world, name="Done")), "approve")
    review(world, registered(world, won_deal(world, name="Asked")), "ask_for_changes")
    return Scene(world, first)


def waiting(world: World, name: str, *, days: int) -> Registration:
    with time_machine.travel(timezone.now() - timedelta(days=days)):
        return registered(world, won_deal(world, name=name))


@pytest.fixture(scope="module")
def _scene_once(once: Once) -> Scene:
    return once(scene_in)


@pytest.fixture
def scene(_scene_once: Scene) -> Scene:
    return deepcopy(_scene_once)


@pytest.fixture
def world(scene: Scene) -> World:
    return scene.world


@pytest.fixture
def registration(scene: Scene) -> Registration:
    return scene.registration


def listed(member: Membership, query: str = "") -> list[str]:
    return [one.deal_name for one in as_(member).get(QUEUE + query).context["registrations"]]


def test_queue_has_the_longest_waiting_first_and_each_status_apart(world: World) -> None:
    assert listed(world.rita) == ["First", "Second", "Third"]
    assert listed(world.rita, "?status=approved") == ["Done"]
    assert listed(world.rita, "?status=action_required") == ["Asked"]
    assert listed(world.rita, "?status=rejected") == []
    assert listed(world.rita, "?status=nonsense&whose=x&company=y&after=z") == [
        "First", "Second", "Third",
    ]  # fmt: skip
    counts = [one.count for one in as_(world.rita).get(QUEUE).context["segments"]]
    assert counts == ["3", "1", "1", "0"]


def test_queue_is_narrowed_to_a_company_and_a_reviewer(
    world: World, registration: Registration
) -> None:
    rita = as_(world.rita)
    taken = {"take": "1", "version": registration.version}
    assert rita.post(f"{QUEUE}{registration.pk}/assign/", taken).status_code == 302
    assert listed(world.rita, "?whose=mine") == ["First"]
    assert listed(world.rita, "?whose=unassigned") == ["Second", "Third"]
    assert listed(world.rita, "?company=contoso") == ["First", "Second", "Third"]
    assert "Nothing fits" in text(as_(world.victor).get(f"{QUEUE}?whose=mine"))


def test_queue_pages_on_from_the_last_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("deals.registration.queries", "deals.views.registration.review"):
        monkeypatch.setattr(f"{module}.PAGE", 1)
    seen: list[str] = []
    query = ""
    for _page in range(3):
        context = as_(world.rita).get(QUEUE + query).context
        seen += [one.deal_name for one in context["registrations"]]
        query = context["next_url"]
    assert (seen, query) == (["First", "Second", "Third"], "")
    assert PAGE == 25


def test_queue_reads_as_often_for_one_more(world: World) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            as_(world.rita).get(QUEUE)
        return len(captured)

    statements()
    before = statements()
    registered(world)
    assert statements() == before
