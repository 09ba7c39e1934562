"""The last page of the wizard: who will see what, and making the deal."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cosell.core.errors import NotAllowed, Refused
from deals.views.wizard import drafts
from deals.views.wizard.entering import CreatedAlready, leave, to_deal, wizard_of
from deals.views.wizard.frame import frame, url_of
from deals.views.wizard.review import audiences, create_label, created_message, invitations
from deals.views.wizard.steps import Step
from deals.views.wizard.wizard import REVIEW, Wizard
from partners.access import MemberRequest, member_view
from partners.permissions import Permission

# Where a refusal of the services is put right.
STEP_OF_FIELD = {
    "team": "team",
    "solutions": "solutions",
    "contact": "customer",
    "consent": "customer",
    "location": "details",
}
CONTACTS = {"contact", "consent"}


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.CREATE_DEALS)
def review(request: MemberRequest, draft_id: UUID) -> HttpResponseBase:
    """Who will see what; everything is checked again before the deal is made (3.11)."""
    try:
        wizard = wizard_of(request, draft_id)
    except CreatedAlready as created:
        return to_deal(request, created.deal)
    if not wizard.is_reached(REVIEW):
        return redirect(url_of(wizard, wizard.first_open))
    if request.method != "POST":
        return _show_review(request, wizard)
    if "leave" in request.POST:
        return leave(request)
    if "back" in request.POST:
        return redirect(url_of(wizard, wizard.keys[-1]))
    return _create(request, wizard)


def _show_review(
    request: MemberRequest,
    wizard: Wizard,
    *,
    refusal: Refused | None = None,
    changed: bool = False,
) -> HttpResponse:
    problems = [
        (wizard.number_of(key), one.label, one.problem, f"{url_of(wizard, key)}?check")
        for key, one in wizard.steps.items()
        if not one.is_valid
    ]
    context = {
        **frame(wizard, REVIEW),
        "problems": problems,
        "refusal": refusal,
        "changed": changed,
        "seen": drafts.fingerprint(wizard.draft),
        "refused_step": _step_of(wizard, refusal) if refusal else None,
        "audiences": audiences(wizard),
        "edit": {key: url_of(wizard, key) for key in wizard.keys},
        "invited": invitations(wizard),
        "create_label": create_label(invitations(wizard)),
    }
    if refusal or changed:
        status = refusal.status if refusal else 409
    else:
        status = 422 if request.method == "POST" else 200
    return render(request, "deals/wizard/review.html", context, status=status)


def _step_of(wizard: Wizard, refusal: Refused) -> Step | None:
    """The step where a refusal can be put right: of an invitation the one that makes it."""
    if wizard.inviting and refusal.field not in CONTACTS:
        return wizard.inviting if refusal.field else None
    return wizard.steps.get(STEP_OF_FIELD.get(refusal.field, ""))


def _create(request: MemberRequest, wizard: Wizard) -> HttpResponseBase:
    if request.POST.get("seen") != drafts.fingerprint(wizard.draft):
        # Another tab changed the draft: what would be made is not what was reviewed.
        return _show_review(request, wizard, changed=True)
    if not wizard.is_complete:
        return _show_review(request, wizard)
    done = created_message(invitations(wizard))
    try:
        deal = wizard.create()
    except NotAllowed:
        raise
    except Refused as refusal:
        return _show_review(request, wizard, refusal=refusal)
    messages.success(request, done)
    return redirect(deal)
