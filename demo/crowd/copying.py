"""COPY into tables that are bare meanwhile: indexes and foreign keys are made afterwards, at once.

Everything happens in the caller's transaction, so a load that fails leaves the tables as they were.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import AutoField, GeneratedField, Model

_MEMORY = "512MB"

FOREIGN_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) ORDER BY conname
"""
# Those of a primary key or a unique constraint stay: foreign keys of other tables need them. So do
# partial ones: PostgreSQL does not write every condition in the words it was made of.
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index WHERE indrelid = ANY(%s::regclass[]) AND indpred IS NULL
AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid) ORDER BY 1
"""


class Rows:
    """Rows of one model that wait to be copied; columns that are not given get their default."""

    def __init__(self, model: type[Model], *columns: str) -> None:
        others = [
            field
            for field in model._meta.concrete_fields
            if field.column not in columns and not isinstance(field, AutoField | GeneratedField)
        ]
        self._rest = tuple(
            field.get_db_prep_save(field.get_default(), connection) for field in others
        )
        names = ", ".join([*columns, *(str(field.column) for field in others)])
        self._copy = f"COPY {model._meta.db_table} ({names}) FROM STDIN"
        self._waiting: list[tuple[Any, ...]] = []
        self.written = 0

    def add(self, *values: Any) -> None:
        self._waiting.append(values)

    def write(self) -> None:
        with connection.cursor() as cursor, cursor.copy(self._copy) as copy:
            for row in self._waiting:
                copy.write_row(row + self._rest)
        self.written += len(self._waiting)
        self._waiting.clear()


@contextmanager
def bare(models: Sequence[type[Model]]) -> Iterator[None]:
    """Only the owner of the tables may."""
    tables = [model._meta.db_table for model in models]
    # Nothing may be left to check in tables that are about to change.
    _execute("SET CONSTRAINTS ALL IMMEDIATE")
    keys, indexes = _found(FOREIGN_KEYS, tables), _found(INDEXES, tables)
    for table in tables:
        _execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for table, name, _definition in keys:
        _execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _definition in indexes:
        _execute(f"DROP INDEX {name}")
    yield
    _execute(f"SET LOCAL maintenance_work_mem = '{_MEMORY}'")
    for _name, definition in indexes:
        _execute(definition)
    for table, name, definition in keys:
        _execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for table in tables:
        _execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    _execute("SET CONSTRAINTS ALL DEFERRED")


def _found(query: str, tables: list[str]) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, [tables])
        return list(cursor.fetchall())


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
