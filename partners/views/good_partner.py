"""What a company is told about how good a partner it is, and how to become a better one (8.1)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partners.access import MemberRequest, member_view
from partners.models.organizations import NEWCOMERS_SCORE
from partners.permissions import Permission
from referrals.profiles import partner_cards
from referrals.responsiveness import WINDOW, figures_of, slow_answers


@require_safe
@member_view(Permission.VIEW_DEALS)
def good_partner(request: MemberRequest) -> HttpResponse:
    member = request.member
    figures = figures_of(member.organization_id)
    context = {
        "nav": "good_partner",
        "slug": member.organization.slug,
        "figures": figures,
        "slow": slow_answers(member, figures),
        "cards": partner_cards([member.organization]),
        "newcomers": NEWCOMERS_SCORE,
        "days": WINDOW.days,
    }
    return render(request, "partners/good_partner.html", context)
