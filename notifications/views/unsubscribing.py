"""Stopping mails by the link in them. Asks nobody to sign in: its signature says whose they are."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cosell.core.tenancy import APP_ROLE, database_identity
from notifications.catalogue import CATALOGUE
from notifications.models import Notification
from notifications.unsubscribing import named_by, subscribe_again
from notifications.unsubscribing import unsubscribe as stop


@csrf_exempt  # Mail programs post here; the address holds what a token would prove.
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET only asks: programs that check links follow them."""
    named = named_by(token)
    if named is None:
        raise Http404
    with database_identity(APP_ROLE, organization=named.organization_id):
        notification = get_object_or_404(
            Notification.objects.select_related("organization", "membership"),
            organization_id=named.organization_id,
            pk=named.notification_id,
        )
        step = _step(request)
        if step == "done":
            stop(notification)
        elif step == "again" and notification.membership is None:
            subscribe_again(notification)
        entry = CATALOGUE.get(notification.kind)
        context = {
            "step": step,
            "notification": notification,
            "company": notification.organization.name,
            "slug": notification.organization.slug,
            "title": entry.title if entry else "",
        }
        return render(request, "notifications/unsubscribe.html", context)


def _step(request: HttpRequest) -> str:
    if request.method != "POST":
        return "ask"
    return "again" if "again" in request.POST else "done"
