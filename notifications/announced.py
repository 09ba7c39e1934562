"""What a notice of the company or an account says, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.dateparse import parse_datetime

from notifications.catalogue import template_name
from partners.devices import name_of_device
from partners.history import in_words
from partners.models import CoSellStatus


def in_readers_words(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data of the notice; what it names by a code stands there in words."""
    told = {**data, "before": in_words(data.get("before")), "after": in_words(data.get("after"))}
    if "status" in data:
        told["status"] = str(CoSellStatus(data["status"]).label)
    if "agent" in data:
        told["device"] = name_of_device(data["agent"])
    if "at" in data:
        told["at"] = parse_datetime(data["at"])
    return told


def subject_of(kind: str, told: Mapping[str, Any]) -> str:
    """The subject of its mail."""
    return " ".join(render_to_string(template_name(kind, "subject.txt"), {"news": told}).split())
