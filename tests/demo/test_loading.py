"""When the demo loads, and that it is the same each time."""

from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import Settings

from deals.models import Deal
from partners.models import Organization
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db


def load() -> str:
    output = StringIO()
    call_command("load_demo", stdout=output)
    return output.getvalue()


@pytest.mark.slow
def test_two_loads_at_one_time_are_alike() -> None:
    columns = ("pk", "reference", "name", "value", "status", "stage", "created_at", "closed_at")
    worlds = []
    with as_owner():
        for _time in range(2):
            # A Monday morning: a weekend lies before it.
            with time_machine.travel("2026-11-23T07:00:00Z", tick=False), transaction.atomic():
                load()
                worlds.append(list(Deal.objects.order_by("pk").values_list(*columns)))
                transaction.set_rollback(True)
    assert len(worlds[0]) == 300
    assert worlds[0] == worlds[1]


def test_nothing_is_loaded_beside_other_data(world: World) -> None:
    with as_owner():
        assert load() == "There are organisations already; nothing to load.\n"
        assert Organization.objects.count() == 4


def test_it_belongs_to_demo_mode_only(settings: Settings) -> None:
    settings.DEMO = False
    with as_owner():
        with pytest.raises(CommandError, match="demo mode only"):
            load()
        assert not Organization.objects.exists()
