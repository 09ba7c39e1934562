"""What narrows a list, in words, each with the address of the list without it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cosell.core.money import country_name, format_money
from deals.forms.filters import counterpart_choices, status_choices
from deals.forms.list_request import ListRequest
from deals.listing.criteria import Filters, Tab
from deals.models import RegistrationStatus
from deals.stages import DealType


@dataclass(frozen=True)
class Chip:
    code: str
    label: str
    value: str
    url: str


def chips(listed: ListRequest, slug: str, *, solution: str) -> list[Chip]:
    """What narrows the list, each with the address of the list without it."""
    return [
        Chip(names[0], str(label), value, listed.state.without(*names).url(slug))
        for names, label, value in _narrowings(
            listed.filters, listed.tab, solution=solution, stages=listed.form.stages
        )
        if value
    ]


def _narrowings(
    filters: Filters, tab: Tab, *, solution: str, stages: Iterable[tuple[Any, Any]]
) -> Iterator[tuple[tuple[str, ...], Any, str]]:
    yield ("q",), _("Search"), f"“{filters.q}”" if filters.q else ""
    yield ("status",), _("Status"), _labels(filters.status, status_choices(tab))
    yield ("stage",), _("Stage"), _labels(filters.stage, stages)
    yield ("type",), _("Type"), _labels(filters.type, DealType.choices)
    other_sides = _labels(filters.counterpart, counterpart_choices(tab))
    yield ("counterpart",), _("Other side"), other_sides
    yield (
        ("registration",),
        _("Registration"),
        _labels(filters.registration, RegistrationStatus.choices),
    )
    yield ("customer",), _("Customer"), f"{filters.customer}…" if filters.customer else ""
    yield ("solution",), _("Solution"), solution or filters.solution
    yield ("campaign",), _("Campaign"), filters.campaign
    yield ("country",), _("Country"), country_name(filters.country) if filters.country else ""
    yield ("currency", "value_min", "value_max"), _("Value"), _value_range(filters)
    yield (
        ("closes_from", "closes_to"),
        _("Close date"),
        _date_range(filters.closes_from, filters.closes_to),
    )
    created = _date_range(filters.created_from, filters.created_to)
    yield ("created_from", "created_to"), _("Created"), created
    yield ("mine",), _("Team"), _("I am on it") if filters.mine else ""
    yield ("expiring",), _("Time left"), _("three days or less") if filters.expiring else ""


def _labels(codes: Iterable[str], choices: Iterable[tuple[Any, Any]]) -> str:
    labels = dict(choices)
    return ", ".join(str(labels[code]) for code in codes)


def _value_range(filters: Filters) -> str:
    low, high = (
        format_money(value, filters.currency) if value is not None else ""
        for value in (filters.value_min, filters.value_max)
    )
    return _range(low, high) or filters.currency


def _date_range(first: date | None, last: date | None) -> str:
    return _range(*(date_format(day, "DATE_FORMAT") if day else "" for day in (first, last)))


def _range(low: str, high: str) -> str:
    if low and high:
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    if low:
        return _("from %(low)s") % {"low": low}
    return _("up to %(high)s") % {"high": high} if high else ""
