"""A person's own pages: name and phone, and where they are signed in."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cosell.core.errors import Stale
from cosell.core.tenancy import APP_ROLE, database_identity
from partners.announcements import page_opened
from partners.forms.account import PersonForm
from partners.models import Membership, User
from partners.origins import tenant_of
from partners.queries import memberships_of
from partners.sign_ins import end_other_sessions, end_session, note_use, open_sessions

_GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


class PersonalRequest(HttpRequest):
    user: User


@_GET_AND_POST
@login_required
def person(request: PersonalRequest) -> HttpResponse:
    form = PersonForm(request.POST if request.method == "POST" else None, instance=request.user)
    if form.is_valid():
        User.objects.filter(pk=request.user.pk).update(**form.cleaned_data)
        messages.success(request, _("Saved. Deals show your new name where you join a team next."))
        return redirect("account")
    context = {"tab": "person", "form": form, "email": request.user.email}
    return render(request, "account/person.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def sessions(request: PersonalRequest) -> HttpResponse:
    note_use(request.session)
    if "notice" in request.GET:
        _note_what_led_here(request, request.GET["notice"])
    found = open_sessions(request.user, current=_key(request))
    context = {
        "tab": "sessions",
        "sessions": found,
        "others": sum(not one.is_current for one in found),
    }
    return render(request, "account/sessions.html", context)


@require_POST
@login_required
def end(request: PersonalRequest, sign_in_id: UUID) -> HttpResponse:
    try:
        end_session(request.user, sign_in_id)
    except Stale as error:
        raise Http404 from error
    messages.success(request, _("That session has ended: the next page there asks to sign in."))
    return redirect("account_sessions")


@require_POST
@login_required
def end_others(request: PersonalRequest) -> HttpResponse:
    note_use(request.session)
    ended = end_other_sessions(request.user, current=_key(request))
    text = ngettext("%(n)d other session has ended.", "%(n)d other sessions have ended.", ended)
    messages.success(request, text % {"n": ended})
    return redirect("account_sessions")


def _note_what_led_here(request: PersonalRequest, notice: str) -> None:
    """The page belongs to no company, but the notification does."""
    tenant = tenant_of(request.session, email=request.user.email)
    for member in memberships_of(request.user, tenant=tenant):
        with database_identity(APP_ROLE, organization=member.organization_id):
            page_opened.send(Membership, member=member, notice=notice)


def _key(request: PersonalRequest) -> str:
    return request.session.session_key or ""
