"""Hints to go on with selections of very many deals, and to look for stale ones; the beat gives
them."""

from celery import shared_task

from cosell.core.turns import one_at_a_time
from deals.bulk import work_off
from deals.stale_reminders import remind_of_all_stale

# Below the time limit of tasks; the next beat goes on.
SECONDS = 120


@shared_task
@one_at_a_time
def change_selected() -> None:
    """One at a time in a process: the threads would only wait for each other's deals."""
    work_off(seconds=SECONDS)


@shared_task
def remind_of_stale() -> None:
    remind_of_all_stale(seconds=SECONDS)
