"""The floor: what Django itself needs for a page of the same 25 rows.

No tenancy, no policies (it signs in as the owner), no tabs, counts, filters or frame.
"""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path

from deals.models import Deal, Direction

ROWS = 25
PAGE = Template(
    """<!doctype html><title>Deals</title><table>{% for deal in deals %}
<tr><td>{{ deal.name }}<td>{{ deal.reference }}<td>{{ deal.customer.name }}
<td>{{ deal.customer.city }}<td>{{ deal.location.name }}<td>{{ deal.organization.name }}
<td>{{ deal.status }}<td>{{ deal.stage }}<td>{{ deal.value }} {{ deal.currency }}
<td>{{ deal.close_date }}{% endfor %}</table>"""
)


def page(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    deals = (
        Deal.objects.filter(organization_id=organization_id, direction=Direction.INBOUND)
        .select_related("customer", "location", "organization")
        .defer("search", "notes")
        .order_by("list_rank", "id")[:ROWS]
    )
    return HttpResponse(PAGE.render(Context({"deals": deals})))


urlpatterns = [
    path("bare/<uuid:organization_id>/", page),
    path("signed-in/<uuid:organization_id>/", login_required(page)),
]
