"""Writing and editing comments on a deal (5.7)."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from comments.models import Comment
from comments.queries import own_comments
from comments.remarks import remark_of
from comments.services import TIME_TO_EDIT, check_editable, edit_comment, write_comment
from cosell.core.errors import NotAllowed, Refused
from deals.forms.comments import CommentForm, TextForm
from deals.links import deal_context
from deals.models import Deal
from deals.queries import visible_deals
from deals.views.detail import DealPage, deal_of, deal_page
from deals.views.timeline_parts import TimelineState
from partners.access import MemberRequest, member_view
from partners.permissions import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.COMMENT)
def write(request: MemberRequest, deal_id: UUID) -> HttpResponseBase:
    """The form stands on the deal page, which is also where a refused one comes back."""
    deal = deal_of(request.member, deal_id)
    page = DealPage(deal, request.member, TimelineState.of(request))
    if request.method != "POST":
        return redirect(_address(request, deal))
    form = page.comment_form_with(request.POST)
    if not form.is_valid():
        return deal_page(request, page, comment_form=form, status=422)
    refusal = _refusal(request, deal, form)
    if refusal:
        form.add_error(refusal.field or None, str(refusal))
        return deal_page(request, page, comment_form=form, status=refusal.status)
    return redirect(_address(request, deal))


def _refusal(request: MemberRequest, deal: Deal, form: CommentForm) -> Refused | None:
    """Writes the comment, or tells why not."""
    try:
        write_comment(
            deal,
            actor=request.member.actor,
            body=form.cleaned_data["body"],
            to=form.listener,
            mentioned=form.mentioned,
            form=form.cleaned_data["form"],
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return refusal
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.COMMENT)
def edit(request: MemberRequest, deal_id: UUID, comment_id: UUID) -> HttpResponseBase:
    """One's own, for 15 minutes; the page says that the earlier text stays readable."""
    deal = get_object_or_404(visible_deals(request.member), pk=deal_id)
    comment = get_object_or_404(own_comments(request.member, deal), pk=comment_id)
    if request.method != "POST":
        check_editable(comment)
        return _edit_page(request, deal, comment, TextForm(initial={"body": comment.body}))
    form = TextForm(request.POST)
    if not form.is_valid():
        return _edit_page(request, deal, comment, form, status=422)
    try:
        edit_comment(comment, actor=request.member.actor, body=form.cleaned_data["body"])
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return _edit_page(request, deal, comment, form, status=refusal.status)
    return redirect(_address(request, deal))


def _edit_page(
    request: MemberRequest, deal: Deal, comment: Comment, form: TextForm, *, status: int = 200
) -> HttpResponse:
    until: datetime = comment.at + TIME_TO_EDIT
    context = deal_context(request, deal) | {
        "remark": remark_of(comment),
        "form": form,
        "until": until,
    }
    return render(request, "deals/edit_comment.html", context, status=status)


def _address(request: MemberRequest, deal: Deal) -> str:
    page = reverse("deals:detail", args=[request.member.organization.slug, deal.pk])
    return f"{page}{TimelineState.of(request).url_after_writing}#timeline"
