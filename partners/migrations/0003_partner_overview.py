"""The vendor sees how its partners stand, without seeing their rows."""

from django.db import migrations

from cosell.core.rls import CURRENT_ORGANIZATION

# Runs as the owner, whom policies do not bind, and therefore checks the caller first.
PARTNER_OVERVIEW = f"""
CREATE FUNCTION partner_overview(ids uuid[])
RETURNS TABLE (organization_id uuid, mpn_id text, people bigint, solutions bigint, newcomers bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT o.id, a.mpn_id,
        (SELECT count(*) FROM partners_membership m WHERE m.organization_id = o.id AND m.is_active),
        (SELECT count(*) FROM partners_solution s
         WHERE s.organization_id = o.id AND s.is_published AND s.retired_at IS NULL),
        (SELECT count(*) FROM partners_membership m JOIN partners_user u ON u.id = m.user_id
         WHERE m.organization_id = o.id AND m.is_active AND m.role = 'mpn_admin'
           AND u.is_active AND (m.awaits_mail OR u.password LIKE '!%'))
    FROM partners_organization o JOIN partners_organizationaccount a ON a.organization_id = o.id
    WHERE o.id = ANY (ids) AND o.kind = 'partner' AND EXISTS (
        SELECT FROM partners_organization v
        WHERE v.id = {CURRENT_ORGANIZATION} AND v.kind = 'vendor'
    )
$$;
REVOKE EXECUTE ON FUNCTION partner_overview(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION partner_overview(uuid[]) TO cosell_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0002_row_level_security"),
    ]

    operations = [
        migrations.RunSQL(PARTNER_OVERVIEW, "DROP FUNCTION partner_overview(uuid[])"),
    ]
