"""The settings page where a company names the stages its own way (5.8)."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cosell.core.errors import NotAllowed, Refused, Stale
from deals.forms.stage_names import StageNamesForm
from deals.stage_names import own_names, set_stage_names, state_of
from partners.access import MemberRequest, member_view
from partners.permissions import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.MANAGE_COMPANY)
def stage_names(request: MemberRequest) -> HttpResponseBase:
    member = request.member
    if request.method != "POST":
        initial = StageNamesForm.initial_from(own_names(member.organization_id))
        return _page(request, StageNamesForm(initial=initial))
    form = StageNamesForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        set_stage_names(
            member.organization_id,
            actor=member.actor,
            names=form.names,
            seen=form.cleaned_data["seen"],
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return _page(request, _refused(request, refusal), status=refusal.status)
    messages.success(request, _("The stage names are saved. What happened before keeps its names."))
    return redirect("deals:stage_names", member.organization.slug)


def _refused(request: MemberRequest, refusal: Refused) -> StageNamesForm:
    """With what was typed; after somebody else's change a second click saves over it."""
    sent = request.POST.dict()
    if isinstance(refusal, Stale):
        sent["seen"] = state_of(own_names(request.member.organization_id))
    form = StageNamesForm(sent)
    form.refuse(refusal)
    return form


def _page(request: MemberRequest, form: StageNamesForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "nav": "stage_names"}
    return render(request, "deals/stage_names.html", context, status=status)
