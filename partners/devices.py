"""What a browser says of itself, in words, and whether somebody has used it before."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from partners.models import User

COOKIE = "known_device"
_SALT = "partners.devices"
_YEAR = 365 * 24 * 3600
# People who share a browser; the oldest is forgotten first.
_MOST = 10

# The first that is found counts: most browsers name others, too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS|Chromium", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh|Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def name_of_device(user_agent: str) -> str:
    """Such as "Firefox on Windows"."""
    browser, system = _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A browser that does not say its name")


def is_known_device(request: HttpRequest, user: User) -> bool:
    known = _marks(request)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(_mark(user, secret=key) in known for key in keys)


def remember_device(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Signed, and of no use for anything but telling this browser from a new one."""
    marks = [_mark(user), *(mark for mark in _marks(request) if mark != _mark(user))]
    response.set_signed_cookie(
        COOKIE, ".".join(marks[:_MOST]), salt=_SALT, max_age=_YEAR,
        httponly=True, secure=request.is_secure(), samesite="Lax",
    )  # fmt: skip


def _marks(request: HttpRequest) -> list[str]:
    kept = request.get_signed_cookie(COOKIE, default="", salt=_SALT, max_age=_YEAR)
    return kept.split(".") if kept else []


def _mark(user: User, *, secret: str | None = None) -> str:
    return salted_hmac(_SALT, str(user.pk), secret=secret, algorithm="sha256").hexdigest()[:24]


def _first(table: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for pattern, name in table if re.search(pattern, user_agent)), "")
