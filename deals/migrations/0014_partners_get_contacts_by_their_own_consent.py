from django.db import migrations


class Migration(migrations.Migration):
    """A contact may have been shared with partners alone, who have a consent of their own."""

    dependencies = [("deals", "0013_reminders_before_expiry")]

    operations = [
        migrations.RemoveConstraint(
            model_name="customercontact", name="customer_contact_shared_only_with_consent"
        ),
    ]
