"""Text as people look for it: in any case, with or without accents."""

from typing import TypeVar

from django.db import models
from django.db.models import Q, QuerySet, Value

Row = TypeVar("Row", bound=models.Model)


class Fold(models.Transform):
    """Lower case without accents, by the database's own function that its indexes use.

    As a lookup it says what is looked at: `name__folded__contains=Fold(Value("zabka"))`.
    """

    lookup_name = "folded"
    function = "public.fold"
    output_field = models.TextField()


def folded(text: str) -> Fold:
    """What was typed, to compare with a folded column."""
    return Fold(Value(text, output_field=models.TextField()))


def with_words(rows: "QuerySet[Row]", query: str, *fields: str) -> "QuerySet[Row]":
    """Rows that have every word that was typed in one of these fields, in any order."""
    for word in query.split():
        sought = folded(word)
        rows = rows.filter(
            Q(*((f"{field}__folded__contains", sought) for field in fields), _connector=Q.OR)
        )
    return rows


models.CharField.register_lookup(Fold)
models.TextField.register_lookup(Fold)
