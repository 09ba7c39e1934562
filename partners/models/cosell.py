"""A partner asks the vendor to mark a solution, and the vendor's answer (1.5)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.organizations import Organization
from partners.models.solutions import CoSellStatus, Solution


class CoSellRequest(models.Model):
    """Read by both companies; it repeats what the vendor has to know of a solution that may not be
    published. The answer is written by the database's function answer_co_sell_request alone, which
    only the vendor can call.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="co_sell_requests"
    )
    vendor = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="requests")
    wanted = models.PositiveSmallIntegerField(_("wanted status"), choices=CoSellStatus)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    summary = models.CharField(max_length=500)
    contacts = models.JSONField(default=list)
    message = models.TextField(max_length=1000, blank=True)
    asked_by_name = models.CharField(max_length=200)
    asked_by_email = models.EmailField()
    asked_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    is_granted = models.BooleanField(null=True)
    answered_by_name = models.CharField(max_length=200, blank=True)
    reason = models.TextField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "solution"],
                condition=Q(answered_at=None, withdrawn_at=None),
                name="co_sell_request_one_open_per_solution",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, is_granted=None)
                | Q(answered_at__isnull=False, is_granted__isnull=False, withdrawn_at=None),
                name="co_sell_request_granted_iff_answered",
            ),
            models.CheckConstraint(
                condition=Q(is_granted=None) | Q(is_granted=True) | ~Q(reason=""),
                name="co_sell_request_refusal_has_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["vendor", "asked_at"],
                condition=Q(answered_at=None, withdrawn_at=None),
                name="co_sell_request_waiting",
            ),
            models.Index(
                fields=["organization", "solution", "-asked_at"], name="co_sell_by_solution"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_wanted_display()}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.withdrawn_at is None
