"""Lists that people keep under a name, for themselves or for the whole company (2.3)."""

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from cosell.core.errors import NotAllowed, Refused
from deals.list_state import ListState
from deals.listing.criteria import Tab
from deals.models import ListPreference, SavedView
from partners.models import Membership
from partners.permissions import Permission

MOST_VIEWS = 50


def visible_views(member: Membership) -> QuerySet[SavedView]:
    """One's own and those that colleagues share."""
    views = SavedView.objects.filter(organization_id=member.organization_id)
    return views.filter(Q(membership_id=member.pk) | Q(is_shared=True)).order_by(
        Lower("name"), "id"
    )


def may_change(view: SavedView, member: Membership) -> bool:
    """Shared ones of a colleague who left, say, are looked after by the company's admins."""
    is_own = view.membership_id == member.pk
    return is_own or (view.is_shared and member.may(Permission.MANAGE_COMPANY))


@transaction.atomic
def save_view(member: Membership, *, state: ListState, name: str, is_shared: bool) -> SavedView:
    """Keep a list; where one stands in it is not part of it."""
    own = SavedView.objects.filter(organization_id=member.organization_id, membership=member)
    if own.filter(tab=state.tab).count() >= MOST_VIEWS:
        raise Refused(
            "too_many", _("You have %(n)s views of this list already.") % {"n": MOST_VIEWS}
        )
    return _write(
        SavedView(
            organization_id=member.organization_id,
            membership=member,
            tab=state.tab,
            name=name,
            query=query_of(state),
            is_shared=is_shared,
        )
    )


@transaction.atomic
def change_view(
    view: SavedView,
    *,
    member: Membership,
    name: str,
    is_shared: bool,
    state: ListState | None = None,
) -> SavedView:
    """Rename, share or keep to oneself; with `state` also what it shows."""
    require_change(view, member)
    view.name, view.is_shared = name, is_shared
    if state is not None:
        view.query = query_of(state)
    return _write(view)


def delete_view(view: SavedView, *, member: Membership) -> None:
    """Who had it as their default gets the whole list again."""
    require_change(view, member)
    view.delete()


@transaction.atomic
def set_default_view(member: Membership, *, tab: Tab, view: SavedView | None) -> None:
    """The view that a list opens with, for this person; None: all deals."""
    preference, _created = ListPreference.objects.select_for_update().get_or_create(
        organization_id=member.organization_id, membership_id=member.pk
    )
    others = {key: value for key, value in preference.default_views.items() if key != tab}
    preference.default_views = {**others, tab.value: str(view.pk)} if view else others
    preference.save(update_fields=["default_views", "updated_at"])


def default_views_of(member: Membership) -> dict[str, str]:
    own = ListPreference.objects.filter(
        organization_id=member.organization_id, membership_id=member.pk
    )
    return own.values_list("default_views", flat=True).first() or {}


def query_of(state: ListState) -> str:
    return state.without("view").query


def state_of(view: SavedView) -> ListState:
    """The list that a view is: its whole address, so that whoever gets it sees the same filters."""
    kept = ListState.parse(f"{view.tab}?{view.query}")
    return kept.changed(view=str(view.pk))


def require_change(view: SavedView, member: Membership) -> None:
    if not may_change(view, member):
        raise NotAllowed("not_yours", _("This view belongs to a colleague."))


def _write(view: SavedView) -> SavedView:
    """Which names are the same, and who was first, is the database's to say."""
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        if not view._state.adding:
            view.refresh_from_db()
        message = _("There is a view of this name already.")
        raise Refused("name_taken", message, field="name") from error
    return view
