"""Notices and notifications belong to the organisation whose people they tell."""

from django.db import migrations

from cosell.core.rls import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_initial"),
        ("referrals", "0002_row_level_security"),
    ]

    operations = [
        TenantTable("Notice", same_organization=["event"]),
        TenantTable("Notification", same_organization=["deal", "membership"]),
        TenantTable("Preference", same_organization=["membership"]),
        TenantTable("DigestDay", same_organization=["membership"]),
        TenantTable("Unsubscribed"),
    ]
