"""Contenders on threads and connections of their own, released together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import TracebackType
from typing import Self, TypeVar

import pytest
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from cosell.core.errors import Refused
from cosell.core.tenancy import APP_ROLE
from tests.identity import set_session_role

Outcome = TypeVar("Outcome")


def some_rounds(few: int, *, full: int) -> pytest.MarkDecorator:
    """How often a test, which has an argument `rounds`, lets its contenders start."""
    return pytest.mark.parametrize("rounds", [few, pytest.param(full, marks=pytest.mark.full)])


class Race:
    """`with Race(3) as race: race.run(first, second, third)`, as often as needed."""

    def __init__(self, contenders: int) -> None:
        self.start = Barrier(contenders)
        self.connections: list[BaseDatabaseWrapper] = []
        self.threads = ThreadPoolExecutor(contenders, initializer=self._connect)

    def _connect(self) -> None:
        set_session_role(APP_ROLE)
        own = connections[DEFAULT_DB_ALIAS]
        # Whoever made the race closes it.
        own.inc_thread_sharing()
        self.connections.append(own)

    def run(self, *contenders: Callable[[], Outcome]) -> list[Outcome | Refused]:
        """What each returned, or the `Refused` it raised; any other error is the test's."""
        # Each holds its thread until all have one, so nobody gets two.
        running = [self.threads.submit(self._released, one) for one in contenders]
        return [one.result(timeout=60) for one in running]

    def _released(self, contender: Callable[[], Outcome]) -> Outcome | Refused:
        self.start.wait(timeout=60)
        try:
            return contender()
        except Refused as refusal:
            return refusal

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.start.abort()
        self.threads.shutdown()
        for own in self.connections:
            own.close()
