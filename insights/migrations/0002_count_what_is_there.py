"""The worker counts the deals of every company that was here before insights were."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("insights", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "INSERT INTO insights_uncounted (organization_id, at)"
            " SELECT id, statement_timestamp() FROM partners_organization",
            migrations.RunSQL.noop,
        )
    ]
