"""Lists sort names in any case and accent, and amounts within a currency, by index."""

import deals.models.deal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0003_final_deals_and_search"),
        ("partners", "0002_row_level_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="deal",
            name="deal_by_value",
        ),
        migrations.RemoveIndex(
            model_name="deal",
            name="deal_by_name",
        ),
        migrations.RemoveIndex(
            model_name="deal",
            name="deal_by_customer_name",
        ),
        migrations.AddField(
            model_name="deal",
            name="customer_order",
            field=models.GeneratedField(
                db_persist=True,
                expression=deals.models.deal.Fold(models.F("customer_name")),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddField(
            model_name="deal",
            name="name_order",
            field=models.GeneratedField(
                db_persist=True,
                expression=deals.models.deal.Fold(models.F("name")),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddField(
            model_name="deal",
            name="value_order",
            field=models.GeneratedField(
                db_persist=True,
                expression=deals.models.deal.HighestFirst(models.F("value")),
                output_field=models.BigIntegerField(),
            ),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                models.F("organization"),
                models.F("direction"),
                models.F("currency"),
                models.F("value_order"),
                models.F("id"),
                name="deal_by_currency_value",
            ),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                models.F("organization"),
                models.F("direction"),
                models.F("name_order"),
                models.F("id"),
                name="deal_by_name_order",
            ),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                models.F("organization"),
                models.F("direction"),
                models.F("customer_order"),
                models.F("id"),
                name="deal_by_customer_order",
            ),
        ),
    ]
