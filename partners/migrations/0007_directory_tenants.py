"""A company's tenants and its history are its own; what somebody needs to enter, they may read."""

from django.db import migrations

from cosell.core.rls import CURRENT_USER, TenantTable

# Before there is an organisation: what a company asks of whoever belongs to it.
BELONGS_TO_IT = (
    "EXISTS (SELECT FROM partners_membership member"
    f" WHERE member.organization_id = {{table}}.organization_id AND member.user_id = {CURRENT_USER})"
)
ACCOUNT = "partners_organizationaccount"
MEMBERS_READ_ACCOUNT = (
    f"CREATE POLICY members_read ON {ACCOUNT} FOR SELECT TO cosell_app"
    f" USING ({BELONGS_TO_IT.format(table=ACCOUNT)})"
)

# What a company asks, only the vendor is asked; nobody begins with an answer.
REQUEST_IS_TO_THE_VENDOR = """
CREATE TRIGGER tenant_link_request_is_to_the_vendor BEFORE INSERT ON partners_tenantlinkrequest
    FOR EACH ROW EXECUTE FUNCTION co_sell_request_is_to_the_vendor()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0006_responsiveness"),
    ]

    operations = [
        TenantTable(
            "DirectoryTenant", readable=BELONGS_TO_IT.format(table="partners_directorytenant")
        ),
        TenantTable(
            "TenantLinkRequest",
            owners=["organization", "vendor"],
            same_organization=["membership"],
        ),
        TenantTable("CompanyEvent", append_only=True),
        migrations.RunSQL(MEMBERS_READ_ACCOUNT, f"DROP POLICY members_read ON {ACCOUNT}"),
        migrations.RunSQL(
            REQUEST_IS_TO_THE_VENDOR,
            "DROP TRIGGER tenant_link_request_is_to_the_vendor ON partners_tenantlinkrequest",
        ),
    ]
