"""Mails that hold a link which exists nowhere else, or confirm what somebody just did themselves.

Everything else that people are told goes through `notifications`, which never loses it. These leave
with the page that sends them: it says so when they could not be sent.
"""

from smtplib import SMTPException
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from cosell.core.mails import inline_styles
from partners.language import language_of

log = structlog.get_logger(__name__)


def account_mail(prefix: str, *, to: list[str], context: dict[str, Any]) -> EmailMultiAlternatives:
    """Subject, text and HTML from the three files that start with `prefix`, as the reader reads."""
    with translation.override(language_of(to[0])):
        subject, text, html = (
            render_to_string(f"{prefix}_{part}", context)
            for part in ("subject.txt", "message.txt", "message.html")
        )
    mail = EmailMultiAlternatives(
        " ".join(subject.split()), text.strip() + "\n", to=to,
        headers={"Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    mail.attach_alternative(inline_styles(html), "text/html")
    return mail


def is_sent(mail: EmailMessage) -> bool:
    """A mail server that is down must not undo what is committed: the page can send it again."""
    try:
        mail.send()
    except (OSError, SMTPException) as error:
        log.warning("account_mail_failed", subject=mail.subject, error=str(error))
        return False
    return True


def password_link(uid: str, token: str) -> str:
    """Starts with the installation's own address, whatever Host a request named."""
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def start_link(slug: str) -> str:
    """Where somebody begins who works for this company."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('partners:start', args=[slug])}"
