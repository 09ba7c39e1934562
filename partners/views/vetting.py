"""The vendor's page that lets a partner carry out solution assessments, or no longer (1.6)."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners import vetting
from partners.access import MemberRequest, member_view
from partners.models import Kind, Organization, Vetting
from partners.permissions import Permission

# What the button says that was pressed: the page may be older than the decision.
DECISIONS = {"vet": True, "withdraw": False}


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.MANAGE_PARTNERS)
def vet(request: MemberRequest, partner: str) -> HttpResponseBase:
    """Says what follows, and who decided before."""
    organization = get_object_or_404(Organization, slug=partner, kind=Kind.PARTNER)
    if request.method != "POST":
        return _page(request, organization)
    decision = DECISIONS.get(request.POST.get("decision", ""))
    if decision is None:
        return _page(request, organization, status=422)
    vetting.vet(organization, is_vetted=decision, actor=request.member.actor)
    if decision:
        told = _("%(company)s can create solution assessments from now on.")
    else:
        told = _("%(company)s can no longer create solution assessments.")
    messages.success(request, told % {"company": organization.name})
    return redirect("partners:organizations", request.member.organization.slug)


def _page(request: MemberRequest, partner: Organization, *, status: int = 200) -> HttpResponse:
    history = list(Vetting.objects.filter(partner=partner))
    context = {
        "nav": "organizations",
        "partner": partner,
        "history": history,
        "is_vetted": bool(history) and history[0].is_vetted,
    }
    return render(request, "partners/vetting.html", context, status=status)
