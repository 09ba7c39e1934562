"""The deal: one organisation's record of its work on one customer's opportunity."""

import secrets
import uuid
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cosell.core.folding import Fold
from deals.models.customers import Customer
from deals.models.ranks import LIST_RANK, HighestFirst
from deals.models.status import (
    CLOSED_STATUSES,
    OPEN_STATUSES,
    REASONED_STATUSES,
    UNANSWERED_STATUSES,
    CloseReason,
    Direction,
    Status,
)
from deals.stages import (
    ASSESSMENT_STAGES,
    SALES_STAGES,
    DealType,
    Stage,
    StageCode,
    codes_of,
    stage_of,
)
from partners.models import Location, Organization, User

# Without look-alikes: people read these aloud.
_REFERENCE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_reference() -> str:
    letters = "".join(secrets.choice(_REFERENCE_ALPHABET) for _position in range(8))
    return f"CO-{letters[:4]}-{letters[4:]}"


class Deal(models.Model):
    """Status and stage are written by `deals.lifecycle` alone.

    Customer name, city and country repeat the customer's, which is fixed (3.1): lists filter, sort
    and search by them within one index of one table.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    engagement_id = models.UUIDField(default=uuid.uuid4, editable=False)
    reference = models.CharField(_("referral ID"), max_length=12, default=new_reference)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction)
    type = models.CharField(_("type"), max_length=12, choices=DealType)

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    customer_name = models.CharField(_("customer"), max_length=200)
    customer_city = models.CharField(max_length=120)
    customer_country = models.CharField(_("country"), max_length=2)

    name = models.CharField(_("deal name"), max_length=200)
    value = models.DecimalField(
        _("estimated value"), max_digits=16, decimal_places=2, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3)
    close_date = models.DateField(_("estimated close date"))
    crm_id = models.CharField(_("CRM ID"), max_length=100, blank=True)
    campaign_id = models.CharField(_("marketing campaign ID"), max_length=100, blank=True)
    notes = models.TextField(_("notes"), max_length=4000, blank=True)

    status = models.CharField(_("status"), max_length=10, choices=Status)
    stage = models.CharField(_("sales stage"), max_length=20, choices=StageCode, blank=True)
    respond_by = models.DateTimeField(_("answer by"), null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(_("reason"), max_length=20, choices=CloseReason, blank=True)
    close_notes = models.TextField(max_length=2000, blank=True)

    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    list_rank = models.GeneratedField(
        expression=LIST_RANK, output_field=models.BigIntegerField(), db_persist=True
    )
    # What lists sort by. Names in any case and accent; amounts as integers, because comparing
    # numerics is not leakproof and would not use its index under row-level security.
    name_order = models.GeneratedField(
        expression=Fold(F("name")), output_field=models.TextField(), db_persist=True
    )
    customer_order = models.GeneratedField(
        expression=Fold(F("customer_name")), output_field=models.TextField(), db_persist=True
    )
    value_order = models.GeneratedField(
        expression=HighestFirst(F("value")), output_field=models.BigIntegerField(), db_persist=True
    )
    search = models.GeneratedField(
        expression=Fold(
            Concat(
                F("name"), Value(" "), F("reference"), Value(" "), F("customer_name"), Value(" "),
                F("crm_id"), Value(" "), F("campaign_id"), Value(" "), F("notes"),
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement_id"],
                condition=Q(direction=Direction.OUTBOUND),
                name="deal_one_begins_an_engagement",
            ),
            models.UniqueConstraint(fields=["organization", "id"], name="deal_organization_id"),
            models.UniqueConstraint(
                fields=["organization", "reference"], name="deal_reference_unique"
            ),
            models.CheckConstraint(
                condition=Q(status__in=CLOSED_STATUSES, closed_at__isnull=False)
                | Q(status__in=OPEN_STATUSES, closed_at=None),
                name="deal_closed_at_iff_closed",
            ),
            models.CheckConstraint(
                condition=Q(status__in=REASONED_STATUSES) & ~Q(close_reason="")
                | ~Q(status__in=REASONED_STATUSES) & Q(close_reason=""),
                name="deal_reason_iff_turned_down",
            ),
            models.CheckConstraint(
                condition=Q(direction=Direction.INBOUND, respond_by__isnull=False)
                | Q(direction=Direction.OUTBOUND, respond_by=None),
                name="deal_deadline_iff_inbound",
            ),
            models.CheckConstraint(
                condition=Q(direction=Direction.INBOUND) | ~Q(status__in=UNANSWERED_STATUSES),
                name="deal_outbound_needs_no_answer",
            ),
            models.CheckConstraint(
                condition=Q(status__in=UNANSWERED_STATUSES, stage="")
                | Q(status=Status.WON, stage=StageCode.WON)
                | Q(status__in=[Status.ACCEPTED, Status.LOST, Status.ERROR])
                & ~Q(stage__in=["", StageCode.WON]),
                name="deal_stage_fits_status",
            ),
            models.CheckConstraint(
                condition=~Q(type=DealType.ASSESSMENT) | Q(direction=Direction.OUTBOUND),
                name="deal_assessment_is_ours",
            ),
            models.CheckConstraint(
                condition=Q(type=DealType.ASSESSMENT) & ~Q(stage__in=codes_of(SALES_STAGES))
                | ~Q(type=DealType.ASSESSMENT) & ~Q(stage__in=codes_of(ASSESSMENT_STAGES)),
                name="deal_stage_fits_type",
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="deal_value_not_negative"),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="deal_currency_is_iso_4217"
            ),
        ]
        indexes = [
            # Carries what filters look at: counts read it alone, and never the rows.
            models.Index(
                fields=["organization", "direction", "list_rank", "id"],
                include=[
                    "status", "stage", "type", "customer_country", "currency", "value_order",
                    "close_date", "respond_by",
                ],
                name="deal_by_rank",
            ),
            models.Index(
                fields=["organization", "direction", "customer_country", "list_rank", "id"],
                name="deal_by_country_rank",
            ),
            models.Index(
                F("organization"), F("direction"), F("created_at").desc(), F("id").desc(),
                name="deal_by_created",
            ),
            models.Index(
                F("organization"), F("direction"), F("status"), F("list_rank"), F("id"),
                name="deal_by_status_rank",
            ),
            models.Index(
                F("organization"), F("direction"), F("currency"), F("value_order"), F("id"),
                name="deal_by_currency_value",
            ),
            models.Index(
                F("organization"), F("direction"), F("close_date"), F("id"),
                name="deal_by_close_date",
            ),
            models.Index(
                F("organization"), F("direction"), F("name_order"), F("id"),
                name="deal_by_name_order",
            ),
            models.Index(
                F("organization"), F("direction"), F("customer_order"), F("id"),
                name="deal_by_customer_order",
            ),
            models.Index(
                F("organization"), F("direction"), F("campaign_id"), F("list_rank"), F("id"),
                condition=~Q(campaign_id=""), name="deal_by_campaign",
            ),
            # One range for each column of a board; its totals read the index alone.
            models.Index(
                fields=["organization", "direction", "stage", "list_rank", "id"],
                include=["currency", "value_order", "status"],
                condition=Q(status="accepted"), name="deal_by_stage_rank",
            ),
            models.Index(
                F("organization"), F("customer"), condition=Q(closed_at=None),
                name="deal_open_by_customer",
            ),
            # What nobody seems to look after: one range of each.
            models.Index(
                F("organization"), F("close_date"), F("id"),
                condition=Q(status="accepted"), name="deal_open_by_close_date",
            ),
            models.Index(
                F("organization"), F("updated_at"), F("id"),
                condition=Q(status="accepted"), name="deal_open_by_change",
            ),
            models.Index(
                fields=["organization", "answered_at"], condition=Q(answered_at__isnull=False),
                name="deal_by_answer",
            ),
            models.Index(fields=["engagement_id"], name="deal_by_engagement"),
            models.Index(
                fields=["respond_by"], condition=Q(status="received"), name="deal_unanswered"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("deals:detail", args=[self.organization.slug, self.pk])

    @property
    def is_overdue(self) -> bool:
        """Whether the time to answer is over, and the sweep has not been there yet (4.4)."""
        return (
            self.status == Status.RECEIVED
            and self.respond_by is not None
            and self.respond_by <= timezone.now()
        )

    @property
    def current_status(self) -> Status:
        """Overdue is expired, whether the sweep has been there or not (4.4)."""
        return Status.EXPIRED if self.is_overdue else Status(self.status)

    @property
    def is_closed(self) -> bool:
        return self.status not in OPEN_STATUSES

    @property
    def is_inbound(self) -> bool:
        return self.direction == Direction.INBOUND

    @property
    def is_assessment(self) -> bool:
        return self.type == DealType.ASSESSMENT

    @property
    def current_stage(self) -> Stage | None:
        return stage_of(self.stage)

    @property
    def is_created(self) -> bool:
        """A deal of ours is called Created while it is open (3.12)."""
        return self.status == Status.ACCEPTED and not self.is_inbound

    @property
    def status_label(self) -> Any:
        return _("Created") if self.is_created else self.current_status.label

    @property
    def pill(self) -> str:
        return "created" if self.is_created else self.current_status
