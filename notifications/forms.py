"""The form in which somebody says how they want to be told."""

from collections.abc import Iterator
from datetime import time
from functools import cache
from itertools import groupby
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from notifications.entries import Channel, Entry, Topic
from notifications.models import Preference
from notifications.preferences import Choice
from partners.models import User

_AREAS = frozenset(
    {
        "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe",
        "Indian", "Pacific",
    }
)  # fmt: skip


def time_zones() -> list[tuple[Any, Any]]:
    """By area; the installation's own comes first."""
    own = _("As everybody here (%(zone)s)") % {"zone": settings.TIME_ZONE}
    return [("", own), ("UTC", "UTC"), *_areas()]


@cache
def _areas() -> list[tuple[str, list[tuple[str, str]]]]:
    places = sorted(one for one in available_timezones() if one.partition("/")[0] in _AREAS)
    return [
        (area, [(one, one.partition("/")[2].replace("_", " ")) for one in found])
        for area, found in groupby(places, key=lambda one: one.partition("/")[0])
    ]


class _Clock(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class PreferenceForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of all pages and mails, in each of your organisations."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        required=False,
        help_text=_("Of all times you read here and in mails, in each of your organisations."),
    )
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=_Clock())
    quiet_until = forms.TimeField(label=_("Quiet until"), required=False, widget=_Clock())
    wants_digest = forms.BooleanField(
        label=_("Tell me each morning what waits, what expires and what went stale"),
        required=False,
        help_text=_("Only when there is something to tell."),
    )
    morning = forms.TimeField(label=_("Time of the digest"), widget=_Clock())

    def __init__(
        self, data: Any = None, *, preference: Preference, entries: dict[str, Entry], person: User
    ) -> None:
        self.entries = entries
        super().__init__(
            data,
            initial={
                "language": person.reading_language,
                "time_zone": person.time_zone,
                "quiet_from": preference.quiet_from,
                "quiet_until": preference.quiet_until,
                "wants_digest": preference.wants_digest,
                "morning": preference.morning,
            },
        )
        for kind, entry in entries.items():
            self.fields[kind] = forms.ChoiceField(
                label=str(entry.title),
                choices=[(one.value, one.label) for one in entry.channels],
                initial=preference.channel_for(kind),
                # What cannot be chosen is no control on the page.
                required=not entry.is_fixed,
            )

    def topics(self) -> Iterator[tuple[str, list[BoundField]]]:
        for topic in Topic:
            kinds = [kind for kind, entry in self.entries.items() if entry.topic == topic]
            if kinds:
                yield str(topic.label), [self[kind] for kind in kinds]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        begin, end = given.get("quiet_from"), given.get("quiet_until")
        if self.errors.keys() & {"quiet_from", "quiet_until"}:
            return given
        if (begin is None) != (end is None):
            missing = "quiet_from" if begin is None else "quiet_until"
            self.add_error(missing, _("Quiet hours need both ends."))
        elif begin is not None and begin == end:
            self.add_error("quiet_until", _("Quiet hours cannot last all day."))
        return given

    @property
    def choice(self) -> Choice:
        given = self.cleaned_data
        morning: time = given["morning"]
        return Choice(
            language=given["language"],
            time_zone=given["time_zone"],
            channels={kind: Channel(given[kind]) for kind in self.entries if given[kind]},
            quiet_from=given["quiet_from"],
            quiet_until=given["quiet_until"],
            wants_digest=given["wants_digest"],
            morning=morning,
        )
