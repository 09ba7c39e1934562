"""What organisations call the standard stages (5.8)."""

import django.db.models.deletion
from django.db import migrations, models

import deals.models.deal
from cosell.core.rls import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0006_saved_views"),
        ("partners", "0003_partner_overview"),
    ]

    operations = [
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
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["-is_shown", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("organization"),
                        deals.models.deal.Fold("name"),
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
        TenantTable("StageName"),
    ]
