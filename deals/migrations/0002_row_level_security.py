"""Every table of a deal belongs to one organisation; events cannot be rewritten."""

from django.db import migrations

from cosell.core.rls import TenantTable

# Directory and rates are read by everybody and loaded by the worker.
ONLY_READ = "REVOKE INSERT, UPDATE, DELETE ON {} FROM cosell_app"
WRITTEN = "GRANT INSERT, UPDATE, DELETE ON {} TO cosell_app"


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
        TenantTable("ListPreference", same_organization=["membership"]),
        TenantTable("SavedView", same_organization=["membership"]),
        TenantTable("StageName"),
        TenantTable("Selection", same_organization=["membership"]),
        TenantTable("SelectedDeal", same_organization=["selection", "deal"]),
        *(
            migrations.RunSQL(ONLY_READ.format(table), WRITTEN.format(table))
            for table in ("deals_referencecustomer", "deals_exchangerate")
        ),
    ]
