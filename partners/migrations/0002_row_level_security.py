"""Companies see their own rows; profiles and published solutions are for everybody."""

from django.db import migrations

from cosell.core.rls import CURRENT_ORGANIZATION, CURRENT_USER, TenantTable

# Organization is its own tenant: its key is `id`, which TenantTable does not know.
ORGANIZATION_POLICIES = f"""
ALTER TABLE partners_organization ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_reads ON partners_organization FOR SELECT TO cosell_app USING (true);
CREATE POLICY app_adds ON partners_organization FOR INSERT TO cosell_app
    WITH CHECK (id = {CURRENT_ORGANIZATION});
CREATE POLICY app_changes ON partners_organization FOR UPDATE TO cosell_app
    USING (id = {CURRENT_ORGANIZATION}) WITH CHECK (id = {CURRENT_ORGANIZATION});
CREATE POLICY worker_rows ON partners_organization TO cosell_worker
    USING (true) WITH CHECK (true);
"""

NO_ORGANIZATION_POLICIES = """
DROP POLICY app_reads ON partners_organization;
DROP POLICY app_adds ON partners_organization;
DROP POLICY app_changes ON partners_organization;
DROP POLICY worker_rows ON partners_organization;
ALTER TABLE partners_organization DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(ORGANIZATION_POLICIES, NO_ORGANIZATION_POLICIES),
        TenantTable("OrganizationAccount"),
        TenantTable("Location"),
        # Before there is an organisation, a person may find out which ones are theirs.
        TenantTable("Membership", readable=f"user_id = {CURRENT_USER}"),
        TenantTable("MembershipLocation", same_organization=["membership", "location"]),
        TenantTable("Solution", readable="is_published AND retired_at IS NULL"),
        TenantTable("SolutionContact", same_organization=["solution"]),
        TenantTable("JoinInvitation", same_organization=["membership"]),
        TenantTable("JoinInvitationLocation", same_organization=["invitation", "location"]),
        TenantTable("Vetting", owners=["organization", "partner"], append_only=True),
        TenantTable(
            "CoSellRequest", owners=["organization", "vendor"], same_organization=["solution"]
        ),
    ]
