"""What the link of an invitation opens: joining a company, with an account or by making one."""

from typing import Any

from allauth.core.internal.httpkit import get_client_ip as client_ip
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cosell.core.errors import Refused, Stale
from partners.beginnings import begin_session
from partners.forms.people import NewcomerForm
from partners.joining import (
    account_of,
    has_way_in,
    invitation_behind,
    join_as_newcomer,
    why_gone,
)
from partners.joining import join as join_with_account
from partners.models import JoinInvitation, Membership, User
from partners.views.account import BACKEND


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, organization: str, secret: str) -> HttpResponse:
    invitation = invitation_behind(organization, secret)
    if invitation is None:
        return _page(request, None, {"state": "unknown"}, status=404)
    if not invitation.is_open:
        return _gone(request, invitation)
    account = account_of(invitation)
    if request.user.is_authenticated:
        return _as_somebody(request, invitation, request.user)
    if account and has_way_in(account):
        status = 403 if request.method == "POST" else 200
        return _page(request, invitation, {"state": "sign_in"}, status=status)
    return _as_newcomer(request, invitation, account)


def _as_somebody(request: HttpRequest, invitation: JoinInvitation, user: User) -> HttpResponse:
    """Signed in: it is theirs by one click, or they are told whose it is."""
    is_theirs = user.email.lower() == invitation.email.lower()
    if request.method != "POST" or not is_theirs:
        state = "confirm" if is_theirs else "somebody_else"
        status = 403 if request.method == "POST" else 200
        return _page(request, invitation, {"state": state}, status=status)
    try:
        membership = join_with_account(invitation, user=user)
    except Stale:
        return redirect(request.path)
    except Refused as refusal:
        context = {"state": "refused", "refusal": refusal.message}
        return _page(request, invitation, context, status=refusal.status)
    return _welcomed(request, membership)


def _as_newcomer(
    request: HttpRequest, invitation: JoinInvitation, account: User | None
) -> HttpResponse:
    names = ("first_name", "last_name", "phone")
    form = NewcomerForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(account, name) for name in names} if account else None,
        email=invitation.email,
        region=invitation.organization.country,
    )
    if form.is_valid():
        try:
            membership = join_as_newcomer(invitation, form.newcomer)
        except Stale:
            return redirect(request.path)
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            login(request, membership.user, backend=BACKEND)
            response = _welcomed(request, membership)
            begin_session(request, response, membership.user, ip=client_ip(request))
            return response
    context = {"state": "newcomer", "form": form}
    return _page(request, invitation, context, status=422 if form.errors else 200)


def _welcomed(request: HttpRequest, membership: Membership) -> HttpResponse:
    words = {"company": membership.organization.name}
    messages.success(request, _("Welcome to %(company)s.") % words)
    return redirect("partners:start", membership.organization.slug)


def _gone(request: HttpRequest, invitation: JoinInvitation) -> HttpResponse:
    """Says why, and who can send a new one (1.4)."""
    context = {"state": "gone", "why": why_gone(invitation)}
    return _page(request, invitation, context, status=410)


def _page(
    request: HttpRequest, invitation: JoinInvitation | None, context: dict[str, Any], *, status: int
) -> HttpResponse:
    context = {"invitation": invitation, **context}
    return render(request, "partners/join.html", context, status=status)
