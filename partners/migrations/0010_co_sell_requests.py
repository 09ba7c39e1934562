"""Partners ask the vendor to mark their solutions."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0009_public_profile"),
    ]

    operations = [
        migrations.CreateModel(
            name="CoSellRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "wanted",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "In market"), (2, "Co-sell ready"), (3, "Incentive eligible")],
                        verbose_name="wanted status",
                    ),
                ),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=200)),
                ("summary", models.CharField(max_length=500)),
                ("contacts", models.JSONField(default=list)),
                ("message", models.TextField(blank=True, max_length=1000)),
                ("asked_by_name", models.CharField(max_length=200)),
                ("asked_by_email", models.EmailField(max_length=254)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("is_granted", models.BooleanField(null=True)),
                ("answered_by_name", models.CharField(blank=True, max_length=200)),
                ("reason", models.TextField(blank=True, max_length=1000)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="co_sell_requests",
                        to="partners.organization",
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requests",
                        to="partners.solution",
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at", None), ("withdrawn_at", None)),
                        fields=["vendor", "asked_at"],
                        name="co_sell_request_waiting",
                    ),
                    models.Index(
                        fields=["organization", "solution", "-asked_at"], name="co_sell_by_solution"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at", None), ("withdrawn_at", None)),
                        fields=("organization", "solution"),
                        name="co_sell_request_one_open_per_solution",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("is_granted", None)),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("is_granted__isnull", False),
                                ("withdrawn_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="co_sell_request_granted_iff_answered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_granted", None),
                            ("is_granted", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="co_sell_request_refusal_has_reason",
                    ),
                ],
            },
        ),
    ]
