"""How a stage reads on a page of the company whose deal it is."""

from collections.abc import Mapping

from django import template

from deals.stage_names import stage_in_words
from deals.stages import Stage

register = template.Library()


@register.filter
def named(stage: Stage, names: Mapping[str, str]) -> str:
    """`{{ deal.current_stage|named:stage_names }}`: our own name of it, where we have one (5.8)."""
    return stage_in_words(stage, names)
