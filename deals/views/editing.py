"""Editing an accepted deal, one part a page (5.1). Who saves second is told who was first."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cosell.core.errors import Refused
from deals import services
from deals.conflicts import Row, differences, merge_details
from deals.forms.contact import ContactForm
from deals.forms.details import DetailsForm
from deals.forms.people import PeopleFormSet, rows_after_button, rows_of
from deals.forms.solutions import SolutionPicker, SolutionsForm, ids_after_button, kept_solutions
from deals.links import deal_address, deal_context
from deals.models import Deal, Status
from deals.overtaken import why_stale
from deals.queries import contact_of, recent_contacts, visible_deals
from deals.services import EditConflict
from deals.timeline import items_of
from partners.access import MemberRequest, member_view
from partners.permissions import Permission
from partners.queries import vendor
from referrals.queries import received_referral

Context = dict[str, Any]
editing = require_http_methods(["GET", "HEAD", "POST"])


@editing
@member_view(Permission.EDIT_DEALS)
def edit_details(request: MemberRequest, deal_id: UUID) -> HttpResponseBase:
    deal = _editable(request, deal_id)
    data = request.POST if request.method == "POST" else None
    form = DetailsForm(data, initial=DetailsForm.initial_from(deal))
    if request.method != "POST" or not form.is_valid():
        return _page(request, deal, "details", {"form": form})
    try:
        services.edit_details(deal, **_who(request), details=form.details)
    except EditConflict as conflict:
        deal.refresh_from_db()
        merge = merge_details(deal, form.cleaned_data, events=conflict.events)
        merged = DetailsForm(
            {**request.POST.dict(), **merge.values}, initial=DetailsForm.initial_from(deal)
        )
        return _conflict_page(request, deal, "details", conflict, merge.rows, {"form": merged})
    return _saved(request, deal)


@editing
@member_view(Permission.EDIT_DEALS)
def edit_team(request: MemberRequest, deal_id: UUID) -> HttpResponseBase:
    deal, member = _editable(request, deal_id), request.member
    if request.method != "POST":
        formset = PeopleFormSet.showing(rows_of(deal.team.all()), member=member)
        return _page(request, deal, "team", _team_context(request, formset))
    rows = rows_after_button(request.POST, recent_contacts(member))
    if rows is not None:
        formset = PeopleFormSet.showing(rows, member=member)
        context = _team_context(request, formset) | {"after_button": True}
        return _page(request, deal, "team", context, status=200)
    formset = PeopleFormSet.sent(request.POST, member=member)
    if not formset.is_valid():
        return _page(request, deal, "team", _team_context(request, formset))
    try:
        services.edit_team(deal, **_who(request), team=formset.people)
    except EditConflict as conflict:
        deal.refresh_from_db()
        yours = {one.email.lower(): f"{one.first_name} {one.last_name}" for one in formset.people}
        now = {one.email.lower(): one.full_name for one in deal.team.all()}
        context = _team_context(request, formset)
        return _conflict_page(request, deal, "team", conflict, differences(yours, now), context)
    return _saved(request, deal)


@editing
@member_view(Permission.EDIT_DEALS)
def edit_solutions(request: MemberRequest, deal_id: UUID) -> HttpResponseBase:
    deal = _editable(request, deal_id)
    if request.method != "POST":
        chosen = request.GET.getlist("solutions") or SolutionsForm.initial_from(deal)["solutions"]
        return _page(request, deal, "solutions", _solutions_context(request, deal, chosen))
    pressed = ids_after_button(request.POST)
    if pressed is not None or "search" in request.POST:
        chosen = request.POST.getlist("solutions") if pressed is None else pressed
        context = _solutions_context(request, deal, chosen)
        return _page(request, deal, "solutions", context, status=200)
    form = SolutionsForm(request.POST, kept=kept_solutions(deal), is_assessment=deal.is_assessment)
    context = _solutions_context(request, deal, request.POST.getlist("solutions"), form=form)
    if not form.is_valid():
        return _page(request, deal, "solutions", context)
    try:
        services.edit_solutions(deal, **_who(request), solutions=form.solutions)
    except EditConflict as conflict:
        deal.refresh_from_db()
        yours = {str(one.pk): one.name for one in form.solutions}
        now = {str(row.solution_id): row.name for row in deal.solutions.all()}
        rows = differences(yours, now)
        return _conflict_page(request, deal, "solutions", conflict, rows, context)
    return _saved(request, deal)


@editing
@member_view(Permission.EDIT_DEALS)
def edit_contact(request: MemberRequest, deal_id: UUID) -> HttpResponseBase:
    """Until first shared (3.3); a contact that came with an invitation is the inviter's."""
    deal = _editable(request, deal_id)
    _check_contact_is_ours(deal)
    form = _contact_form(request, deal)
    if request.method != "POST" or not form.is_valid():
        return _page(request, deal, "contact", {"form": form})
    if form.person is None:
        form.add_error("first_name", _("Write who the contact is."))
        return _page(request, deal, "contact", {"form": form})
    try:
        services.edit_contact(deal, **_who(request), contact=form.person, consent=form.has_consent)
    except EditConflict as conflict:
        deal.refresh_from_db()
        rows = _contact_rows(form, ContactForm.initial_from(deal))
        return _conflict_page(request, deal, "contact", conflict, rows, {"form": form})
    return _saved(request, deal)


def _editable(request: MemberRequest, deal_id: UUID) -> Deal:
    deal = get_object_or_404(visible_deals(request.member), pk=deal_id)
    if deal.is_closed:
        raise why_stale(deal)
    if deal.status != Status.ACCEPTED:
        raise Refused("not_accepted", _("Accept the invitation first; then you can edit the deal."))
    return deal


def _check_contact_is_ours(deal: Deal) -> None:
    contact = contact_of(deal)
    if contact and contact.first_shared_at:
        raise Refused(
            "contact_shared", _("The contact was shared already and cannot be changed any more.")
        )
    if deal.is_inbound and (referral := received_referral(deal)).contact:
        raise Refused(
            "contact_shared",
            _("%(company)s shared this contact with you; only they could change it.")
            % {"company": referral.sender_name},
        )


def _contact_form(request: MemberRequest, deal: Deal) -> ContactForm:
    seller, ours = vendor(), request.member.organization
    return ContactForm(
        request.POST if request.method == "POST" else None,
        initial=ContactForm.initial_from(deal),
        company=seller.name if seller and seller.pk != ours.pk else "",
        region=ours.country,
    )


def _contact_rows(form: ContactForm, now: Mapping[str, Any]) -> list[Row]:
    return [
        Row(str(field.label), _yes_or(form.cleaned_data[name]), _yes_or(now.get(name, "")))
        for name, field in form.fields.items()
        if name != "consent_for" and form.cleaned_data[name] != now.get(name, "")
    ]


def _yes_or(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(value or "–")


def _team_context(request: MemberRequest, formset: PeopleFormSet) -> Context:
    contacts = recent_contacts(request.member)
    return {"formset": formset, "contacts": contacts, "form_id": "edit-form", "live": "#people"}


def _solutions_context(
    request: MemberRequest, deal: Deal, chosen: list[str], *, form: forms.Form | None = None
) -> Context:
    picker = SolutionPicker(
        request.member,
        chosen=chosen,
        place={**request.GET.dict(), **request.POST.dict()},
        kept=kept_solutions(deal),
        is_assessment=deal.is_assessment,
    )
    return {
        "form": form,
        "picker": picker,
        "form_id": "edit-form",
        "search_id": "edit-form",
        "live": "#solutions",
    }


def _who(request: MemberRequest) -> dict[str, Any]:
    """The actor, and the version that the editor saw; without a word about it none is right."""
    return {"actor": request.member.actor, "version": seen_version(request)}


def seen_version(request: MemberRequest) -> int:
    sent = request.POST.get("version") or request.GET.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def _saved(request: MemberRequest, deal: Deal) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(deal_address(request, deal))


_PARTS = {"people": "deals/_team_editor.html", "solutions": "deals/_solutions_editor.html"}


def _page(
    request: MemberRequest, deal: Deal, part: str, context: Context, *, status: int = 422
) -> HttpResponse:
    """An invalid form keeps the version it was sent with: a conflict is told once it is valid."""
    shown = {"part": part, "version": seen_version(request) or deal.version, **context}
    target = request.htmx.target if request.htmx else None
    template = _PARTS.get(target or "", f"deals/edit_{part}.html")
    status = status if request.method == "POST" else 200
    return render(request, template, deal_context(request, deal) | shown, status=status)


def _conflict_page(
    request: MemberRequest,
    deal: Deal,
    part: str,
    conflict: EditConflict,
    rows: list[Row],
    context: Context,
) -> HttpResponse:
    """Everything typed is still in the form, which now saves on top of the newest version."""
    shown = {
        "part": part,
        "version": deal.version,
        "conflict_items": list(items_of(deal, reversed(conflict.events))),
        "conflict_rows": rows,
        **context,
    }
    template = f"deals/edit_{part}.html"
    return render(request, template, deal_context(request, deal) | shown, status=409)
