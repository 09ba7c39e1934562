"""Hints to go on with selections of very many deals; the beat gives one every few seconds."""

from threading import Lock

from celery import shared_task

from deals.bulk import work_off

# Below the time limit of tasks; the next beat goes on.
SECONDS = 120
_turn = Lock()


@shared_task
def change_selected() -> None:
    """One at a time in a process: the threads would only wait for each other's deals."""
    if not _turn.acquire(blocking=False):
        return
    try:
        work_off(seconds=SECONDS)
    finally:
        _turn.release()
