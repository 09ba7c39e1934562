"""The demo's mailbox. It asks nobody to sign in: a newcomer has to read it, and it exists only
where everybody can sign in as anybody with one click."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from csp.constants import NONE, SELF
from csp.decorators import csp, csp_update
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from cosell.core.typed import typed
from notifications.models import DemoMail

PAGE = 50

Arguments = ParamSpec("Arguments")

# A mail is shown as its reader would see it: styles of its own, but no script, no form, no frame
# and no request to anywhere; a link opens in the whole window.
MAIL_POLICY = {
    "default-src": [NONE],
    "style-src": ["'unsafe-inline'"],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-top-navigation-by-user-activation"],
}


def demo_view(
    view: Callable[Arguments, HttpResponseBase],
) -> Callable[Arguments, HttpResponseBase]:
    @wraps(view)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        return view(*args, **kwargs)

    return guarded


@require_safe
@demo_view
@csp_update({"frame-src": [SELF]})
def mailbox(request: HttpRequest, mail_id: int | None = None) -> HttpResponse:
    """Newest first; the mail at the right is the one asked for, else the newest found."""
    query = typed(request, "q")
    mails = list(_found(query, before=typed(request, "before"))[: PAGE + 1])
    opened = get_object_or_404(DemoMail, pk=mail_id) if mail_id else next(iter(mails), None)
    context = {
        "mails": mails[:PAGE],
        "mail": opened,
        "query": query,
        "older": mails[PAGE - 1].pk if len(mails) > PAGE else None,
        "nav": "mailbox",
    }
    return render(request, "notifications/mailbox.html", context)


@require_safe
@demo_view
@csp(MAIL_POLICY)  # type: ignore[arg-type]  # knows only views without arguments
@xframe_options_sameorigin
def mail_body(request: HttpRequest, mail_id: int) -> HttpResponse:
    mail = get_object_or_404(DemoMail.objects.exclude(html=""), pk=mail_id)
    return HttpResponse(mail.html.replace("<head>", '<head><base target="_top">', 1))


def _found(query: str, *, before: str) -> QuerySet[DemoMail]:
    mails = DemoMail.objects.order_by("-pk").defer("text", "html")
    if query:
        mails = mails.filter(to__icontains=query)
    if before.isdecimal():
        mails = mails.filter(pk__lt=int(before))
    return mails
