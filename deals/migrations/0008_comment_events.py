from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0007_stage_names"),
    ]

    operations = [
        migrations.AlterField(
            model_name="dealevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("created", "Created"),
                    ("received", "Received"),
                    ("accepted", "Accepted"),
                    ("declined", "Declined"),
                    ("expired", "Expired"),
                    ("withdrawn", "Withdrawn"),
                    ("stage_marked", "Stage marked"),
                    ("won", "Won"),
                    ("lost", "Lost"),
                    ("error", "Closed as error"),
                    ("edited", "Edited"),
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
    ]
