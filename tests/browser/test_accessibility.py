"""axe finds nothing, on every page and state, wide and narrow, light and dark."""

from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from tests.browser import scenes
from tests.browser.conftest import LOOKS, Desk
from tests.world import World

Scene = Callable[[World, Callable[..., Desk]], Iterator[Desk]]
SCENES = [
    scenes.lists_full,
    scenes.lists_empty,
    scenes.boards,
    scenes.views,
    scenes.selections,
    scenes.deals_open,
    scenes.deals_closed,
    scenes.answering,
    scenes.closing,
    scenes.inviting,
    scenes.editing,
    scenes.talking,
    scenes.stage_names,
    scenes.wizard,
    scenes.wizard_private,
    scenes.wizard_of_vendor,
    scenes.assessments,
    scenes.partner_organizations,
    scenes.company,
    scenes.good_partner,
    scenes.co_sell_requests,
    scenes.registering,
    scenes.reviewing,
    scenes.signing_in,
    scenes.notifications,
    scenes.insights,
    scenes.account,
    scenes.elsewhere,
]


@pytest.fixture(autouse=True)
def _mails_are_pages(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "notifications.mailbox.MailboxBackend"


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_no_barrier(world: World, desk: Callable[..., Desk], scene: Scene) -> None:
    """The states of a scene in turns: one light, the next dark."""
    states = enumerate(scene(world, desk))
    barriers = [line for n, shown in states for line in shown.barriers([LOOKS[n % len(LOOKS)]])]
    assert not barriers, "\n".join(barriers)


@pytest.mark.full
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_no_barrier_in_either_look(world: World, desk: Callable[..., Desk], scene: Scene) -> None:
    barriers = [line for shown in scene(world, desk) for line in shown.barriers()]
    assert not barriers, "\n".join(barriers)
