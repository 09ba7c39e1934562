"""The vendor says who may carry out solution assessments; nobody says it of themselves (1.6)."""

from django.db import migrations

from cosell.core.rls import CURRENT_ORGANIZATION

# Runs as the owner, whom policies do not bind, and therefore checks the caller first. True if it
# changed something.
VET_FOR_ASSESSMENTS = f"""
CREATE FUNCTION vet_for_assessments(company uuid, vetted boolean, person uuid, person_name text)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM partners_organization
        WHERE id = {CURRENT_ORGANIZATION} AND kind = 'vendor'
    ) THEN
        RAISE EXCEPTION 'Only the vendor vets organisation %.', company
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE partners_organizationaccount account
    SET vetted_for_assessments_at = CASE WHEN vetted THEN statement_timestamp() END
    FROM partners_organization partner
    WHERE partner.id = company AND partner.kind = 'partner' AND account.organization_id = company
      AND (account.vetted_for_assessments_at IS NOT NULL) <> vetted;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO partners_vetting (organization_id, partner_id, is_vetted, at, by_id, by_name)
    VALUES ({CURRENT_ORGANIZATION}, company, vetted, statement_timestamp(), person, person_name);
    RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION vet_for_assessments(uuid, boolean, uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vet_for_assessments(uuid, boolean, uuid, text) TO cosell_app;
REVOKE INSERT ON partners_vetting FROM cosell_app;
"""

# The web acts for a company when it writes that company's account: the policy alone would let a
# company vet itself. Inside of the function above the owner writes.
NOBODY_VETS_THEMSELVES = """
CREATE FUNCTION nobody_vets_themselves() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user = 'cosell_app' THEN
        RAISE EXCEPTION 'Only the vendor vets organisation %.', NEW.organization_id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nobody_begins_vetted BEFORE INSERT ON partners_organizationaccount
    FOR EACH ROW WHEN (NEW.vetted_for_assessments_at IS NOT NULL)
    EXECUTE FUNCTION nobody_vets_themselves();
CREATE TRIGGER nobody_vets_themselves
    BEFORE UPDATE OF vetted_for_assessments_at ON partners_organizationaccount
    FOR EACH ROW
    WHEN (OLD.vetted_for_assessments_at IS DISTINCT FROM NEW.vetted_for_assessments_at)
    EXECUTE FUNCTION nobody_vets_themselves();
"""

ANYBODY_VETS = """
DROP TRIGGER nobody_vets_themselves ON partners_organizationaccount;
DROP TRIGGER nobody_begins_vetted ON partners_organizationaccount;
DROP FUNCTION nobody_vets_themselves();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0003_partner_overview"),
    ]

    operations = [
        migrations.RunSQL(
            VET_FOR_ASSESSMENTS, "DROP FUNCTION vet_for_assessments(uuid, boolean, uuid, text)"
        ),
        migrations.RunSQL(NOBODY_VETS_THEMSELVES, ANYBODY_VETS),
    ]
