"""Every deal of a list, changed in the background: with progress, and safe against a kill."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from deals import bulk
from deals.bulk import KEPT, KEPT_UNCONFIRMED, work_off
from deals.lifecycle import advance
from deals.models import Deal, DealEvent, EventKind, SelectedDeal, Selection, Status
from deals.stages import StageCode
from deals.tasks import change_selected
from deals.views import selection as views
from partners.models import Membership
from partners.permissions import Role
from tests.deals.listed import list_url, make_deals
from tests.deals.test_selection import URL, address_of
from tests.identity import as_owner, set_session_role
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

# Instead of a hundred.
MOST_AT_ONCE = 10
MANY = MOST_AT_ONCE + 2
PAGE = 25
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (bulk, views):
        monkeypatch.setattr(module, "MOST_AT_ONCE", MOST_AT_ONCE)


@pytest.fixture
def anna(world: World, client: Client) -> Client:
    client.force_login(world.anna.user)
    return client


@pytest.fixture
def many(world: World) -> list[Deal]:
    deals = [{"name": f"deal {number:03}"} for number in range(MANY - 1)]
    others = make_deals(world.contoso, {"name": "other", "crm_id": "7", "status": Status.LOST})
    return [*make_deals(world.contoso, *deals, {"name": "deal won", "status": Status.WON}), *others]


@pytest.fixture
def worker() -> Any:
    """What the worker's process signs in as."""

    def run(seconds: float = 60) -> None:
        set_session_role("cosell_worker")
        try:
            work_off(seconds=seconds)
        finally:
            set_session_role("cosell_app")

    return run


def select_all(client: Client, do: str = "stage", query: str = "q=deal") -> Any:
    sent = {"do": do, "from": f"outbound?{query}", "all": "1"}
    return client.post(URL, sent, follow=True)


def confirmed(client: Client, stage: str = "qualified") -> str:
    address = address_of(select_all(client))
    client.post(address, {"stage": stage})
    assert client.post(address, {"confirm": "1"}).status_code == 302
    return address


def marks() -> int:
    with as_owner():
        return DealEvent.objects.filter(kind=EventKind.STAGE_MARKED).count()


@pytest.mark.usefixtures("many")
def test_list_offers_all_of_it(world: World, anna: Client) -> None:
    make_deals(world.contoso, *({"name": "one more deal"} for _ in range(PAGE)))
    text = anna.get(list_url(world, query="q=deal")).content.decode()
    assert f"All {MANY + PAGE} of this list" in text
    assert "of this list" not in anna.get(list_url(world, query="q=other")).content.decode()


@pytest.mark.usefixtures("many")
def test_whole_list_changes_in_the_background_and_reports_each(anna: Client, worker: Any) -> None:
    asked = select_all(anna)
    address = address_of(asked)
    preview = anna.post(address, {"stage": "qualified"}, follow=True)
    text = preview.content.decode()
    assert f"{MANY} deals are selected. The preview is of the first {MOST_AT_ONCE}" in text
    assert marks() == 0
    anna.post(address, {"confirm": "1"})
    waiting = anna.get(address).content.decode()
    assert f"0 of {MANY} deals" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    part = anna.get(address, headers=HTMX)
    assert part.content.decode().lstrip().startswith('<section class="card" id="progress"')

    worker()
    assert anna.get(address, headers=HTMX)["HX-Refresh"] == "true"
    report = anna.get(address)
    assert f"{MANY - 1} deals were changed. 1 was not." in report.content.decode()
    (refused,) = report.context["refused"]
    assert refused.deal.name == "deal won"
    assert refused.refusal.startswith("The deal is closed: “Won” since ")
    assert marks() == MANY - 1
    rows = list(csv.DictReader(StringIO(body(anna.get(f"{address}report.csv"))[1:])))
    assert len(rows) == MANY
    worker()
    assert marks() == MANY - 1


@pytest.mark.usefixtures("many")
def test_worker_that_is_killed_leaves_each_deal_changed_once_or_not_at_all(
    anna: Client, worker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = confirmed(anna)
    calls = 0

    def killed(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        # The one that is closed already is refused, whenever its turn comes.
        event = advance(*args, **kwargs)
        calls += 1
        if calls == 7:
            raise KeyboardInterrupt
        return event

    monkeypatch.setattr(bulk, "advance", killed)
    with pytest.raises(KeyboardInterrupt):
        worker()
    with as_owner():
        done = SelectedDeal.objects.filter(is_done=True).count()
        tried = SelectedDeal.objects.exclude(is_done=None).count()
        assert Deal.objects.filter(stage=StageCode.QUALIFIED).count() == done == marks() == 6
    assert f"{tried} of {MANY} deals" in anna.get(address).content.decode()
    worker()
    assert marks() == MANY - 1
    assert f"{MANY - 1} deals were changed." in anna.get(address).content.decode()


@pytest.mark.usefixtures("many")
def test_worker_goes_on_where_its_time_was_over(anna: Client, worker: Any) -> None:
    address = confirmed(anna)
    worker(seconds=0)
    assert f"0 of {MANY} deals" in anna.get(address).content.decode()
    set_session_role("cosell_worker")
    change_selected()
    set_session_role("cosell_app")
    assert marks() == MANY - 1


@pytest.mark.usefixtures("many")
def test_rights_count_at_the_moment_of_the_change(world: World, anna: Client, worker: Any) -> None:
    confirmed(anna)
    with as_owner():
        Membership.objects.filter(pk=world.anna.pk).update(role=Role.OBSERVER)
    worker()
    with as_owner():
        refusals = set(SelectedDeal.objects.values_list("refusal", flat=True))
    assert "Your role does not allow this." in refusals
    assert marks() == 0


@pytest.mark.usefixtures("many")
def test_somebody_who_left_changes_nothing(world: World, anna: Client, worker: Any) -> None:
    confirmed(anna)
    with as_owner():
        Membership.objects.filter(pk=world.anna.pk).update(is_active=False)
    worker()
    with as_owner():
        refusals = set(SelectedDeal.objects.values_list("refusal", flat=True))
        assert Selection.objects.get().finished_at
    assert refusals == {"You do not belong to this company any more."}
    assert marks() == 0


def test_deal_that_fails_stops_no_other(
    world: World, many: list[Deal], anna: Client, worker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(deal: Deal, *args: Any, **kwargs: Any) -> Any:
        if deal.pk == many[3].pk:
            raise RuntimeError("broken")
        return advance(deal, *args, **kwargs)

    monkeypatch.setattr(bulk, "advance", failing)
    address = confirmed(anna)
    worker()
    refused = {one.deal.name: one.refusal for one in anna.get(address).context["refused"]}
    assert refused[many[3].name] == "Something went wrong; this deal is as it was."
    assert len(refused) == 2
    assert marks() == MANY - 2


@pytest.mark.usefixtures("many")
def test_old_selections_are_forgotten(world: World, anna: Client, worker: Any) -> None:
    select_all(anna)
    confirmed(anna)
    worker()
    with as_owner():
        assert Selection.objects.count() == 2
        now = timezone.now() - timedelta(minutes=1)
        Selection.objects.filter(started_at=None).update(created_at=now - KEPT_UNCONFIRMED)
    worker()
    with as_owner():
        (kept,) = Selection.objects.all()
        Selection.objects.update(finished_at=now - KEPT)
    worker()
    with as_owner():
        assert not SelectedDeal.objects.filter(selection=kept).exists()


def test_whole_list_is_exported_in_its_order_while_it_is_read(
    world: World, many: list[Deal], anna: Client
) -> None:
    make_deals(world.fabrikam, {"name": "deal of others"})
    response = select_all(anna, "export", "q=deal&sort=-name")
    text = body(response)
    names = [row["Deal"] for row in csv.DictReader(StringIO(text[1:]))]
    assert names == sorted((deal.name for deal in many if "deal" in deal.name), reverse=True)
    assert not connection.in_atomic_block


def body(response: Any) -> str:
    assert response.streaming
    return b"".join(response.streaming_content).decode()
