"""How values read on a page: money, countries and phone numbers."""

from decimal import Decimal
from typing import Any

from django import template
from phonenumber_field.phonenumber import to_python

from cosell.core.money import country_name, format_money

register = template.Library()


@register.filter
def money(value: Decimal | str, currency: str) -> str:
    return format_money(Decimal(value), currency)


@register.filter
def country(code: str) -> str:
    return country_name(code)


@register.filter
def phone(value: Any) -> str:
    """As people read it, whichever way it was kept: +48 22 123 45 67."""
    number = to_python(value)
    return number.as_international if number and number.is_valid() else str(value)


@register.filter
def item(mapping: dict[Any, Any], key: Any) -> Any:
    return mapping.get(key)
