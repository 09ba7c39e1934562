"""Office hours before the demo's first start: people work on weekdays, and never in the future."""

import random
from datetime import datetime, timedelta

from django.utils import timezone

FIRST_HOUR, LAST_HOUR = 8, 17
FRIDAY = 4
# How far back the demo's history reaches: a year, and some weeks to compare it with.
HISTORY = timedelta(days=400)


class Calendar:
    def __init__(self, source: random.Random, now: datetime) -> None:
        self.random = source
        self.now = now

    def past(self, min_days: int, max_days: int) -> datetime:
        """A working day so many days ago, or the last one before it."""
        moment = timezone.localtime(
            self.now - timedelta(days=self.random.randint(min_days, max_days))
        )
        return self._office_hours(moment - timedelta(days=max(0, moment.weekday() - FRIDAY)))

    def later(self, moment: datetime, min_days: int, max_days: int) -> datetime:
        """Some working days after a moment; may lie in the future, where the story then stops."""
        moment = timezone.localtime(
            moment + timedelta(days=self.random.randint(min_days, max_days))
        )
        weekend = moment.weekday() > FRIDAY
        return self._office_hours(moment + timedelta(days=7 - moment.weekday() if weekend else 0))

    def _office_hours(self, moment: datetime) -> datetime:
        return moment.replace(
            hour=self.random.randint(FIRST_HOUR, LAST_HOUR),
            minute=self.random.randint(0, 59),
            second=self.random.randint(0, 59),
            microsecond=0,
        )
