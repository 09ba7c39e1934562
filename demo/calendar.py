"""Office hours before the demo's first start: people work on weekdays, and never in the future."""

import random
from datetime import datetime, timedelta

from django.utils import timezone

FIRST_HOUR, LAST_HOUR = 8, 17
# How far back the demo's history reaches.
HISTORY = timedelta(days=270)


class Calendar:
    def __init__(self, source: random.Random, now: datetime) -> None:
        self.random = source
        self.now = now

    def past(self, min_days: int, max_days: int) -> datetime:
        return self._office_hours(
            self.now - timedelta(days=self.random.randint(min_days, max_days))
        )

    def later(self, moment: datetime, min_days: int, max_days: int) -> datetime:
        """Some working days after a moment; may lie in the future, where the story then stops."""
        return self._office_hours(moment + timedelta(days=self.random.randint(min_days, max_days)))

    def minutes_after(self, moment: datetime, most: int = 20) -> datetime:
        return moment + timedelta(
            minutes=self.random.randint(2, most), seconds=self.random.randint(0, 59)
        )

    def _office_hours(self, moment: datetime) -> datetime:
        local = timezone.localtime(moment)
        local += timedelta(days=max(0, 7 - local.weekday()) if local.weekday() > 4 else 0)
        return local.replace(
            hour=self.random.randint(FIRST_HOUR, LAST_HOUR),
            minute=self.random.randint(0, 59),
            second=self.random.randint(0, 59),
            microsecond=0,
        )
