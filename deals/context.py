"""What the frame of every page says about deals."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from deals.listing.counts import shown, waiting_deals
from partners.models import Membership
from partners.permissions import Permission


def waiting(request: HttpRequest) -> dict[str, object]:
    """The number beside Inbound; counted only when the navigation is drawn."""
    member = getattr(request, "member", None)
    if member is None or not member.may(Permission.VIEW_DEALS):
        return {}
    return {"waiting_count": SimpleLazyObject(lambda: _waiting(member))}


def _waiting(member: Membership) -> str:
    count = waiting_deals(member)
    return shown(count) if count else ""
