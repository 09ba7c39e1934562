"""Hints to look at the outbox, and for whom it is morning; the beat gives them."""

from celery import shared_task

from cosell.core.turns import one_at_a_time
from notifications.mornings import write_all_digests
from notifications.services import work_off

# Below the time limit of tasks; the next beat goes on.
SECONDS = 120


@shared_task
@one_at_a_time
def deliver() -> None:
    """One at a time in a process: then a kill interrupts one mail, not one of every thread."""
    work_off(seconds=SECONDS)


@shared_task
def write_digests() -> None:
    write_all_digests(seconds=SECONDS)
