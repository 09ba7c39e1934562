"""From notices to mails that left the house, each exactly once (7.3).

`resolve_notices` turns notices into one notification a reader, `deliver_due` sends those; both work
on batches that they claim, so any number of workers may run them and each may be killed.
"""

import smtplib
import time
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from secrets import SystemRandom

import structlog
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from cosell.core.tenancy import APP_ROLE, WORKER_ROLE, database_identity
from notifications.catalogue import is_fixed
from notifications.entries import Channel
from notifications.mails import mail_of
from notifications.models import Notice, Notification, Preference
from notifications.queries import Reader, preferences_of, readers_of, unsubscribed

log = structlog.get_logger(__name__)

# A claim ends by itself after this time, should the worker die; well before, a batch that is slow
# is given back, so that nobody else sends what is still being sent.
LEASE = timedelta(minutes=5)
STOP_SENDING_AFTER = timedelta(minutes=1)

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=6)
# When the server is away it is not the mail's fault; once it is back nobody should wait for long.
LONGEST_DELAY_WITHOUT_SERVER = timedelta(minutes=10)
# About a quarter of an hour of trying. Such a mail is reported, and tried further.
STUCK_AFTER = 6

# Of who never chose.
USUAL = Preference()


def work_off(*, seconds: float) -> None:
    """Resolve and deliver batch by batch until nothing is due or the time is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        resolved, handled = resolve_notices(), deliver_due()
        if not resolved and not handled:
            return


def resolve_notices(*, batch: int = 500) -> int:
    """Write the notifications of one batch of notices; returns how many notices there were."""
    with database_identity(WORKER_ROLE):
        unresolved = Notice.objects.filter(resolved_at=None).order_by("id")
        claimed = list(
            unresolved.select_for_update(skip_locked=True, of=("self",))
            .select_related("event__deal")
            .only(
                "organization_id", "kind", "data", "event__data", "event__deal__organization_id",
                "event__deal__location_id", "event__deal__created_by_id",
            )[:batch]
        )  # fmt: skip
        readers = readers_of(claimed)
        Notification.objects.bulk_create(_wanted(claimed, readers), ignore_conflicts=True)
        Notice.objects.filter(pk__in=readers).update(resolved_at=timezone.now())
    for notice in claimed:
        if not readers[notice.pk]:
            log.warning("notice_without_reader", notice=notice.pk, kind=notice.kind)
    return len(claimed)


def deliver_due(*, batch: int = 50) -> int:
    """Send one batch over one connection; returns how many mails it dealt with.

    The claim is committed before the first mail leaves, and each mail is marked as soon as the
    server took it: a kill between the two repeats that one mail, under the same Message-ID.
    Returns 0 also when the mail server is away, so that a loop does not run into it again.
    """
    claimed = _claim(batch)
    if not claimed:
        return 0
    server = get_connection()
    left = deque(claimed)
    try:
        server.open()
        _send_all(left, server)
    except OSError as error:
        log.warning("mail_server_away", error=_told(error), waiting=len(left))
        _postpone(left, error, longest=LONGEST_DELAY_WITHOUT_SERVER)
        return 0
    finally:
        with suppress(OSError):
            server.close()
    return len(claimed) - len(left)


def _wanted(
    notices: Iterable[Notice], readers: Mapping[int, Sequence[Reader]]
) -> list[Notification]:
    """What each reader is told, in the way that they chose."""
    told = [(notice, reader) for notice in notices for reader in readers[notice.pk]]
    chosen = preferences_of(one.membership_id for _notice, one in told if one.membership_id)
    refused = unsubscribed(notice.organization_id for notice in notices)
    found = []
    for notice, reader in told:
        is_contact = reader.membership_id is None
        if is_contact and (notice.organization_id, reader.email.lower()) in refused:
            continue
        preference = chosen.get(reader.membership_id) if reader.membership_id else None
        channel = (preference or USUAL).channel_for(notice.kind)
        if channel != Channel.OFF:
            may_wait = None if is_fixed(notice.kind) else preference
            due = _due_at(may_wait) if channel == Channel.EMAIL else None
            found.append(_notification(notice, reader, channel=channel, due=due))
    return found


def _due_at(preference: Preference | None) -> datetime:
    now = timezone.now()
    if preference is None:
        return now
    return preference.end_of_quiet(now, zone=preference.membership.user.zone)


def _notification(
    notice: Notice, reader: Reader, *, channel: Channel, due: datetime | None
) -> Notification:
    return Notification(
        organization_id=notice.organization_id,
        notice=notice,
        deal_id=notice.event.deal_id if notice.event else None,
        kind=notice.kind,
        channel=channel,
        next_attempt_at=due,
        membership_id=reader.membership_id,
        name=reader.name,
        email=reader.email,
    )


def _claim(batch: int) -> list[Notification]:
    """Due mails, ours for the length of the lease by the database's clock."""
    with database_identity(WORKER_ROLE):
        due = Notification.objects.filter(sent_at=None, next_attempt_at__lte=Now())
        claimed = list(
            due.order_by("next_attempt_at")
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("notice", "membership__user", "membership__organization")[:batch]
        )
        Notification.objects.filter(pk__in=[one.pk for one in claimed]).update(
            attempts=F("attempts") + 1, next_attempt_at=Now() + LEASE
        )
    for notification in claimed:
        notification.attempts += 1
    return claimed


def _send_all(left: deque[Notification], server: BaseEmailBackend) -> None:
    """Takes mails from `left` as they are dealt with; OSError when the connection is lost."""
    until = time.monotonic() + STOP_SENDING_AFTER.total_seconds()
    while left:
        if time.monotonic() > until:
            _give_back(left)
            return
        _send(left[0], server)
        left.popleft()


def _send(notification: Notification, server: BaseEmailBackend) -> None:
    try:
        with database_identity(APP_ROLE, organization=notification.organization_id):
            mail = mail_of(notification)
        if mail is not None:
            server.send_messages([mail])
    except Exception as error:  # one mail that cannot be written must not hold up the others
        if _is_about_the_connection(error):
            raise
        log.warning("mail_failed", notification=str(notification.pk), exc_info=True)
        _postpone([notification], error, longest=LONGEST_DELAY)
    else:
        _mark_sent(notification)


def _is_about_the_connection(error: Exception) -> bool:
    """Refusals of one mail are SMTPExceptions, which are OSErrors too."""
    about_the_mail = isinstance(error, smtplib.SMTPException) and not isinstance(
        error, smtplib.SMTPServerDisconnected
    )
    return isinstance(error, OSError) and not about_the_mail


def _mark_sent(notification: Notification) -> None:
    notification.sent_at = timezone.now()
    with database_identity(WORKER_ROLE):
        Notification.objects.filter(pk=notification.pk).update(
            sent_at=notification.sent_at, last_error=""
        )


def _postpone(
    notifications: Collection[Notification], error: Exception, *, longest: timedelta
) -> None:
    with database_identity(WORKER_ROLE):
        for notification in notifications:
            Notification.objects.filter(pk=notification.pk, sent_at=None).update(
                next_attempt_at=Now() + _delay(notification.attempts, longest=longest),
                last_error=_told(error)[:500],
            )
    stuck = [one for one in notifications if one.attempts >= STUCK_AFTER]
    if stuck:
        log.warning("mails_stuck", count=len(stuck), first=str(stuck[0].pk), error=_told(error))


def _give_back(notifications: Collection[Notification]) -> None:
    """What was claimed but not tried is due again."""
    with database_identity(WORKER_ROLE):
        Notification.objects.filter(pk__in=[one.pk for one in notifications]).update(
            attempts=F("attempts") - 1, next_attempt_at=Now()
        )


def _delay(attempts: int, *, longest: timedelta) -> timedelta:
    """Doubles with every attempt, give or take a quarter: not all mails come back at once."""
    delay: timedelta = min(FIRST_DELAY * 2 ** min(attempts - 1, 20), longest)
    return delay * SystemRandom().uniform(0.75, 1.25)


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
