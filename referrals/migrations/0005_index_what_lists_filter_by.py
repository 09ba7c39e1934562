"""Solutions, campaigns and the other sides' statuses, for the filters of the lists (2.3)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0005_index_what_lists_filter_by"),
        ("partners", "0003_partner_overview"),
        ("referrals", "0004_inviting_partners"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="referral", name="referral_unanswered"),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("answered_at", None), ("recipient_status", "received")),
                fields=["respond_by"],
                name="referral_unanswered",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                fields=["sender", "recipient_status", "sender_deal"], name="referral_by_answer"
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                fields=["recipient", "sender_status", "recipient_deal"],
                name="referral_by_sender_status",
            ),
        ),
    ]
