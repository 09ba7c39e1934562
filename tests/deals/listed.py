"""Deals that lists show, made in bulk: any status, without the story that led to it."""

from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deals.forms.list_request import ListRequest, read_list_request
from deals.listing.criteria import Tab, filtered_deals, in_group
from deals.listing.pages import Page, page_of
from deals.models import CloseReason, Deal, Direction, Status
from deals.models.status import CLOSED_STATUSES, REASONED_STATUSES, UNANSWERED_STATUSES
from deals.stages import DealType, StageCode
from partners.models import Membership
from tests.factories import CustomerFactory
from tests.identity import as_owner
from tests.world import Company, World

TRANSACTIONS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def make_deals(company: Company, *given: dict[str, Any]) -> list[Deal]:
    """One deal for each dictionary of what is special about it."""
    customer = CustomerFactory(organization=company.organization)
    rows = [
        Deal(
            **{
                "organization": company.organization,
                "location": company.location,
                "customer": customer,
                "customer_name": customer.name,
                "customer_city": customer.city,
                "customer_country": customer.country,
                "direction": Direction.OUTBOUND,
                "type": DealType.CO_SELL,
                "name": f"Deal {number}",
                "value": 1000,
                "currency": "EUR",
                "close_date": timezone.localdate() + timedelta(days=30),
                **_of_status(one.get("status", Status.ACCEPTED), one),
                **one,
            }
        )
        for number, one in enumerate(given)
    ]
    with as_owner():
        return Deal.objects.bulk_create(rows)


def _of_status(status: Status, given: dict[str, Any]) -> dict[str, Any]:
    inbound = given.get("direction", Direction.OUTBOUND) == Direction.INBOUND
    first = StageCode.ACCEPTED if inbound else StageCode.CREATED
    stage = StageCode.WON if status == Status.WON else first
    return {
        "status": status,
        "stage": "" if status in UNANSWERED_STATUSES else stage,
        "respond_by": timezone.now() + timedelta(days=9) if inbound else None,
        "closed_at": timezone.now() if status in CLOSED_STATUSES else None,
        "close_reason": CloseReason.BUDGET if status in REASONED_STATUSES else "",
    }


def inbound(**given: Any) -> dict[str, Any]:
    return {"direction": Direction.INBOUND, "status": Status.RECEIVED, **given}


def names(response: Any) -> list[str]:
    return [row.deal.name for row in response.context["rows"]]


def page_for(member: Membership, tab: str, query: str) -> tuple[ListRequest, Page]:
    """What the address asks for, as its reader; much faster than the page that shows it."""
    listed = read_list_request(QueryDict(query), tab=Tab(tab), member=member)
    deals = filtered_deals(member, listed.tab, listed.filters, found=None)
    return listed, page_of(
        in_group(deals, listed.group),
        member=member,
        sort=listed.sort,
        size=listed.size,
        place=listed.place,
    )


def statements_of(captured: CaptureQueriesContext) -> list[str]:
    """What a page asks the database; live, nothing is left to restore when it leaves a company."""
    asked = [one["sql"] for one in captured]
    return [
        one
        for one, following in pairwise([*asked, ""])
        if not one.startswith(TRANSACTIONS)
        and not (one.startswith("SELECT set_config") and following.startswith("RELEASE"))
    ]


def list_url(world: World, tab: str = "outbound", query: str = "") -> str:
    return f"/o/{world.contoso.slug}/deals/{tab}/" + (f"?{query}" if query else "")


def favorite_url(world: World, deal_id: UUID) -> str:
    return f"/o/{world.contoso.slug}/deals/{deal_id}/favorite/"
