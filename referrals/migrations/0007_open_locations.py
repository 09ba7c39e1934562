"""Nobody is invited to a location that is retired."""

from django.db import migrations

from cosell.core.rls import CURRENT_ORGANIZATION


def partner_locations(condition: str) -> str:
    """The function of 0004 for the locations that meet this condition."""
    return f"""
CREATE OR REPLACE FUNCTION partner_locations(ids uuid[])
RETURNS TABLE (organization_id uuid, id uuid, name text, city text, country text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT o.id, l.id, l.name, l.city, l.country
    FROM partners_location l JOIN partners_organization o ON o.id = l.organization_id
    WHERE o.id = ANY (ids) AND {condition}
      AND {CURRENT_ORGANIZATION} IS NOT NULL AND o.is_active AND o.kind = 'partner' AND EXISTS (
        SELECT FROM partners_solution s
        WHERE s.organization_id = o.id AND s.is_published AND s.retired_at IS NULL
          AND s.kind = 'solution' AND s.status >= 2
    )
    ORDER BY l.is_main DESC, l.name
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0006_nobody_is_invited_to_assessments"),
        ("partners", "0008_retired_locations"),
    ]

    operations = [
        migrations.RunSQL(partner_locations("l.retired_at IS NULL"), partner_locations("true")),
    ]
