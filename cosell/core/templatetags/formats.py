"""How values read on a page: money and countries."""

from decimal import Decimal
from typing import Any

from django import template

from cosell.core.money import country_name, format_money

register = template.Library()


@register.filter
def money(value: Decimal | str, currency: str) -> str:
    return format_money(Decimal(value), currency)


@register.filter
def country(code: str) -> str:
    return country_name(code)


@register.filter
def item(mapping: dict[Any, Any], key: Any) -> Any:
    return mapping.get(key)
