"""The registration of a won deal for the vendor's incentives, and its review (6).

A registration joins two organisations, like a referral: the partner that asks and the vendor that
reviews. It repeats what the vendor may know of the deal, whose key the vendor never follows.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deals.models.deal import Deal
from partners.models import Membership, Organization


class RegistrationStatus(models.TextChoices):
    PENDING = "pending", _("Pending review")
    ACTION_REQUIRED = "action_required", _("Action required")
    RESUBMITTED = "resubmitted", _("Resubmitted")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


TO_REVIEW = (RegistrationStatus.PENDING, RegistrationStatus.RESUBMITTED)
DECIDED = (RegistrationStatus.APPROVED, RegistrationStatus.REJECTED)


class Term(models.TextChoices):
    PERPETUAL = "perpetual", _("Perpetual: without an end")
    FINITE = "finite", _("Finite: until an agreed day")


class TenantType(models.TextChoices):
    CUSTOMER = "customer", _("The customer's own tenant")
    PARTNER = "partner", _("Our tenant, run for the customer")
    SHARED = "shared", _("Our tenant, shared by several customers")


class PricingModel(models.TextChoices):
    PER_USER = "per_user", _("Per user")
    FLAT_RATE = "flat_rate", _("Flat rate")
    USAGE = "usage", _("By usage")
    ONE_TIME = "one_time", _("Paid once")
    OTHER = "other", _("Other")


class RegistrationAnswers(models.Model):
    """What the form asks for (6.3). Amounts are in the deal's currency."""

    is_marketplace = models.BooleanField()
    marketplace_date = models.DateField(null=True)
    is_on_vendor_cloud = models.BooleanField()
    term = models.CharField(max_length=10, choices=Term)
    total_value = models.DecimalField(max_digits=16, decimal_places=2)
    solution_value = models.DecimalField(max_digits=16, decimal_places=2)
    signed_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    tenant_type = models.CharField(max_length=10, choices=TenantType)
    pricing_model = models.CharField(max_length=10, choices=PricingModel)
    # To the reviewer.
    message = models.TextField(max_length=1000, blank=True)

    class Meta:
        abstract = True


class Registration(RegistrationAnswers):
    """Written by `deals.registration` alone, status and answers along its table of transitions.

    `messages` says per field what has to be corrected, while it has to be; `round` counts what the
    partner sent, `version` whatever changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    vendor = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    deal = models.OneToOneField(Deal, on_delete=models.CASCADE, related_name="registration")

    deal_name = models.CharField(max_length=200)
    reference = models.CharField(max_length=12)
    customer_name = models.CharField(max_length=200)
    customer_city = models.CharField(max_length=120)
    customer_country = models.CharField(max_length=2)
    deal_value = models.DecimalField(max_digits=16, decimal_places=2)
    currency = models.CharField(max_length=3)
    won_at = models.DateTimeField()
    # Those that were eligible when the deal was won: code, name and owner of each.
    solutions = models.JSONField(default=list)

    status = models.CharField(
        max_length=20, choices=RegistrationStatus, default=RegistrationStatus.PENDING
    )
    status_since = models.DateTimeField(default=timezone.now)
    round = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    messages = models.JSONField(default=dict, blank=True)
    answer_by = models.DateField(null=True)
    reason = models.TextField(max_length=1000, blank=True)
    submitted_at = models.DateTimeField(default=timezone.now)
    submitted_by_name = models.CharField(max_length=200)
    submitted_by_email = models.EmailField()
    reviewer = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    reviewer_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="registration_organization_id"
            ),
            models.CheckConstraint(
                condition=Q(is_marketplace=True, marketplace_date__isnull=False)
                | Q(is_marketplace=False, marketplace_date=None),
                name="registration_date_iff_marketplace",
            ),
            models.CheckConstraint(
                condition=Q(term=Term.FINITE, ends_on__isnull=False)
                | Q(term=Term.PERPETUAL, ends_on=None),
                name="registration_end_iff_finite",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="registration_starts_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(solution_value__gt=0) & Q(solution_value__lte=F("total_value")),
                name="registration_solution_is_part_of_total",
            ),
            models.CheckConstraint(
                condition=Q(status=RegistrationStatus.ACTION_REQUIRED) & ~Q(messages={})
                | ~Q(status=RegistrationStatus.ACTION_REQUIRED) & Q(messages={}, answer_by=None),
                name="registration_messages_iff_action_required",
            ),
            models.CheckConstraint(
                condition=Q(status=RegistrationStatus.REJECTED) & ~Q(reason="")
                | ~Q(status=RegistrationStatus.REJECTED) & Q(reason=""),
                name="registration_reason_iff_rejected",
            ),
        ]
        indexes = [
            # The reviewer's queues, each one range; and those of one company or one reviewer.
            models.Index(
                fields=["vendor", "status_since", "id"],
                condition=Q(status__in=TO_REVIEW),
                name="registration_to_review",
            ),
            models.Index(
                fields=["vendor", "status", "status_since", "id"], name="registration_by_status"
            ),
            models.Index(
                fields=["vendor", "organization", "status_since", "id"],
                name="registration_by_company",
            ),
            models.Index(
                fields=["vendor", "reviewer", "status_since", "id"],
                name="registration_by_reviewer",
            ),
            # What lists of deals filter by.
            models.Index(
                fields=["organization", "status", "deal"], name="registration_status_of_deal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_name}: {self.get_status_display()}"

    @property
    def is_decided(self) -> bool:
        return self.status in DECIDED

    @property
    def is_to_review(self) -> bool:
        return self.status in TO_REVIEW

    @property
    def is_overdue(self) -> bool:
        """Whether the day by which a correction was asked for is over."""
        return self.answer_by is not None and self.answer_by < timezone.localdate()


class StepKind(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted")
    RESUBMITTED = "resubmitted", _("Resubmitted")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    ACTION_REQUIRED = "action_required", _("Changes asked for")
    TAKEN = "taken", _("Taken on")
    RELEASED = "released", _("Given back")


class RegistrationStep(models.Model):
    """One thing that happened to a registration; append-only, read by both companies.

    `data`: the `answers` as sent, or the `messages`, `answer_by` and `reason` of a review.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    vendor = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=20, choices=StepKind)
    round = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)
    by_name = models.CharField(max_length=200)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["organization", "registration", "id"], name="step_by_registration")
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"


class RegistrationRules(models.Model):
    """What the vendor wants of a registration in numbers; each is off where it is empty.

    Everybody reads them: they stand in every checklist.
    """

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    minimum_value = models.DecimalField(
        _("minimum contract value"), max_digits=16, decimal_places=2, null=True
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    days_since_signature = models.PositiveSmallIntegerField(_("days since signature"), null=True)
    waiting_days = models.PositiveSmallIntegerField(_("waiting time in days"), null=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum_value=None, currency="")
                | Q(minimum_value__gt=0, currency__regex=r"^[A-Z]{3}$"),
                name="registration_rules_minimum_has_currency",
            ),
            models.CheckConstraint(
                condition=Q(days_since_signature=None) | Q(days_since_signature__gt=0),
                name="registration_rules_days_positive",
            ),
            models.CheckConstraint(
                condition=Q(waiting_days=None) | Q(waiting_days__gt=0),
                name="registration_rules_waiting_positive",
            ),
            models.CheckConstraint(
                condition=Q(waiting_days=None)
                | Q(days_since_signature=None)
                | Q(waiting_days__lt=F("days_since_signature")),
                name="registration_rules_leave_time_to_register",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id}"
