"""What keeps somebody out of a company, asked of one function rather than by policies (1.2).

Inside of a function plans are kept; policies that show a company's tenants to its people before
there is an organisation make the statement of every request be planned for longer than it runs.
"""

from django.db import migrations

from cosell.core.rls import CURRENT_USER

# Runs as the owner, whom policies do not bind, and therefore answers about the caller alone. A bit
# each: 1 for a tenant that is not listed, 2 for a missing second factor. `tenant` is null where
# nobody vouched for one; then the domain of the address counts.
WHAT_KEEPS_OUT = f"""
CREATE FUNCTION what_keeps_out(company uuid, person uuid, tenant uuid, address_domain text)
RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    listed boolean;
    factor_is_required boolean;
BEGIN
    IF person IS DISTINCT FROM {CURRENT_USER} OR NOT EXISTS (
        SELECT FROM partners_membership
        WHERE organization_id = company AND user_id = person AND is_active
    ) THEN
        RAISE EXCEPTION 'Nobody asks about others.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT bool_or(
        CASE WHEN tenant IS NULL THEN domain = address_domain ELSE tenant_id = tenant END
    ) INTO listed FROM partners_directorytenant WHERE organization_id = company;
    SELECT requires_second_factor INTO factor_is_required
    FROM partners_organizationaccount WHERE organization_id = company;
    RETURN CASE WHEN coalesce(listed, true) THEN 0 ELSE 1 END + CASE
        WHEN coalesce(factor_is_required, false) AND NOT EXISTS (
            SELECT FROM mfa_authenticator
            WHERE user_id = person AND type IN ('totp', 'webauthn')
        ) THEN 2 ELSE 0 END;
END $$;
REVOKE EXECUTE ON FUNCTION what_keeps_out(uuid, uuid, uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION what_keeps_out(uuid, uuid, uuid, text) TO cosell_app;
"""
NO_FUNCTION = "DROP FUNCTION what_keeps_out(uuid, uuid, uuid, text)"


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0007_directory_tenants"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.RunSQL(WHAT_KEEPS_OUT, NO_FUNCTION),
    ]
