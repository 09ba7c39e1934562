"""From an address to the wizard of its draft, and out of it again."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from cosell.core.errors import NotAllowed
from deals.models import Deal
from deals.queries import visible_deals
from deals.views.wizard import drafts
from deals.views.wizard.wizard import Wizard
from partners.access import MemberRequest
from partners.queries import may_create_deals


class CreatedAlready(Exception):
    """The draft became a deal meanwhile: in another tab, or by a double click."""

    def __init__(self, deal: Deal) -> None:
        super().__init__(str(deal.pk))
        self.deal = deal


def require_solution(request: MemberRequest) -> None:
    """1.6, said before anything is typed; the service refuses it as well."""
    if not may_create_deals(request.member.organization):
        raise NotAllowed(
            "no_solution",
            _(
                "%(company)s has no published solution that is co-sell ready. Only organisations"
                " with one can create deals."
            )
            % {"company": request.member.organization.name},
        )


def wizard_of(request: MemberRequest, draft_id: UUID) -> Wizard:
    require_solution(request)
    wizard = started(request, draft_id)
    if wizard is None:
        raise Http404
    return wizard


def started(request: MemberRequest, draft_id: UUID) -> Wizard | None:
    draft = drafts.draft_of(request.member, draft_id, for_update=request.method == "POST")
    if draft:
        return Wizard(request.member, draft, place=drafts.place_of(request.GET, request.POST))
    deal = visible_deals(request.member).filter(pk=draft_id).first()
    if deal:
        raise CreatedAlready(deal)
    return None


def new_wizard(request: MemberRequest, page_id: str) -> Wizard:
    return Wizard(request.member, drafts.new_draft(request.member, page_id), page_id=page_id)


def leave(request: MemberRequest) -> HttpResponseBase:
    messages.success(request, _("Your draft is saved. Only you can see it."))
    return redirect("deals:new", request.member.organization.slug)


def to_deal(request: MemberRequest, deal: Deal) -> HttpResponseBase:
    if "autosave" in request.GET:
        return HttpResponse(status=204)
    messages.info(request, _("This draft has become a deal already; here it is."))
    if request.htmx:
        return HttpResponseClientRedirect(deal.get_absolute_url())
    return redirect(deal)
