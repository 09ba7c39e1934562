"""Loads the demo in one transaction: the same world every time, with dates that end now."""

from django.db import transaction
from django.utils import timezone

from cosell.core.tenancy import WORKER_ROLE, database_identity
from deals.models import Favorite, ReferenceCustomer
from deals.rates import check_rates, write_rates
from demo.book import Book, Record
from demo.calendar import HISTORY, Calendar
from demo.companies import Colleague, Company, load_companies
from demo.names import DATA, Names
from demo.plan import Plan
from demo.registering import Registering
from demo.talk import Talk
from demo.tenants import load_tenants
from demo.texts import Words
from insights.counting import count_all_changes
from notifications.models import Notice
from partners.models import Organization
from partners.permissions import REVIEWER_ROLES
from referrals.responsiveness import rate_everybody
from referrals.traits import count_everybodys_traits

SEED = 20
# Whose hearts the demo begins with, and how many.
FAVORITES = (("contoso", "anna@contoso.example", 9), ("microsoft", "sam@microsoft.example", 7))


def is_loaded() -> bool:
    return Organization.objects.exists()


@transaction.atomic
def load_demo() -> dict[str, int]:
    """Write everything as the worker and say how much; nothing happens twice (see is_loaded)."""
    with database_identity(WORKER_ROLE):
        now = timezone.now().replace(microsecond=0)
        names = Names(SEED)
        calendar = Calendar(names.random, now)
        companies = load_companies(names, founded=now - HISTORY)
        customers = ReferenceCustomer.objects.bulk_create(names.customers())
        _load_rates()
        book = Book(names)
        plan = Plan(book, Words(names), calendar, companies=companies, customers=customers)
        plan.tell_everything()
        _give_hearts(book, companies)
        Talk(book, Names(SEED + 1), now).tell_everything()
        reviewer = next(one for one in companies["microsoft"].people if _reviews(one))
        registering = Registering(book, Names(SEED + 2), now, reviewer=reviewer)
        registering.tell_everything(companies["contoso"])
        book.write()
        load_tenants(Names(SEED + 3), companies, since=now - HISTORY)
        rate_everybody()
        count_everybodys_traits()
        # Nobody is told about what happened before the demo began.
        Notice.objects.filter(resolved_at=None).update(resolved_at=now)
        count_all_changes()
        return {
            "organisations": len(companies),
            "customers": len(customers),
            "solutions": sum(
                len(one.solutions) + len(one.assessments) for one in companies.values()
            ),
            "deals": len(book.records),
            "invitations": len(book.referrals),
            "comments": len(book.comments),
            "events": len(book.events),
        }


def _reviews(colleague: Colleague) -> bool:
    return colleague.membership is not None and colleague.membership.role in REVIEWER_ROLES


def _load_rates() -> None:
    with (DATA / "rates.csv").open(encoding="utf-8", newline="") as file:
        write_rates(check_rates(file).rates)


def _give_hearts(book: Book, companies: dict[str, Company]) -> None:
    for slug, email, how_many in FAVORITES:
        company = companies[slug]
        owner = next(one for one in company.people if one.person.email == email)
        assert owner.membership is not None  # noqa: S101 (the cast has accounts)
        theirs = [record for record in book.records if record.company is company]
        book.favorites += [
            Favorite(
                organization=company.organization, membership=owner.membership, deal=record.deal
            )
            for record in _mixed(book, theirs, how_many)
        ]


def _mixed(book: Book, records: list[Record], how_many: int) -> list[Record]:
    """Some of every status, so that the tab shows what hearts are good for."""
    by_status: dict[str, list[Record]] = {}
    for record in book.names.random.sample(records, len(records)):
        by_status.setdefault(record.status, []).append(record)
    ordered = [
        record
        for round_ in range(how_many)
        for group in by_status.values()
        for record in group[round_ : round_ + 1]
    ]
    return ordered[:how_many]
