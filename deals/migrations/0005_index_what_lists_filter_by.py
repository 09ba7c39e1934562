"""Solutions, campaigns and the other sides' statuses, for the filters of the lists (2.3)."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0004_list_preferences"),
        ("partners", "0003_partner_overview"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                models.F("organization"),
                models.F("direction"),
                models.F("campaign_id"),
                models.F("list_rank"),
                models.F("id"),
                condition=models.Q(("campaign_id", ""), _negated=True),
                name="deal_by_campaign",
            ),
        ),
        migrations.AddIndex(
            model_name="dealsolution",
            index=models.Index(
                fields=["organization", "code", "deal"],
                include=("name",),
                name="deal_solution_by_code",
            ),
        ),
    ]
