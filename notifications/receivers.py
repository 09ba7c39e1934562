"""Notices, written in the transaction of the event and under its writer's identity."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from deals.models import DealEvent
from deals.signals import events_recorded
from notifications.catalogue import AUDIENCES
from notifications.models import Notice


@receiver(events_recorded)
def write_notices(sender: Any, *, events: Sequence[DealEvent], **kwargs: Any) -> None:
    Notice.objects.bulk_create(
        Notice(organization_id=event.organization_id, event_id=event.pk)
        for event in events
        if event.kind in AUDIENCES
    )
