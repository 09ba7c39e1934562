"""Where a page of a list begins or ends, as text for a URL: opaque, but no secret.

Whoever changes one by hand gets another place in their own list, or `BadCursor`.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from deals.listing.sorts import Sort
from deals.models import Deal

_BIGGEST = 2**63


class BadCursor(ValueError):
    """Not a place in a list of this order."""


@dataclass(frozen=True)
class Cursor:
    """The sort keys of a deal at the edge of a page, and how many deals stand before that edge."""

    values: tuple[Any, ...]
    position: int


def cursor_at(deal: Deal, *, sort: Sort, position: int) -> str:
    values = [_written(getattr(deal, key)) for key in sort.keys]
    parts = [sort.code, position, *values]
    text = json.dumps(parts, separators=(",", ":"), ensure_ascii=False)
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str, *, sort: Sort) -> Cursor:
    """Raises BadCursor for anything that `cursor_at` did not write for this sort."""
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        code, position, *raw = json.loads(data)
        if code != sort.code:
            raise BadCursor(code)
        values = [_READ[key](value) for key, value in zip(sort.keys, raw, strict=True)]
        return Cursor(tuple(values), max(0, _integer(position)))
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise BadCursor(text[:50]) from error


def _written(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _integer(value: Any) -> int:
    if type(value) is not int or not -_BIGGEST <= value < _BIGGEST:
        raise BadCursor(value)
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise BadCursor(value)
    value.encode()  # lone surrogates are not text to the database
    return value


def _instant(value: Any) -> datetime:
    instant = datetime.fromisoformat(value)
    if timezone.is_naive(instant):
        raise BadCursor(value)
    return instant


_READ: dict[str, Callable[[Any], Any]] = {
    "id": UUID,
    "list_rank": _integer,
    "value_order": _integer,
    "created_at": _instant,
    "close_date": date.fromisoformat,
    "name_order": _text,
    "customer_order": _text,
    "currency": _text,
    "status": _text,
}
