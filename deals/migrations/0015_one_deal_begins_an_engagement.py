"""Who began an engagement is not to be contested: its type is theirs to widen (5.6)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deals", "0014_partners_get_contacts_by_their_own_consent")]

    operations = [
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("direction", "outbound")),
                fields=("engagement_id",),
                name="deal_one_begins_an_engagement",
            ),
        ),
    ]
