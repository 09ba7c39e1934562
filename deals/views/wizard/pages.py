"""The pages of the wizard. Every one of them works as a plain page; htmx narrows the answer."""

from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from deals.views.wizard import drafts
from deals.views.wizard.customer import CustomerStep
from deals.views.wizard.entering import (
    CreatedAlready,
    leave,
    new_wizard,
    require_solution,
    started,
    to_deal,
    wizard_of,
)
from deals.views.wizard.frame import frame, url_of
from deals.views.wizard.steps import Step
from deals.views.wizard.wizard import Wizard
from partners.access import MemberRequest, member_view
from partners.permissions import Permission

PAGE = "deals/wizard/step.html"
FRAGMENT = f"{PAGE}#wizard"
MOST_DRAFTS = 50


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.CREATE_DEALS)
def new(request: MemberRequest) -> HttpResponseBase:
    """The drafts to go on with; without any, or when asked to, the first step of a new one."""
    require_solution(request)
    if request.method == "POST":
        return _begin(request)
    unfinished = drafts.drafts_of(request.member, limit=MOST_DRAFTS + 1)
    if not unfinished or "start" in request.GET:
        wizard = new_wizard(request, uuid4().hex)
        return _show(request, wizard, wizard.page(CustomerStep.key, checked=False))
    context = {
        "nav": "outbound",
        "drafts": [(one, drafts.about(one)) for one in unfinished[:MOST_DRAFTS]],
        "most": MOST_DRAFTS if len(unfinished) > MOST_DRAFTS else None,
    }
    return render(request, "deals/wizard/drafts.html", context)


@require_safe
@member_view(Permission.CREATE_DEALS)
def resume(request: MemberRequest, draft_id: UUID) -> HttpResponseBase:
    """To the first step of a draft that is not right yet."""
    try:
        wizard = wizard_of(request, draft_id)
    except CreatedAlready as created:
        return redirect(created.deal)
    return redirect(url_of(wizard, wizard.first_open))


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.CREATE_DEALS)
def step(request: MemberRequest, draft_id: UUID, key: str) -> HttpResponseBase:
    try:
        wizard = wizard_of(request, draft_id)
    except CreatedAlready as created:
        return to_deal(request, created.deal)
    if wizard.leaves_out(key):
        return _left_out(request, wizard)
    if key not in wizard.keys:
        raise Http404
    if request.method == "POST":
        return _receive(request, wizard, key)
    if not wizard.is_reached(key):
        return redirect(url_of(wizard, wizard.first_open))
    return _show(request, wizard, wizard.page(key, checked="check" in request.GET))


@require_POST
@member_view(Permission.CREATE_DEALS)
def discard(request: MemberRequest, draft_id: UUID) -> HttpResponseBase:
    draft = drafts.draft_of(request.member, draft_id, for_update=True)
    if draft is None:
        raise Http404
    draft.delete()
    messages.success(request, _("The draft was discarded."))
    return redirect("deals:new", request.member.organization.slug)


def _begin(request: MemberRequest) -> HttpResponseBase:
    """Whoever sends the first page twice goes on in the draft that it began."""
    new_one = new_wizard(request, request.POST.get("page_id") or uuid4().hex)
    try:
        wizard = started(request, new_one.draft.pk) or new_one
    except CreatedAlready as created:
        return to_deal(request, created.deal)
    return _receive(request, wizard, CustomerStep.key)


def _receive(request: MemberRequest, wizard: Wizard, key: str) -> HttpResponseBase:
    """Keep what was sent, whatever the button, and go where the button leads."""
    sent = drafts.received(request.POST)
    was_new = wizard.is_new
    if was_new and request.htmx and "search" in sent:
        return _show(request, wizard, _looking(wizard, key, sent))
    if was_new:
        wizard.begin()
    pressed = wizard.page(key, checked=False)
    after_button = pressed.press(sent)
    autosave = "autosave" in request.GET
    kept = sent if after_button is None or autosave else after_button
    wizard.keep(key, kept, by_itself=not was_new and (autosave or "search" in sent))
    if autosave:
        return HttpResponse(status=204)
    if after_button is not None:
        moved = request.path != url_of(wizard, key)
        return _after_button(request, wizard, pressed, moved=moved)
    if "leave" in sent:
        return leave(request)
    if "back" in sent:
        return redirect(url_of(wizard, wizard.before(key)))
    return _next(request, wizard, key)


def _looking(wizard: Wizard, key: str, sent: drafts.Sent) -> Step:
    """A step that shows what was sent without keeping it: looking around starts no draft."""
    shown = wizard.page(key, checked=False)
    shown.sent = sent
    return shown


def _after_button(
    request: MemberRequest, wizard: Wizard, pressed: Step, *, moved: bool
) -> HttpResponseBase:
    url = url_of(wizard, pressed.key, urlencode(wizard.place) if pressed.has_place else "")
    if not request.htmx:
        return redirect(f"{url}#{pressed.anchor}" if pressed.anchor else url)
    if moved:
        return HttpResponseClientRedirect(url)
    shown = wizard.page(pressed.key, checked=False)
    shown.note = pressed.note
    return _show(request, wizard, shown)


def _next(request: MemberRequest, wizard: Wizard, key: str) -> HttpResponseBase:
    if not wizard.steps[key].is_valid:
        return _show(request, wizard, wizard.page(key, checked=True), status=422)
    wizard.reach(wizard.after(key))
    return redirect(url_of(wizard, wizard.after(key)))


def _left_out(request: MemberRequest, wizard: Wizard) -> HttpResponseBase:
    """The page of another tab, say, from before an assessment was chosen."""
    if "autosave" in request.GET:
        return HttpResponse(status=204)
    messages.info(request, _("Nobody can be invited to a solution assessment."))
    url = url_of(wizard, wizard.first_open)
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _show(
    request: MemberRequest, wizard: Wizard, shown: Step, *, status: int = 200
) -> HttpResponse:
    template = FRAGMENT if _is_fragment(request) else PAGE
    # The first step, once refused, is a draft's already, although it was sent to the page of none.
    address = request.path if wizard.is_new else url_of(wizard, shown.key)
    here = request.get_full_path() if address == request.path else address
    context = {**frame(wizard, shown.key), "step": shown, "address": address, "action": here}
    return render(request, template, context, status=status)


def _is_fragment(request: MemberRequest) -> bool:
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request
