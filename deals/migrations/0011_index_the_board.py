"""Open deals by stage: each column of a board is one range."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deals", "0010_exchange_rates")]

    operations = [
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                fields=["organization", "direction", "stage", "list_rank", "id"],
                include=("currency", "value_order", "status"),
                condition=models.Q(("status", "accepted")),
                name="deal_by_stage_rank",
            ),
        ),
    ]
