"""What a counterpart sees of us (4.6): its own page's parts, made from the referral alone."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from comments.queries import conversation
from comments.remarks import remark_of
from deals.links import deal_context
from deals.models import Customer
from deals.queries import visible_deals
from deals.timeline import timeline_of
from partners.access import MemberRequest, member_view
from partners.permissions import Permission
from referrals.cards import cards_shown_to_other_side
from referrals.queries import referrals_of
from referrals.told import events_told


@require_safe
@member_view(Permission.VIEW_DEALS)
def other_side(request: MemberRequest, deal_id: UUID, referral_id: UUID) -> HttpResponse:
    deal = get_object_or_404(visible_deals(request.member), pk=deal_id)
    referral = get_object_or_404(referrals_of(deal), pk=referral_id)
    ours = request.member.organization
    card, *watched = cards_shown_to_other_side(referral, organization_id=ours.pk)
    talk = conversation(referral, organization_id=ours.pk)
    context = deal_context(request, deal) | {
        "ours": ours.name,
        "counterpart": referral.sender_name if deal.is_inbound else referral.recipient_name,
        "referral": referral,
        "card": card,
        "watched": watched,
        # Who invited us knows its customer already; whom we invited got what the referral holds.
        "customer": None if deal.is_inbound else Customer(**referral.customer),
        "days": timeline_of(deal, events_told(deal, referral, company=ours.name)),
        "remarks": [remark_of(comment) for comment in talk],
    }
    return render(request, "deals/other_side.html", context)
