"""An address of a list, understood: what to show, in which order, and from where on."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from cosell.core.money import currency_choices
from deals.forms.filters import SUBMITTED, FilterForm, told_ignored
from deals.list_state import BOARD, CURSORS, FILTERS, PARAMETERS, WHOLE, ListState
from deals.listing.criteria import Filters, Group, Tab, directions_of, groups_of
from deals.listing.cursors import BadCursor, read_cursor
from deals.listing.pages import PAGE_SIZES, Place
from deals.listing.sorts import DEFAULT, Sort, sort_of
from deals.models import Direction
from partners.models import Membership
from referrals.queries import whose_inviter_registered, with_counterpart


@dataclass(frozen=True)
class ListRequest:
    """An address, understood: what to show, and what of it made no sense."""

    tab: Tab
    group: Group | None
    form: FilterForm
    filters: Filters
    sort: Sort
    size: int
    place: Place
    state: ListState
    notes: list[str]
    is_board: bool = False
    totals: str = ""
    more: str = ""


def read_list_request(params: QueryDict, *, tab: Tab, member: Membership) -> ListRequest:
    form = FilterForm(params, tab=tab, member=member)
    form.is_valid()
    notes = _unknown(params, form) + form.notes()
    group = _group_of(params.get("group", ""), tab, notes)
    sort = _sort_of(params.get("sort", ""), group, notes)
    size = _size_of(params.get("size", ""), notes)
    chosen = {
        "group": group,
        "sort": sort.code,
        "size": size if size != PAGE_SIZES[0] else "",
        "layout": _layout_of(params.get("layout", ""), notes),
        "totals": _totals_of(params.get("totals", ""), notes),
        "view": _view_of(params.get("view", "")),
    }
    pairs = [*form.parameters, *((name, str(one)) for name, one in chosen.items() if one)]
    is_board = bool(chosen["layout"])
    place, at = (Place(), _more_of(params)) if is_board else _place_of(params, sort, notes)
    return ListRequest(
        tab=tab,
        group=group,
        form=form,
        filters=_with_other_sides(form.filters, tab, member),
        sort=sort,
        size=size,
        place=place,
        state=ListState(tab, (*pairs, *at)),
        notes=notes,
        is_board=is_board,
        totals=str(chosen["totals"]),
        more=dict(at).get("more", ""),
    )


def _with_other_sides(filters: Filters, tab: Tab, member: Membership) -> Filters:
    directions = directions_of(tab)
    if filters.counterpart:
        condition = with_counterpart(
            member.organization_id,
            filters.counterpart,
            sent=Direction.OUTBOUND in directions,
            received=Direction.INBOUND in directions,
        )
        filters = replace(filters, in_counterpart=condition)
    if filters.registration and member.organization.is_vendor:
        condition = whose_inviter_registered(member.organization_id, filters.registration)
        filters = replace(filters, in_registration=condition)
    return filters


def _unknown(params: QueryDict, form: FilterForm) -> list[str]:
    known = {*PARAMETERS, SUBMITTED} - (set(FILTERS) - set(form.fields))
    return [
        _("The address asks for “%(name)s”, which this list does not know.") % {"name": name[:40]}
        for name in params
        if name not in known
    ]


def _group_of(code: str, tab: Tab, notes: list[str]) -> Group | None:
    if not code:
        return None
    if code in groups_of(tab):
        return Group(code)
    notes.append(told_ignored(_("Group"), code))
    return None


def _sort_of(code: str, group: Group | None, notes: list[str]) -> Sort:
    sort = sort_of(code, group=group)
    if sort is None:
        notes.append(told_ignored(_("Order"), code))
    return sort or DEFAULT


def _size_of(code: str, notes: list[str]) -> int:
    if code and code not in map(str, PAGE_SIZES):
        notes.append(told_ignored(_("Page size"), code))
    return int(code) if code in map(str, PAGE_SIZES) else PAGE_SIZES[0]


def _layout_of(code: str, notes: list[str]) -> str:
    if code not in ("", "list", BOARD):
        notes.append(told_ignored(_("Layout"), code))
    return code if code == BOARD else ""


def _totals_of(code: str, notes: list[str]) -> str:
    """Of any currency: one without a rate says so where the totals stand."""
    if not code or code in dict(currency_choices()):
        return code
    notes.append(told_ignored(_("Currency of the totals"), code))
    return ""


def _more_of(params: QueryDict) -> list[tuple[str, str]]:
    """The column of a board that shows more; one that is not there changes nothing."""
    code = params.get("more", "")
    return [("more", code)] if code.isalnum() and len(code) <= 10 else []


def _view_of(code: str) -> str:
    """A private view of somebody else is unknown, and its address still shows its filters."""
    try:
        return code if code == WHOLE else str(UUID(code))
    except ValueError:
        return ""


def _place_of(
    params: QueryDict, sort: Sort, notes: list[str]
) -> tuple[Place, list[tuple[str, str]]]:
    for name in CURSORS:
        text = params.get(name, "")
        if not text:
            continue
        try:
            cursor = read_cursor(text, sort=sort)
        except BadCursor:
            notes.append(_("That page of the list does not exist; this is the first one."))
            break
        return Place(cursor, is_before=name == "before"), [(name, text)]
    return Place(), []
