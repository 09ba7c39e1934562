"""Hints to look for invitations that are overdue, or soon will be, and at how companies answer;
the beat gives them."""

from celery import shared_task

from referrals.reminders import remind_of_all_unanswered
from referrals.responsiveness import rate_everybody
from referrals.services import expire_all_overdue
from referrals.traits import count_everybodys_traits

# Below the time limit of tasks; the next beat goes on.
SECONDS = 120


@shared_task
def expire_overdue() -> None:
    expire_all_overdue(seconds=SECONDS)


@shared_task
def remind_of_unanswered() -> None:
    remind_of_all_unanswered(seconds=SECONDS)


@shared_task
def rate_answers() -> None:
    rate_everybody()


@shared_task
def count_traits() -> None:
    count_everybodys_traits()
