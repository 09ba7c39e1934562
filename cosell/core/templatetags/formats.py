"""How values read on a page: money, countries and phone numbers."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import ngettext
from phonenumber_field.phonenumber import to_python

from cosell.core.money import country_name, format_money, format_percentage

register = template.Library()


@register.filter
def money(value: Decimal | str, currency: str) -> str:
    return format_money(Decimal(value), currency)


@register.filter
def country(code: str) -> str:
    return country_name(code)


@register.filter
def percent(value: int) -> str:
    return format_percentage(value)


@register.filter
def phone(value: Any) -> str:
    """As people read it, whichever way it was kept: +48 22 123 45 67."""
    number = to_python(value)
    return number.as_international if number and number.is_valid() else str(value)


@register.filter
def roughly(time: timedelta) -> str:
    """How long something took: hours up to two days, then days."""
    hours = max(1, round(time.total_seconds() / 3600))
    if hours < 48:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = round(hours / 24)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


@register.filter
def item(mapping: dict[Any, Any], key: Any) -> Any:
    return mapping.get(key)
