"""How well a company answers invitations is part of its profile, and not its own to write."""

from django.db import migrations

# The policy lets a company change its profile. Inside of the function rate_answers the owner writes.
NOBODY_RATES_THEMSELVES = """
CREATE FUNCTION nobody_rates_themselves() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user = 'cosell_app' THEN
        RAISE EXCEPTION 'Nobody rates the answers of organisation %.', NEW.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nobody_begins_rated BEFORE INSERT ON partners_organization
    FOR EACH ROW WHEN (NEW.responsiveness <> 56 OR NEW.answer_grade <> '')
    EXECUTE FUNCTION nobody_rates_themselves();
CREATE TRIGGER nobody_rates_themselves
    BEFORE UPDATE OF responsiveness, answer_grade ON partners_organization
    FOR EACH ROW
    WHEN ((OLD.responsiveness, OLD.answer_grade)
          IS DISTINCT FROM (NEW.responsiveness, NEW.answer_grade))
    EXECUTE FUNCTION nobody_rates_themselves();
"""

ANYBODY_RATES = """
DROP TRIGGER nobody_rates_themselves ON partners_organization;
DROP TRIGGER nobody_begins_rated ON partners_organization;
DROP FUNCTION nobody_rates_themselves();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0005_co_sell_requests"),
    ]

    operations = [migrations.RunSQL(NOBODY_RATES_THEMSELVES, ANYBODY_RATES)]
