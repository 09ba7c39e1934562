"""What a list page is made of, ready for its template: tabs, groups, sorting, chips, rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cosell.core.money import country_name, format_money
from deals.forms.filters import ListRequest, status_choices
from deals.list_state import FILTERS, ListState
from deals.listing.counts import CAP, ListCounts, shown
from deals.listing.criteria import Filters, Group, Tab, groups_of
from deals.listing.pages import PAGE_SIZES, Page
from deals.listing.sorts import DEFAULT, Sort, columns_of, sorts_for
from deals.models import Deal, Status
from deals.stage_names import stage_in_words
from deals.stages import DealType
from partners.models import Membership
from partners.permissions import Permission
from referrals.models import Referral
from referrals.queries import counterparts

MOST_PARTIES = 2


@dataclass(frozen=True)
class Choice:
    """A tab, a group, an order or a page size to go to."""

    code: str
    label: Any
    url: str
    is_current: bool
    count: str = ""


@dataclass(frozen=True)
class Head:
    """The sorting link of a column."""

    url: str
    icon: str
    aria_sort: str = ""


@dataclass(frozen=True)
class Chip:
    code: str
    label: str
    value: str
    url: str


@dataclass(frozen=True)
class Party:
    name: str
    status: str
    label: Any


@dataclass(frozen=True)
class Row:
    deal: Deal
    parties: Sequence[Party]
    more_parties: int
    stage_name: str


def tabs(listed: ListRequest, counts: ListCounts, slug: str) -> list[Choice]:
    """A tab opens as it is: filters belong to the list they were set in."""
    return [
        Choice(tab, tab.label, ListState(tab).url(slug), tab == listed.tab, shown(counts.tabs[tab]))
        for tab in Tab
    ]


def groups(listed: ListRequest, counts: ListCounts, slug: str) -> list[Choice]:
    choices: list[tuple[Group | None, Any]] = [(None, _("All"))]
    choices += [(group, group.label) for group in groups_of(listed.tab)]
    return [
        Choice(
            group or "",
            label,
            _state_of_group(listed, group).url(slug),
            group == listed.group,
            shown(counts.of(group)),
        )
        for group, label in choices
    ]


def _state_of_group(listed: ListRequest, group: Group | None) -> ListState:
    """An order that the other group does not know is left behind."""
    sort = listed.sort if listed.sort in sorts_for(group) else DEFAULT
    return listed.state.changed(group=group, sort=sort.code)


def sort_menu(listed: ListRequest, slug: str) -> list[Choice]:
    return [
        Choice(
            sort.code, sort.label, listed.state.changed(sort=sort.code).url(slug),
            sort == listed.sort,
        )
        for sort in sorts_for(listed.group)
    ]  # fmt: skip


def page_sizes(listed: ListRequest, total: int, slug: str) -> list[Choice]:
    """Nothing to choose where everything fits on the smallest page."""
    if total <= PAGE_SIZES[0]:
        return []
    return [
        Choice(
            str(size), str(size),
            listed.state.changed(size=str(size) if size != PAGE_SIZES[0] else "").url(slug),
            size == listed.size,
        )
        for size in PAGE_SIZES
    ]  # fmt: skip


def heads(listed: ListRequest, slug: str) -> dict[str, Head]:
    """By column: a first click sorts, the next one turns the order round."""
    columns = columns_of(listed.group)
    return {column: _head(sorts, listed, slug) for column, sorts in columns.items()}


def _head(sorts: list[Sort], listed: ListRequest, slug: str) -> Head:
    if listed.sort not in sorts:
        return Head(listed.state.changed(sort=sorts[0].code).url(slug), "arrow-up-down")
    other = next((sort for sort in sorts if sort != listed.sort), listed.sort)
    icon, order = ("arrow-up", "ascending") if listed.sort.ascends else ("arrow-down", "descending")
    return Head(listed.state.changed(sort=other.code).url(slug), icon, order)


def chips(listed: ListRequest, slug: str) -> list[Chip]:
    """What narrows the list, each with the address of the list without it."""
    return [
        Chip(names[0], str(label), value, listed.state.without(*names).url(slug))
        for names, label, value in _narrowings(
            listed.filters, listed.tab, stages=listed.form.stages
        )
        if value
    ]


def _narrowings(
    filters: Filters, tab: Tab, *, stages: Iterable[tuple[Any, Any]]
) -> Iterator[tuple[tuple[str, ...], Any, str]]:
    yield ("q",), _("Search"), f"“{filters.q}”" if filters.q else ""
    yield ("status",), _("Status"), _labels(filters.status, status_choices(tab))
    yield ("stage",), _("Stage"), _labels(filters.stage, stages)
    yield ("type",), _("Type"), _labels(filters.type, DealType.choices)
    yield ("country",), _("Country"), country_name(filters.country) if filters.country else ""
    yield ("currency", "value_min", "value_max"), _("Value"), _value_range(filters)
    yield ("closes_from", "closes_to"), _("Close date"), _date_range(filters)
    yield ("mine",), _("Team"), _("I am on it") if filters.mine else ""
    yield ("expiring",), _("Time left"), _("three days or less") if filters.expiring else ""


def _labels(codes: Iterable[str], choices: Iterable[tuple[Any, Any]]) -> str:
    labels = dict(choices)
    return ", ".join(str(labels[code]) for code in codes)


def _value_range(filters: Filters) -> str:
    low, high = (
        format_money(value, filters.currency) if value is not None else ""
        for value in (filters.value_min, filters.value_max)
    )
    return _range(low, high) or filters.currency


def _date_range(filters: Filters) -> str:
    first, last = (
        date_format(day, "DATE_FORMAT") if day else ""
        for day in (filters.closes_from, filters.closes_to)
    )
    return _range(first, last)


def _range(low: str, high: str) -> str:
    if low and high:
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    if low:
        return _("from %(low)s") % {"low": low}
    return _("up to %(high)s") % {"high": high} if high else ""


def clear_url(listed: ListRequest, slug: str) -> str:
    return listed.state.without(*FILTERS).url(slug)


def rows(page: Page, member: Membership, *, stage_names: Mapping[str, str]) -> list[Row]:
    referrals = counterparts(member.organization_id, page.deals)
    return [_row(deal, referrals.get(deal.pk, []), stage_names) for deal in page.deals]


def _row(deal: Deal, referrals: list[Referral], stage_names: Mapping[str, str]) -> Row:
    parties = [_party(deal, referral) for referral in referrals]
    stage = deal.current_stage
    name = stage_in_words(stage, stage_names) if stage else ""
    return Row(deal, parties[:MOST_PARTIES], len(parties[MOST_PARTIES:]), name)


def _party(deal: Deal, referral: Referral) -> Party:
    """The other side, as far as the referral shows it (4.6)."""
    if deal.organization_id == referral.recipient_id:
        status, label = referral.sender_status, referral.get_sender_status_display()
        if status == Status.ACCEPTED:
            label = _("Created")
        return Party(referral.sender_name, status, label)
    label = referral.get_recipient_status_display()
    return Party(referral.recipient_name, referral.recipient_status, label)


def summary(page: Page, total: int) -> str:
    if not page.deals:
        return ""
    places = {"first": page.start + 1, "last": page.end, "total": shown(total)}
    if total > CAP and page.end > CAP:
        return _("%(first)s to %(last)s") % places
    return _("%(first)s to %(last)s of %(total)s") % places


def spoken(total: int) -> str:
    if total > CAP:
        return _("More than %(n)s deals") % {"n": CAP}
    return ngettext("%(n)s deal", "%(n)s deals", total) % {"n": total}


def why_not_create(member: Membership, counts: ListCounts) -> str:
    """The reason why New deal leads to an explanation, in short (1.4, 1.6)."""
    if not member.may(Permission.CREATE_DEALS):
        return _("Your role looks at deals and does not create them.")
    if not (member.organization.is_vendor or counts.has_solution):
        return _("Your company needs a published co-sell-ready solution first.")
    return ""
