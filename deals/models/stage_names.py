"""What an organisation calls the standard stages (5.8)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cosell.core.folding import Fold
from deals.stages import StageCode
from partners.models import Organization


class StageName(models.Model):
    """One of possibly several own names of a standard stage; pages show one, imports know all."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    stage = models.CharField(_("sales stage"), max_length=20, choices=StageCode)
    name = models.CharField(_("name"), max_length=60)
    is_shown = models.BooleanField(default=False)

    class Meta:
        ordering = ["-is_shown", "id"]
        constraints = [
            models.UniqueConstraint(
                "organization", Fold("name"), name="stage_name_means_one_stage"
            ),
            models.UniqueConstraint(
                fields=["organization", "stage"],
                condition=Q(is_shown=True),
                name="stage_name_only_one_shown",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="stage_name_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name
