"""What a list shows, in words of the domain. Where it comes from (a URL, a form) is the doors'."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet, TextChoices
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cosell.core.folding import folded
from deals.models import Deal, DealSolution, Direction, Favorite, Registration, Status
from deals.models.ranks import FIRST_ACCEPTED_RANK, FIRST_CLOSED_RANK
from deals.queries import on_team, visible_deals
from partners.models import Membership

SEARCH_MINIMUM = 3
# Up to so many matches are found by the search's index first; when more deals contain a word, it is
# faster to walk along the list until a page is full.
SEARCH_LIMIT = 1000
# Sorts after any letter.
_AFTER_ALL = "\U0010ffff"
# Nothing was created before, nor will be after; further away, a time zone leads out of all years.
_FIRST_DAY, _LAST_DAY = date(1970, 1, 1), date(2127, 12, 31)
EXPIRING_SOON = timedelta(days=3)


class Tab(TextChoices):
    INBOUND = "inbound", _("Inbound")
    OUTBOUND = "outbound", _("Outbound")
    FAVORITES = "favorites", _("Favorites")


class Group(TextChoices):
    RECEIVED = "received", _("Waiting for you")
    ACCEPTED = "accepted", pgettext_lazy("group of deals", "Accepted")
    CLOSED = "closed", pgettext_lazy("group of deals", "Closed")


@dataclass(frozen=True)
class Filters:
    """Amounts are within `currency`; an empty value does not filter.

    `counterpart` are statuses of the other sides, `registration` of our registrations, the vendor's
    of those it reviews; `in_…` is what they mean, in rows that this app may not know.
    """

    q: str = ""
    status: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    country: str = ""
    customer: str = ""
    solution: str = ""
    campaign: str = ""
    counterpart: tuple[str, ...] = ()
    registration: tuple[str, ...] = ()
    currency: str = ""
    value_min: Decimal | None = None
    value_max: Decimal | None = None
    closes_from: date | None = None
    closes_to: date | None = None
    created_from: date | None = None
    created_to: date | None = None
    mine: bool = False
    expiring: bool = False
    in_counterpart: Q | None = field(default=None, compare=False)
    in_registration: Q | None = field(default=None, compare=False)


def groups_of(tab: Tab) -> tuple[Group, ...]:
    """Nobody waits for an answer to what we created ourselves."""
    return (Group.ACCEPTED, Group.CLOSED) if tab == Tab.OUTBOUND else tuple(Group)


def directions_of(tab: Tab) -> tuple[Direction, ...]:
    return tuple(Direction) if tab == Tab.FAVORITES else (Direction(tab.value),)


def deals_in_tab(member: Membership, tab: Tab) -> QuerySet[Deal]:
    deals = visible_deals(member)
    if tab == Tab.FAVORITES:
        mine = Favorite.objects.filter(
            organization_id=member.organization_id, membership_id=member.pk
        )
        return deals.filter(pk__in=mine.values("deal_id"))
    return deals.filter(direction=Direction(tab.value))


def in_group(deals: QuerySet[Deal], group: Group | None) -> QuerySet[Deal]:
    """Each group is one range of the index that the default order runs along."""
    if group == Group.RECEIVED:
        return deals.filter(list_rank__lt=FIRST_ACCEPTED_RANK)
    if group == Group.ACCEPTED:
        return deals.filter(list_rank__gte=FIRST_ACCEPTED_RANK, list_rank__lt=FIRST_CLOSED_RANK)
    return deals.filter(list_rank__gte=FIRST_CLOSED_RANK) if group else deals


def matching_ids(q: str) -> RawSQL:
    """The ids of the organisation's deals that contain `q`; at most SEARCH_LIMIT, in no order."""
    return RawSQL("SELECT search_deals(%s, %s)", [q, SEARCH_LIMIT])


def filtered_deals(
    member: Membership, tab: Tab, filters: Filters, *, found: RawSQL | None
) -> QuerySet[Deal]:
    """The deals of a tab that the filters and the search let through.

    `found` selects the ids of all deals that contain the searched text; None if they are too many.
    """
    deals = _by_choice(deals_in_tab(member, tab), filters)
    deals = _by_range(deals, filters)
    deals = _by_parts(deals, filters, member)
    if filters.mine:
        deals = deals.filter(on_team(member))
    if filters.expiring:
        deals = deals.filter(
            status=Status.RECEIVED,
            respond_by__gt=Now(),
            respond_by__lte=timezone.now() + EXPIRING_SOON,
        )
    if not filters.q:
        return deals
    if found is not None:
        return deals.filter(pk__in=found)
    return deals.filter(search__contains=folded(filters.q))


def _by_choice(deals: QuerySet[Deal], filters: Filters) -> QuerySet[Deal]:
    wanted = {
        "status__in": filters.status,
        "stage__in": filters.stage,
        "type__in": filters.type,
        "customer_country": filters.country,
        "currency": filters.currency,
    }
    return deals.filter(**{lookup: value for lookup, value in wanted.items() if value})


def _by_parts(deals: QuerySet[Deal], filters: Filters, member: Membership) -> QuerySet[Deal]:
    if filters.customer:
        deals = _of_customer(deals, filters.customer)
    if filters.campaign:
        # The partial index is used where the condition says that there is a campaign.
        deals = deals.filter(campaign_id=filters.campaign).exclude(campaign_id="")
    if filters.solution:
        deals = deals.filter(pk__in=_with_solution(member, filters.solution))
    if filters.in_registration is not None:
        deals = deals.filter(filters.in_registration)
    elif filters.registration:
        deals = deals.filter(pk__in=_registered(member, filters.registration))
    if filters.in_counterpart is not None:
        deals = deals.filter(filters.in_counterpart)
    return deals


def _of_customer(deals: QuerySet[Deal], beginning: str) -> QuerySet[Deal]:
    """Whose name begins so, in any case and accent: one range of the index that sorts by it."""
    return deals.filter(
        customer_order__gte=folded(beginning), customer_order__lt=folded(beginning + _AFTER_ALL)
    )


def _with_solution(member: Membership, code: str) -> QuerySet[DealSolution, UUID]:
    solutions = DealSolution.objects.filter(organization_id=member.organization_id, code=code)
    return solutions.values_list("deal_id", flat=True)


def _registered(member: Membership, statuses: Collection[str]) -> QuerySet[Registration, UUID]:
    own = Registration.objects.filter(organization_id=member.organization_id, status__in=statuses)
    return own.values_list("deal_id", flat=True)


def _by_range(deals: QuerySet[Deal], filters: Filters) -> QuerySet[Deal]:
    wanted = {
        "value_order__lte": _rank_of(filters.value_min),
        "value_order__gte": _rank_of(filters.value_max),
        "close_date__gte": filters.closes_from,
        "close_date__lte": filters.closes_to,
        "created_at__gte": _midnight(filters.created_from),
        "created_at__lt": _midnight(filters.created_to, days=1),
    }
    return deals.filter(**{lookup: end for lookup, end in wanted.items() if end is not None})


def _midnight(day: date | None, *, days: int = 0) -> datetime | None:
    """With which a day begins in the reader's time zone, or one so many days later."""
    if day is None:
        return None
    known = min(max(day, _FIRST_DAY), _LAST_DAY)
    return timezone.make_aware(datetime.combine(known + timedelta(days=days), time.min))


def _rank_of(value: Decimal | None) -> int | None:
    """Where an amount stands in `Deal.value_order`, the highest first."""
    return None if value is None else -int(value * 100)
