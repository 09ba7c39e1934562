"""Who gets which mail, and what it looks like: the pages of `docs/` made from the catalogue."""

from collections.abc import Iterator
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from notifications.catalogue import CATALOGUE, DIGEST
from notifications.entries import Entry, Topic
from notifications.examples import example_of

_HEADERS = ("List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted")


def documents() -> Iterator[tuple[str, str]]:
    """Path below `docs/` and text of each page."""
    with translation.override("en"):
        yield "notifications.md", _overview()
    for kind in (*CATALOGUE, DIGEST):
        mail = example_of(kind)
        yield f"mails/{kind}.txt", _as_text(mail)
        yield f"mails/{kind}.html", f"{str(mail.alternatives[0][0]).strip()}\n"


def _overview() -> str:
    topics = [(topic.label, _rows(topic)) for topic in Topic]
    return render_to_string("notifications/overview.md", {"topics": topics}).strip() + "\n"


def _rows(topic: Topic) -> list[dict[str, Any]]:
    return [
        {
            "kind": kind,
            "entry": entry,
            "channels": _channels(entry),
            "subject": example_of(kind).subject,
        }
        for kind, entry in CATALOGUE.items()
        if entry.topic == topic
    ]


def _channels(entry: Entry) -> list[str]:
    return [_("Always by e-mail")] if entry.is_fixed else [str(one.label) for one in entry.channels]


def _as_text(mail: EmailMultiAlternatives) -> str:
    headers = {"To": mail.to[0], "Subject": mail.subject} | {
        name: mail.extra_headers[name] for name in _HEADERS if name in mail.extra_headers
    }
    lines = [f"{name}: {value}" for name, value in headers.items()]
    return "\n".join([*lines, "", str(mail.body)])
