"""Many deals that one person changes in one go, and what became of each."""

import uuid

from django.db import models
from django.db.models import Q

from deals.models.deal import Deal
from partners.models import Membership, Organization


class Selection(models.Model):
    """Begun when somebody confirms it; `change` is what the action needs, once it is known.

    `came_from` is the state of the list, `language` the one that refusals are told in.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    action = models.CharField(max_length=10)
    change = models.JSONField(default=dict)
    came_from = models.TextField(blank=True)
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="selection_organization_id"
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(started_at__isnull=False),
                name="selection_finished_only_after_start",
            ),
        ]
        indexes = [
            models.Index(
                fields=["started_at"],
                condition=Q(started_at__isnull=False, finished_at=None),
                name="selection_at_work",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"


class SelectedDeal(models.Model):
    """`version` is the deal's when it was selected; `is_done` is unknown until it was tried."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    selection = models.ForeignKey(Selection, on_delete=models.CASCADE, related_name="deals")
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    is_done = models.BooleanField(null=True)
    refusal = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "selection", "deal"], name="selected_deal_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["selection", "deal"],
                condition=Q(is_done=None),
                name="selected_deal_to_do",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id}"
