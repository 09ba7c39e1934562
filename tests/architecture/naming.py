"""Names that other companies chose, as somebody would who wants them to be run."""

from typing import Any

from tests.identity import as_owner
from tests.world import World

ELEMENT, TEXT = b"<b hx-get", b"&lt;b hx-get"


def give_markup_for_names(world: World) -> None:
    with as_owner():
        for company in (world.contoso, world.fabrikam, world.outsider, world.microsoft):
            named: tuple[Any, ...] = (company.organization, company.solution)
            for one in named:
                one.name = f"<b hx-get=/x>{one.name}</b>"
                one.save()
