"""Refusals that a person reads. Services raise them; doors turn them into pages."""

from typing import Any


class Refused(Exception):
    """An action that the rules do not allow, with a sentence for the person who tried it.

    `code` is stable and meant for tests and API clients; `status` is the HTTP status of the page.
    """

    status = 422

    def __init__(self, code: str, message: Any, *, field: str = "") -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(Refused):
    """The person lacks a permission; the page names somebody who has it (1.4)."""

    status = 403


class Stale(Refused):
    """Somebody else, or the clock, was faster."""

    status = 409
