"""A company finds its own customers by index while somebody types a name."""

from django.db import migrations

from cosell.core.rls import CURRENT_ORGANIZATION

# Runs as the owner, because LIKE never uses its index under row-level security; it therefore names
# the organisation itself. Words may have others between them: "northwind claims".
SEARCH_CUSTOMERS = f"""
CREATE FUNCTION words_pattern(query text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
SET search_path = pg_catalog, public AS $$
    SELECT regexp_replace(like_pattern(btrim(query)), '\\s+', '%', 'g')
$$;

CREATE FUNCTION search_customers(query text, in_country text, how_many integer)
RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT id FROM deals_customer
    WHERE organization_id = {CURRENT_ORGANIZATION}
      AND country = in_country
      AND length(query) >= 3
      AND public.fold(name) LIKE words_pattern(query)
    LIMIT how_many
$$;

REVOKE EXECUTE ON FUNCTION search_customers(text, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_customers(text, text, integer) TO cosell_app;
"""

NO_SEARCH_CUSTOMERS = """
DROP FUNCTION search_customers(text, text, integer);
DROP FUNCTION words_pattern(text);
"""


class Migration(migrations.Migration):
    dependencies = [("deals", "0004_list_order")]

    operations = [migrations.RunSQL(SEARCH_CUSTOMERS, NO_SEARCH_CUSTOMERS)]
