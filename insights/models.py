"""Counts of an organisation's deals, month by month, and what they do not know yet (8.4)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deals.models import Deal, Direction, Status
from deals.stages import DealType
from partners.models import Location, Organization


class Measure(models.TextChoices):
    """What is counted, and by which of a deal's days: docs/insights.md has it in plain words."""

    # By the day a deal came in; the key is the stage, a country, a campaign, a solution's code.
    STAGE = "stage", _("Stage")
    COUNTRY = "country", _("Country")
    CAMPAIGN = "campaign", _("Campaign")
    SOLUTION = "solution", _("Solution")
    # By the day an invitation was answered or expired; the key is the whole hours that it took.
    ANSWER = "answer", _("Answer")
    # By the day a deal was closed; the key is the reason.
    CLOSED = "closed", _("Closed")


class MonthlyCount(models.Model):
    """How many deals of one kind a whole month has, and what they are worth.

    Made from the deals by `insights.counting` alone; deleting all of them loses nothing.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    # Its first day.
    month = models.DateField()
    measure = models.CharField(max_length=10, choices=Measure)
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+")
    direction = models.CharField(max_length=8, choices=Direction)
    type = models.CharField(max_length=12, choices=DealType)
    status = models.CharField(max_length=10, choices=Status)
    key = models.CharField(max_length=100, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    deals = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=22, decimal_places=2)

    class Meta:
        constraints = [
            # Carries the numbers: a page reads the index alone.
            models.UniqueConstraint(
                fields=[
                    "organization", "month", "measure", "location", "direction", "type", "status",
                    "key", "currency",
                ],
                include=["deals", "amount"],
                name="monthly_count_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.measure} {self.key} in {self.month:%Y-%m}: {self.deals}"


class Uncounted(models.Model):
    """A deal that changed since it was counted; without a deal, everything is to be counted."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    deal = models.ForeignKey(Deal, null=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["organization", "id"], name="uncounted_by_organization")]

    def __str__(self) -> str:
        return f"{self.deal_id or 'everything'} since {self.at:%Y-%m-%d %H:%M}"
