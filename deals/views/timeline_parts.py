"""The timeline of a deal page: which part of it the address asks for, and what it shows."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from comments.remarks import remarks_of
from deals.models import Deal, DealEvent
from deals.queries import newest_events
from deals.timeline import PAGE, Day, timeline_of
from partners.models import Membership

# The value of `show`, and what it keeps: comments, everything else, or all.
SHOWN = {"": None, "comments": True, "changes": False}


@dataclass(frozen=True)
class Choice:
    label: Any
    url: str
    is_current: bool


@dataclass(frozen=True)
class TimelineState:
    """As the address of the page says it; unknown values are all."""

    show: str = ""
    is_whole: bool = False
    came_from: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "TimelineState":
        show = request.GET.get("show", "")
        return cls(
            show if show in SHOWN else "",
            request.GET.get("timeline") == "all",
            request.GET.get("from", ""),
        )

    def query(self, *, show: str, is_whole: bool) -> str:
        given = {"timeline": "all" if is_whole else "", "show": show, "from": self.came_from}
        return urlencode({name: value for name, value in given.items() if value})

    @property
    def url_of_all(self) -> str:
        return f"?{self.query(show=self.show, is_whole=True)}"

    @property
    def url_after_writing(self) -> str:
        """Where what was just written can be seen."""
        show = "comments" if self.show == "comments" else ""
        query = self.query(show=show, is_whole=self.is_whole)
        return f"?{query}" if query else ""

    @property
    def choices(self) -> list[Choice]:
        labels = {"": _("All"), "comments": _("Comments"), "changes": _("Changes")}
        return [
            Choice(label, f"?{self.query(show=show, is_whole=self.is_whole)}", show == self.show)
            for show, label in labels.items()
        ]


@dataclass(frozen=True)
class Timeline:
    deal: Deal
    member: Membership
    state: TimelineState
    is_open: bool

    @cached_property
    def _found(self) -> list[DealEvent]:
        limit = None if self.state.is_whole else PAGE + 1
        return newest_events(self.deal, limit=limit, comments=SHOWN[self.state.show])

    @property
    def _events(self) -> list[DealEvent]:
        return self._found if self.state.is_whole else self._found[:PAGE]

    @property
    def has_older(self) -> bool:
        return len(self._found) > len(self._events)

    @cached_property
    def days(self) -> list[Day]:
        remarks = remarks_of(self._events, member=self.member, is_open=self.is_open)
        return timeline_of(self.deal, self._events, remarks=remarks)
