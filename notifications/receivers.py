"""Notices, written in the transaction of the change and under its writer's identity; and
notifications, read with the page that they lead to."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.dispatch import receiver

from deals.events import Recorded
from deals.models import DealEvent, EventKind
from deals.signals import events_recorded
from notifications.catalogue import CATALOGUE
from notifications.inbox import mark_opened
from notifications.models import Notice
from partners.announcements import News, announced, page_opened
from partners.models import Membership


@receiver(events_recorded)
def write_notices(
    sender: Any, *, events: Sequence[DealEvent] | Sequence[Recorded], **kwargs: Any
) -> None:
    """One statement for one event or thousands."""
    told = [event for event in events if event.kind in CATALOGUE and not _is_told_already(event)]
    if not told:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notifications_notice (organization_id, event_id, kind, created_at)"
            " SELECT organization_id, event_id, kind, statement_timestamp()"
            " FROM unnest(%s::uuid[], %s::bigint[], %s::text[])"
            " AS row (organization_id, event_id, kind)",
            [
                [event.organization_id for event in told],
                [event.pk for event in told],
                [event.kind for event in told],
            ],
        )


@receiver(announced)
def write_notice(
    sender: Any, *, kind: News, organization_id: UUID, data: dict[str, Any], **kwargs: Any
) -> None:
    Notice.objects.create(organization_id=organization_id, kind=kind, data=data)


@receiver(page_opened)
def mark_what_led_there(sender: Any, *, member: Membership, notice: str, **kwargs: Any) -> None:
    mark_opened(member, notice)


def _is_told_already(event: DealEvent | Recorded) -> bool:
    """Who invites reads in the mail about the invitation that the type is wider."""
    return (
        event.kind == EventKind.TYPE_UPGRADED
        and isinstance(event, DealEvent)
        and not event.deal.is_inbound
    )
