"""Solutions and solution-assessment types (1.5)."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models.organizations import Organization


class CoSellStatus(models.IntegerChoices):
    """Each status includes the ones before it."""

    IN_MARKET = 1, _("In market")
    CO_SELL_READY = 2, _("Co-sell ready")
    INCENTIVE_ELIGIBLE = 3, _("Incentive eligible")


class SolutionKind(models.TextChoices):
    SOLUTION = "solution", _("Solution")
    ASSESSMENT = "assessment", _("Solution assessment")


class Solution(models.Model):
    """Others read a solution while it is published; its contacts are in a table of their own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="solutions"
    )
    kind = models.CharField(max_length=12, choices=SolutionKind, default=SolutionKind.SOLUTION)
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    summary = models.CharField(_("summary"), max_length=500, blank=True)
    status = models.PositiveSmallIntegerField(
        _("co-sell status"), choices=CoSellStatus, default=CoSellStatus.IN_MARKET
    )
    is_published = models.BooleanField(_("published"), default=False)
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="solution_organization_id"),
            models.UniqueConstraint(fields=["organization", "code"], name="solution_code_unique"),
        ]
        indexes = [
            models.Index(
                fields=["organization", "name"],
                condition=models.Q(is_published=True, retired_at=None),
                name="solution_offered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def is_assessment(self) -> bool:
        return self.kind == SolutionKind.ASSESSMENT

    @property
    def pill(self) -> str:
        return CoSellStatus(self.status).name.lower()

    @property
    def is_incentive_eligible(self) -> bool:
        return self.status == CoSellStatus.INCENTIVE_ELIGIBLE


class SolutionContact(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=160, blank=True)
    email = models.EmailField(_("e-mail address"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "solution", "email"], name="solution_contact_once"
            ),
        ]

    def __str__(self) -> str:
        return self.email
