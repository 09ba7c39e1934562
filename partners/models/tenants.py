"""Directory tenants that a company's people sign in from, and requests to link one more (1.2)."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.organizations import Organization
from partners.models.people import Membership


class DirectoryTenant(models.Model):
    """A tenant that a company lists. A company that lists none does not ask where people come from.

    With Microsoft Entra the verified id counts, with a password the domain of the address. A tenant
    that owns several domains is listed with each.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="tenants")
    tenant_id = models.UUIDField(_("tenant ID"))
    domain = models.CharField(_("domain"), max_length=253)
    linked_at = models.DateTimeField(default=timezone.now)
    linked_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "domain", "tenant_id"], name="directory_tenant_once"
            ),
            models.CheckConstraint(
                condition=Q(domain=Lower("domain")) & ~Q(domain=""),
                name="directory_tenant_domain_is_lower_case",
            ),
        ]

    def __str__(self) -> str:
        return self.domain


class TenantLinkRequest(models.Model):
    """Somebody belongs to the company and signs in from a tenant that it does not list.

    Read by the company and by the vendor, an admin of either answers.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    vendor = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    tenant_id = models.UUIDField(_("tenant ID"))
    domain = models.CharField(_("domain"), max_length=253)
    asked_by_name = models.CharField(max_length=200)
    asked_by_email = models.EmailField()
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    is_granted = models.BooleanField(null=True)
    answered_by_name = models.CharField(max_length=200, blank=True)
    reason = models.TextField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "membership", "tenant_id"],
                condition=Q(answered_at=None),
                name="tenant_link_request_one_open_per_person",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, is_granted=None)
                | Q(answered_at__isnull=False, is_granted__isnull=False),
                name="tenant_link_request_granted_iff_answered",
            ),
            models.CheckConstraint(
                condition=Q(is_granted=None) | Q(is_granted=True) | ~Q(reason=""),
                name="tenant_link_request_refusal_has_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["vendor", "asked_at"],
                condition=Q(answered_at=None),
                name="tenant_link_request_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_by_name}: {self.domain}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None
