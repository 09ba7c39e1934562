"""What a company tends to accept, decline and win (8.2): docs/being-a-good-partner.md.

Counted anew every night from each company's own deals; the page of the company reads what was
counted, and the database function partner_tendencies tells others a part of it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cosell.core.money import country_name
from cosell.core.tenancy import WORKER_ROLE, database_identity
from deals.models import Deal
from partners.models import Industry, Organization
from referrals.models import Trait, TraitRecord

WINDOW = timedelta(days=730)
# Fewer deals of a trait tell nothing.
ENOUGH = 3
# So much more, or less, than usual is a tendency.
_DIFFERS = 0.1
_MOST = 5


class Size(models.TextChoices):
    """In euros, as the database function size_of_euros says."""

    SMALL = "small", gettext_lazy("up to 50,000 EUR")
    MEDIUM = "medium", gettext_lazy("50,000 to 250,000 EUR")
    LARGE = "large", gettext_lazy("250,000 to 1,000,000 EUR")
    HUGE = "huge", gettext_lazy("over 1,000,000 EUR")


# A deal has each of its solutions, and one of everything else. Whoever sent it counts once.
_COUNT = """
    WITH deal AS (
        SELECT d.organization_id, d.id, d.customer_id, d.customer_country,
            size_of_euros(d.value * known.euros) AS size, d.status,
            d.direction = 'inbound' AND d.answered_at IS NOT NULL AND d.status <> 'declined'
                AS accepted,
            r.sender_id
        FROM deals_deal d
        LEFT JOIN referrals_referral r
            ON r.recipient_id = d.organization_id AND r.recipient_deal_id = d.id
        LEFT JOIN euro_rates known ON known.currency = d.currency
        WHERE d.organization_id = ANY (%(ids)s)
          AND (d.answered_at IS NOT NULL OR d.status IN ('won', 'lost'))
          AND coalesce(d.closed_at, d.answered_at) > statement_timestamp() - %(window)s
    ), trait AS (
        SELECT deal.*, 'country' AS trait, customer_country AS code, '' AS label FROM deal
        UNION ALL
        SELECT deal.*, 'size', size, '' FROM deal WHERE size <> ''
        UNION ALL
        SELECT deal.*, 'industry', known.industry, '' FROM deal
        JOIN deals_customer c ON c.id = deal.customer_id
        JOIN deals_referencecustomer known ON known.duns = c.duns AND NOT (known.duns = '')
        WHERE known.industry <> ''
        UNION ALL
        SELECT deal.*, 'solution', s.solution_id::text, s.name FROM deal
        JOIN deals_dealsolution s
            ON s.organization_id = deal.organization_id AND s.deal_id = deal.id
    )
    INSERT INTO referrals_traitrecord
        (organization_id, trait, code, label, accepted, declined, inviters, won, lost)
    SELECT organization_id, trait, code, max(label), count(*) FILTER (WHERE accepted),
        count(*) FILTER (WHERE status = 'declined'), count(DISTINCT sender_id),
        count(*) FILTER (WHERE status = 'won'), count(*) FILTER (WHERE status = 'lost')
    FROM trait GROUP BY organization_id, trait, code
"""


def count_everybodys_traits(*, batch: int = 100) -> None:
    """So many companies a transaction: each has its old records until it has its new ones."""
    with database_identity(WORKER_ROLE):
        ids = list(Organization.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), batch):
        count_traits(ids[start : start + batch])


def count_traits(companies: Collection[UUID]) -> None:
    """Runs as the worker, who alone may."""
    with database_identity(WORKER_ROLE), connection.cursor() as cursor:
        # Two nights at once would both insert.
        cursor.execute("LOCK TABLE referrals_traitrecord IN SHARE ROW EXCLUSIVE MODE")
        TraitRecord.objects.filter(organization__in=companies).delete()
        given: dict[str, Any] = {"ids": list(companies), "window": WINDOW}
        cursor.execute(_COUNT, given)


@dataclass(frozen=True)
class DealTraits:
    """What is known of a deal before anybody is invited to it."""

    country: str = ""
    industry: str = ""
    value: Decimal | None = None
    currency: str = ""
    solutions: Collection[UUID] = field(default_factory=tuple)

    def pairs(self) -> list[tuple[Trait, str]]:
        found = [(Trait.COUNTRY, self.country), (Trait.INDUSTRY, self.industry)]
        found += [(Trait.SOLUTION, str(pk)) for pk in self.solutions]
        if self.value is not None:
            found.append((Trait.SIZE, size_of(self.value, self.currency)))
        return [(trait, code) for trait, code in found if code]


def traits_of(deal: Deal, *, industry: str) -> DealTraits:
    solutions = tuple(deal.solutions.values_list("solution_id", flat=True))
    return DealTraits(deal.customer_country, industry, deal.value, deal.currency, solutions)


def size_of(value: Decimal, currency: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT size_of_euros(%s * euros) FROM euro_rates WHERE currency = %s",
            [value, currency],
        )
        found = cursor.fetchone()
    return str(found[0]) if found else ""


@dataclass(frozen=True)
class Tendency:
    """A trait in words, so many of how many, and what is usual, in percent."""

    words: str
    hits: int
    total: int
    usual: int
    difference: float


@dataclass(frozen=True)
class Tendencies:
    accepts: Sequence[Tendency]
    declines: Sequence[Tendency]
    wins: Sequence[Tendency]

    def __bool__(self) -> bool:
        return bool(self.accepts or self.declines or self.wins)


def tendencies_of(organization_id: UUID) -> Tendencies:
    """What the company accepts, declines and wins more often than it usually does."""
    records = list(TraitRecord.objects.filter(organization_id=organization_id))
    accepts = _compared(records, "accepted", "declined")
    return Tendencies(
        accepts=[one for one in accepts if one.difference >= _DIFFERS][:_MOST],
        declines=[one for one in reversed(accepts) if one.difference <= -_DIFFERS][:_MOST],
        wins=[one for one in _compared(records, "won", "lost") if one.difference >= _DIFFERS][
            :_MOST
        ],
    )


def _compared(records: Sequence[TraitRecord], hit: str, miss: str) -> list[Tendency]:
    """The largest difference from the usual rate first. Two deals as usual are counted in, so that
    few deals differ less."""
    hits, total = _sums([one for one in records if one.trait == Trait.COUNTRY], hit, miss)
    if not total:
        return []
    usual = hits / total
    found = []
    for record in records:
        own, of = _sums([record], hit, miss)
        if of >= ENOUGH:
            difference = (own + 2 * usual) / (of + 2) - usual
            words = in_words(Trait(record.trait), record.code, record.label)
            found.append(Tendency(words, own, of, round(100 * usual), difference))
    return sorted(found, key=lambda one: (-one.difference, -one.total, one.words))


def _sums(records: Sequence[TraitRecord], hit: str, miss: str) -> tuple[int, int]:
    hits = sum(getattr(one, hit) for one in records)
    return hits, hits + sum(getattr(one, miss) for one in records)


def in_words(trait: Trait, code: str, label: Any) -> str:
    if trait == Trait.COUNTRY:
        return _("Customers in %(country)s") % {"country": country_name(code)}
    if trait == Trait.INDUSTRY:
        return _("Industry: %(industry)s") % {"industry": Industry(code).label}
    if trait == Trait.SIZE:
        return _("Deals of %(size)s") % {"size": Size(code).label}
    return str(label)
