from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referrals", "0006_nobody_is_invited_to_assessments")]

    operations = [
        migrations.AddField("referral", "vendor_respond_by", models.DateTimeField(null=True)),
    ]
