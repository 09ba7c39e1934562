"""Every table of a deal belongs to one organisation; events cannot be rewritten."""

from django.db import migrations

from cosell.core.rls import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0001_initial"),
        ("partners", "0002_row_level_security"),
    ]

    operations = [
        TenantTable("Customer"),
        TenantTable("Deal", same_organization=["location", "customer"]),
        TenantTable("CustomerContact", same_organization=["deal"]),
        TenantTable("TeamMember", same_organization=["deal", "membership"]),
        TenantTable("DealSolution", same_organization=["deal"]),
        TenantTable("DealEvent", same_organization=["deal"], append_only=True),
        TenantTable("Favorite", same_organization=["deal", "membership"]),
        TenantTable("Draft", same_organization=["membership"]),
        # The directory is read by everybody and loaded by the worker.
        migrations.RunSQL(
            "REVOKE INSERT, UPDATE, DELETE ON deals_referencecustomer FROM cosell_app",
            "GRANT INSERT, UPDATE, DELETE ON deals_referencecustomer TO cosell_app",
        ),
    ]
