"""What hangs on a deal: its team and solutions; and what is a person's own: favorites, drafts."""

import uuid

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from deals.models.deal import Deal
from partners.models import Membership, Organization, Solution


class TeamMember(models.Model):
    """A contact; only the link to a membership gives access to the deal (3.5)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="team")
    membership = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    phone = PhoneNumberField(_("phone"))
    email = models.EmailField(_("e-mail address"))
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                "organization", "deal", Lower("email"), name="team_member_once_per_deal"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "membership", "deal"], name="team_by_membership"),
            models.Index(fields=["organization", "-created_at"], name="team_recent"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class DealSolution(models.Model):
    """A solution on a deal, with its name as it was when added: retiring it changes no history."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="solutions")
    solution = models.ForeignKey(Solution, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    owner_name = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "deal", "solution"], name="deal_solution_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "solution"], name="deal_solution_by_solution"),
            # Carries the name for the choice of solutions to filter by.
            models.Index(
                fields=["organization", "code", "deal"], include=["name"],
                name="deal_solution_by_code",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Favorite(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="favorites")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "membership", "deal"], name="favorite_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id}"


class Draft(models.Model):
    """A deal being written; `data` keeps each step's form as it was sent, valid or not (3.11)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["organization", "membership", "-updated_at"], name="draft_by_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.id}"
