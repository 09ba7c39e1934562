"""How people keep their lists."""

import uuid

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from partners.models import Membership, Organization


class ListPreference(models.Model):
    """What one person's lists look like: `columns` are codes of `deals.listing.columns`, in order;
    None for who never chose. `default_views`: the id of the view that each list opens with."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    columns = models.JSONField(null=True)
    default_views = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "membership"], name="list_preference_once_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id}"


class SavedView(models.Model):
    """A list with a name: `query` is its address, as deals.list_state writes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    tab = models.CharField(max_length=10)
    name = models.CharField(_("name"), max_length=60)
    query = models.TextField(blank=True)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organization", "membership", "tab", Lower("name"), name="saved_view_name_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "tab"], name="saved_view_by_tab"),
        ]

    def __str__(self) -> str:
        return self.name
