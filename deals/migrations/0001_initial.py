"""Deals and all that belongs to one, and what people keep about their lists."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.fields.json
import django.db.models.functions.text
import django.utils.timezone
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models

import cosell.core.folding
import deals.models.deal
import deals.models.ranks


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("partners", "0001_initial"),
        ("partners", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.membership",
                    ),
                ),
                ("data", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organization", "membership", "-updated_at"], name="draft_by_person"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExchangeRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("rate", models.DecimalField(decimal_places=8, max_digits=18)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("date", "currency"), name="exchange_rate_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rate__gt", 0)), name="exchange_rate_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="exchange_rate_is_iso_4217",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListPreference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.membership",
                    ),
                ),
                ("columns", models.JSONField(null=True)),
                ("default_views", models.JSONField(default=dict)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "membership"),
                        name="list_preference_once_per_person",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferenceCustomer",
            fields=[
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("street", models.CharField(blank=True, max_length=200, verbose_name="street")),
                (
                    "postal_code",
                    models.CharField(blank=True, max_length=20, verbose_name="postal code"),
                ),
                ("city", models.CharField(max_length=120, verbose_name="city")),
                ("country", models.CharField(max_length=2, verbose_name="country")),
                (
                    "duns",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{9}\\Z", "A D-U-N-S number has nine digits."
                            )
                        ],
                        verbose_name="D-U-N-S number",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "industry",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agriculture", "Agriculture and food"),
                            ("construction", "Construction and real estate"),
                            ("education", "Education"),
                            ("energy", "Energy and utilities"),
                            ("finance", "Banking and capital markets"),
                            ("government", "Public sector"),
                            ("health", "Health and life sciences"),
                            ("hospitality", "Travel and hospitality"),
                            ("insurance", "Insurance"),
                            ("logistics", "Transport and logistics"),
                            ("manufacturing", "Manufacturing"),
                            ("media", "Media and telecommunications"),
                            ("retail", "Retail and consumer goods"),
                            ("services", "Professional services"),
                        ],
                        db_default="",
                        default="",
                        max_length=20,
                        verbose_name="industry",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("duns", ""), _negated=True),
                        fields=("duns",),
                        name="reference_customer_duns_unique",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("street", models.CharField(blank=True, max_length=200, verbose_name="street")),
                (
                    "postal_code",
                    models.CharField(blank=True, max_length=20, verbose_name="postal code"),
                ),
                ("city", models.CharField(max_length=120, verbose_name="city")),
                ("country", models.CharField(max_length=2, verbose_name="country")),
                (
                    "duns",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{9}\\Z", "A D-U-N-S number has nine digits."
                            )
                        ],
                        verbose_name="D-U-N-S number",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "reference",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="deals.referencecustomer",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("duns", ""), _negated=True),
                        fields=["organization", "duns"],
                        name="customer_by_duns",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="customer_organization_id"
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "reference"), name="customer_reference_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.location",
                    ),
                ),
                ("engagement_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "reference",
                    models.CharField(
                        default=deals.models.deal.new_reference,
                        max_length=12,
                        verbose_name="referral ID",
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("inbound", "Inbound"), ("outbound", "Outbound")],
                        max_length=8,
                        verbose_name="direction",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("private", "Private"),
                            ("p2p", "Partner to partner"),
                            ("co_sell", "Co-sell"),
                            ("assessment", "Solution assessment"),
                        ],
                        max_length=12,
                        verbose_name="type",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="deals.customer",
                    ),
                ),
                ("customer_name", models.CharField(max_length=200, verbose_name="customer")),
                ("customer_city", models.CharField(max_length=120)),
                ("customer_country", models.CharField(max_length=2, verbose_name="country")),
                ("name", models.CharField(max_length=200, verbose_name="deal name")),
                (
                    "value",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=16,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="estimated value",
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("close_date", models.DateField(verbose_name="estimated close date")),
                ("crm_id", models.CharField(blank=True, max_length=100, verbose_name="CRM ID")),
                (
                    "campaign_id",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="marketing campaign ID"
                    ),
                ),
                ("notes", models.TextField(blank=True, max_length=4000, verbose_name="notes")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("accepted", "Accepted"),
                            ("won", "Won"),
                            ("lost", "Lost"),
                            ("declined", "Declined"),
                            ("expired", "Expired"),
                            ("withdrawn", "Withdrawn"),
                            ("error", "Closed as error"),
                        ],
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("created", "Created"),
                            ("accepted", "Accepted"),
                            ("qualified", "Qualified"),
                            ("developed", "Developed"),
                            ("proposed", "Proposed"),
                            ("negotiated", "Negotiated"),
                            ("engagement_letter", "Letter of engagement secured"),
                            ("data_collected", "Data collected"),
                            ("report_prepared", "Assessment report prepared"),
                            ("presented", "Presented to customer"),
                            ("won", "Won"),
                        ],
                        max_length=20,
                        verbose_name="sales stage",
                    ),
                ),
                ("respond_by", models.DateTimeField(null=True, verbose_name="answer by")),
                ("answered_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "close_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("budget", "Project budget isn't adequate"),
                            ("no_response", "Customer didn't respond"),
                            ("other_vendor", "Customer chose another vendor"),
                            ("requirement", "Customer requirement not met"),
                            ("not_a_customer", "Not a customer"),
                            ("timeline", "Proposed time line was too short"),
                            ("abuse", "Report as abuse, spam or phishing"),
                            ("duplicate", "Duplicate deal"),
                            ("sync", "Synchronisation error"),
                            ("matching", "Wrong match of customer or partner"),
                            ("solution", "Wrong solution"),
                            ("test", "Test deal"),
                            ("data", "Wrong data"),
                            ("other", "Others"),
                        ],
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                ("close_notes", models.TextField(blank=True, max_length=2000)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="created"),
                ),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "list_rank",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(
                                status="received",
                                then=deals.models.ranks.Microseconds("respond_by"),
                            ),
                            models.When(
                                status="accepted",
                                then=django.db.models.expressions.CombinedExpression(
                                    models.Value(10000000000000000),
                                    "-",
                                    deals.models.ranks.Microseconds("created_at"),
                                ),
                            ),
                            default=django.db.models.expressions.CombinedExpression(
                                models.Value(20000000000000000),
                                "-",
                                deals.models.ranks.Microseconds("closed_at"),
                            ),
                            output_field=models.BigIntegerField(),
                        ),
                        output_field=models.BigIntegerField(),
                    ),
                ),
                (
                    "name_order",
                    models.GeneratedField(
                        db_persist=True,
                        expression=cosell.core.folding.Fold(models.F("name")),
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "customer_order",
                    models.GeneratedField(
                        db_persist=True,
                        expression=cosell.core.folding.Fold(models.F("customer_name")),
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "value_order",
                    models.GeneratedField(
                        db_persist=True,
                        expression=deals.models.ranks.HighestFirst(models.F("value")),
                        output_field=models.BigIntegerField(),
                    ),
                ),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=cosell.core.folding.Fold(
                            django.db.models.functions.text.Concat(
                                models.F("name"),
                                models.Value(" "),
                                models.F("reference"),
                                models.Value(" "),
                                models.F("customer_name"),
                                models.Value(" "),
                                models.F("crm_id"),
                                models.Value(" "),
                                models.F("campaign_id"),
                                models.Value(" "),
                                models.F("notes"),
                                output_field=models.TextField(),
                            )
                        ),
                        output_field=models.TextField(),
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organization", "direction", "list_rank", "id"],
                        include=(
                            "status",
                            "stage",
                            "type",
                            "customer_country",
                            "currency",
                            "value_order",
                            "close_date",
                            "respond_by",
                        ),
                        name="deal_by_rank",
                    ),
                    models.Index(
                        fields=["organization", "direction", "customer_country", "list_rank", "id"],
                        name="deal_by_country_rank",
                    ),
                    models.Index(
                        models.F("organization"),
                        models.F("direction"),
                        models.OrderBy(models.F("created_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="deal_by_created",
                    ),
                    models.Index(
                        models.F("organization"),
                        models.F("direction"),
                        models.F("status"),
                        models.F("list_rank"),
                        models.F("id"),
                        name="deal_by_status_rank",
                    ),
                    models.Index(
                        models.F("organization"),
                        models.F("direction"),
                        models.F("currency"),
                        models.F("value_order"),
                        models.F("id"),
                        name="deal_by_currency_value",
                    ),
                    models.Index(
                        models.F("organization"),
                        models.F("direction"),
                        models.F("close_date"),
                        models.F("id"),
                        name="deal_by_close_date",
                    ),
                    models.Index(
                        models.F("organization"),
                        models.F("direction"),
                        models.F("name_order"),
                        models.F("id"),
                        name="deal_by_name_order",
                    ),
                    models.Index(
                        models.F("organization"),
                        models.F("direction"),
                        models.F("customer_order"),
                        models.F("id"),
                        name="deal_by_customer_order",
                    ),
                    models.Index(
                        models.F("organization"),
                        models.F("direction"),
                        models.F("campaign_id"),
                        models.F("list_rank"),
                        models.F("id"),
                        condition=models.Q(("campaign_id", ""), _negated=True),
                        name="deal_by_campaign",
                    ),
                    models.Index(
                        condition=models.Q(("status", "accepted")),
                        fields=["organization", "direction", "stage", "list_rank", "id"],
                        include=("currency", "value_order", "status"),
                        name="deal_by_stage_rank",
                    ),
                    models.Index(
                        models.F("organization"),
                        models.F("customer"),
                        condition=models.Q(("closed_at", None)),
                        name="deal_open_by_customer",
                    ),
                    models.Index(
                        models.F("organization"),
                        models.F("close_date"),
                        models.F("id"),
                        condition=models.Q(("status", "accepted")),
                        name="deal_open_by_close_date",
                    ),
                    models.Index(
                        models.F("organization"),
                        models.F("updated_at"),
                        models.F("id"),
                        condition=models.Q(("status", "accepted")),
                        name="deal_open_by_change",
                    ),
                    models.Index(
                        condition=models.Q(("answered_at__isnull", False)),
                        fields=["organization", "answered_at"],
                        name="deal_by_answer",
                    ),
                    models.Index(fields=["engagement_id"], name="deal_by_engagement"),
                    models.Index(
                        condition=models.Q(("status", "received")),
                        fields=["respond_by"],
                        name="deal_unanswered",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("direction", "outbound")),
                        fields=("engagement_id",),
                        name="deal_one_begins_an_engagement",
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="deal_organization_id"
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "reference"), name="deal_reference_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", False),
                                (
                                    "status__in",
                                    ("won", "lost", "declined", "expired", "withdrawn", "error"),
                                ),
                            ),
                            models.Q(("closed_at", None), ("status__in", ("received", "accepted"))),
                            _connector="OR",
                        ),
                        name="deal_closed_at_iff_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ("declined", "lost", "error")),
                                models.Q(("close_reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(
                                    ("status__in", ("declined", "lost", "error")), _negated=True
                                ),
                                ("close_reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="deal_reason_iff_turned_down",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("direction", "inbound"), ("respond_by__isnull", False)),
                            models.Q(("direction", "outbound"), ("respond_by", None)),
                            _connector="OR",
                        ),
                        name="deal_deadline_iff_inbound",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("direction", "inbound"),
                            models.Q(
                                ("status__in", ("received", "declined", "expired", "withdrawn")),
                                _negated=True,
                            ),
                            _connector="OR",
                        ),
                        name="deal_outbound_needs_no_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("stage", ""),
                                ("status__in", ("received", "declined", "expired", "withdrawn")),
                            ),
                            models.Q(("stage", "won"), ("status", "won")),
                            models.Q(
                                ("status__in", ["accepted", "lost", "error"]),
                                models.Q(("stage__in", ["", "won"]), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="deal_stage_fits_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("type", "assessment"), _negated=True),
                            ("direction", "outbound"),
                            _connector="OR",
                        ),
                        name="deal_assessment_is_ours",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("type", "assessment"),
                                models.Q(
                                    (
                                        "stage__in",
                                        ["qualified", "developed", "proposed", "negotiated"],
                                    ),
                                    _negated=True,
                                ),
                            ),
                            models.Q(
                                models.Q(("type", "assessment"), _negated=True),
                                models.Q(
                                    (
                                        "stage__in",
                                        [
                                            "engagement_letter",
                                            "data_collected",
                                            "report_prepared",
                                            "presented",
                                        ],
                                    ),
                                    _negated=True,
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="deal_stage_fits_type",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value__gte", 0)), name="deal_value_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="deal_currency_is_iso_4217",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DealEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="deals.deal",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("created", "Created"),
                            ("received", "Received"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("expiring", "Reminder before expiry"),
                            ("expired", "Expired"),
                            ("withdrawn", "Withdrawn"),
                            ("stage_marked", "Stage marked"),
                            ("won", "Won"),
                            ("lost", "Lost"),
                            ("error", "Closed as error"),
                            ("edited", "Edited"),
                            ("stale", "Went stale"),
                            ("still_open", "Still open"),
                            ("contact_edited", "Customer contact edited"),
                            ("team_edited", "Team edited"),
                            ("solutions_edited", "Solutions edited"),
                            ("type_upgraded", "Type upgraded"),
                            ("invited", "Invitation sent"),
                            ("counterpart_accepted", "Invitation accepted"),
                            ("counterpart_declined", "Invitation declined"),
                            ("counterpart_expired", "Invitation expired"),
                            ("counterpart_withdrawn", "Invitation withdrawn"),
                            ("counterpart_stage", "Stage of the other side"),
                            ("counterpart_closed", "Closed by the other side"),
                            ("commented", "Comment"),
                            ("mentioned", "Comment that names people"),
                            ("counterpart_commented", "Comment of the other side"),
                            ("registration_submitted", "Registration submitted"),
                            ("counterpart_registered", "Registration of the other side"),
                            ("registration_approved", "Registration approved"),
                            ("registration_action_required", "Registration to correct"),
                            ("registration_rejected", "Registration rejected"),
                        ],
                        max_length=30,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("actor_name", models.CharField(blank=True, max_length=200)),
                ("data", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["organization", "deal", "id"], name="event_by_deal")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="event_organization_id"
                    ),
                    models.UniqueConstraint(
                        models.F("organization"),
                        models.F("deal"),
                        django.db.models.fields.json.KeyTextTransform("days", "data"),
                        condition=models.Q(("kind", "expiring")),
                        name="event_reminds_once",
                    ),
                    models.UniqueConstraint(
                        models.F("organization"),
                        models.F("deal"),
                        django.db.models.fields.json.KeyTextTransform("since", "data"),
                        condition=models.Q(("kind", "stale")),
                        name="event_goes_stale_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DealSolution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="solutions",
                        to="deals.deal",
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.solution",
                    ),
                ),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=200)),
                ("owner_name", models.CharField(max_length=200)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["position", "id"],
                "indexes": [
                    models.Index(
                        fields=["organization", "solution"], name="deal_solution_by_solution"
                    ),
                    models.Index(
                        fields=["organization", "code", "deal"],
                        include=("name",),
                        name="deal_solution_by_code",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "deal", "solution"), name="deal_solution_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Favorite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.membership",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="favorites",
                        to="deals.deal",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "membership", "deal"), name="favorite_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                ("is_marketplace", models.BooleanField()),
                ("marketplace_date", models.DateField(null=True)),
                ("is_on_vendor_cloud", models.BooleanField()),
                (
                    "term",
                    models.CharField(
                        choices=[
                            ("perpetual", "Perpetual: without an end"),
                            ("finite", "Finite: until an agreed day"),
                        ],
                        max_length=10,
                    ),
                ),
                ("total_value", models.DecimalField(decimal_places=2, max_digits=16)),
                ("solution_value", models.DecimalField(decimal_places=2, max_digits=16)),
                ("signed_on", models.DateField()),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                (
                    "tenant_type",
                    models.CharField(
                        choices=[
                            ("customer", "The customer's own tenant"),
                            ("partner", "Our tenant, run for the customer"),
                            ("shared", "Our tenant, shared by several customers"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "pricing_model",
                    models.CharField(
                        choices=[
                            ("per_user", "Per user"),
                            ("flat_rate", "Flat rate"),
                            ("usage", "By usage"),
                            ("one_time", "Paid once"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                    ),
                ),
                ("message", models.TextField(blank=True, max_length=1000)),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "deal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="registration",
                        to="deals.deal",
                    ),
                ),
                ("deal_name", models.CharField(max_length=200)),
                ("reference", models.CharField(max_length=12)),
                ("customer_name", models.CharField(max_length=200)),
                ("customer_city", models.CharField(max_length=120)),
                ("customer_country", models.CharField(max_length=2)),
                ("deal_value", models.DecimalField(decimal_places=2, max_digits=16)),
                ("currency", models.CharField(max_length=3)),
                ("won_at", models.DateTimeField()),
                ("solutions", models.JSONField(default=list)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending review"),
                            ("action_required", "Action required"),
                            ("resubmitted", "Resubmitted"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                        ],
                        default="pending",
                        max_length=20,
                    ),
                ),
                ("status_since", models.DateTimeField(default=django.utils.timezone.now)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("version", models.PositiveIntegerField(default=1)),
                ("messages", models.JSONField(blank=True, default=dict)),
                ("answer_by", models.DateField(null=True)),
                ("reason", models.TextField(blank=True, max_length=1000)),
                ("submitted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("submitted_by_name", models.CharField(max_length=200)),
                ("submitted_by_email", models.EmailField(max_length=254)),
                (
                    "reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="partners.membership",
                    ),
                ),
                ("reviewer_name", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ("pending", "resubmitted"))),
                        fields=["vendor", "status_since", "id"],
                        name="registration_to_review",
                    ),
                    models.Index(
                        fields=["vendor", "status", "status_since", "id"],
                        name="registration_by_status",
                    ),
                    models.Index(
                        fields=["vendor", "organization", "status_since", "id"],
                        name="registration_by_company",
                    ),
                    models.Index(
                        fields=["vendor", "reviewer", "status_since", "id"],
                        name="registration_by_reviewer",
                    ),
                    models.Index(
                        fields=["organization", "status", "deal"],
                        name="registration_status_of_deal",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="registration_organization_id"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_marketplace", True), ("marketplace_date__isnull", False)),
                            models.Q(("is_marketplace", False), ("marketplace_date", None)),
                            _connector="OR",
                        ),
                        name="registration_date_iff_marketplace",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ends_on__isnull", False), ("term", "finite")),
                            models.Q(("ends_on", None), ("term", "perpetual")),
                            _connector="OR",
                        ),
                        name="registration_end_iff_finite",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="registration_starts_before_it_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("solution_value__gt", 0),
                            ("solution_value__lte", models.F("total_value")),
                        ),
                        name="registration_solution_is_part_of_total",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status", "action_required"),
                                models.Q(("messages", {}), _negated=True),
                            ),
                            models.Q(
                                models.Q(("status", "action_required"), _negated=True),
                                ("answer_by", None),
                                ("messages", {}),
                            ),
                            _connector="OR",
                        ),
                        name="registration_messages_iff_action_required",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status", "rejected"), models.Q(("reason", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("status", "rejected"), _negated=True), ("reason", "")
                            ),
                            _connector="OR",
                        ),
                        name="registration_reason_iff_rejected",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegistrationRules",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="partners.organization",
                    ),
                ),
                (
                    "minimum_value",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=16,
                        null=True,
                        verbose_name="minimum contract value",
                    ),
                ),
                ("currency", models.CharField(blank=True, max_length=3, verbose_name="currency")),
                (
                    "days_since_signature",
                    models.PositiveSmallIntegerField(
                        null=True, verbose_name="days since signature"
                    ),
                ),
                (
                    "waiting_days",
                    models.PositiveSmallIntegerField(
                        null=True, verbose_name="waiting time in days"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("updated_by_name", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("currency", ""), ("minimum_value", None)),
                            models.Q(("currency__regex", "^[A-Z]{3}$"), ("minimum_value__gt", 0)),
                            _connector="OR",
                        ),
                        name="registration_rules_minimum_has_currency",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("days_since_signature", None),
                            ("days_since_signature__gt", 0),
                            _connector="OR",
                        ),
                        name="registration_rules_days_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("waiting_days", None), ("waiting_days__gt", 0), _connector="OR"
                        ),
                        name="registration_rules_waiting_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("waiting_days", None),
                            ("days_since_signature", None),
                            ("waiting_days__lt", models.F("days_since_signature")),
                            _connector="OR",
                        ),
                        name="registration_rules_leave_time_to_register",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegistrationStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="deals.registration",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("submitted", "Submitted"),
                            ("resubmitted", "Resubmitted"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("action_required", "Changes asked for"),
                            ("taken", "Taken on"),
                            ("released", "Given back"),
                        ],
                        max_length=20,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by_name", models.CharField(max_length=200)),
                ("data", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        fields=["organization", "registration", "id"], name="step_by_registration"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.membership",
                    ),
                ),
                ("tab", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("query", models.TextField(blank=True)),
                ("is_shared", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "indexes": [models.Index(fields=["organization", "tab"], name="saved_view_by_tab")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("organization"),
                        models.F("membership"),
                        models.F("tab"),
                        django.db.models.functions.text.Lower("name"),
                        name="saved_view_name_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Selection",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.membership",
                    ),
                ),
                ("action", models.CharField(max_length=10)),
                ("change", models.JSONField(default=dict)),
                ("came_from", models.TextField(blank=True)),
                ("language", models.CharField(default="en", max_length=10)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("finished_at", None), ("started_at__isnull", False)),
                        fields=["started_at"],
                        name="selection_at_work",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="selection_organization_id"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at", None), ("started_at__isnull", False), _connector="OR"
                        ),
                        name="selection_finished_only_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SelectedDeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "selection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deals",
                        to="deals.selection",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="deals.deal",
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("is_done", models.BooleanField(null=True)),
                ("refusal", models.TextField(blank=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_done", None)),
                        fields=["selection", "deal"],
                        name="selected_deal_to_do",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "selection", "deal"), name="selected_deal_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StageName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("created", "Created"),
                            ("accepted", "Accepted"),
                            ("qualified", "Qualified"),
                            ("developed", "Developed"),
                            ("proposed", "Proposed"),
                            ("negotiated", "Negotiated"),
                            ("engagement_letter", "Letter of engagement secured"),
                            ("data_collected", "Data collected"),
                            ("report_prepared", "Assessment report prepared"),
                            ("presented", "Presented to customer"),
                            ("won", "Won"),
                        ],
                        max_length=20,
                        verbose_name="sales stage",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("is_shown", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["-is_shown", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("organization"),
                        cosell.core.folding.Fold("name"),
                        name="stage_name_means_one_stage",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_shown", True)),
                        fields=("organization", "stage"),
                        name="stage_name_only_one_shown",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="stage_name_not_empty"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="team",
                        to="deals.deal",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="partners.membership",
                    ),
                ),
                ("first_name", models.CharField(max_length=80, verbose_name="first name")),
                ("last_name", models.CharField(max_length=80, verbose_name="last name")),
                (
                    "phone",
                    phonenumber_field.modelfields.PhoneNumberField(
                        max_length=128, region=None, verbose_name="phone"
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["position", "id"],
                "indexes": [
                    models.Index(
                        fields=["organization", "membership", "deal"], name="team_by_membership"
                    ),
                    models.Index(fields=["organization", "-created_at"], name="team_recent"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("organization"),
                        models.F("deal"),
                        django.db.models.functions.text.Lower("email"),
                        name="team_member_once_per_deal",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerContact",
            fields=[
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "deal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="contact",
                        serialize=False,
                        to="deals.deal",
                    ),
                ),
                ("first_name", models.CharField(max_length=80, verbose_name="first name")),
                ("last_name", models.CharField(max_length=80, verbose_name="last name")),
                (
                    "phone",
                    phonenumber_field.modelfields.PhoneNumberField(
                        max_length=128, region=None, verbose_name="phone"
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "consent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("consent_at", models.DateTimeField(null=True)),
                ("first_shared_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
