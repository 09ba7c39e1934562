"""Hints to count what changed; the beat gives one twice a minute."""

from celery import shared_task

from cosell.core.turns import one_at_a_time
from insights.counting import count_all_changes

# Below the time limit of tasks; the next beat goes on.
SECONDS = 120


@shared_task
@one_at_a_time
def count_changes() -> None:
    count_all_changes(seconds=SECONDS)
