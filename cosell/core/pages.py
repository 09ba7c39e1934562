"""Pages that belong to no app: health, errors, the theme switch."""

from collections.abc import Callable
from functools import cache as kept
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cosell.core.tasks import pulse_age

MAX_PULSE_AGE = 90
THEMES = {"auto", "light", "dark"}


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether this installation can do its work; says which part cannot, never why in detail."""
    parts = {
        "database": _holds(_database_answers),
        "migrations": _holds(_migrations_applied),
        "broker": _holds(_broker_answers),
        "beat": _holds(_beat_is_alive),
    }
    ready = all(parts.values())
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # any failure means not ready
        return False


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


@kept
def _migrations_applied() -> bool:
    """Asked until it is so: an exception is not kept, and the code of a process never changes."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise LookupError("migrations are missing")
    return True


def _broker_answers() -> bool:
    cache.get("readyz")
    return True


def _beat_is_alive() -> bool:
    age = pulse_age()
    return age is not None and age < MAX_PULSE_AGE


def back_where_one_was(request: HttpRequest) -> HttpResponseRedirect:
    """For switches that stand on every page; never to another site."""
    back = request.META.get("HTTP_REFERER", "")
    allowed = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(back if allowed else reverse("home"))


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    theme = request.POST.get("theme", "auto")
    response = back_where_one_was(request)
    if theme in THEMES:
        response.set_cookie(
            "theme", theme, max_age=365 * 86400, samesite="Lax", secure=request.is_secure()
        )
    return response


def remember_language(response: HttpResponse, language: str) -> None:
    """For this browser, also once nobody is signed in."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    message = _(
        "This form is too old or came from another page. Go back, reload the page and try again."
    )
    context = {"title": _("This form was not accepted"), "message": message}
    return render(request, "403.html", context, status=403)


def not_found(request: HttpRequest, exception: Any) -> HttpResponse:
    """The same bytes whatever was asked and whoever asked: no token, no URL, no name."""
    return render(None, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(None, "500.html", status=500)
