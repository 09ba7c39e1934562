"""Mails about accounts: setting a password. Mails about deals are in `notifications`."""

from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from cosell.core.mails import inline_styles


def account_mail(prefix: str, *, to: list[str], context: dict[str, Any]) -> EmailMultiAlternatives:
    """Subject, text and HTML from the three files that start with `prefix`."""
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
