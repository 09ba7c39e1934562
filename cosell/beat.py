"""What the beat starts, and how often.

Every task is a sweep that asks the database what is due, so a second beat does no harm.
"""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "expire-referrals": {
        "task": "referrals.tasks.expire_overdue",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 55},
    },
    "remind-of-unanswered": {
        "task": "referrals.tasks.remind_of_unanswered",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 290},
    },
    "deliver-notices": {
        "task": "notifications.tasks.deliver",
        "schedule": timedelta(seconds=5),
        "options": {"expires": 5},
    },
    "change-selected-deals": {
        "task": "deals.tasks.change_selected",
        "schedule": timedelta(seconds=3),
        "options": {"expires": 3},
    },
    "remind-of-stale": {
        "task": "deals.tasks.remind_of_stale",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3500},
    },
    "write-digests": {
        "task": "notifications.tasks.write_digests",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 290},
    },
    # What happened half a year ago counts no more; answers are counted as they come.
    "rate-answers": {
        "task": "referrals.tasks.rate_answers",
        "schedule": crontab(hour=1, minute=10),
    },
    "count-changes": {
        "task": "insights.tasks.count_changes",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 28},
    },
    "count-traits": {
        "task": "referrals.tasks.count_traits",
        "schedule": crontab(hour=1, minute=30),
    },
    "beat-pulse": {
        "task": "cosell.core.tasks.pulse",
        "schedule": timedelta(seconds=15),
        "options": {"expires": 15},
    },
}
