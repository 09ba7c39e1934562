"""One change of many deals: each through its own service, so that its own rules hold.

What is refused for one deal says so in the report and stops no other.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cosell.core.errors import Refused
from deals.lifecycle import Name, advance
from deals.models import Deal
from deals.queries import visible_deals
from deals.services import details_of, edit_details, set_favorite
from partners.models import Membership

# So many take about a second; more would keep somebody waiting without a sign of life.
MOST = 100


class Action(TextChoices):
    FAVORITE = "favorite", gettext_lazy("Add to favorites")
    STAGE = "stage", gettext_lazy("Mark a sales stage")
    CLOSE_DATE = "close_date", gettext_lazy("Change the close date")


@dataclass(frozen=True)
class Change:
    """The same for every deal; `stage` and `close_date` belong to the actions of these names."""

    action: Action
    stage: str = ""
    close_date: date | None = None


@dataclass(frozen=True)
class Outcome:
    deal: Deal
    refusal: Any = ""

    @property
    def is_done(self) -> bool:
        return not self.refusal


def chosen_deals(member: Membership, ids: Iterable[UUID]) -> list[Deal]:
    """Those of these deals that the member sees, in the order of the list they open with."""
    return list(visible_deals(member).filter(pk__in=set(ids)).order_by("list_rank", "id")[:MOST])


def preview(member: Membership, deals: Sequence[Deal], change: Change) -> list[Outcome]:
    """What would happen: it does happen, one deal after the other, and is undone each time.

    So the preview knows every rule that the change itself will meet, and no other.
    """
    outcomes = []
    for deal in deals:
        with transaction.atomic():
            outcome = _outcome(member, copy(deal), change)
            transaction.set_rollback(True)
        outcomes.append(Outcome(deal, outcome.refusal))
    return outcomes


def change_all(
    member: Membership, deals: Sequence[Deal], change: Change, *, versions: dict[UUID, int]
) -> list[Outcome]:
    """`versions` are those that the preview showed: whatever changed since is refused as stale."""
    return [
        _outcome(member, deal, change)
        if versions.get(deal.pk) == deal.version
        else Outcome(deal, _moved_on())
        for deal in deals
    ]


def _moved_on() -> str:
    return _("Somebody else changed this deal after you looked at the preview.")


def _outcome(member: Membership, deal: Deal, change: Change) -> Outcome:
    try:
        with transaction.atomic():
            _apply(member, deal, change)
    except Refused as refusal:
        return Outcome(deal, refusal.message)
    return Outcome(deal)


def _apply(member: Membership, deal: Deal, change: Change) -> None:
    if change.action == Action.FAVORITE:
        set_favorite(deal, member=member, on=True)
    elif change.action == Action.STAGE:
        advance(deal, Name.MARK_STAGE, actor=member.actor, stage=change.stage)
    elif change.close_date is not None:
        details = replace(details_of(deal), close_date=change.close_date)
        edit_details(deal, actor=member.actor, version=deal.version, details=details)
