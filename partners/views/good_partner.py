"""What a company is told about how good a partner it is, and how to become a better one (8.1)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partners.access import MemberRequest, member_view
from partners.models.organizations import NEWCOMERS_SCORE
from partners.permissions import Permission
from referrals.profiles import partner_cards
from referrals.responsiveness import WINDOW, figures_of, slow_answers
from referrals.traits import tendencies_of


@require_safe
@member_view(Permission.VIEW_DEALS)
def good_partner(request: MemberRequest) -> HttpResponse:
    member = request.member
    # What the whole company does would tell them of deals that they do not see.
    sees_some = member.sees_only_own_deals or member.is_location_scoped
    figures = figures_of(member.organization_id)
    context = {
        "nav": "good_partner",
        "slug": member.organization.slug,
        "figures": figures,
        "slow": slow_answers(member, figures),
        "tendencies": None if sees_some else tendencies_of(member.organization_id),
        "cards": partner_cards([member.organization]),
        "newcomers": NEWCOMERS_SCORE,
        "days": WINDOW.days,
    }
    return render(request, "partners/good_partner.html", context)
