"""A location that is no longer used is kept for its deals, and never the main one."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("partners", "0007_people_join_security")]

    operations = [
        migrations.AddField("location", "retired_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddConstraint(
            "location",
            models.CheckConstraint(
                condition=Q(is_main=False) | Q(retired_at=None), name="location_main_is_open"
            ),
        ),
    ]
