"""Hints to look at the outbox, and for whom it is morning; the beat gives them."""

from threading import Lock

from celery import shared_task

from notifications.mornings import write_all_digests
from notifications.services import work_off

# Below the time limit of tasks; the next beat goes on.
SECONDS = 120
_turn = Lock()


@shared_task
def deliver() -> None:
    """One at a time in a process: then a kill interrupts one mail, not one of every thread."""
    if not _turn.acquire(blocking=False):
        return
    try:
        work_off(seconds=SECONDS)
    finally:
        _turn.release()


@shared_task
def write_digests() -> None:
    write_all_digests(seconds=SECONDS)
