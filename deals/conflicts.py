"""Two people edited the same deal: what one typed beside what the other saved (409)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cosell.core.money import format_money
from deals.events import plain
from deals.models import Deal, DealEvent
from deals.timeline import field_label, value_in_words


@dataclass(frozen=True)
class Row:
    """One difference; `is_taken_over` when only the other side changed it, so theirs stands."""

    label: str
    yours: str
    now: str
    is_taken_over: bool = False


@dataclass(frozen=True)
class Merge:
    """What to offer for saving on top of the other's version, and what differs."""

    values: dict[str, str]
    rows: list[Row]


def merge_details(deal: Deal, typed: Mapping[str, Any], *, events: Iterable[DealEvent]) -> Merge:
    """`deal` is as it is now, `events` what happened since the typing began.

    A field that only the other person changed becomes theirs; where both did, what was typed stays.
    """
    started_from = _values_before(events)
    values, rows = {}, []
    for name, mine in typed.items():
        theirs = getattr(deal, name)
        is_untouched = name in started_from and started_from[name] == mine
        values[name] = str(plain(theirs if is_untouched else mine))
        if mine != theirs:
            rows.append(
                Row(
                    field_label(name),
                    _in_words(name, mine, typed["currency"]),
                    _in_words(name, theirs, deal.currency),
                    is_taken_over=is_untouched,
                )
            )
    return Merge(values, rows)


def differences(yours: Mapping[str, str], now: Mapping[str, str]) -> list[Row]:
    """For people and solutions: who or what stands only on one side, by a key both share."""
    there, gone = _("Yes"), "–"
    only_yours = [Row(name, there, gone) for key, name in yours.items() if key not in now]
    return only_yours + [Row(name, gone, there) for key, name in now.items() if key not in yours]


def _values_before(events: Iterable[DealEvent]) -> dict[str, Any]:
    """What each changed field held before the first of these events."""
    before: dict[str, Any] = {}
    for event in events:
        for name, old, _new in event.data.get("changes", []):
            before.setdefault(name, _parsed(name, old))
    return before


def _parsed(name: str, value: Any) -> Any:
    if name == "value":
        return Decimal(value)
    return date.fromisoformat(value) if name == "close_date" else value


def _in_words(name: str, value: Any, currency: str) -> str:
    if name == "value":
        return format_money(value, currency)
    return value_in_words(name, value) or _("empty")
