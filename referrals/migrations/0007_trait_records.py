"""What companies accept, decline and win, trait by trait (docs/being-a-good-partner.md)."""

from django.db import migrations

from cosell.core.rls import CURRENT_ORGANIZATION, TenantTable

# What one unit of each currency is worth in euros at the newest day's rates.
EURO_RATES = """
CREATE VIEW euro_rates WITH (security_invoker = true) AS
    SELECT own.currency, euro.rate / own.rate AS euros
    FROM deals_exchangerate own JOIN deals_exchangerate euro ON euro.date = own.date
    WHERE euro.currency = 'EUR' AND own.date = (SELECT max(date) FROM deals_exchangerate)
    UNION ALL
    SELECT 'EUR', 1 WHERE NOT EXISTS (
        SELECT FROM deals_exchangerate WHERE currency = 'EUR'
        AND date = (SELECT max(date) FROM deals_exchangerate)
    );
GRANT SELECT ON euro_rates TO cosell_app, cosell_worker;
"""

SIZE_OF_EUROS = """
CREATE FUNCTION size_of_euros(euros numeric) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN euros <= 50000 THEN 'small' WHEN euros <= 250000 THEN 'medium'
        WHEN euros <= 1000000 THEN 'large' WHEN euros > 1000000 THEN 'huge' ELSE '' END
$$;
"""

ONLY_THE_NIGHT_WRITES = """
REVOKE INSERT, UPDATE, DELETE ON referrals_traitrecord FROM cosell_app;
"""

# Runs as the owner, whom policies do not bind. It tells tendencies and no numbers, and those only
# where three answers at least were given to three companies at least, so that nobody learns what
# one other company did. Of the partners in the ecosystem: the twenty that fit best, and `others`.
PARTNER_TENDENCIES = f"""
CREATE FUNCTION partner_tendencies(traits text[], codes text[], others uuid[])
RETURNS TABLE (organization_id uuid, trait text, code text, tendency integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH told AS (
        SELECT r.organization_id, r.trait, r.code, o.responsiveness, CASE
            WHEN 3 * r.accepted >= 2 * (r.accepted + r.declined) THEN 1
            WHEN 3 * r.accepted <= r.accepted + r.declined THEN -1 ELSE 0 END AS tendency
        FROM unnest(traits, codes) AS asked (trait, code)
        JOIN referrals_traitrecord r ON r.trait = asked.trait AND r.code = asked.code
        JOIN partners_organization o ON o.id = r.organization_id
        WHERE r.accepted + r.declined >= 3 AND r.inviters >= 3
          AND {CURRENT_ORGANIZATION} IS NOT NULL AND o.id <> {CURRENT_ORGANIZATION}
          AND o.is_active AND o.kind = 'partner' AND EXISTS (
            SELECT FROM partners_solution s
            WHERE s.organization_id = o.id AND s.is_published AND s.retired_at IS NULL
              AND s.kind = 'solution' AND s.status >= 2
        )
    ), best AS (
        SELECT t.organization_id FROM told t GROUP BY t.organization_id HAVING sum(t.tendency) > 0
        ORDER BY sum(t.tendency) DESC, max(t.responsiveness) DESC, t.organization_id LIMIT 20
    )
    SELECT t.organization_id, t.trait, t.code, t.tendency FROM told t
    WHERE t.organization_id = ANY (others)
       OR t.organization_id IN (SELECT b.organization_id FROM best b)
$$;
REVOKE EXECUTE ON FUNCTION partner_tendencies(text[], text[], uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION partner_tendencies(text[], text[], uuid[]) TO cosell_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0006_registration_needs_the_vendor"),
    ]

    operations = [
        TenantTable("TraitRecord"),
        migrations.RunSQL(
            ONLY_THE_NIGHT_WRITES,
            "GRANT INSERT, UPDATE, DELETE ON referrals_traitrecord TO cosell_app",
        ),
        migrations.RunSQL(EURO_RATES, "DROP VIEW euro_rates"),
        migrations.RunSQL(SIZE_OF_EUROS, "DROP FUNCTION size_of_euros(numeric)"),
        migrations.RunSQL(
            PARTNER_TENDENCIES, "DROP FUNCTION partner_tendencies(text[], text[], uuid[])"
        ),
    ]
