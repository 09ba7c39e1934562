"""What changed in a company's settings, and who changed it (1.2, 1.3)."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.organizations import Organization
from partners.models.people import User


class Change(models.TextChoices):
    TENANT_LINKED = "tenant_linked", _("Tenant linked")
    TENANT_UNLINKED = "tenant_unlinked", _("Tenant unlinked")
    LINK_ASKED = "link_asked", _("Link requested")
    LINK_GRANTED = "link_granted", _("Link approved")
    LINK_REFUSED = "link_refused", _("Link refused")
    FACTOR_REQUIRED = "factor_required", _("Second factor required")
    FACTOR_OPTIONAL = "factor_optional", _("Second factor no longer required")
    PERSON_JOINED = "person_joined", _("Joined")
    ROLE_CHANGED = "role_changed", _("Role changed")
    PERSON_DEACTIVATED = "person_deactivated", _("Deactivated")
    MARK_LOWERED = "mark_lowered", _("Co-sell status lowered")
    PERSON_REACTIVATED = "person_reactivated", _("Reactivated")


class CompanyEvent(models.Model):
    """One change, never changed afterwards. `by_company` is empty where the company did it itself;
    `subject` is the person or the domain that it is about, `data` what was and what became."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Change)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    by_company = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=253, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes = [models.Index(fields=["organization", "-id"], name="company_event_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"
