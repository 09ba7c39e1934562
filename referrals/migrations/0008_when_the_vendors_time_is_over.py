from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referrals", "0007_open_locations")]

    operations = [
        migrations.AddField("referral", "vendor_respond_by", models.DateTimeField(null=True)),
    ]
