"""What keeps a member out of a company although they belong to it, and the page that says so (1.2).

It is drawn without navigation: nothing of what is inside can be told yet.
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from cosell.core.tenancy import APP_ROLE, database_identity
from partners.models import Membership
from partners.origins import Tenant
from partners.queries import admins_of
from partners.tenant_requests import last_request

STATUS = 403


def obstacle_page(request: Any, member: Membership, *, tenant: Tenant) -> HttpResponse:
    others = [one for one in request.memberships if one.pk != member.pk]
    context: dict[str, Any] = {
        "entering": member,
        "tenant": tenant,
        "others": others,
        "slug": member.organization.slug,
    }
    with database_identity(APP_ROLE, organization=member.organization_id):
        context["admins"] = admins_of(member.organization_id)
        if member.is_let_in:
            return render(request, "partners/second_factor.html", context, status=STATUS)
        context["asked"] = last_request(member, tenant)
        return render(request, "partners/unlinked.html", context, status=STATUS)
