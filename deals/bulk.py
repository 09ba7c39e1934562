"""One change of many deals: each through its own service, so that its own rules hold.

What is refused for one deal says so in the report and stops no other. A selection is kept from the
first click on; a few deals change while somebody waits, more in the background, one by one.
"""

import time
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import OperationalError, transaction
from django.db.models import Count, Q, QuerySet, TextChoices
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cosell.core.errors import NotAllowed, Refused
from cosell.core.tenancy import APP_ROLE, WORKER_ROLE, database_identity
from deals.lifecycle import advance
from deals.models import Deal, SelectedDeal, Selection
from deals.queries import visible_deals
from deals.services import details_of, edit_details, set_favorite
from deals.transitions import Name
from partners.models import Membership
from partners.permissions import Permission

log = structlog.get_logger(__name__)

# So many take about a second; for more nobody should wait without a sign of life.
MOST_AT_ONCE = 100
MOST = 5_000
KEPT_UNCONFIRMED, KEPT = timedelta(days=1), timedelta(days=30)


class Action(TextChoices):
    FAVORITE = "favorite", gettext_lazy("Add to favorites")
    STAGE = "stage", gettext_lazy("Mark a sales stage")
    CLOSE_DATE = "close_date", gettext_lazy("Change the close date")

    @property
    def permission(self) -> Permission:
        return Permission.VIEW_DEALS if self is Action.FAVORITE else Permission.EDIT_DEALS


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


@dataclass(frozen=True)
class Progress:
    total: int
    done: int
    refused: int

    @property
    def tried(self) -> int:
        return self.done + self.refused


def own_selections(member: Membership) -> QuerySet[Selection]:
    return Selection.objects.filter(organization_id=member.organization_id, membership_id=member.pk)


def chosen_deals(member: Membership, ids: Iterable[UUID]) -> QuerySet[Deal]:
    """Those of these deals that the member sees, in the order of the list they open with."""
    return visible_deals(member).filter(pk__in=set(ids)).order_by("list_rank", "id")


@transaction.atomic
def select_deals(
    member: Membership, deals: QuerySet[Deal], *, action: Action, came_from: str
) -> Selection | None:
    """Keep which deals, and which version of each; None if there are none. At most MOST."""
    if not member.may(action.permission):
        raise NotAllowed("permission", _("Your role looks at deals and does not change them."))
    chosen = list(deals.values_list("pk", "version")[:MOST])
    if not chosen:
        return None
    selection = Selection.objects.create(
        organization_id=member.organization_id,
        membership=member,
        action=action,
        came_from=came_from,
        language=translation.get_language() or "en",
    )
    SelectedDeal.objects.bulk_create(
        SelectedDeal(
            organization_id=member.organization_id,
            selection=selection,
            deal_id=deal_id,
            version=version,
        )
        for deal_id, version in chosen
    )
    return selection


def set_change(selection: Selection, change: Change) -> None:
    """What to do with each; possible until it is confirmed."""
    told = {
        "stage": change.stage,
        "close_date": change.close_date.isoformat() if change.close_date else "",
    }
    selection.change = {name: value for name, value in told.items() if value}
    selection.save(update_fields=["change"])


def change_of(selection: Selection) -> Change | None:
    """None as long as nobody said which stage or day."""
    action, told = Action(selection.action), selection.change
    if action != Action.FAVORITE and action.value not in told:
        return None
    day = told.get("close_date", "")
    return Change(action, told.get("stage", ""), date.fromisoformat(day) if day else None)


def progress_of(selection: Selection) -> Progress:
    counted = selection.deals.aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(is_done=True)),
        refused=Count("pk", filter=Q(is_done=False)),
    )
    return Progress(**counted)


def preview(member: Membership, selection: Selection) -> list[Outcome]:
    """What would happen to the first MOST_AT_ONCE: it does happen, and is undone each time.

    So the preview knows every rule that the change itself will meet, and no other.
    """
    outcomes, change = [], change_of(selection)
    for item in _in_order(member, selection)[:MOST_AT_ONCE]:
        with transaction.atomic():
            outcome = _outcome(member, copy(item.deal), change, version=item.version)
            transaction.set_rollback(True)
        outcomes.append(Outcome(item.deal, outcome.refusal))
    return outcomes


def deals_of(member: Membership, selection: Selection, *, limit: int) -> list[Deal]:
    """The first of them, in the order of the list."""
    return [item.deal for item in _in_order(member, selection)[:limit]]


def outcomes_of(member: Membership, selection: Selection) -> list[Outcome]:
    """The report of what was tried, in the order of the list."""
    tried = _in_order(member, selection).filter(is_done__isnull=False)
    return [Outcome(item.deal, item.refusal) for item in tried]


@transaction.atomic
def start(selection: Selection, *, member: Membership) -> None:
    """Confirm it, once: few deals change at once, many when a worker gets to them."""
    if change_of(selection) is None:
        raise Refused("no_change", _("Say first what to change."))
    waiting = own_selections(member).filter(pk=selection.pk, started_at=None)
    if waiting.update(started_at=timezone.now()) != 1:
        return
    if selection.deals.count() <= MOST_AT_ONCE:
        while _change_next(selection, member):
            pass
        _finish(selection)


def work_off(*, seconds: float) -> None:
    """Go on with every selection that is under way, and forget old ones; for workers.

    Any number of workers may do so and each may be killed: a deal and the word about it are
    committed together.
    """
    until = time.monotonic() + seconds
    for selection in _under_way():
        while time.monotonic() < until and _work_on(selection):
            pass
    with database_identity(WORKER_ROLE):
        now = timezone.now()
        old = Q(started_at=None, created_at__lt=now - KEPT_UNCONFIRMED)
        Selection.objects.filter(old | Q(finished_at__lt=now - KEPT)).delete()


def _under_way() -> list[Selection]:
    with database_identity(WORKER_ROLE):
        return list(
            Selection.objects.filter(started_at__isnull=False, finished_at=None).order_by(
                "started_at"
            )
        )


def _work_on(selection: Selection) -> bool:
    """One deal, as the member who asked, with the rights of this moment; False when over."""
    with (
        database_identity(APP_ROLE, organization=selection.organization_id),
        translation.override(selection.language),
    ):
        if _change_next(selection, _acting_member(selection)):
            return True
        if not selection.deals.filter(is_done=None).exists():
            _finish(selection)
        return False


def _acting_member(selection: Selection) -> Membership | None:
    active = Membership.objects.filter(
        is_active=True, user__is_active=True, organization__is_active=True
    )
    return active.select_related("user", "organization").filter(pk=selection.membership_id).first()


def _change_next(selection: Selection, member: Membership | None) -> bool:
    """In the order of the deals' ids, so that two at once do not wait for each other in a ring."""
    waiting = selection.deals.filter(is_done=None).order_by("deal_id")
    item = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if item is None:
        return False
    refusal = (
        _try(member, item, change_of(selection))
        if member
        else _("You do not belong to this company any more.")
    )
    item.is_done, item.refusal = not refusal, str(refusal)
    item.save(update_fields=["is_done", "refusal"])
    return True


def _try(member: Membership, item: SelectedDeal, change: Change | None) -> str:
    deal = visible_deals(member).filter(pk=item.deal_id).first()
    if deal is None:
        return _("You do not see this deal any more.")
    try:
        return str(_outcome(member, deal, change, version=item.version).refusal)
    except OperationalError:
        # The database is in trouble, not the deal: it stays to be done.
        raise
    except Exception:  # one deal that cannot be changed must not hold up the others
        log.warning("selected_deal_failed", selection=str(item.selection_id), exc_info=True)
        return _("Something went wrong; this deal is as it was.")


def _finish(selection: Selection) -> None:
    Selection.objects.filter(pk=selection.pk, finished_at=None).update(finished_at=timezone.now())


def _in_order(member: Membership, selection: Selection) -> QuerySet[SelectedDeal]:
    """Without those that the member does not see any more."""
    seen = selection.deals.filter(deal__in=visible_deals(member).values("pk"))
    return seen.select_related("deal").order_by("pk")


def _outcome(member: Membership, deal: Deal, change: Change | None, *, version: int) -> Outcome:
    if change is None or deal.version != version:
        return Outcome(deal, _("Somebody else changed this deal after you selected it."))
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
        advance(
            deal,
            Name.MARK_STAGE,
            actor=member.actor,
            stage=change.stage,
            version=deal.version,
        )
    elif change.close_date is not None:
        details = replace(details_of(deal), close_date=change.close_date)
        edit_details(deal, actor=member.actor, version=deal.version, details=details)


def told(outcomes: Sequence[Outcome]) -> tuple[list[Deal], list[Outcome]]:
    """The deals that change, and the refusals."""
    done = [one.deal for one in outcomes if one.is_done]
    return done, [one for one in outcomes if not one.is_done]
