"""Writing everybody's digest once a day, in their morning (7.4).

A guarded statement says who is looked after, and their digests are written in its transaction: so
sweeps may overlap, run twice or be killed.
"""

import math
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from cosell.core.tenancy import APP_ROLE, WORKER_ROLE, database_identity
from notifications.catalogue import DIGEST
from notifications.digests import digest_of
from notifications.entries import Channel
from notifications.models import Notification, Preference
from partners.models import Membership, User

# Whoever could not be looked after until then is told in the next morning.
LATEST = timedelta(hours=6)

_PEOPLE = """
    FROM partners_membership AS m
    JOIN partners_organization AS o ON o.id = m.organization_id AND o.is_active
    JOIN partners_user AS u ON u.id = m.user_id AND u.is_active
    LEFT JOIN notifications_preference AS p
        ON p.organization_id = m.organization_id AND p.membership_id = m.id
    WHERE m.is_active
"""
_MORNINGS = f"SELECT DISTINCT u.time_zone, coalesce(p.morning, %(usual)s) {_PEOPLE}"
# In the order of ids, so that two sweeps wait for each other instead of for ever.
_CLAIM = f"""
    INSERT INTO notifications_digestday (organization_id, membership_id, day)
    SELECT m.organization_id, m.id, %(day)s {_PEOPLE}
        AND u.time_zone = %(zone)s AND coalesce(p.morning, %(usual)s) = %(morning)s
        AND NOT EXISTS (
            SELECT FROM notifications_digestday AS d
            WHERE d.organization_id = m.organization_id AND d.membership_id = m.id
            AND d.day >= %(day)s
        )
    ORDER BY m.id LIMIT %(batch)s
    ON CONFLICT (organization_id, membership_id) DO UPDATE SET day = EXCLUDED.day
        WHERE notifications_digestday.day < EXCLUDED.day
    RETURNING new.membership_id, old.day
"""  # noqa: S608 (as above)


class Claim(NamedTuple):
    """Somebody to look after; `before` is the day of the digest before, if there was one."""

    membership_id: UUID
    before: date | None


def write_all_digests(*, seconds: float = math.inf) -> int:
    """Batch by batch until everybody whose morning it is was looked after, or the time is over."""
    until, written = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        batch = write_digests()
        if not batch:
            break
        written += batch
    return written


def write_digests(*, batch: int = 200) -> int:
    """Look after one batch of people for each morning; returns how many people."""
    looked_after = 0
    for zone, morning, day in _mornings_now():
        with database_identity(WORKER_ROLE):
            claims = _claim(zone, morning, day=day, batch=batch)
            people = Membership.objects.select_related("user", "organization").in_bulk(
                [one.membership_id for one in claims]
            )
            for claim in claims:
                _write(people[claim.membership_id], day=day, before=claim.before)
        looked_after += len(claims)
    return looked_after


def _mornings_now() -> Iterator[tuple[str, time_of_day, date]]:
    """Time zones and hours whose morning it is, and which day it is there."""
    with database_identity(WORKER_ROLE), connection.cursor() as cursor:
        cursor.execute(_MORNINGS, _given())
        found: list[tuple[str, time_of_day]] = cursor.fetchall()
    now = timezone.now()
    for name, morning in found:
        zone = User(time_zone=name).zone
        day = now.astimezone(zone).date()
        begin = datetime.combine(day, morning, tzinfo=zone)
        if begin <= now < begin + LATEST:
            yield name, morning, day


def _claim(zone: str, morning: time_of_day, *, day: date, batch: int) -> list[Claim]:
    given = _given(zone=zone, morning=morning, day=day, batch=batch)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, given)
        return [Claim(*row) for row in cursor.fetchall()]


def _write(member: Membership, *, day: date, before: date | None) -> None:
    """Keep for this digest what came since the last; written if there is anything to tell."""
    since = before or day - timedelta(days=1)
    with database_identity(APP_ROLE, organization=member.organization_id):
        Notification.objects.filter(
            organization_id=member.organization_id,
            membership_id=member.pk,
            channel=Channel.DIGEST,
            digest_day=None,
        ).update(digest_day=day)
        if digest_of(member, day=day, since=since):
            Notification.objects.create(
                organization_id=member.organization_id,
                membership=member,
                kind=DIGEST,
                digest_day=day,
                digest_since=since,
                name=member.user.full_name,
                email=member.user.email,
                # It is mail alone: the list in the app tells the same one by one.
                read_at=timezone.now(),
            )


def _given(**values: Any) -> dict[str, Any]:
    """The parameters of the statements; `usual` is the morning of who never chose one."""
    return {"usual": Preference().morning, **values}
