"""The customer of a new deal: found in the directory or among our own, or entered by hand (3.1)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import BooleanField, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import NullIf, StrIndex

from cosell.core.folding import Fold, folded
from deals.models import Customer, ReferenceCustomer
from deals.parts import address_of, customer_from_directory
from partners.models import Organization

Rows = TypeVar("Rows", Customer, ReferenceCustomer)

SHOWN = 8
MIN_LETTERS = 3
# How many of our own are looked through for ones that the directory does not have.
_OWN = 500
# Of a name that half the directory has ("S.A.") not everything is sorted to show the best few.
_SORTED = 2000
_DIRECTORY, _OURS = "directory", "ours"


@dataclass(frozen=True)
class Entry:
    """A company that can be chosen, wherever it stands."""

    company: Customer | ReferenceCustomer

    @property
    def key(self) -> str:
        where = _OURS if isinstance(self.company, Customer) else _DIRECTORY
        return f"{where}:{self.company.pk}"

    @property
    def duns(self) -> str:
        return written_duns(self.company.duns)


def written_duns(digits: str) -> str:
    """As people write it: 42-733-9105."""
    return f"{digits[:2]}-{digits[2:5]}-{digits[5:]}" if digits else ""


def duns_in(query: str) -> str:
    """The nine digits of a D-U-N-S number, however they are spaced; empty for anything else."""
    digits = re.sub(r"[\s.\-–]", "", query)
    return digits if re.fullmatch(r"[0-9]{9}", digits) else ""


def find_customers(
    organization: Organization, query: str, *, country: str, city: str = "", limit: int = SHOWN
) -> list[Entry]:
    """Companies with this D-U-N-S number anywhere, or whose name has these words in the country.

    The directory comes first; our own entries follow where it does not have them.
    """
    duns = duns_in(query)
    if duns:
        listed = ReferenceCustomer.objects.filter(duns=duns)
        own = Customer.objects.filter(organization=organization, duns=duns)
    elif len(query.strip()) < MIN_LETTERS:
        return []
    else:
        listed = _best_first(_listed(query, country=country, city=city), query)
        own = _best_first(_in_city(_own(organization, query, country=country), city), query)
    return _each_once([*listed[:limit], *own[:_OWN]])[:limit]


def entry_of(key: str, *, organization: Organization) -> Entry | None:
    """What a key of the list stands for; None when it is gone or was never ours."""
    where, _colon, pk = key.partition(":")
    try:
        wanted = UUID(pk)
    except ValueError:
        return None
    found: Customer | ReferenceCustomer | None = None
    if where == _DIRECTORY:
        found = ReferenceCustomer.objects.filter(pk=wanted).first()
    elif where == _OURS:
        found = Customer.objects.filter(organization=organization, pk=wanted).first()
    return Entry(found) if found else None


def customer_of(entry: Entry, *, organization: Organization) -> Customer:
    """The organisation's own row of a chosen company."""
    if isinstance(entry.company, Customer):
        return entry.company
    return customer_from_directory(organization, entry.company)


def enter_customer(organization: Organization, address: dict[str, str]) -> Customer:
    """A company entered by hand; entering the very same again gives the same row."""
    known = Customer.objects.filter(organization=organization, **address).first()
    return known or Customer.objects.create(organization=organization, **address)


def listed_with_duns(duns: str) -> ReferenceCustomer | None:
    return ReferenceCustomer.objects.filter(duns=duns).first() if duns else None


def industry_of(company: Customer | ReferenceCustomer) -> str:
    """As the directory has it; empty for who has no D-U-N-S number, or another one."""
    listed = listed_with_duns(company.duns)
    return listed.industry if listed else ""


def _listed(query: str, *, country: str, city: str) -> QuerySet[ReferenceCustomer]:
    named = RawSQL("public.fold(name) LIKE words_pattern(%s)", [query], output_field=BooleanField())
    matching = _in_city(ReferenceCustomer.objects.filter(named, country=country), city)
    return ReferenceCustomer.objects.filter(pk__in=matching.values("pk")[:_SORTED])


def _own(organization: Organization, query: str, *, country: str) -> QuerySet[Customer]:
    matching = RawSQL("SELECT search_customers(%s, %s, %s)", [query, country, _OWN])
    return Customer.objects.filter(organization=organization, pk__in=matching)


def _best_first(companies: QuerySet[Rows], query: str) -> QuerySet[Rows]:
    """Names that begin with what was typed come before names that have it later."""
    first_word = folded((query.split() or [""])[0])
    at = NullIf(StrIndex(Fold("name"), first_word), Value(0))
    return companies.order_by(at.asc(nulls_last=True), "name", "city", "street", "id")


def _in_city(companies: QuerySet[Rows], city: str) -> QuerySet[Rows]:
    if not city.strip():
        return companies
    return companies.filter(city__folded__startswith=folded(city.strip()))


def _each_once(companies: Iterable[Customer | ReferenceCustomer]) -> list[Entry]:
    """Our own entry of a company in the directory, or the same address twice, counts once."""
    seen: set[object] = set()
    entries = []
    for company in companies:
        marks = _marks(company)
        if not seen & marks:
            entries.append(Entry(company))
        seen |= marks
    return entries


def _marks(company: Customer | ReferenceCustomer) -> set[object]:
    """What two entries of the same company share."""
    address = tuple(part.casefold() for part in address_of(company).values())
    reference = company.reference_id if isinstance(company, Customer) else company.pk
    return {address, *filter(None, (reference, company.duns))}
