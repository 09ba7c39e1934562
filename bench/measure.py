"""Asking over HTTP with keep-alive, and how long each answer took."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from statistics import quantiles
from urllib.parse import urlencode

from bench.visits import Request, Visit

CLIENTS = 8
# The server ends a connection that was quiet for five seconds.
_QUIET = 3
# Any text does: what counts is that cookie and header agree.
_TOKEN = "b" * 32


class Line:
    """A connection that is kept alive, and opened anew when it was quiet for too long."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._used_at = 0.0

    def ask(self, visit: Visit, request: Request) -> tuple[float, int]:
        """Milliseconds and bytes; opening a connection is not part of it."""
        if time.monotonic() - self._used_at > _QUIET:
            self._connection.close()
            self._connection.connect()
        try:
            return _ask(self._connection, visit, request)
        except OSError as error:
            raise RuntimeError(f"{request.path} got no answer: {error}") from error
        finally:
            self._used_at = time.monotonic()

    def close(self) -> None:
        self._connection.close()


@dataclass
class Measured:
    visit: Visit
    milliseconds: list[float] = field(default_factory=list)
    size: int = 0
    per_second: float | None = None

    @property
    def p50(self) -> float:
        return self._at(50)

    @property
    def p95(self) -> float:
        return self._at(95)

    def _at(self, per_cent: int) -> float:
        if len(self.milliseconds) == 1:
            return self.milliseconds[0]
        return quantiles(self.milliseconds, n=100, method="inclusive")[per_cent - 1]


def measure(visits: list[Visit], sites: dict[str, int], *, rounds: int) -> list[Measured]:
    """A round asks for everything once, so that a busy moment of the machine hits all alike."""
    measured = [Measured(visit) for visit in visits]
    lines = {visit.name: Line(sites[visit.site]) for visit in visits}
    for number in range(-1, rounds):
        for one in measured:
            if one.visit.rounds is not None and not 0 <= number < one.visit.rounds:
                continue
            took, size = lines[one.visit.name].ask(one.visit, next(one.visit.requests))
            if number >= 0:
                one.milliseconds.append(took)
                one.size = size
    for line in lines.values():
        line.close()
    return measured


def requests_per_second(visit: Visit, port: int, *, seconds: float) -> float:
    """What eight clients at once get."""
    until = time.monotonic() + seconds
    request = next(visit.requests)

    def asking() -> int:
        line, answered = Line(port), 0
        while time.monotonic() < until:
            line.ask(visit, request)
            answered += 1
        line.close()
        return answered

    with ThreadPoolExecutor(CLIENTS) as clients:
        return sum(clients.map(lambda _number: asking(), range(CLIENTS))) / seconds


def _ask(connection: HTTPConnection, visit: Visit, request: Request) -> tuple[float, int]:
    method, body = ("GET", None) if request.form is None else ("POST", urlencode(request.form))
    headers = _headers(visit, is_form=body is not None)
    began = time.perf_counter()
    connection.request(method, request.path, body, headers)
    answer = connection.getresponse()
    size = len(answer.read())
    took = (time.perf_counter() - began) * 1000
    if answer.status != visit.expects:
        raise RuntimeError(f"{request.path}: {answer.status} instead of {visit.expects}")
    return took, size


def _headers(visit: Visit, *, is_form: bool) -> dict[str, str]:
    cookies = {name: morsel.value for name, morsel in visit.client.cookies.items()}
    headers = {"Accept-Encoding": "identity", "Accept-Language": "en"}
    if is_form:
        cookies["csrftoken"] = headers["X-CSRFToken"] = _TOKEN
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    return headers | {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
