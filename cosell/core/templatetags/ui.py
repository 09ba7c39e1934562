"""Icons, status pills, time left and the few other parts HTML alone cannot say."""

import re
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

register = template.Library()

SPRITE = Path(__file__).resolve().parents[3] / "static" / "icons" / "sprite.svg"
DECORATION = SafeString('aria-hidden="true"')

# Tone and icon by what a status means; the word always stands beside them.
PILLS = {
    "received": ("amber", "inbox"),
    "accepted": ("accent", "circle-check"),
    "created": ("accent", "circle-dot"),
    "won": ("green", "trophy"),
    "lost": ("red", "circle-x"),
    "declined": ("red", "thumbs-down"),
    "expired": ("grey", "hourglass"),
    "withdrawn": ("grey", "undo-2"),
    "error": ("grey", "ban"),
    "pending": ("amber", "clock"),
    "approved": ("green", "badge-check"),
    "rejected": ("red", "circle-x"),
    "action_required": ("amber", "triangle-alert"),
    "resubmitted": ("blue", "refresh-cw"),
    "draft": ("grey", "pencil"),
    "active": ("green", "circle-check"),
    "inactive": ("grey", "circle-slash"),
    "in_market": ("grey", "circle-dot"),
    "co_sell_ready": ("accent", "handshake"),
    "incentive_eligible": ("green", "badge-check"),
    "published": ("green", "eye"),
    "retired": ("grey", "archive"),
    "sent": ("blue", "send"),
    "failed": ("red", "triangle-alert"),
}


@cache
def _names() -> frozenset[str]:
    return frozenset(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text(encoding="utf-8")))


@cache
def _sprite_url() -> str:
    return static("icons/sprite.svg")


@register.simple_tag
def icon(name: str, *, label: str = "", size: str = "") -> SafeString:
    """`{% icon "heart" %}` is decoration; with `label` an image of that name. Size: s or l."""
    if not label:
        return _decoration(name, size)
    spoken = format_html('role="img" aria-label="{}"', label)
    return _image(name, size, spoken)


@cache
def _decoration(name: str, size: str) -> SafeString:
    """Drawn hundreds of times on a page, and always the same."""
    return _image(name, size, DECORATION)


def _image(name: str, size: str, spoken: SafeString) -> SafeString:
    if name not in _names():
        raise ValueError(f"No icon named {name!r} in {SPRITE.name}.")
    css = f"icon icon-{size}" if size else "icon"
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"/></svg>', css, spoken, _sprite_url(), name
    )


@register.simple_tag
def pill(status: str, label: Any) -> SafeString:
    """A status as icon and word: `{% pill deal.status deal.status_label %}`."""
    tone, name = PILLS.get(status, ("grey", "circle"))
    return format_html('<span class="pill pill-{}">{}{}</span>', tone, icon(name), label)


@register.simple_tag
def avatar(name: str, size: str = "") -> SafeString:
    words = name.split()
    initials = "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
    css = f"avatar avatar-{size}" if size else "avatar"
    return format_html('<span class="{}" aria-hidden="true">{}</span>', css, initials)


@register.simple_tag
def time_left(deadline: datetime | None) -> SafeString:
    """How long is left to answer, in words; amber from three days on, red from one (2.4)."""
    if deadline is None:
        return SafeString("")
    left = deadline - timezone.now()
    return format_html(
        '<span class="{}">{}<time datetime="{}" title="{}">{}</time></span>',
        _urgency(left),
        icon("timer"),
        deadline.isoformat(),
        timezone.localtime(deadline).strftime("%Y-%m-%d %H:%M"),
        words_left(left),
    )


def _urgency(left: timedelta) -> str:
    if left <= timedelta(days=1):
        return "time-left time-left-urgent"
    return "time-left time-left-soon" if left <= timedelta(days=3) else "time-left"


def words_left(left: timedelta) -> str:
    """The two largest units: "2 days 1 hour left", "3 hours 5 minutes left", "Time is up"."""
    if left <= timedelta(0):
        return _("Time is up")
    hours, minutes = left.seconds // 3600, left.seconds % 3600 // 60
    parts = [
        (left.days, ngettext("%(n)d day", "%(n)d days", left.days)),
        (hours, ngettext("%(n)d hour", "%(n)d hours", hours)),
        (minutes, ngettext("%(n)d minute", "%(n)d minutes", minutes)),
    ]
    words = [text % {"n": n} for n, text in parts if n]
    if not words:
        return _("Less than a minute left")
    first = next(n for n, _text in parts if n)
    return npgettext("time", "%(time)s left", "%(time)s left", first) % {
        "time": " ".join(words[:2])
    }
