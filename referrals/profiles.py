"""A partner as others find it: what the search shows, and the page behind it (1.1, 3.9)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils.translation import ngettext

from cosell.core.folding import with_words
from partners.models import CoSellStatus, Kind, Organization, Solution
from partners.queries import ecosystem, offered_solutions
from referrals.queries import Place, answer_times, places_of


@dataclass(frozen=True)
class PartnerCard:
    organization: Organization
    solutions: Sequence[Solution]
    # How it answers, and how fast; neither where too few answers are known.
    grade: str
    answers: str

    @property
    def status(self) -> CoSellStatus:
        """The best of what it offers."""
        return CoSellStatus(max(solution.status for solution in self.solutions))


@dataclass(frozen=True)
class Profile:
    card: PartnerCard
    places: Sequence[Place]


def partner_cards(partners: Sequence[Organization]) -> list[PartnerCard]:
    """One for each, in this order; who offers nothing for co-selling has none."""
    ids = [partner.pk for partner in partners]
    offered, times = offered_by(ids), answer_times(ids)
    return [
        PartnerCard(
            one,
            offered[one.pk],
            str(one.get_answer_grade_display()),
            answers_in_words(times.get(one.pk)),
        )
        for one in partners
        if offered[one.pk]
    ]


def find_partners(query: str, *, besides: Collection[UUID], most: int) -> list[PartnerCard]:
    """Whom a company can invite, those first that answer quickly (8.1), then by name."""
    found = with_words(ecosystem().exclude(pk__in=besides), query, "name")
    return partner_cards(list(found.order_by("-responsiveness", "name", "id")[:most]))


def profile_of(partner: Organization) -> Profile | None:
    """None for who cannot be found: nothing co-sell ready is published."""
    cards = partner_cards([partner])
    return Profile(cards[0], places_of([partner.pk]).get(partner.pk, [])) if cards else None


def offered_by(ids: Iterable[UUID]) -> dict[UUID, list[Solution]]:
    offered: dict[UUID, list[Solution]] = {pk: [] for pk in ids}
    ready = offered_solutions().filter(
        organization__kind=Kind.PARTNER,
        status__gte=CoSellStatus.CO_SELL_READY,
        organization__in=list(offered),
    )
    for solution in ready.order_by("name", "id"):
        offered[solution.organization_id].append(solution)
    return offered


def answers_in_words(median: timedelta | None) -> str:
    if median is None:
        return ""
    hours = max(1, round(median.total_seconds() / 3600))
    if hours < 48:
        return ngettext(
            "usually answers within %(n)s hour", "usually answers within %(n)s hours", hours
        ) % {"n": hours}
    days = round(hours / 24)
    return ngettext(
        "usually answers within %(n)s day", "usually answers within %(n)s days", days
    ) % {"n": days}
