"""Hints to look for overdue invitations; the beat gives one every minute."""

from celery import shared_task

from referrals.services import expire_all_overdue

# Below the time limit of tasks; the next beat goes on.
SECONDS = 120


@shared_task
def expire_overdue() -> None:
    expire_all_overdue(seconds=SECONDS)
