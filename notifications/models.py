"""Notices and the mails they become (7.1 to 7.3).

A notice is written in the transaction of the change it tells about. A worker resolves it into one
notification a reader, and delivers those; each step is a guarded write, so a crash repeats nothing.
"""

import uuid
from datetime import datetime, time, timedelta, tzinfo

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deals.models import Deal, DealEvent
from notifications.catalogue import CATALOGUE, DIGEST
from notifications.entries import Channel
from partners.models import Membership, Organization


class Notice(models.Model):
    """Of something that happened to a deal, or of the company or an account; of the latter `data`
    holds everything that is told (partners.announcements)."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    event = models.OneToOneField(DealEvent, null=True, on_delete=models.CASCADE, related_name="+")
    data = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(event__isnull=False, data__isnull=True)
                | Q(event__isnull=True, data__isnull=False),
                name="notice_has_an_event_or_says_it_itself",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(resolved_at=None), name="notice_unresolved"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.organization_id}"


class Notification(models.Model):
    """One notice for one reader, or one reader's digest; `id` makes its Message-ID.

    `channel` is the one the reader wished for when it was told; a mail is due at `next_attempt_at`,
    and none where that is empty. `digest_day`: the digest that it is, or that tells of it. What is
    about the company or an account has no `deal`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    notice = models.ForeignKey(
        Notice, null=True, on_delete=models.CASCADE, related_name="notifications"
    )
    deal = models.ForeignKey(Deal, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.EMAIL)
    membership = models.ForeignKey(
        Membership, null=True, on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(max_length=200)
    email = models.EmailField()
    digest_day = models.DateField(null=True)
    # Of a digest: the day of the one before.
    digest_since = models.DateField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, default=timezone.now)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "notice", "email"], name="notification_once_per_reader"
            ),
            models.UniqueConstraint(
                fields=["organization", "membership", "digest_day"],
                condition=Q(kind=DIGEST),
                name="notification_one_digest_a_day",
            ),
            models.CheckConstraint(
                condition=Q(kind=DIGEST, notice=None, deal=None, digest_day__isnull=False)
                | ~Q(kind=DIGEST) & Q(notice__isnull=False),
                name="notification_is_of_a_notice_or_a_digest",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(sent_at=None, next_attempt_at__isnull=False),
                name="notification_to_send",
            ),
            models.Index(
                F("organization"), F("membership"), F("created_at").desc(), F("id").desc(),
                name="notification_of_reader",
            ),
            models.Index(
                F("organization"), F("membership"), F("created_at").desc(), F("id").desc(),
                condition=Q(read_at=None), name="notification_unread",
            ),
            models.Index(
                fields=["organization", "membership"],
                condition=Q(channel=Channel.DIGEST, digest_day=None),
                name="notification_to_digest",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} for {self.email}"


class Preference(models.Model):
    """How one person of an organisation wants to be told; without a row, in the usual way.

    `channels` are those that were chosen, by kind. In quiet hours, which may run past midnight, no
    mail leaves; the digest comes in the `morning`.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    channels = models.JSONField(default=dict)
    quiet_from = models.TimeField(_("from"), null=True)
    quiet_until = models.TimeField(_("until"), null=True)
    wants_digest = models.BooleanField(default=True)
    morning = models.TimeField(_("time of the digest"), default=time(8))
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "membership"], name="preference_once_per_person"
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="preference_quiet_hours_have_two_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id}"

    def channel_for(self, kind: str) -> Channel:
        allowed = CATALOGUE[kind].channels
        chosen = self.channels.get(kind)
        return Channel(chosen) if chosen in allowed else allowed[0]

    def end_of_quiet(self, now: datetime, *, zone: tzinfo) -> datetime:
        """When a mail may leave: `now`, unless the hours are quiet where its reader is."""
        begin, end = self.quiet_from, self.quiet_until
        if begin is None or end is None or begin == end:
            return now
        local = now.astimezone(zone)
        at, wraps = local.time(), begin > end
        if not (at >= begin or at < end if wraps else begin <= at < end):
            return now
        day = local.date() + timedelta(days=wraps and at >= begin)
        return datetime.combine(day, end, tzinfo=zone)


class Unsubscribed(models.Model):
    """An address of nobody's membership that wants no more mail about a company's deals."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    # In lower case.
    email = models.EmailField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"], name="unsubscribed_once_per_address"
            ),
        ]

    def __str__(self) -> str:
        return self.email


class DigestDay(models.Model):
    """The last day on which somebody's digest was looked after, even if it had nothing to tell."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "membership"], name="digest_day_once_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class DemoMail(models.Model):
    """A mail as it would have left the installation; written in demo mode only.

    It belongs to no organisation and has no policy: the demo's mailbox shows everybody everything.
    """

    message_id = models.CharField(max_length=200)
    sent_at = models.DateTimeField(default=timezone.now)
    to = models.CharField(max_length=500)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(F("sent_at").desc(), name="demo_mail_newest")]

    def __str__(self) -> str:
        return self.subject
