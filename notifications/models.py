"""Notices and the mails they become (7.1 to 7.3).

A notice is written in the transaction of the change it tells about. A worker resolves it into one
notification a reader, and delivers those; each step is a guarded write, so a crash repeats nothing.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from deals.models import Deal, DealEvent, EventKind
from partners.models import Membership, Organization


class Notice(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    event = models.OneToOneField(DealEvent, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(resolved_at=None), name="notice_unresolved"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}"


class Notification(models.Model):
    """One notice for one reader; `id` makes its Message-ID."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="notifications")
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30, choices=EventKind)
    membership = models.ForeignKey(
        Membership, null=True, on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(max_length=200)
    email = models.EmailField()
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "notice", "email"], name="notification_once_per_reader"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(sent_at=None), name="notification_unsent"
            ),
            models.Index(
                F("organization"), F("membership"), F("created_at").desc(), F("id").desc(),
                name="notification_of_reader",
            ),
            models.Index(
                F("organization"), F("membership"), F("created_at").desc(), F("id").desc(),
                condition=Q(read_at=None), name="notification_unread",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} for {self.email}"


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
