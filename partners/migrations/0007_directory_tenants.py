"""A company's tenants and its history are its own."""

from django.db import migrations

from cosell.core.rls import TenantTable

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
        TenantTable("DirectoryTenant"),
        TenantTable(
            "TenantLinkRequest",
            owners=["organization", "vendor"],
            same_organization=["membership"],
        ),
        TenantTable("CompanyEvent", append_only=True),
        migrations.RunSQL(
            REQUEST_IS_TO_THE_VENDOR,
            "DROP TRIGGER tenant_link_request_is_to_the_vendor ON partners_tenantlinkrequest",
        ),
    ]
