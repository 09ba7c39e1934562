"""How values read on a page: money, countries, time left."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cosell.core.money import country_name, format_money

register = template.Library()


@register.filter
def money(value: Decimal | str, currency: str) -> str:
    return format_money(Decimal(value), currency)


@register.filter
def country(code: str) -> str:
    return country_name(code)


@register.filter
def time_left(deadline: datetime) -> str:
    """ "2 days 1 hour left" (2.4); the smaller unit is left out under an hour."""
    left = deadline - timezone.now()
    if left <= timedelta(0):
        return _("Time is over")
    days, hours, minutes = left.days, left.seconds // 3600, left.seconds // 60 % 60
    day_words = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    hour_words = ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    minute_words = ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if days:
        words = f"{day_words} {hour_words}" if hours else day_words
    elif hours:
        words = f"{hour_words} {minute_words}" if minutes else hour_words
    else:
        words = minute_words if minutes else _("less than a minute")
    return _("%(time)s left") % {"time": words}


@register.filter
def urgency(deadline: datetime) -> str:
    """A class name: over, urgent (a day), soon (three days) or calm."""
    left = deadline - timezone.now()
    if left <= timedelta(0):
        return "over"
    if left <= timedelta(days=1):
        return "urgent"
    return "soon" if left <= timedelta(days=3) else "calm"


@register.filter
def item(mapping: dict[Any, Any], key: Any) -> Any:
    return mapping.get(key)
