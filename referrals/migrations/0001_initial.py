"""What joins the deals of two companies."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("deals", "0001_initial"),
        ("partners", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Referral",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("engagement_id", models.UUIDField(editable=False)),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                ("sender_name", models.CharField(max_length=200)),
                (
                    "sender_deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="deals.deal",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                ("recipient_name", models.CharField(max_length=200)),
                (
                    "recipient_deal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="deals.deal",
                    ),
                ),
                (
                    "recipient_location",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.location",
                    ),
                ),
                ("is_to_vendor", models.BooleanField()),
                ("deal_name", models.CharField(max_length=200)),
                ("value", models.DecimalField(decimal_places=2, max_digits=16)),
                ("currency", models.CharField(max_length=3)),
                ("close_date", models.DateField()),
                (
                    "help_type",
                    models.CharField(
                        choices=[
                            ("value_proposition", "Workload-specific value proposition"),
                            ("architecture", "Customer technical architecture"),
                            ("proof_of_concept", "Proof of concept or demo"),
                            ("quotes", "Quotes or licensing"),
                            ("post_sales", "Post-sales customer success"),
                            ("general", "General or other"),
                            ("none", "No help required at this point of time"),
                        ],
                        max_length=20,
                    ),
                ),
                ("message", models.TextField(blank=True, max_length=2000)),
                ("customer", models.JSONField()),
                ("contact", models.JSONField(null=True)),
                ("people", models.JSONField(default=list)),
                ("solutions", models.JSONField(default=list)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("respond_by", models.DateTimeField()),
                (
                    "sender_status",
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
                    ),
                ),
                (
                    "sender_stage",
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
                    ),
                ),
                (
                    "recipient_status",
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
                    ),
                ),
                (
                    "recipient_stage",
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
                    ),
                ),
                ("recipient_team", models.JSONField(default=list)),
                (
                    "reason",
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
                    ),
                ),
                ("notes", models.TextField(blank=True, max_length=2000)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "vendor_status",
                    models.CharField(
                        blank=True,
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
                    ),
                ),
                (
                    "vendor_stage",
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
                    ),
                ),
                ("vendor_respond_by", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("sender"),
                        models.OrderBy(models.F("sent_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="referral_by_sender",
                    ),
                    models.Index(
                        models.F("recipient"),
                        models.OrderBy(models.F("sent_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="referral_by_recipient",
                    ),
                    models.Index(fields=["sender", "sender_deal"], name="referral_by_sender_deal"),
                    models.Index(
                        fields=["recipient", "recipient_deal"], name="referral_by_recipient_deal"
                    ),
                    models.Index(
                        fields=["sender", "recipient_status", "sender_deal"],
                        name="referral_by_answer",
                    ),
                    models.Index(
                        fields=["recipient", "sender_status", "recipient_deal"],
                        name="referral_by_sender_status",
                    ),
                    models.Index(
                        condition=models.Q(("answered_at", None), ("recipient_status", "received")),
                        fields=["respond_by"],
                        name="referral_unanswered",
                    ),
                    models.Index(
                        condition=models.Q(("vendor_status", "received")),
                        fields=["id"],
                        name="referral_watching_vendor",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sender", models.F("recipient")), _negated=True),
                        name="referral_joins_two_organizations",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("recipient_status__in", ["declined", "expired", "withdrawn"]),
                            _negated=True,
                        ),
                        fields=("sender", "sender_deal", "recipient"),
                        name="referral_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reason", ""), ("recipient_status", "declined"), _connector="OR"
                        ),
                        name="referral_reason_only_if_declined",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TraitRecord",
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
                    "trait",
                    models.CharField(
                        choices=[
                            ("solution", "Solution"),
                            ("country", "Country of the customer"),
                            ("industry", "Industry of the customer"),
                            ("size", "Size"),
                        ],
                        max_length=10,
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("label", models.CharField(blank=True, max_length=200)),
                ("accepted", models.PositiveIntegerField()),
                ("declined", models.PositiveIntegerField()),
                ("inviters", models.PositiveIntegerField()),
                ("won", models.PositiveIntegerField()),
                ("lost", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["trait", "code", "organization"], name="trait_record_by_trait"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "trait", "code"), name="trait_record_once"
                    )
                ],
            },
        ),
    ]
