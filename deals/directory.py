"""Loading the reference directory of customers from a CSV file (1.7).

The file is checked to its last row before anything is written; then it is written at once or not at
all. A company that has a D-U-N-S number is known by it, any other by its name and address.
"""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import TextIOBase

from django.db import connection, transaction

from cosell.core.money import country_choices
from partners.models import Industry

NEEDED = ("name", "street", "postal_code", "city", "country", "duns")
# May be missing as a whole; an empty cell leaves what is known of a company.
COLUMNS = (*NEEDED, "industry")
LONGEST = {"name": 200, "street": 200, "postal_code": 20, "city": 120}
REQUIRED = ("name", "city")
NINE_DIGITS = re.compile(r"[0-9]{9}")
# Where cells go that have no column.
TOO_MUCH = ""
PROGRESS_EVERY = 10_000

Row = tuple[str, ...]
Progress = Callable[[int], None]

_STAGE = """
CREATE TEMPORARY TABLE incoming_customer (
    name text, street text, postal_code text, city text, country text, duns text, industry text
) ON COMMIT DROP
"""
_COPY = f"COPY incoming_customer ({', '.join(COLUMNS)}) FROM STDIN"
_BY_DUNS = """
WITH written AS (
    INSERT INTO deals_referencecustomer AS known
        (id, name, street, postal_code, city, country, duns, industry)
    SELECT gen_random_uuid(), name, street, postal_code, city, country, duns, industry
    FROM incoming_customer WHERE duns <> ''
    ON CONFLICT (duns) WHERE NOT (duns = '') DO UPDATE SET
        (name, street, postal_code, city, country, industry) =
        (excluded.name, excluded.street, excluded.postal_code, excluded.city, excluded.country,
         coalesce(nullif(excluded.industry, ''), known.industry))
    WHERE (known.name, known.street, known.postal_code, known.city, known.country, known.industry)
        IS DISTINCT FROM
        (excluded.name, excluded.street, excluded.postal_code, excluded.city, excluded.country,
         coalesce(nullif(excluded.industry, ''), known.industry))
    RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
"""
_BY_ADDRESS = """
INSERT INTO deals_referencecustomer
    (id, name, street, postal_code, city, country, duns, industry)
SELECT gen_random_uuid(), name, street, postal_code, city, country, '', max(industry)
FROM incoming_customer AS incoming
WHERE duns = '' AND NOT EXISTS (
    SELECT FROM deals_referencecustomer AS known
    WHERE known.duns = ''
        AND (known.name, known.street, known.postal_code, known.city, known.country)
        = (incoming.name, incoming.street, incoming.postal_code, incoming.city, incoming.country)
)
GROUP BY name, street, postal_code, city, country
"""


@dataclass(frozen=True)
class Problem:
    """`row` is the line number that a spreadsheet shows: the header is row 1."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.column}: {self.message}"


@dataclass
class Checked:
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Loaded:
    added: int
    changed: int
    unchanged: int


class NotADirectory(Exception):
    """The file as a whole cannot be read: no header, another encoding."""


def check_directory(file: TextIOBase, *, progress: Progress) -> Checked:
    """Read every row and collect every problem."""
    checked, countries = Checked(), frozenset(code for code, _name in country_choices())
    seen: dict[str, int] = {}
    for number, cells in _numbered_rows(file):
        row = _cleaned(cells)
        problems = [*_in_every_cell(number, cells, row), *_in_codes(number, row, countries)]
        duns = row["duns"]
        if duns and not problems:
            first = seen.setdefault(duns, number)
            if first != number:
                problems.append(Problem(number, "duns", f"{duns} is in row {first} already."))
        checked.problems += problems
        checked.rows.append(tuple(row.values()))
        if len(checked.rows) % PROGRESS_EVERY == 0:
            progress(len(checked.rows))
    return checked


@transaction.atomic
def write_directory(rows: list[Row]) -> Loaded:
    """Add what is new and bring up to date what is known; rows of others stay."""
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy(_COPY) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(_BY_DUNS)
        added, changed = cursor.fetchone()
        cursor.execute(_BY_ADDRESS)
        added += cursor.rowcount
        cursor.execute("DROP TABLE incoming_customer")
    return Loaded(added, changed, len(rows) - added - changed)


def _numbered_rows(file: TextIOBase) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        header = file.readline()
        separator = ";" if header.count(";") > header.count(",") else ","
        names = [
            name.strip().lower() for name in next(csv.reader([header], delimiter=separator), [])
        ]
        missing = [name for name in NEEDED if name not in names]
        if missing:
            raise NotADirectory(f"The header lacks {', '.join(missing)}.")
        reader = csv.reader(file, delimiter=separator, strict=True)
        for cells in reader:
            if cells:
                # What is missing at the end is empty; what is too much has no column.
                row = dict(zip(names, cells + [""] * len(names), strict=False))
                yield reader.line_num + 1, row | {TOO_MUCH: "".join(cells[len(names) :])}
    except UnicodeDecodeError as error:
        raise NotADirectory(f"The file is not UTF-8 (byte {error.start}).") from error
    except csv.Error as error:
        raise NotADirectory(f"Row {reader.line_num + 1} is not CSV: {error}.") from error


def _cleaned(cells: dict[str, str]) -> dict[str, str]:
    row = {name: " ".join(cells.get(name, "").split()) for name in COLUMNS}
    row["industry"] = row["industry"].lower()
    row["country"] = row["country"].upper()
    row["duns"] = row["duns"].replace("-", "").replace(" ", "")
    return row


def _in_every_cell(number: int, cells: dict[str, str], row: dict[str, str]) -> Iterator[Problem]:
    if cells[TOO_MUCH]:
        yield Problem(number, "end", f"“{cells[TOO_MUCH]}” stands after the last column.")
    for name, value in row.items():
        if name in REQUIRED and not value:
            yield Problem(number, name, "is empty.")
        if len(value) > LONGEST.get(name, len(value)):
            yield Problem(number, name, f"is longer than {LONGEST[name]} characters.")
        if not value.isprintable():
            yield Problem(number, name, "has a character that cannot be shown.")


def _in_codes(number: int, row: dict[str, str], countries: frozenset[str]) -> Iterator[Problem]:
    country, duns = row["country"], row["duns"]
    if country not in countries:
        yield Problem(number, "country", f"“{country}” is no ISO 3166 code, such as PL.")
    if duns and not NINE_DIGITS.fullmatch(duns):
        yield Problem(number, "duns", f"“{duns}” has not nine digits.")
    if row["industry"] and row["industry"] not in Industry.values:
        known = ", ".join(Industry.values)
        yield Problem(number, "industry", f"“{row['industry']}” is none of {known}.")
