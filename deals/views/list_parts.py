"""What a list page is made of, ready for its template: tabs, groups, sorting, chips, rows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cosell.core.money import country_name, format_money
from deals.forms.filters import (
    ListRequest,
    counterpart_choices,
    read_list_request,
    status_choices,
)
from deals.list_state import BOARD, FILTERS, PLACES, WHOLE, ListState, list_state_of
from deals.listing.columns import Column
from deals.listing.counts import CAP, ListCounts, shown
from deals.listing.criteria import Filters, Group, Tab, groups_of
from deals.listing.neighbours import Neighbours, neighbours_of
from deals.listing.pages import PAGE_SIZES, Page
from deals.listing.sorts import DEFAULT, Sort, columns_of, sorts_for
from deals.models import Deal, RegistrationStatus, SavedView
from deals.saved_views import may_change, state_of
from deals.stages import DealType
from deals.views.list_rows import ListRows
from partners.models import Membership
from partners.permissions import Permission
from partners.queries import admins_of


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
    """A column's heading, with its sorting link if lists have such an order."""

    code: str
    label: Any
    css: str = ""
    url: str = ""
    icon: str = ""
    aria_sort: str = ""


@dataclass(frozen=True)
class ViewItem:
    view: SavedView
    url: str
    is_current: bool


@dataclass(frozen=True)
class ViewsMenu:
    items: list[ViewItem]
    current: SavedView | None
    has_changed: bool
    may_change: bool
    whole_url: str


@dataclass(frozen=True)
class Chip:
    code: str
    label: str
    value: str
    url: str


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


def layouts(listed: ListRequest, slug: str) -> list[Choice]:
    ways = (("", _("List"), False), (BOARD, _("Board"), True))
    return [
        Choice(code or "list", label, listed.state.changed(layout=code).url(slug), is_it)
        for code, label, is_board in ways
        for is_it in [is_board == listed.is_board]
    ]


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


def heads(listed: ListRequest, slug: str, rows: ListRows) -> list[Head]:
    """A first click sorts, the next one turns the order round."""
    sorts = columns_of(listed.group)
    columns = [Head("name", _("Deal")), *(_plain_head(one, rows, sorts) for one in rows.columns)]
    return [_sorting(head, sorts.get(head.code, []), listed, slug) for head in columns]


def _plain_head(column: Column, rows: ListRows, sorts: Mapping[str, list[Sort]]) -> Head:
    if column == Column.STATUS and "time_left" in sorts:
        # Where all deals wait for an answer, they differ by the time left (2.4).
        return Head("time_left", _("Time left"), rows.css_of(column))
    return Head(column, column.label, rows.css_of(column))


def _sorting(head: Head, sorts: list[Sort], listed: ListRequest, slug: str) -> Head:
    if not sorts:
        return head
    if listed.sort not in sorts:
        url = listed.state.changed(sort=sorts[0].code).url(slug)
        return replace(head, url=url, icon="arrow-up-down")
    other = next((sort for sort in sorts if sort != listed.sort), listed.sort)
    icon, order = ("arrow-up", "ascending") if listed.sort.ascends else ("arrow-down", "descending")
    url = listed.state.changed(sort=other.code).url(slug)
    return replace(head, url=url, icon=icon, aria_sort=order)


def chips(listed: ListRequest, slug: str, *, solution: str) -> list[Chip]:
    """What narrows the list, each with the address of the list without it."""
    return [
        Chip(names[0], str(label), value, listed.state.without(*names).url(slug))
        for names, label, value in _narrowings(
            listed.filters, listed.tab, solution=solution, stages=listed.form.stages
        )
        if value
    ]


def _narrowings(
    filters: Filters, tab: Tab, *, solution: str, stages: Iterable[tuple[Any, Any]]
) -> Iterator[tuple[tuple[str, ...], Any, str]]:
    yield ("q",), _("Search"), f"“{filters.q}”" if filters.q else ""
    yield ("status",), _("Status"), _labels(filters.status, status_choices(tab))
    yield ("stage",), _("Stage"), _labels(filters.stage, stages)
    yield ("type",), _("Type"), _labels(filters.type, DealType.choices)
    other_sides = _labels(filters.counterpart, counterpart_choices(tab))
    yield ("counterpart",), _("Other side"), other_sides
    yield (
        ("registration",),
        _("Registration"),
        _labels(filters.registration, RegistrationStatus.choices),
    )
    yield ("customer",), _("Customer"), f"{filters.customer}…" if filters.customer else ""
    yield ("solution",), _("Solution"), solution or filters.solution
    yield ("campaign",), _("Campaign"), filters.campaign
    yield ("country",), _("Country"), country_name(filters.country) if filters.country else ""
    yield ("currency", "value_min", "value_max"), _("Value"), _value_range(filters)
    yield (
        ("closes_from", "closes_to"),
        _("Close date"),
        _date_range(filters.closes_from, filters.closes_to),
    )
    created = _date_range(filters.created_from, filters.created_to)
    yield ("created_from", "created_to"), _("Created"), created
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


def _date_range(first: date | None, last: date | None) -> str:
    return _range(*(date_format(day, "DATE_FORMAT") if day else "" for day in (first, last)))


def _range(low: str, high: str) -> str:
    if low and high:
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    if low:
        return _("from %(low)s") % {"low": low}
    return _("up to %(high)s") % {"high": high} if high else ""


def clear_url(listed: ListRequest, slug: str) -> str:
    return listed.state.without(*FILTERS).url(slug)


def told_apart(listed: ListRequest) -> ListRequest:
    """The same list, whose links say that they do not mean the view that it opens with."""
    if listed.state.values("view"):
        return listed
    state = ListState(listed.tab, (*listed.state.parameters, ("view", WHOLE)))
    return replace(listed, state=state)


def default_view(counts: ListCounts) -> ListState | None:
    """What a list opens with that was asked for without a word about what to show."""
    return next(
        (state_of(view) for view in counts.views if str(view.pk) == counts.default_view), None
    )


def views_menu(listed: ListRequest, counts: ListCounts, member: Membership) -> ViewsMenu:
    slug = member.organization.slug
    chosen = next(iter(listed.state.values("view")), "")
    current = next((view for view in counts.views if str(view.pk) == chosen), None)
    whole = ListState(listed.tab, (("view", WHOLE),) if counts.default_view else ())
    return ViewsMenu(
        items=[ViewItem(one, state_of(one).url(slug), one == current) for one in counts.views],
        current=current,
        has_changed=current is not None and _shown_by(listed.state) != _shown_by(state_of(current)),
        may_change=current is not None and may_change(current, member),
        whole_url=whole.url(slug),
    )


def _shown_by(state: ListState) -> list[tuple[str, str]]:
    """Whatever was on, in whichever order it was set; the place in the list aside."""
    return sorted(state.without("view", "size").parameters)


def filters_url(params: QueryDict, tab: Tab, slug: str) -> str:
    """With what was asked for, understood or not: the fields say what is wrong with it."""
    address = reverse("deals:filters", args=[slug, tab])
    return f"{address}?{params.urlencode()}" if params else address


def kept_by_search(listed: ListRequest) -> list[tuple[str, str]]:
    """What the search sends along as long as the panel with the fields was not opened."""
    return [pair for pair in listed.state.parameters if pair[0] not in {"q", *PLACES}]


def kept_by_filters(listed: ListRequest) -> list[tuple[str, str]]:
    """What the fields of the filters send along. With the size, no address is one without a word,
    which would open with the default view."""
    kept = [pair for pair in listed.state.parameters if pair[0] not in {*FILTERS, *PLACES, "size"}]
    return [*kept, ("size", str(listed.size))]


def neighbours(member: Membership, deal: Deal, *, came_from: str) -> Neighbours | None:
    """The deals beside one in the list that its page was opened from; None without a list."""
    if not came_from:
        return None
    state = list_state_of(came_from, deal=deal)
    listed = read_list_request(QueryDict(state.query), tab=state.tab, member=member)
    return neighbours_of(
        deal,
        member=member,
        tab=listed.tab,
        group=listed.group,
        filters=listed.filters,
        sort=listed.sort,
    )


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
    """The reason why New deal leads to an explanation, in short, and whom to ask (1.4, 1.6)."""
    if not member.may(Permission.CREATE_DEALS):
        reason = _("Your role looks at deals and does not create them.")
    elif not (member.organization.is_vendor or counts.has_solution):
        reason = _("Your company needs a published co-sell-ready solution first.")
    else:
        return ""
    return f"{reason} {_whom_to_ask(member)}".strip()


def _whom_to_ask(member: Membership) -> str:
    admins = admins_of(member.organization_id)
    if member.user_id in {admin.pk for admin in admins}:
        return _("You can publish one under Solutions.")
    if not admins:
        return ""
    named = ", ".join(f"{admin.full_name} ({admin.email})" for admin in admins[:3])
    return _("Ask %(admins)s.") % {"admins": named}
