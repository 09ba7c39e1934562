"""Reading what was sent."""

from django.core import mail
from django.core.mail import EmailMultiAlternatives

from notifications.services import work_off


def mails_to(email: str) -> list[EmailMultiAlternatives]:
    work_off(seconds=60)
    return [
        one for one in mail.outbox if isinstance(one, EmailMultiAlternatives) if email in one.to[0]
    ]


def everything(message: EmailMultiAlternatives) -> str:
    html = str(message.alternatives[0][0])
    return f"{message.subject}\n{message.body}\n{html}"
