from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0102_sign_ins"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True, db_default="", max_length=10, verbose_name="language"
            ),
        ),
    ]
