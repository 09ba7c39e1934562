"""What a list page is made of, ready for its template: tabs, groups, sorting, chips, rows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deals.forms.list_request import ListRequest, read_list_request
from deals.list_state import BOARD, FILTERS, PLACES, ListState, list_state_of
from deals.listing.columns import Column
from deals.listing.counts import CAP, ListCounts, shown
from deals.listing.criteria import Group, Tab, groups_of
from deals.listing.neighbours import Neighbours, neighbours_of
from deals.listing.pages import PAGE_SIZES, Page
from deals.listing.sorts import DEFAULT, Sort, columns_of, sorts_for
from deals.models import Deal
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


def clear_url(listed: ListRequest, slug: str) -> str:
    return listed.state.without(*FILTERS).url(slug)


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
