"""How facts about a customer read on a page."""

from django import template

from deals.customers import written_duns

register = template.Library()
register.filter("duns", written_duns)
