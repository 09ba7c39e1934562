"""The company's own profile, and those of the partners that others can find (1.1)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cosell.core.typed import typed
from partners.access import MemberRequest, member_view
from partners.forms.profile import ProfileForm
from partners.permissions import Permission
from partners.profile import describe
from partners.queries import ecosystem
from referrals.profiles import find_partners, profile_of

MOST_FOUND = 50


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.MANAGE_COMPANY)
def profile(request: MemberRequest) -> HttpResponseBase:
    """The form, and beside it what others see of what is saved."""
    member = request.member
    form = ProfileForm(request.POST) if request.method == "POST" else None
    if form is None:
        form = ProfileForm.showing(member.organization)
    elif form.is_valid():
        describe(member.organization, description=form.told, actor=member.actor)
        messages.success(request, _("The profile is saved. Others see it from now on."))
        return redirect("partners:profile", member.organization.slug)
    context = {
        "nav": "profile",
        "form": form,
        "profile": profile_of(member.organization),
    }
    return render(request, "partners/profile.html", context, status=422 if form.errors else 200)


@require_safe
@member_view(Permission.VIEW_DEALS)
def directory(request: MemberRequest) -> HttpResponse:
    """The partners that can be invited."""
    query = typed(request, "q")[:100]
    found = find_partners(query, besides=[request.member.organization_id], most=MOST_FOUND + 1)
    context = {
        "nav": "partners",
        "query": query,
        "partners": found[:MOST_FOUND],
        "has_more": len(found) > MOST_FOUND,
        "most": MOST_FOUND,
    }
    narrowed = (
        request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    )
    return render(request, f"partners/directory.html{'#found' if narrowed else ''}", context)


@require_safe
@member_view(Permission.VIEW_DEALS)
def partner_profile(request: MemberRequest, partner: str) -> HttpResponse:
    found = profile_of(get_object_or_404(ecosystem(), slug=partner))
    if found is None:
        raise Http404
    context = {"nav": "partners", "profile": found}
    return render(request, "partners/partner.html", context)
