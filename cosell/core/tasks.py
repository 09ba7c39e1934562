"""The pulse that /readyz feels: it beats only while beat, broker and a worker all live."""

import time

from celery import shared_task
from django.core.cache import cache

PULSE = "beat-pulse"


@shared_task
def pulse() -> None:
    cache.set(PULSE, time.time(), timeout=None)


def pulse_age() -> float | None:
    """Seconds since the last beat that a worker handled; None when there was none."""
    at = cache.get(PULSE)
    return None if at is None else time.time() - at
