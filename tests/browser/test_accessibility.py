"""axe finds nothing, on every page and state, wide and narrow, light and dark."""

from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from tests.browser import scenes
from tests.browser.conftest import Desk
from tests.world import World

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


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_no_barrier(
    world: World,
    desk: Callable[..., Desk],
    settings: Settings,
    scene: Callable[[World, Callable[..., Desk]], Iterator[Desk]],
) -> None:
    settings.EMAIL_BACKEND = "notifications.mailbox.MailboxBackend"
    barriers = [line for shown in scene(world, desk) for line in shown.barriers()]
    assert not barriers, "\n".join(barriers)
