"""What one person keeps about lists, from two windows at the same moment."""

from functools import partial

import pytest

from cosell.core.errors import Refused
from deals.list_state import ListState
from deals.listing.columns import Column, change_columns, columns_of
from deals.models import ListPreference, SavedView
from deals.saved_views import change_view, save_view
from tests.identity import as_owner
from tests.referrals.racing import Race
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def save(world: World, name: str) -> SavedView:
    with world.as_member(world.anna):
        return save_view(
            world.anna, state=ListState.parse("outbound?status=won"), name=name, is_shared=False
        )


def rename(world: World, view: SavedView, name: str) -> SavedView:
    with world.as_member(world.anna):
        return change_view(view, member=world.anna, name=name, is_shared=False)


def test_view_of_one_name_is_saved_once_and_the_other_is_told(world: World) -> None:
    with Race(2) as race:
        for number in range(20):
            other = save(world, f"Other {number}")
            outcomes = race.run(
                partial(save, world, f"Wins {number}"),
                partial(rename, world, other, f"WINS {number}"),
            )
            assert [one.code for one in outcomes if isinstance(one, Refused)] == ["name_taken"]


def test_first_columns_chosen_at_once_are_both_kept(world: World) -> None:
    def add(column: Column) -> None:
        with world.as_member(world.anna):
            change_columns(world.anna, action="add", column=column)

    with Race(2) as race:
        for _number in range(20):
            with as_owner():
                ListPreference.objects.all().delete()
            race.run(partial(add, Column.CRM_ID), partial(add, Column.CAMPAIGN_ID))
            with world.as_member(world.anna):
                assert {Column.CRM_ID, Column.CAMPAIGN_ID} <= set(columns_of(world.anna))
