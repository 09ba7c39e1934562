"""Many deals that one person changes in one go, and what became of each."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from cosell.core.rls import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0011_index_the_board"),
        ("partners", "0003_partner_overview"),
    ]

    operations = [
        migrations.CreateModel(
            name="Selection",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("action", models.CharField(max_length=10)),
                ("change", models.JSONField(default=dict)),
                ("came_from", models.TextField(blank=True)),
                ("language", models.CharField(default="en", max_length=10)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.membership",
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
            ],
            options={
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("finished_at", None), ("started_at__isnull", False)),
                        fields=["started_at"],
                        name="selection_at_work",
                    )
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
                ("version", models.PositiveIntegerField()),
                ("is_done", models.BooleanField(null=True)),
                ("refusal", models.TextField(blank=True)),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
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
                    "selection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deals",
                        to="deals.selection",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "selection", "deal"), name="selected_deal_once"
                    )
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_done", None)),
                        fields=["selection", "deal"],
                        name="selected_deal_to_do",
                    )
                ],
            },
        ),
        TenantTable("Selection", same_organization=["membership"]),
        TenantTable("SelectedDeal", same_organization=["selection", "deal"]),
    ]
