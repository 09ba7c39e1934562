"""What waits in the outbox, and which mails are stuck and why."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cosell.core.tenancy import WORKER_ROLE, database_identity
from notifications.models import Notice, Notification
from notifications.queries import mails_to_send, unsent_after
from notifications.services import STUCK_AFTER

SHOWN = 50


class Command(BaseCommand):
    help = "Show how many mails wait to be sent and list those that are stuck."

    def handle(self, *args: Any, **options: Any) -> None:
        with database_identity(WORKER_ROLE):
            unsent = mails_to_send()
            due = unsent.filter(next_attempt_at__lte=timezone.now())
            stuck = unsent_after(STUCK_AFTER)
            notices = Notice.objects.filter(resolved_at=None).count()
            self.stdout.write(f"notices without readers yet: {notices}")
            self.stdout.write(f"mails to send: {unsent.count()}, due now: {due.count()}")
            self.stdout.write(f"stuck after {STUCK_AFTER} attempts: {stuck.count()}")
            for mail in stuck[:SHOWN]:
                self.stdout.write(f"  {_line(mail)}")


def _line(mail: Notification) -> str:
    return (
        f"{mail.pk} {mail.kind} to {mail.email}, {mail.attempts} attempts,"
        f" next {mail.next_attempt_at:%Y-%m-%d %H:%M} UTC: {mail.last_error}"
    )
