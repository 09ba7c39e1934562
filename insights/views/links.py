"""From a number to the deals behind it, where a list can be asked for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from deals.models import Direction, Status
from insights.facts import TAKEN_ON
from insights.queries import Asked

Filters = Sequence[tuple[str, str]]
TAKEN: Filters = [("status", status.value) for status in TAKEN_ON]


@dataclass(frozen=True)
class DealLinks:
    """Deals that came in during the period; lists know no locations."""

    slug: str
    asked: Asked

    @property
    def ways(self) -> list[Direction]:
        return [Direction(self.asked.direction)] if self.asked.direction else list(Direction)

    def url(self, way: str, filters: Filters = ()) -> str:
        if self.asked.location:
            return ""
        days = self.asked.period
        pairs = [
            ("created_from", days.first.isoformat()),
            ("created_to", days.last.isoformat()),
            *([("type", self.asked.type)] if self.asked.type else []),
            *filters,
        ]
        return f"{reverse('deals:list', args=[self.slug, way])}?{urlencode(pairs)}"

    def taken(self, way: str, filters: Filters = ()) -> str:
        """Everything that we created counts as taken on."""
        return self.url(way, [*filters, *(TAKEN if way == Direction.INBOUND else [])])


def with_status(*statuses: Status) -> Filters:
    return [("status", status.value) for status in statuses]
