"""How people keep their lists."""

from django.db import models

from partners.models import Membership, Organization


class ListPreference(models.Model):
    """What one person's lists look like: `columns` are codes of `deals.listing.columns`, in order;
    None for who never chose."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    columns = models.JSONField(null=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "membership"], name="list_preference_once_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id}"
