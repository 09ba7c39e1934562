"""What is still to happen in an engagement, in the order of time."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

Happening = Callable[[datetime], None]
Condition = Callable[[], bool]


@dataclass(kw_only=True)
class Agenda:
    _items: list[tuple[datetime, int, Happening, Condition]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    def at(self, moment: datetime, happens: Happening, *, only_if: Condition) -> None:
        """Plan something; it happens if the condition still holds then."""
        heapq.heappush(self._items, (moment, next(self._order), happens, only_if))

    def run(self, *, until: datetime) -> None:
        while self._items and self._items[0][0] < until:
            moment, _order, happens, only_if = heapq.heappop(self._items)
            if only_if():
                happens(moment)
