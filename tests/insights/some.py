"""A company's deals of the last months, of every kind that figures tell apart."""

from datetime import datetime, timedelta

from django.utils import timezone

from deals.models import Deal, DealSolution, Status
from deals.stages import StageCode
from insights.counting import count_anew
from tests.deals.listed import inbound, make_deals
from tests.identity import as_owner
from tests.world import Company

DAY = timedelta(days=1)


def ago(days: float) -> datetime:
    return timezone.now() - days * DAY


def some_deals(company: Company) -> list[Deal]:
    """In the last 90 days two came in and were accepted, one was created, one declined; before
    that two were created, of which one was won lately."""
    deals = make_deals(
        company,
        {"name": "created", "created_at": ago(5), "value": 1000, "campaign_id": "FY26",
         "stage": StageCode.PROPOSED},
        inbound(name="won", status=Status.WON, created_at=ago(40), answered_at=ago(38),
                closed_at=ago(3), value=500),
        inbound(name="lost", status=Status.LOST, created_at=ago(30), answered_at=ago(29),
                closed_at=ago(2), value=300, stage=StageCode.QUALIFIED),
        inbound(name="declined", status=Status.DECLINED, created_at=ago(20), answered_at=ago(18),
                closed_at=ago(18)),
        inbound(name="expired", status=Status.EXPIRED, created_at=ago(50), closed_at=ago(36)),
        {"name": "older", "created_at": ago(100), "value": 200},
        {"name": "older, won", "created_at": ago(120), "value": 700, "status": Status.WON,
         "closed_at": ago(4)},
    )  # fmt: skip
    with as_owner():
        DealSolution.objects.bulk_create(
            DealSolution(
                organization=company.organization, deal=deal, solution=company.solution,
                code=company.solution.code, name=company.solution.name,
                owner_name=company.organization.name,
            )
            for deal in deals
            if not deal.is_closed
        )  # fmt: skip
    count_anew(company.pk)
    return deals
