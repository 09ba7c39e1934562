"""Workers that count: after an update, one at a time, and killed without warning."""

import random
import time
from pathlib import Path
from threading import Event, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cosell.core.tenancy import WORKER_ROLE, database_identity
from insights.counting import _is_our_turn, count_all_changes, count_changes
from insights.models import MonthlyCount, Uncounted
from tests.deals.listed import make_deals
from tests.identity import as_owner
from tests.referrals.killing import Worker, is_writing
from tests.world import World


def counted(world: World) -> int:
    with as_owner():
        own = MonthlyCount.objects.filter(organization=world.contoso.pk, measure="stage")
        return sum(own.values_list("deals", flat=True))


@pytest.mark.django_db
def test_deals_from_before_the_insights_are_counted(world: World) -> None:
    """What the migration asks for: no deal named, so all of them."""
    make_deals(world.contoso, *({} for _n in range(3)))
    with as_owner():
        Uncounted.objects.create(organization=world.contoso.organization)
        Uncounted.objects.create(organization=world.outsider.organization)
    assert counted(world) == 0
    assert count_all_changes() == 2
    assert counted(world) == 3
    assert count_all_changes() == 0


@pytest.mark.django_db
def test_command_counts_all_companies_or_those_that_are_named(world: World) -> None:
    make_deals(world.contoso, {})
    make_deals(world.fabrikam, {})
    call_command("rebuild_insights", "contoso")
    with as_owner():
        assert set(MonthlyCount.objects.values_list("organization", flat=True)) == {
            world.contoso.pk
        }
    call_command("rebuild_insights")
    with as_owner():
        assert MonthlyCount.objects.filter(organization=world.fabrikam.pk).exists()
    with pytest.raises(CommandError, match="No company is called nobody"):
        call_command("rebuild_insights", "nobody", "contoso")


@pytest.mark.django_db(transaction=True)
def test_one_worker_counts_for_a_company_at_a_time(world: World) -> None:
    world.deal()
    holds, may_go = Event(), Event()

    def other_worker() -> None:
        try:
            with database_identity(WORKER_ROLE):
                assert _is_our_turn(world.contoso.pk)
                holds.set()
                may_go.wait(10)
        finally:
            connection.close()

    other = Thread(target=other_worker)
    other.start()
    assert holds.wait(10)
    assert count_changes(world.contoso.pk) == 0
    may_go.set()
    other.join()
    assert count_changes(world.contoso.pk) == 1
    assert counted(world) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_worker_that_is_killed_loses_and_doubles_nothing(world: World, tmp_path: Path) -> None:
    deals = make_deals(world.contoso, *({} for _n in range(6_000)))
    with as_owner():
        Uncounted.objects.bulk_create(
            Uncounted(organization=world.contoso.organization, deal=deal) for deal in deals
        )
    tasks = ("insights.tasks.count_changes",)
    with Worker(mail_port=1, log=tmp_path / "worker.log", tasks=tasks).ready() as worker:
        for _kill in range(5):
            with worker.running():
                worker.wait_until(lambda: is_writing("insights_monthlycount") or is_done())
                time.sleep(random.uniform(0, 0.2))
        with worker.running():
            worker.wait_until(is_done)
    assert counted(world) == 6_000


def is_done() -> bool:
    with as_owner():
        return not Uncounted.objects.exists()
