"""A first admin whose mail could not be sent is told apart, with a password or without."""

from django.db import migrations, models

from cosell.core.rls import CURRENT_ORGANIZATION

WITHOUT_PASSWORD = "u.password LIKE '!%'"  # noqa: S105 (a condition, no password)


def partner_overview(newcomer: str) -> str:
    """The function of 0003 with this condition for who has not come yet."""
    return f"""
CREATE OR REPLACE FUNCTION partner_overview(ids uuid[])
RETURNS TABLE (organization_id uuid, mpn_id text, people bigint, solutions bigint, newcomers bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT o.id, a.mpn_id,
        (SELECT count(*) FROM partners_membership m WHERE m.organization_id = o.id AND m.is_active),
        (SELECT count(*) FROM partners_solution s
         WHERE s.organization_id = o.id AND s.is_published AND s.retired_at IS NULL),
        (SELECT count(*) FROM partners_membership m JOIN partners_user u ON u.id = m.user_id
         WHERE m.organization_id = o.id AND m.is_active AND m.role = 'mpn_admin'
           AND u.is_active AND ({newcomer}))
    FROM partners_organization o JOIN partners_organizationaccount a ON a.organization_id = o.id
    WHERE o.id = ANY (ids) AND o.kind = 'partner' AND EXISTS (
        SELECT FROM partners_organization v
        WHERE v.id = {CURRENT_ORGANIZATION} AND v.kind = 'vendor'
    )
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0003_partner_overview")]

    operations = [
        migrations.AddField(
            "membership", "awaits_mail", models.BooleanField(db_default=False, default=False)
        ),
        migrations.RunSQL(
            partner_overview(f"m.awaits_mail OR {WITHOUT_PASSWORD}"),
            partner_overview(WITHOUT_PASSWORD),
        ),
    ]
