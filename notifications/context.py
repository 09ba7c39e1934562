"""What the frame of every page says about notifications."""

from functools import cache

from django.http import HttpRequest

from notifications.inbox import few_unread


def bell(request: HttpRequest) -> dict[str, object]:
    """The number at the bell; templates call it, so it is counted only when the bell is drawn."""
    member = getattr(request, "member", None)
    if member is None:
        return {}
    return {"unread_count": cache(lambda: few_unread(member).count())}
