"""Getting in: from the front door to the right organisation."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from partners.access import MemberRequest, member_view
from partners.origins import tenant_of
from partners.permissions import Permission
from partners.queries import memberships_of

LAST_ORGANIZATION = "last_organization"


@require_safe
@login_required
def home(request: MemberRequest) -> HttpResponse:
    """To the organisation somebody worked in last, or the only one; else let them choose."""
    tenant = tenant_of(request.session, email=request.user.email)
    memberships = memberships_of(request.user, tenant=tenant)
    slugs = [one.organization.slug for one in memberships]
    last = request.session.get(LAST_ORGANIZATION)
    if last in slugs or len(slugs) == 1:
        return redirect("partners:start", last if last in slugs else slugs[0])
    status = 200 if memberships else 403
    return render(request, "partners/choose.html", {"memberships": memberships}, status=status)


@require_safe
@member_view(Permission.VIEW_DEALS)
def start(request: MemberRequest) -> HttpResponseBase:
    slug = request.member.organization.slug
    request.session[LAST_ORGANIZATION] = slug
    return redirect("deals:list", slug, "inbound")
