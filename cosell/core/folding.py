"""Text as people look for it: in any case, with or without accents."""

from django.db import models
from django.db.models import Value


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


models.CharField.register_lookup(Fold)
models.TextField.register_lookup(Fold)
