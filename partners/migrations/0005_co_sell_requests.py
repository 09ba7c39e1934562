"""Only the vendor answers requests and marks solutions (1.5)."""

from django.db import migrations

from cosell.core.rls import CURRENT_ORGANIZATION

# Runs as the owner, whom policies do not bind, and therefore checks the caller first. True if the
# request was still waiting. A mark includes the ones before it and is never taken back here.
ANSWER = f"""
CREATE FUNCTION answer_co_sell_request(
    request uuid, granted boolean, why text, person_name text
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    answered record;
BEGIN
    IF NOT EXISTS (
        SELECT FROM partners_organization
        WHERE id = {CURRENT_ORGANIZATION} AND kind = 'vendor'
    ) THEN
        RAISE EXCEPTION 'Only the vendor answers request %.', request
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE partners_cosellrequest
    SET answered_at = statement_timestamp(), is_granted = granted, reason = why,
        answered_by_name = person_name
    WHERE id = request AND vendor_id = {CURRENT_ORGANIZATION}
      AND answered_at IS NULL AND withdrawn_at IS NULL
    RETURNING solution_id, wanted INTO answered;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF granted THEN
        UPDATE partners_solution SET status = greatest(status, answered.wanted)
        WHERE id = answered.solution_id;
    END IF;
    RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION answer_co_sell_request(uuid, boolean, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION answer_co_sell_request(uuid, boolean, text, text) TO cosell_app;
REVOKE UPDATE, DELETE ON partners_cosellrequest FROM cosell_app;
GRANT UPDATE (withdrawn_at) ON partners_cosellrequest TO cosell_app;
"""

# The policy alone would let a company mark its own solutions. Inside of the function above the
# owner writes; the vendor's own solutions are the vendor's to mark.
NOBODY_MARKS_THEMSELVES = f"""
CREATE FUNCTION nobody_marks_themselves() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user = 'cosell_app' AND NOT EXISTS (
        SELECT FROM partners_organization WHERE id = NEW.organization_id AND kind = 'vendor'
    ) THEN
        RAISE EXCEPTION 'Only the vendor marks solution %.', NEW.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nobody_begins_marked BEFORE INSERT ON partners_solution
    FOR EACH ROW WHEN (NEW.status > 1) EXECUTE FUNCTION nobody_marks_themselves();
CREATE TRIGGER nobody_marks_themselves BEFORE UPDATE OF status ON partners_solution
    FOR EACH ROW WHEN (NEW.status > OLD.status) EXECUTE FUNCTION nobody_marks_themselves();
CREATE FUNCTION co_sell_request_is_to_the_vendor() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user = 'cosell_app' AND (
        NEW.organization_id <> {CURRENT_ORGANIZATION} OR NEW.answered_at IS NOT NULL OR NOT EXISTS (
            SELECT FROM partners_organization WHERE id = NEW.vendor_id AND kind = 'vendor'
        )
    ) THEN
        RAISE EXCEPTION 'Request % is not to the vendor.', NEW.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER co_sell_request_is_to_the_vendor BEFORE INSERT ON partners_cosellrequest
    FOR EACH ROW EXECUTE FUNCTION co_sell_request_is_to_the_vendor();
"""

ANYBODY_MARKS = """
DROP TRIGGER co_sell_request_is_to_the_vendor ON partners_cosellrequest;
DROP FUNCTION co_sell_request_is_to_the_vendor();
DROP TRIGGER nobody_marks_themselves ON partners_solution;
DROP TRIGGER nobody_begins_marked ON partners_solution;
DROP FUNCTION nobody_marks_themselves();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0004_vetting"),
    ]

    operations = [
        migrations.RunSQL(
            ANSWER, "DROP FUNCTION answer_co_sell_request(uuid, boolean, text, text)"
        ),
        migrations.RunSQL(NOBODY_MARKS_THEMSELVES, ANYBODY_MARKS),
    ]
