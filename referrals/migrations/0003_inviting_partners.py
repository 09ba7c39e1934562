"""What inviting needs of companies that the caller cannot see, each asked of the caller first."""

from django.db import migrations

from cosell.core.rls import CURRENT_ORGANIZATION

# These run as the owner, whom policies do not bind.
#
# 5.6: only the company whose deal invites widens the type, of open deals alone, and never narrows
# it. The order of the types is that of referrals.combinations.LADDER.
ENGAGEMENT_UPGRADE = f"""
CREATE FUNCTION engagement_upgrade(engagement uuid, new_type text)
RETURNS TABLE (organization_id uuid, deal_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ladder constant text[] := ARRAY['private', 'p2p', 'co_sell'];
BEGIN
    IF NOT EXISTS (
        SELECT FROM deals_deal own
        WHERE own.engagement_id = engagement AND own.direction = 'outbound'
          AND own.organization_id = {CURRENT_ORGANIZATION}
    ) THEN
        RAISE EXCEPTION 'Only who began engagement % changes its type.', engagement
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
        WITH narrower AS (
            SELECT one.id FROM deals_deal one
            WHERE one.engagement_id = engagement AND one.closed_at IS NULL
              AND array_position(ladder, one.type::text) < array_position(ladder, new_type)
            ORDER BY one.id FOR NO KEY UPDATE
        )
        UPDATE deals_deal widened SET type = new_type, updated_at = statement_timestamp()
        FROM narrower WHERE widened.id = narrower.id
        RETURNING widened.organization_id, widened.id;
END $$;
REVOKE EXECUTE ON FUNCTION engagement_upgrade(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION engagement_upgrade(uuid, text) TO cosell_app;
"""

# Who can be invited (3.9), as far as an inviter has to know: a partner's places. Of those in the ecosystem only, and for nobody who acts for no organisation.
IN_ECOSYSTEM = f"""
    {CURRENT_ORGANIZATION} IS NOT NULL AND o.is_active AND o.kind = 'partner' AND EXISTS (
        SELECT FROM partners_solution s
        WHERE s.organization_id = o.id AND s.is_published AND s.retired_at IS NULL
          AND s.kind = 'solution' AND s.status >= 2
    )
"""
PARTNER_LOCATIONS = f"""
CREATE FUNCTION partner_locations(ids uuid[])
RETURNS TABLE (organization_id uuid, id uuid, name text, city text, country text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT o.id, l.id, l.name, l.city, l.country
    FROM partners_location l JOIN partners_organization o ON o.id = l.organization_id
    WHERE o.id = ANY (ids) AND l.retired_at IS NULL AND {IN_ECOSYSTEM}
    ORDER BY l.is_main DESC, l.name
$$;
REVOKE EXECUTE ON FUNCTION partner_locations(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION partner_locations(uuid[]) TO cosell_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0002_row_level_security"),
        ("deals", "0003_final_deals_and_search"),
        ("partners", "0003_partner_overview"),
    ]

    operations = [
        migrations.RunSQL(ENGAGEMENT_UPGRADE, "DROP FUNCTION engagement_upgrade(uuid, text)"),
        migrations.RunSQL(PARTNER_LOCATIONS, "DROP FUNCTION partner_locations(uuid[])"),
    ]
