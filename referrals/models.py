"""The referral: an invitation, its answer, and the only row two companies read (4.5, 4.6)."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deals.models import CloseReason, Deal, Status
from deals.stages import Stage, StageCode, stage_of
from partners.models import Location, Organization


class HelpType(models.TextChoices):
    """What the inviter would like help with (3.8)."""

    VALUE_PROPOSITION = "value_proposition", _("Workload-specific value proposition")
    ARCHITECTURE = "architecture", _("Customer technical architecture")
    PROOF_OF_CONCEPT = "proof_of_concept", _("Proof of concept or demo")
    QUOTES = "quotes", _("Quotes or licensing")
    POST_SALES = "post_sales", _("Post-sales customer success")
    GENERAL = "general", _("General or other")
    NONE = "none", _("No help required at this point of time")


class Referral(models.Model):
    """What the sender offers is fixed once sent; what each side lets the other see is mirrored.

    Neither side follows the key to the other's deal: the policies would hide it. Lists are plain
    JSON: `people` and `recipient_team` hold first_name, last_name, phone and email, `solutions`
    id, code, name and owner; `customer` and `contact` hold the fields of those models.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    engagement_id = models.UUIDField(editable=False)
    sender = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    sender_name = models.CharField(max_length=200)
    sender_deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    recipient_name = models.CharField(max_length=200)
    recipient_deal = models.OneToOneField(Deal, on_delete=models.PROTECT, related_name="+")
    recipient_location = models.ForeignKey(
        Location, null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_to_vendor = models.BooleanField()

    deal_name = models.CharField(max_length=200)
    value = models.DecimalField(max_digits=16, decimal_places=2)
    currency = models.CharField(max_length=3)
    close_date = models.DateField()
    help_type = models.CharField(max_length=20, choices=HelpType)
    message = models.TextField(max_length=2000, blank=True)
    customer = models.JSONField()
    contact = models.JSONField(null=True)
    people = models.JSONField(default=list)
    solutions = models.JSONField(default=list)
    sent_at = models.DateTimeField(default=timezone.now)
    respond_by = models.DateTimeField()

    sender_status = models.CharField(max_length=10, choices=Status)
    sender_stage = models.CharField(max_length=20, choices=StageCode, blank=True)
    recipient_status = models.CharField(max_length=10, choices=Status)
    recipient_stage = models.CharField(max_length=20, choices=StageCode, blank=True)
    recipient_team = models.JSONField(default=list)
    reason = models.CharField(max_length=20, choices=CloseReason, blank=True)
    notes = models.TextField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)
    vendor_status = models.CharField(max_length=10, choices=Status, blank=True)
    vendor_stage = models.CharField(max_length=20, choices=StageCode, blank=True)
    vendor_respond_by = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(sender=F("recipient")), name="referral_joins_two_organizations"
            ),
            models.UniqueConstraint(
                fields=["sender", "sender_deal", "recipient"],
                condition=~Q(recipient_status__in=["declined", "expired", "withdrawn"]),
                name="referral_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(reason="") | Q(recipient_status=Status.DECLINED),
                name="referral_reason_only_if_declined",
            ),
        ]
        indexes = [
            models.Index(
                F("sender"), F("sent_at").desc(), F("id").desc(), name="referral_by_sender"
            ),
            models.Index(
                F("recipient"), F("sent_at").desc(), F("id").desc(), name="referral_by_recipient"
            ),
            models.Index(fields=["sender", "sender_deal"], name="referral_by_sender_deal"),
            models.Index(fields=["recipient", "recipient_deal"], name="referral_by_recipient_deal"),
            # What lists filter by: where the other sides stand.
            models.Index(
                fields=["sender", "recipient_status", "sender_deal"], name="referral_by_answer"
            ),
            models.Index(
                fields=["recipient", "sender_status", "recipient_deal"],
                name="referral_by_sender_status",
            ),
            # For sweeps alone. With fewer conditions, a company's list of what waits would be read
            # from here as well, and so past everybody else's.
            models.Index(
                fields=["respond_by"],
                condition=Q(recipient_status="received", answered_at=None),
                name="referral_unanswered",
            ),
            models.Index(
                fields=["id"],
                condition=Q(vendor_status="received"),
                name="referral_watching_vendor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender_name} → {self.recipient_name}"

    @property
    def is_open(self) -> bool:
        return self.recipient_status == Status.RECEIVED

    @property
    def current_status(self) -> str:
        """Unanswered in time is expired, whether the sweep has been there or not (4.4)."""
        is_overdue = self.is_open and self.respond_by <= timezone.now()
        return Status.EXPIRED if is_overdue else self.recipient_status

    @property
    def recipient_current_stage(self) -> Stage | None:
        return stage_of(self.recipient_stage)

    @property
    def sender_current_stage(self) -> Stage | None:
        return stage_of(self.sender_stage)

    @property
    def help_type_label(self) -> Any:
        return self.get_help_type_display()


class Trait(models.TextChoices):
    """What deals are compared by (8.2)."""

    SOLUTION = "solution", _("Solution")
    COUNTRY = "country", _("Country of the customer")
    INDUSTRY = "industry", _("Industry of the customer")
    SIZE = "size", _("Size")


class TraitRecord(models.Model):
    """How a company fared with its deals of one trait: made anew every night from its own deals.

    The company alone reads it; the function partner_tendencies tells others what many of them know
    together. `inviters` is by how many companies the answered ones were sent.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    trait = models.CharField(max_length=10, choices=Trait)
    # A country, an industry, a size, or the id of a solution, whose name is `label`.
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=200, blank=True)
    accepted = models.PositiveIntegerField()
    declined = models.PositiveIntegerField()
    inviters = models.PositiveIntegerField()
    won = models.PositiveIntegerField()
    lost = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "trait", "code"], name="trait_record_once"
            ),
        ]
        indexes = [
            models.Index(fields=["trait", "code", "organization"], name="trait_record_by_trait"),
        ]

    def __str__(self) -> str:
        return f"{self.trait} {self.code}: {self.accepted} accepted, {self.declined} declined"
