"""The menu of saved views, and the view that a list opens with."""

from dataclasses import dataclass, replace

from deals.forms.list_request import ListRequest
from deals.list_state import WHOLE, ListState
from deals.listing.counts import ListCounts
from deals.models import SavedView
from deals.saved_views import may_change, state_of
from partners.models import Membership


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
