"""Won deals are registered for the vendor's incentives, and reviewed (6)."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0100_stale_deals"),
        ("partners", "0005_co_sell_requests"),
    ]

    operations = [
        migrations.AlterField(
            model_name="dealevent",
            name="kind",
            field=models.CharField(
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
                ("reviewer_name", models.CharField(blank=True, max_length=200)),
                (
                    "deal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="registration",
                        to="deals.deal",
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
                    "reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="partners.membership",
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
            ],
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
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
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
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(
                condition=models.Q(("status__in", ("pending", "resubmitted"))),
                fields=["vendor", "status_since", "id"],
                name="registration_to_review",
            ),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(
                fields=["vendor", "status", "status_since", "id"], name="registration_by_status"
            ),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(
                fields=["vendor", "organization", "status_since", "id"],
                name="registration_by_company",
            ),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(
                fields=["vendor", "reviewer", "status_since", "id"], name="registration_by_reviewer"
            ),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(
                fields=["organization", "status", "deal"], name="registration_status_of_deal"
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                fields=("organization", "id"), name="registration_organization_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_marketplace", True), ("marketplace_date__isnull", False)),
                    models.Q(("is_marketplace", False), ("marketplace_date", None)),
                    _connector="OR",
                ),
                name="registration_date_iff_marketplace",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ends_on__isnull", False), ("term", "finite")),
                    models.Q(("ends_on", None), ("term", "perpetual")),
                    _connector="OR",
                ),
                name="registration_end_iff_finite",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="registration_starts_before_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("solution_value__gt", 0), ("solution_value__lte", models.F("total_value"))
                ),
                name="registration_solution_is_part_of_total",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("status", "action_required"), models.Q(("messages", {}), _negated=True)
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
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "rejected"), models.Q(("reason", ""), _negated=True)),
                    models.Q(models.Q(("status", "rejected"), _negated=True), ("reason", "")),
                    _connector="OR",
                ),
                name="registration_reason_iff_rejected",
            ),
        ),
        migrations.AddIndex(
            model_name="registrationstep",
            index=models.Index(
                fields=["organization", "registration", "id"], name="step_by_registration"
            ),
        ),
    ]
