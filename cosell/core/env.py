"""Strict, typed reading of environment variables, for settings only.

Every read is remembered in `Env.variables`, so that a test can hold `.env.example` against it.
Every refusal is one line that names the variable and says what is allowed; a secret's value is
never shown. An empty variable counts as unset.
"""

import re
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

from cosell.core import env_urls

Parsed = TypeVar("Parsed")

TRUE = frozenset({"true", "yes", "on", "1"})
FALSE = frozenset({"false", "no", "off", "0"})
HOST = re.compile(r"\*|\[[0-9a-fA-F:.]+\]|\.?[a-zA-Z0-9_]([a-zA-Z0-9_.-]*[a-zA-Z0-9_])?")
UUID_TEXT = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
ADDRESS = re.compile(r"([^<>\r\n]*<[^@<>\s]+@[^@<>\s]+>|[^@<>\s]+@[^@<>\s]+)")


@dataclass(frozen=True)
class Variable:
    name: str
    kind: str
    default: str | None  # None: required
    help: str = ""

    @property
    def is_required(self) -> bool:
        return self.default is None


class Env:
    """`default=None` makes a variable required."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.variables: dict[str, Variable] = {}

    def text(
        self,
        name: str,
        *,
        default: str | None = None,
        choices: Sequence[str] | None = None,
        help: str = "",
    ) -> str:
        kind = " or ".join(choices) if choices else "text"
        value = self._read(name, kind=kind, default=default, help=help)
        if choices and value not in choices:
            raise refusal(name, f"{value!r} is not allowed", f"one of {', '.join(choices)}")
        return value

    def boolean(self, name: str, *, default: bool | None = None, help: str = "") -> bool:
        written = None if default is None else str(default).lower()
        value = self._read(name, kind="true or false", default=written, help=help)
        if value.lower() in TRUE:
            return True
        if value.lower() in FALSE:
            return False
        raise refusal(name, f"{value!r} is not a yes or no", "true or false")

    def integer(
        self,
        name: str,
        *,
        default: int | None = None,
        minimum: int | None = None,
        maximum: int | None = None,
        help: str = "",
    ) -> int:
        written = None if default is None else str(default)
        value = self._read(name, kind="a whole number", default=written, help=help)
        allowed = _range(minimum, maximum)
        if not re.fullmatch(r"-?[0-9]{1,18}", value):
            raise refusal(name, f"{value!r} is not a whole number", allowed)
        number = int(value)
        if (minimum is not None and number < minimum) or (maximum is not None and number > maximum):
            raise refusal(name, f"{number} is out of range", allowed)
        return number

    def url(self, name: str, *, default: str | None = None, help: str = "") -> str:
        """The origin of a site, without a trailing slash."""
        value = self._read(name, kind="an http(s) address", default=default, help=help)
        allowed = "an address such as https://deals.example.com, without a path"
        parts = _split(name, value, allowed)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise refusal(name, "is not a web address", allowed)
        if parts.username or parts.path.strip("/") or parts.query or parts.fragment:
            raise refusal(name, "has more than a scheme, a host and a port", allowed)
        return f"{parts.scheme}://{parts.netloc}"

    def uuid(
        self,
        name: str,
        *,
        default: str | None = None,
        besides: Sequence[str] = (),
        help: str = "",
    ) -> str:
        """In lower case with hyphens; or one of the words that are allowed besides."""
        value = self._read(name, kind="a UUID", default=default, help=help)
        if value in {default, *besides}:
            return value
        allowed = " or ".join(["an ID such as 72f988bf-86f1-41af-91ab-2d7cd011db47", *besides])
        if not UUID_TEXT.fullmatch(value):
            raise refusal(name, f"{value!r} is not a UUID", allowed)
        return value.lower()

    def host_list(
        self, name: str, *, default: Sequence[str] | None = None, help: str = ""
    ) -> list[str]:
        written = None if default is None else ",".join(default)
        value = self._read(name, kind="host names, comma-separated", default=written, help=help)
        hosts = [host.strip() for host in value.split(",") if host.strip()]
        for host in hosts:
            if not HOST.fullmatch(host):
                raise refusal(
                    name,
                    f"{host!r} is not a host name",
                    "names separated by commas, without scheme, port or path",
                )
        return hosts

    def time_zone(self, name: str, *, default: str | None = None, help: str = "") -> str:
        value = self._read(name, kind="a time zone", default=default, help=help)
        if value not in zoneinfo.available_timezones():
            raise refusal(name, f"{value!r} is not a time zone", "a name such as Europe/Warsaw")
        return value

    def address(self, name: str, *, default: str | None = None, help: str = "") -> str:
        value = self._read(name, kind="an e-mail address", default=default, help=help)
        if not ADDRESS.fullmatch(value):
            raise refusal(
                name, f"{value!r} is not an e-mail address", "desk@example.com or Desk <desk@…>"
            )
        return value

    def secret(self, name: str, *, default: str | None = None, help: str = "") -> str:
        """NAME, or the content of the file that NAME_FILE names."""
        file_name = f"{name}_FILE"
        path = self._environ.get(file_name, "")
        self._remember(
            Variable(file_name, "a file", "", f"A file that holds {name}, instead of {name}.")
        )
        if path and self._environ.get(name):
            raise refusal(name, f"is set, and {file_name} too", "only one of the two")
        if not path:
            return self._read(name, kind="a secret", default=default, help=help)
        self._remember(Variable(name, "a secret", default, help))
        return _content(file_name, path)

    def secrets(self, name: str, *, help: str = "") -> list[str]:
        """None or several, separated by commas; also from a file."""
        value = self.secret(name, default="", help=help)
        found = [one.strip() for one in value.split(",")] if value else []
        if not all(found) or any(re.search(r"\s", one) for one in found):
            raise refusal(name, "is not a list of secrets", "secrets separated by single commas")
        if len(set(found)) < len(found):
            raise refusal(name, "has one secret twice", "each secret once")
        return found

    def database(
        self,
        name: str,
        *,
        pool: bool = False,
        default: str | None = None,
        help: str = "",
    ) -> dict[str, Any]:
        """One entry of DATABASES. The password may stand in the URL or in a variable of its own."""
        url = self.secret(name, default=default, help=help)
        other = self.secret(
            f"{name.removesuffix('_URL')}_PASSWORD",
            default="",
            help=f"The password for {name}, when the URL has none.",
        )
        return _parsed(name, lambda: env_urls.database(url, pool=pool, password=other))

    def redis(self, name: str, *, default: str | None = None, help: str = "") -> str:
        url = self.secret(name, default=default, help=help)
        return _parsed(name, lambda: env_urls.redis(url))

    def email(self, name: str, *, default: str | None = None, help: str = "") -> dict[str, Any]:
        """Django's EMAIL_* settings, for `globals().update(…)`."""
        url = self.secret(name, default=default, help=help)
        return _parsed(name, lambda: env_urls.email(url))

    def _read(self, name: str, *, kind: str, default: str | None, help: str) -> str:
        self._remember(Variable(name, kind, default, help))
        value = self._environ.get(name, "").strip() or default
        if value is None:
            raise refusal(name, "is not set", kind)
        return value

    def _remember(self, variable: Variable) -> None:
        known = self.variables.setdefault(variable.name, variable)
        if (known.kind, known.default) != (variable.kind, variable.default):
            raise RuntimeError(f"{variable.name} is read twice, in two different ways.")


def refusal(name: str, problem: str, allowed: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name}: {problem}. Allowed: {allowed}.")


def _parsed(name: str, parse: Callable[[], Parsed]) -> Parsed:
    try:
        return parse()
    except env_urls.UrlProblem as problem:
        raise refusal(name, problem.what, problem.allowed) from None


def _range(minimum: int | None, maximum: int | None) -> str:
    if minimum is not None and maximum is not None:
        return f"a whole number from {minimum} to {maximum}"
    if minimum is not None:
        return f"a whole number, {minimum} or more"
    if maximum is not None:
        return f"a whole number, {maximum} or less"
    return "a whole number"


def _split(name: str, value: str, allowed: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise refusal(name, "cannot be read as a URL", allowed) from None
    return parts


def _content(name: str, path: str) -> str:
    allowed = "a readable file that holds the secret and nothing else"
    try:
        value = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else "it is not UTF-8 text"
        raise refusal(name, f"cannot read {path}: {why}", allowed) from None
    if not value:
        raise refusal(name, f"{path} is empty", allowed)
    return value
