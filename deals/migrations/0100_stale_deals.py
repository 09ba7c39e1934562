"""Deals that nobody seems to look after are found by two indexes, and told of once."""

import django.db.models.fields.json
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("deals", "0004_assessments")]

    operations = [
        migrations.AlterField(
            "dealevent",
            "kind",
            models.CharField(
                choices=[
                    ("created", "Created"),
                    ("received", "Received"),
                    ("accepted", "Accepted"),
                    ("declined", "Declined"),
                    ("expiring", "Reminder before expiry"),
                    ("expired", "Expired"),
                    ("withdrawn", "Withdrawn"),
                    ("stage_marked", "Stage marked"),
                    ("won", "Won"),
                    ("lost", "Lost"),
                    ("error", "Closed as error"),
                    ("edited", "Edited"),
                    ("stale", "Went stale"),
                    ("still_open", "Still open"),
                    ("contact_edited", "Customer contact edited"),
                    ("team_edited", "Team edited"),
                    ("solutions_edited", "Solutions edited"),
                    ("type_upgraded", "Type upgraded"),
                    ("invited", "Invitation sent"),
                    ("counterpart_accepted", "Invitation accepted"),
                    ("counterpart_declined", "Invitation declined"),
                    ("counterpart_expired", "Invitation expired"),
                    ("counterpart_withdrawn", "Invitation withdrawn"),
                    ("counterpart_stage", "Stage of the other side"),
                    ("counterpart_closed", "Closed by the other side"),
                    ("commented", "Comment"),
                    ("mentioned", "Comment that names people"),
                    ("counterpart_commented", "Comment of the other side"),
                ],
                max_length=30,
            ),
        ),
        migrations.AddIndex(
            "deal",
            models.Index(
                F("organization"),
                F("close_date"),
                F("id"),
                condition=Q(status="accepted"),
                name="deal_open_by_close_date",
            ),
        ),
        migrations.AddIndex(
            "deal",
            models.Index(
                F("organization"),
                F("updated_at"),
                F("id"),
                condition=Q(status="accepted"),
                name="deal_open_by_change",
            ),
        ),
        migrations.AddConstraint(
            "dealevent",
            models.UniqueConstraint(
                F("organization"),
                F("deal"),
                django.db.models.fields.json.KeyTextTransform("since", "data"),
                condition=Q(kind="stale"),
                name="event_goes_stale_once",
            ),
        ),
    ]
