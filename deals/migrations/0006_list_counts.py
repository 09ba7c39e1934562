"""Counts of the lists read one index alone; countries in use are found by steps."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0005_search_own_customers"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="deal",
            name="deal_by_rank",
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
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
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                fields=["organization", "direction", "customer_country", "list_rank", "id"],
                name="deal_by_country_rank",
            ),
        ),
    ]
