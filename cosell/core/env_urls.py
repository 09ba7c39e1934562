"""What the URLs in environment variables mean to Django: database, broker, mail."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

MAILBOX_BACKEND = "notifications.mailbox.MailboxBackend"
POOL = {"min_size": 1, "max_size": 20, "timeout": 10}

DATABASE_FORM = "postgresql://user@host:port/name, or ?host=/folder for a socket"
DATABASE_OPTIONS = frozenset(
    {"application_name", "connect_timeout", "sslcert", "sslkey", "sslmode", "sslrootcert"}
)
REDIS_FORM = "redis://host:port/number, rediss://… or unix:///path/of/socket"
EMAIL_FORM = (
    "smtp://, smtps:// or smtp+tls://user:password@host:port, "
    "file:///folder, console:// or mailbox://"
)
SMTP_PORTS = {"smtp": 25, "smtps": 465, "smtp+tls": 587}


class UrlProblem(ValueError):
    def __init__(self, what: str, allowed: str) -> None:
        super().__init__(what)
        self.what = what
        self.allowed = allowed


@dataclass(frozen=True)
class Address:
    """A URL taken apart; user, password, host and path are percent-decoded."""

    scheme: str
    user: str = ""
    password: str = field(default="", repr=False)
    host: str = ""
    port: int | None = None
    path: str = ""
    query: dict[str, str] = field(default_factory=dict)


def split(url: str, *, allowed: str) -> Address:
    # urlsplit().hostname would lower-case a percent-encoded socket folder.
    try:
        parts = urlsplit(url)
    except ValueError:
        raise UrlProblem("cannot be read as a URL", allowed) from None
    login, _, place = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    match = re.fullmatch(r"(\[[^\]]*\]|[^:\[\]]*)(?::(.*))?", place)
    if not parts.scheme or not match:
        raise UrlProblem("cannot be read as a URL", allowed)
    return Address(
        scheme=parts.scheme,
        user=unquote(user),
        password=unquote(password),
        host=unquote(match[1]).strip("[]"),
        port=_port(match[2], allowed=allowed),
        path=unquote(parts.path),
        query=dict(parse_qsl(parts.query, keep_blank_values=True)),
    )


def _port(text: str | None, *, allowed: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) < 65536:
        raise UrlProblem("has a port that is not a number from 1 to 65535", allowed)
    return int(text)


def _only(address: Address, names: frozenset[str], *, allowed: str) -> None:
    for name in address.query:
        if name not in names:
            known = ", ".join(sorted(names)) or "none"
            raise UrlProblem(f"has the unknown option {name!r} (known: {known})", allowed)


def database(url: str, *, pool: bool = False, password: str = "") -> dict[str, Any]:
    """`pool` keeps connections over requests; a pool forbids Django's own CONN_MAX_AGE."""
    address = split(url, allowed=DATABASE_FORM)
    if address.scheme not in {"postgresql", "postgres"}:
        raise UrlProblem("is not a PostgreSQL address", DATABASE_FORM)
    _only(address, DATABASE_OPTIONS | {"host", "port"}, allowed=DATABASE_FORM)
    name = address.path.removeprefix("/")
    if not name or "/" in name or not address.user:
        missing = "the database" if address.user else "the user"
        raise UrlProblem(f"does not name {missing}", DATABASE_FORM)
    port = address.port or _port(address.query.get("port"), allowed=DATABASE_FORM)
    options: dict[str, Any] = {k: v for k, v in address.query.items() if k in DATABASE_OPTIONS}
    if pool:
        options["pool"] = dict(POOL)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": address.user,
        "PASSWORD": address.password or password,
        "HOST": address.query.get("host") or address.host,
        "PORT": str(port or ""),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 0 if pool else 60,
        "OPTIONS": options,
    }


def redis(url: str) -> str:
    """The URL as it came in, checked."""
    address = split(url, allowed=REDIS_FORM)
    if address.scheme == "unix":
        if address.host or not address.path.strip("/"):
            raise UrlProblem("does not name a socket by its full path", REDIS_FORM)
        return url
    if address.scheme not in {"redis", "rediss"} or not address.host:
        raise UrlProblem("is not a Redis address", REDIS_FORM)
    if not re.fullmatch(r"/?[0-9]{0,4}", address.path):
        raise UrlProblem("has a database that is not a number", REDIS_FORM)
    return url


def broker(url: str) -> str:
    """The same server in the words of Celery, which has its own scheme for sockets."""
    return "redis+socket" + url.removeprefix("unix") if url.startswith("unix:") else url


def email(url: str) -> dict[str, Any]:
    address = split(url, allowed=EMAIL_FORM)
    if address.scheme in SMTP_PORTS:
        return _smtp(address)
    _only(address, frozenset(), allowed=EMAIL_FORM)
    if address.scheme == "file":
        if address.host or not address.path.strip("/"):
            raise UrlProblem("does not name a folder by its full path", EMAIL_FORM)
        backend = "django.core.mail.backends.filebased.EmailBackend"
        return {"EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": address.path}
    if address.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if address.scheme == "mailbox":
        return {"EMAIL_BACKEND": MAILBOX_BACKEND}
    raise UrlProblem("has an unknown scheme", EMAIL_FORM)


def _smtp(address: Address) -> dict[str, Any]:
    _only(address, frozenset({"timeout"}), allowed=EMAIL_FORM)
    if not address.host:
        raise UrlProblem("does not name a host", EMAIL_FORM)
    if bool(address.user) != bool(address.password):
        raise UrlProblem("has a user without a password or the reverse", EMAIL_FORM)
    timeout = address.query.get("timeout", "10")
    if not re.fullmatch(r"[1-9][0-9]{0,2}", timeout):
        raise UrlProblem("has a timeout that is not a number of seconds from 1 to 999", EMAIL_FORM)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": address.host,
        "EMAIL_PORT": address.port or SMTP_PORTS[address.scheme],
        "EMAIL_HOST_USER": address.user,
        "EMAIL_HOST_PASSWORD": address.password,
        "EMAIL_USE_SSL": address.scheme == "smtps",
        "EMAIL_USE_TLS": address.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": int(timeout),
    }
