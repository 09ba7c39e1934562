"""Closed deals stay as they are, and search finds a company's deals by index."""

from django.db import migrations

from cosell.core.rls import CURRENT_ORGANIZATION

# 5.5: whatever writes, a closed deal keeps what was agreed. Owner and worker may still erase notes
# and names, because they can hold personal data; the web changes nothing.
CLOSED_DEALS_ARE_FINAL = """
CREATE FUNCTION closed_deal_is_final() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (OLD.organization_id, OLD.engagement_id, OLD.location_id, OLD.customer_id, OLD.direction,
        OLD.type, OLD.name, OLD.value, OLD.currency, OLD.close_date, OLD.crm_id, OLD.campaign_id,
        OLD.status, OLD.stage, OLD.respond_by, OLD.answered_at, OLD.closed_at, OLD.close_reason,
        OLD.created_at)
       IS DISTINCT FROM
       (NEW.organization_id, NEW.engagement_id, NEW.location_id, NEW.customer_id, NEW.direction,
        NEW.type, NEW.name, NEW.value, NEW.currency, NEW.close_date, NEW.crm_id, NEW.campaign_id,
        NEW.status, NEW.stage, NEW.respond_by, NEW.answered_at, NEW.closed_at, NEW.close_reason,
        NEW.created_at)
       OR (current_user = 'cosell_app' AND
           (OLD.reference, OLD.customer_name, OLD.customer_city, OLD.customer_country,
            OLD.notes, OLD.close_notes, OLD.created_by_id)
           IS DISTINCT FROM
           (NEW.reference, NEW.customer_name, NEW.customer_city, NEW.customer_country,
            NEW.notes, NEW.close_notes, NEW.created_by_id))
    THEN
        RAISE EXCEPTION 'Deal % is closed and cannot be changed.', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_deal_is_final';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closed_deal_is_final BEFORE UPDATE ON deals_deal
    FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION closed_deal_is_final();

CREATE FUNCTION closed_deal_keeps_its_parts() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    before uuid := CASE WHEN TG_OP <> 'INSERT' THEN OLD.deal_id END;
    after uuid := CASE WHEN TG_OP <> 'DELETE' THEN NEW.deal_id END;
BEGIN
    -- Erasing personal data is the owner's and the worker's; the web removes nothing.
    IF (TG_OP <> 'DELETE' OR current_user = 'cosell_app') AND EXISTS (
        SELECT FROM deals_deal WHERE id IN (before, after) AND closed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'Deal % is closed and cannot be changed.', coalesce(before, after)
            USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_deal_is_final';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER closed_deal_keeps_its_team BEFORE INSERT OR UPDATE OR DELETE ON deals_teammember
    FOR EACH ROW EXECUTE FUNCTION closed_deal_keeps_its_parts();
CREATE TRIGGER closed_deal_keeps_its_solutions
    BEFORE INSERT OR UPDATE OR DELETE ON deals_dealsolution
    FOR EACH ROW EXECUTE FUNCTION closed_deal_keeps_its_parts();
CREATE TRIGGER closed_deal_keeps_its_contact
    BEFORE INSERT OR UPDATE OR DELETE ON deals_customercontact
    FOR EACH ROW EXECUTE FUNCTION closed_deal_keeps_its_parts();
"""

CLOSED_DEALS_ARE_NOT_FINAL = """
DROP TRIGGER closed_deal_keeps_its_contact ON deals_customercontact;
DROP TRIGGER closed_deal_keeps_its_solutions ON deals_dealsolution;
DROP TRIGGER closed_deal_keeps_its_team ON deals_teammember;
DROP TRIGGER closed_deal_is_final ON deals_deal;
DROP FUNCTION closed_deal_keeps_its_parts();
DROP FUNCTION closed_deal_is_final();
"""

# LIKE is not leakproof, so under row-level security it never uses its index. These functions run as
# the owner, whom policies do not bind, and therefore name the organisation themselves.
SEARCH = f"""
CREATE INDEX deal_search ON deals_deal USING gin (organization_id, search gin_trgm_ops);
CREATE INDEX customer_search ON deals_customer
    USING gin (organization_id, (public.fold(name)) gin_trgm_ops);
CREATE INDEX reference_customer_search ON deals_referencecustomer
    USING gin (country, (public.fold(name)) gin_trgm_ops);

CREATE FUNCTION like_pattern(query text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT '%' || regexp_replace(public.fold(query), '([\\\\%_])', '\\\\\\1', 'g') || '%'
$$;

CREATE FUNCTION search_deals(query text, how_many integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT id FROM deals_deal
    WHERE organization_id = {CURRENT_ORGANIZATION}
      AND length(query) >= 3
      AND search LIKE like_pattern(query)
    LIMIT how_many
$$;

CREATE FUNCTION similar_customers(customer_name text, in_country text) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET pg_trgm.similarity_threshold = 0.6 AS $$
    SELECT id FROM deals_customer
    WHERE organization_id = {CURRENT_ORGANIZATION}
      AND country = in_country
      AND public.fold(name) OPERATOR(public.%) public.fold(customer_name)
    LIMIT 50
$$;

-- Words may have others between them: "northwind claims".
CREATE FUNCTION words_pattern(query text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT regexp_replace(like_pattern(btrim(query)), '\\s+', '%', 'g')
$$;

CREATE FUNCTION search_customers(query text, in_country text, how_many integer)
RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT id FROM deals_customer
    WHERE organization_id = {CURRENT_ORGANIZATION}
      AND country = in_country
      AND length(query) >= 3
      AND public.fold(name) LIKE words_pattern(query)
    LIMIT how_many
$$;

REVOKE EXECUTE ON FUNCTION search_deals(text, integer), search_customers(text, text, integer),
    similar_customers(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_deals(text, integer), search_customers(text, text, integer),
    similar_customers(text, text) TO cosell_app;
"""

NO_SEARCH = """
DROP FUNCTION search_customers(text, text, integer);
DROP FUNCTION words_pattern(text);
DROP FUNCTION similar_customers(text, text);
DROP FUNCTION search_deals(text, integer);
DROP FUNCTION like_pattern(text);
DROP INDEX reference_customer_search;
DROP INDEX customer_search;
DROP INDEX deal_search;
"""


class Migration(migrations.Migration):
    dependencies = [("deals", "0002_row_level_security")]

    operations = [
        migrations.RunSQL(CLOSED_DEALS_ARE_FINAL, CLOSED_DEALS_ARE_NOT_FINAL),
        migrations.RunSQL(SEARCH, NO_SEARCH),
    ]
