"""Lists that people keep under a name, and the one that a list opens with."""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

from cosell.core.rls import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0005_index_what_lists_filter_by"),
        ("partners", "0003_partner_overview"),
    ]

    operations = [
        migrations.AddField(
            model_name="listpreference",
            name="default_views",
            field=models.JSONField(default=dict),
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
                ("tab", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("query", models.TextField(blank=True)),
                ("is_shared", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
        TenantTable("SavedView", same_organization=["membership"]),
    ]
