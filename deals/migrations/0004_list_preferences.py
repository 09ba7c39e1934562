"""What each person's lists look like."""

import django.db.models.deletion
from django.db import migrations, models

from cosell.core.rls import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0003_final_deals_and_search"),
        ("partners", "0003_partner_overview"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListPreference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("columns", models.JSONField(null=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
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
                        fields=("organization", "membership"),
                        name="list_preference_once_per_person",
                    )
                ],
            },
        ),
        TenantTable("ListPreference", same_organization=["membership"]),
    ]
