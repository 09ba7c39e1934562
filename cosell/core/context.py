"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def installation(request: HttpRequest) -> dict[str, object]:
    theme = request.COOKIES.get("theme", "")
    return {
        "is_demo": settings.DEMO,
        "languages": settings.LANGUAGES,
        "theme": theme if theme in {"light", "dark"} else "auto",
        "keys": "off" if request.COOKIES.get("keys") == "off" else "on",
    }
