"""What the frame of every page says about notifications."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from notifications.inbox import few_unread


def bell(request: HttpRequest) -> dict[str, object]:
    """The number at the bell; counted only when the bell is drawn."""
    member = getattr(request, "member", None)
    if member is None:
        return {}
    return {"unread_count": SimpleLazyObject(lambda: few_unread(member).count())}
