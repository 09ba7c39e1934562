"""The admin's pages about the locations of the company (1.1)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cosell.core.errors import NotAllowed, Refused
from deals.queries import open_deals_at
from partners import locations
from partners.access import MemberRequest, member_view
from partners.forms.locations import LocationForm
from partners.models import Location
from partners.permissions import Permission
from partners.queries import locations_of, people_limited_to

_GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@member_view(Permission.MANAGE_COMPANY)
def location_list(request: MemberRequest) -> HttpResponse:
    context = {"nav": "locations", "locations": locations_of(request.member.organization_id)}
    return render(request, "partners/locations.html", context)


@_GET_AND_POST
@member_view(Permission.MANAGE_COMPANY)
def add_location(request: MemberRequest) -> HttpResponseBase:
    form = LocationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        member = request.member
        try:
            added = locations.add_location(
                member.organization, place=form.place, actor=member.actor
            )
        except Refused as refusal:
            _add_refusal(form, refusal)
        else:
            text = _("%(name)s is added: deals and invitations can go there from now on.")
            return _to_list(request, text % {"name": added.name})
    return _form_page(request, form, None)


@_GET_AND_POST
@member_view(Permission.MANAGE_COMPANY)
def location(request: MemberRequest, location_id: UUID) -> HttpResponseBase:
    edited = _location(request, location_id)
    if request.method != "POST":
        return _form_page(request, LocationForm.showing(edited), edited)
    form = LocationForm(request.POST)
    if form.is_valid():
        try:
            locations.edit_location(edited, place=form.place, actor=request.member.actor)
        except Refused as refusal:
            _add_refusal(form, refusal)
        else:
            return _to_list(request, _("%(name)s is saved.") % {"name": edited.name})
    return _form_page(request, form, _location(request, location_id))


@require_POST
@member_view(Permission.MANAGE_COMPANY)
def make_main(request: MemberRequest, location_id: UUID) -> HttpResponseBase:
    chosen = _location(request, location_id)
    locations.make_main(chosen, actor=request.member.actor)
    return _to_list(request, _("%(name)s is the main location now.") % {"name": chosen.name})


@_GET_AND_POST
@member_view(Permission.MANAGE_COMPANY)
def retire_location(request: MemberRequest, location_id: UUID) -> HttpResponseBase:
    """Asks first, and says what goes on there."""
    chosen = _location(request, location_id)
    if request.method == "POST":
        locations.retire_location(chosen, actor=request.member.actor)
        text = _("%(name)s is retired. Its deals keep it.")
        return _to_list(request, text % {"name": chosen.name})
    context = {
        "nav": "locations",
        "slug": request.member.organization.slug,
        "location": chosen,
        "open_deals": open_deals_at(chosen),
        "people": people_limited_to(chosen),
    }
    return render(request, "partners/retire_location.html", context)


@require_POST
@member_view(Permission.MANAGE_COMPANY)
def reopen_location(request: MemberRequest, location_id: UUID) -> HttpResponseBase:
    chosen = _location(request, location_id)
    locations.reopen_location(chosen, actor=request.member.actor)
    return _to_list(request, _("%(name)s is open again.") % {"name": chosen.name})


def _location(request: MemberRequest, location_id: UUID) -> Location:
    company = request.member.organization_id
    return get_object_or_404(Location, organization_id=company, pk=location_id)


def _form_page(request: MemberRequest, form: LocationForm, edited: Location | None) -> HttpResponse:
    context = {
        "nav": "locations",
        "slug": request.member.organization.slug,
        "form": form,
        "location": edited,
    }
    return render(request, "partners/location.html", context, status=422 if form.errors else 200)


def _add_refusal(form: LocationForm, refusal: Refused) -> None:
    if isinstance(refusal, NotAllowed):
        raise refusal
    form.add_error(refusal.field or None, str(refusal.message))


def _to_list(request: MemberRequest, told: str) -> HttpResponse:
    messages.success(request, told)
    return redirect("partners:locations", request.member.organization.slug)
