"""The Celery application. A task is a hint to look at the database, which is the truth."""

import os

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cosell.settings")

app = Celery("cosell")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["cosell.core", "deals", "referrals", "insights", "notifications"])


@beat_init.connect
def _pulse_at_once(**kwargs: object) -> None:
    # An interval begins with waiting; readiness should not.
    app.send_task("cosell.core.tasks.pulse")
