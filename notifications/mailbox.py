"""Where mails go in the demo: into a table that the mailbox page shows."""

from collections.abc import Iterator, Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from notifications.models import DemoMail

KEPT = 500


class MailboxBackend(BaseEmailBackend):
    """One row for each reader of a mail; the oldest make room."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        DemoMail.objects.bulk_create(row for message in email_messages for row in _rows_of(message))
        _make_room()
        return len(email_messages)


def _rows_of(message: EmailMessage) -> Iterator[DemoMail]:
    message_id = str(message.message()["Message-ID"])
    for reader in message.recipients():
        yield DemoMail(
            message_id=message_id,
            to=reader,
            subject=str(message.subject),
            text=str(message.body),
            html=_html_of(message),
        )


def _html_of(message: EmailMessage) -> str:
    alternatives = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    return next((str(content) for content, kind in alternatives if kind == "text/html"), "")


def _make_room() -> None:
    oldest = DemoMail.objects.order_by("-pk").values_list("pk", flat=True)[KEPT : KEPT + 1]
    DemoMail.objects.filter(pk__lte=oldest.first() or 0).delete()
