"""What was counted for a company is its own."""

from django.db import migrations

from cosell.core.rls import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("insights", "0001_initial"),
        ("partners", "0002_row_level_security"),
        ("deals", "0002_row_level_security"),
    ]

    operations = [
        TenantTable("MonthlyCount", same_organization=["location"]),
        TenantTable("Uncounted", same_organization=["deal"]),
    ]
