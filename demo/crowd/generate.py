"""Generates the load in one transaction, as the owner of the tables."""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from deals.models import (
    Customer,
    CustomerContact,
    Deal,
    DealEvent,
    DealSolution,
    Favorite,
    ReferenceCustomer,
    TeamMember,
)
from demo.crowd.companies import create_companies
from demo.crowd.copying import bare
from demo.crowd.ledger import Ledger
from demo.crowd.plan import engagements, sizes
from demo.names import Names
from referrals.models import Referral

SEED = 21
HISTORY = timedelta(days=3 * 365)
TABLES = (
    Customer, Deal, CustomerContact, TeamMember, DealSolution, DealEvent, Favorite, Referral,
)  # fmt: skip
_BATCH = 5_000

Progress = Callable[[str], None]


@transaction.atomic
def generate(deals: int, *, progress: Progress) -> dict[str, int]:
    """Write this many deals with all that belongs to them, and say how many rows of what."""
    names = Names(SEED)
    companies = create_companies(sizes(deals), names)
    ReferenceCustomer.objects.bulk_create(names.customers(), batch_size=_BATCH)
    pairs = list(engagements([one.size for one in companies], names.random))
    now = timezone.now()
    ledger = Ledger(names, now=now)
    progress(f"{len(companies):,} organisations, {len(pairs):,} opportunities")
    with bare(TABLES):
        for number, (sender, recipient) in enumerate(pairs):
            ledger.engagement(
                companies[sender],
                None if recipient is None else companies[recipient],
                # The newest deals are written last, as they would have been.
                at=now - HISTORY * (1 - number / len(pairs)),
            )
            if number % _BATCH == _BATCH - 1:
                ledger.write()
                progress(f"{ledger.deals.written:,} of {deals:,} deals")
        ledger.write()
        # Without it, checking the keys may look through a whole table for every row.
        _analyze()
        progress("Building indexes and checking keys …")
    written = {"deals": ledger.deals, "referrals": ledger.referrals, "events": ledger.events}
    return {what: rows.written for what, rows in written.items()}


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in TABLES)}")
