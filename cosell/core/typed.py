"""What people type, as it enters: PostgreSQL stores no NUL character, so none comes in."""

from django.http import HttpRequest


def storable(text: str) -> str:
    return text.replace("\0", "")


def typed(request: HttpRequest, name: str) -> str:
    """A parameter of the address; empty without one."""
    return storable(request.GET.get(name, "")).strip()
