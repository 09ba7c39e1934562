from copy import deepcopy
from dataclasses import dataclass

import pytest

from deals.models import Deal
from tests.built_once import Once
from tests.deals.pages import as_
from tests.world import World


@dataclass
class OneDeal:
    """Contoso's open deal, with the customer's contact and Anna as its team."""

    world: World
    deal: Deal


def one_deal_in(world: World) -> OneDeal:
    as_(world.anna)
    return OneDeal(world, world.deal())


@pytest.fixture(scope="module")
def _one_deal_once(once: Once) -> OneDeal:
    return once(one_deal_in)


@pytest.fixture
def one_deal(_one_deal_once: OneDeal) -> OneDeal:
    """For modules that have no other world."""
    return deepcopy(_one_deal_once)


@pytest.fixture
def deal(one_deal: OneDeal) -> Deal:
    return one_deal.deal
