from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deals", "0101_registration_security")]

    operations = [
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                fields=["organization", "answered_at"],
                condition=models.Q(answered_at__isnull=False),
                name="deal_by_answer",
            ),
        ),
    ]
