"""What is counted of each company's deals."""

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
            name="MonthlyCount",
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
                ("month", models.DateField()),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("stage", "Stage"),
                            ("country", "Country"),
                            ("campaign", "Campaign"),
                            ("solution", "Solution"),
                            ("answer", "Answer"),
                            ("closed", "Closed"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.location",
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("inbound", "Inbound"), ("outbound", "Outbound")], max_length=8
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
                    ),
                ),
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
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=100)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("deals", models.PositiveIntegerField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=22)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "organization",
                            "month",
                            "measure",
                            "location",
                            "direction",
                            "type",
                            "status",
                            "key",
                            "currency",
                        ),
                        include=("deals", "amount"),
                        name="monthly_count_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Uncounted",
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
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="deals.deal",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "id"], name="uncounted_by_organization")
                ],
            },
        ),
    ]
