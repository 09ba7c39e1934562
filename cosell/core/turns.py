"""Tasks of which a process runs one at a time."""

from collections.abc import Callable
from functools import wraps
from threading import Lock


def one_at_a_time(task: Callable[[], None]) -> Callable[[], None]:
    """A call while another one runs does nothing: tasks are hints, and the next beat gives one."""
    turn = Lock()

    @wraps(task)
    def in_turn() -> None:
        if not turn.acquire(blocking=False):
            return
        try:
            task()
        finally:
            turn.release()

    return in_turn
