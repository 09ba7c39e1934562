"""From which directory tenants people sign in, and requests to let one more in (1.2)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cosell.core.errors import NotAllowed, Refused
from partners import tenant_requests, tenants
from partners.access import MemberRequest, member_view
from partners.forms.tenants import LinkAnswerForm, LinkForm
from partners.models import TenantLinkRequest
from partners.origins import Tenant
from partners.permissions import Permission
from partners.second_factor import people_without, requires_second_factor, set_requirement

_GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])
# What the button says that was pressed.
ANSWERS = {"grant": True, "refuse": False}
REQUIREMENTS = {"require": True, "relax": False}
MOST_ANSWERED = 20


@_GET_AND_POST
@member_view(Permission.MANAGE_COMPANY)
def tenant_list(request: MemberRequest) -> HttpResponseBase:
    """What is listed, who asks to be, and the form that lists one more."""
    member, own = request.member, request.tenant
    listed = list(tenants.tenants_of(member.organization_id))
    form = LinkForm(
        request.POST if request.method == "POST" else None,
        initial={} if listed else _suggested(own),
    )
    if form.is_valid():
        try:
            linked = tenants.link_tenant(member, tenant=form.tenant, own=own)
        except Refused as refusal:
            _add_refusal(form, refusal)
        else:
            messages.success(request, _("%(domain)s is linked.") % {"domain": linked.domain})
            return redirect("partners:tenants", member.organization.slug)
    asked = tenant_requests.requests_of_company(member.organization_id)
    context = {
        "nav": "tenants",
        "slug": member.organization.slug,
        "own": own,
        "form": form,
        "tenants": [{"row": one, "is_own": tenants.lets_in([one], own)} for one in listed],
        "shut_out": tenants.shut_out(member.organization_id),
        "waiting": asked.filter(answered_at=None).order_by("asked_at"),
        "requires_second_factor": requires_second_factor(member.organization_id),
        "without_factor": people_without(member.organization_id),
    }
    return render(request, "partners/tenants.html", context, status=422 if form.errors else 200)


@_GET_AND_POST
@member_view(Permission.MANAGE_COMPANY)
def unlink(request: MemberRequest, tenant_id: UUID) -> HttpResponseBase:
    member, own = request.member, request.tenant
    listed = list(tenants.tenants_of(member.organization_id))
    tenant = get_object_or_404(tenants.tenants_of(member.organization_id), pk=tenant_id)
    if request.method == "POST":
        tenants.unlink_tenant(tenant, admin=member, own=own)
        messages.success(request, _("%(domain)s is no longer linked.") % {"domain": tenant.domain})
        return redirect("partners:tenants", member.organization.slug)
    context = {
        "nav": "tenants",
        "slug": member.organization.slug,
        "tenant": tenant,
        "is_last": len(listed) == 1,
        "people": tenants.people_of_domain(member.organization_id, tenant.domain),
        "why_not": tenants.why_not_unlinked(own)
        if tenants.is_only_way_in(tenant, listed=listed, own=own)
        else "",
    }
    return render(request, "partners/unlink.html", context)


@_GET_AND_POST
@member_view(Permission.MANAGE_COMPANY)
def tenant_request(request: MemberRequest, link_id: UUID) -> HttpResponseBase:
    own = tenant_requests.requests_of_company(request.member.organization_id)
    return _answered(request, own, link_id, back="partners:tenants", nav="tenants")


@require_POST
@member_view(Permission.MANAGE_COMPANY)
def second_factor(request: MemberRequest) -> HttpResponseBase:
    is_required = REQUIREMENTS.get(request.POST.get("decision", ""))
    if is_required is None:
        raise Refused("decision", _("Choose one of the two."))
    set_requirement(request.member, is_required=is_required)
    if is_required:
        told = _("From the next page on everybody needs a second factor, you too.")
    else:
        told = _("A second factor is everybody's own choice again.")
    messages.success(request, told)
    return redirect("partners:tenants", request.member.organization.slug)


@require_safe
@member_view(Permission.MANAGE_PARTNERS)
def partner_tenant_requests(request: MemberRequest) -> HttpResponse:
    """The vendor's admins answer for partners, the longest waiting first."""
    asked = tenant_requests.link_requests_to(request.member.organization_id)
    context = {
        "nav": "tenant_requests",
        "slug": request.member.organization.slug,
        "waiting": asked.filter(answered_at=None).order_by("asked_at", "pk"),
        "answered": asked.exclude(answered_at=None).order_by("-answered_at")[:MOST_ANSWERED],
    }
    return render(request, "partners/tenant_requests.html", context)


@_GET_AND_POST
@member_view(Permission.MANAGE_PARTNERS)
def partner_tenant_request(request: MemberRequest, link_id: UUID) -> HttpResponseBase:
    asked = tenant_requests.link_requests_to(request.member.organization_id)
    return _answered(
        request, asked, link_id, back="partners:partner_tenant_requests", nav="tenant_requests"
    )


@require_POST
@member_view(Permission.VIEW_DEALS, is_threshold=True)
def ask_link(request: MemberRequest) -> HttpResponseBase:
    """From the page that says why nothing is to be seen; it comes again and says what is next."""
    tenant_requests.ask_link(request.member, tenant=request.tenant)
    return redirect("partners:start", request.member.organization.slug)


def _suggested(own: Tenant) -> dict[str, Any]:
    """An admin lists their own first."""
    return {"domain": own.domain, "tenant_id": own.id if own.is_verified else None}


def _answered(
    request: MemberRequest,
    among: QuerySet[TenantLinkRequest],
    link_id: UUID,
    *,
    back: str,
    nav: str,
) -> HttpResponseBase:
    asked = get_object_or_404(among.select_related("organization"), pk=link_id)
    form = LinkAnswerForm(request.POST if request.method == "POST" else None)
    decision = ANSWERS.get(request.POST.get("answer", ""))
    if request.method == "POST" and decision is None:
        form.add_error(None, _("Choose one of the two answers."))
    elif decision is not None and form.is_valid() and _is_saved(request, asked, form, decision):
        return redirect(back, request.member.organization.slug)
    slug = request.member.organization.slug
    context = {"nav": nav, "slug": slug, "asked": asked, "form": form, "back": back}
    status = 422 if form.errors else 200
    return render(request, "partners/tenant_request.html", context, status=status)


def _is_saved(
    request: MemberRequest, asked: TenantLinkRequest, form: LinkAnswerForm, is_granted: bool
) -> bool:
    try:
        tenant_requests.answer_link(
            asked, is_granted=is_granted, reason=form.cleaned_data["reason"], admin=request.member
        )
    except Refused as refusal:
        _add_refusal(form, refusal)
        return False
    if is_granted:
        told = _("%(domain)s is linked; %(name)s gets a mail and can get in now.")
    else:
        told = _("%(domain)s is not linked; %(name)s gets a mail with your reason.")
    messages.success(request, told % {"domain": asked.domain, "name": asked.asked_by_name})
    return True


def _add_refusal(form: LinkForm | LinkAnswerForm, refusal: Refused) -> None:
    """Beside its field; what has none is a page of its own."""
    if isinstance(refusal, NotAllowed) or not refusal.field:
        raise refusal
    form.add_error(refusal.field, str(refusal.message))
