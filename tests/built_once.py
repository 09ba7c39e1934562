"""Scenes that take longer to make than to look at: made once for a module, in a transaction.

A module that has one asks for it and for no other world:

    @pytest.fixture(scope="module")
    def scene_once(once: Once) -> Scene:
        return once(scene_in)

    @pytest.fixture
    def scene(scene_once: Scene) -> Scene:
        return deepcopy(scene_once)

Every test is a savepoint behind the scene, and has a copy of it to change.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from django.db import connection, transaction

from tests.identity import resting
from tests.world import World, build_world

Scene = TypeVar("Scene")


class Once(Protocol):
    def __call__(self, scene_in: Callable[[World], Scene], /) -> Scene: ...


@contextmanager
def opened_once() -> Iterator[Once]:
    """What is built is there until the end, and nothing of it afterwards."""
    with transaction.atomic():
        yield _build
        transaction.set_rollback(True)


def _build(scene_in: Callable[[World], Scene]) -> Scene:
    with resting():
        scene = scene_in(build_world())
    # What waits to be checked would be checked again at the end of every test.
    connection.check_constraints()
    return scene
