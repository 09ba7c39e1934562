"""The state of a list as its address says it: carried into a deal and back (2.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse

from deals.listing.criteria import Tab
from deals.models import Deal

CURSORS = ("after", "before")
FILTERS = (
    "q", "status", "stage", "type", "country", "customer", "solution", "campaign",
    "counterpart", "registration", "currency", "value_min", "value_max", "closes_from", "closes_to",
    "created_from", "created_to", "mine", "expiring",
)  # fmt: skip
# Where one stands in a list, rather than what it shows.
PLACES = (*CURSORS, "more")
PARAMETERS = ("group", *FILTERS, "sort", "size", "layout", "totals", "view", *PLACES)
# The address of a list that does not open with one's default view.
WHOLE = "all"
BOARD = "board"
_LONGEST = 4000
_MOST = 60


@dataclass(frozen=True)
class ListState:
    tab: Tab
    parameters: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, text: str, *, default: Tab = Tab.INBOUND) -> "ListState":
        """Read what `parameter` wrote. Only a tab and known parameters pass, so that a link can
        never lead out of the lists; anything else is the default list."""
        tab, _mark, query = text[:_LONGEST].partition("?")
        if tab not in Tab.values:
            return cls(default)
        try:
            pairs = parse_qsl(query, max_num_fields=_MOST)
        except ValueError:
            return cls(Tab(tab))
        return cls(Tab(tab), tuple(pair for pair in pairs if pair[0] in PARAMETERS))

    @property
    def query(self) -> str:
        return urlencode(self.parameters)

    @property
    def parameter(self) -> str:
        return f"{self.tab}?{self.query}" if self.parameters else str(self.tab)

    @property
    def as_origin(self) -> str:
        """The query string of a link to a deal."""
        return urlencode({"from": self.parameter})

    def url(self, slug: str) -> str:
        address = _address(slug, self.tab)
        return f"{address}?{self.query}" if self.parameters else address

    def values(self, name: str) -> list[str]:
        return [value for known, value in self.parameters if known == name]

    def changed(self, **values: str | None) -> "ListState":
        """With these set or, for None and "", removed; from the first page again."""
        kept = self._besides({*values, *PLACES})
        added = tuple((name, value) for name, value in values.items() if value)
        return ListState(self.tab, kept + added)

    def without(self, *names: str) -> "ListState":
        return ListState(self.tab, self._besides({*names, *PLACES}))

    def _besides(self, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
        return tuple(pair for pair in self.parameters if pair[0] not in set(names))


@lru_cache(maxsize=1024)
def _address(slug: str, tab: Tab) -> str:
    """A page says it some forty times."""
    return reverse("deals:list", args=[slug, tab])


def list_state_of(text: str, *, deal: Deal) -> ListState:
    """Where to go back to from a deal; without a word about it, the tab that the deal is in."""
    return ListState.parse(text, default=Tab(deal.direction))


def origin_of(text: str) -> str:
    """The query that carries `?from=` on to the next page about a deal; nothing without one."""
    return f"?{urlencode({'from': ListState.parse(text).parameter})}" if text else ""
