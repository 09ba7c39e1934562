"""A solution assessment is carried out by one company alone (5.6)."""

from django.db import migrations

# Once a statement, so that loading very many costs a join.
NOBODY_IS_INVITED = """
CREATE FUNCTION nobody_is_invited_to_assessments() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM sent JOIN deals_deal deal ON deal.id = sent.sender_deal_id
        WHERE deal.type = 'assessment'
    ) THEN
        RAISE EXCEPTION 'Nobody is invited to an assessment.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'nobody_is_invited_to_assessments';
    END IF;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION nobody_is_invited_to_assessments() FROM PUBLIC;
CREATE TRIGGER nobody_is_invited_to_assessments AFTER INSERT ON referrals_referral
    REFERENCING NEW TABLE AS sent
    FOR EACH STATEMENT EXECUTE FUNCTION nobody_is_invited_to_assessments();
"""

ANYBODY_IS_INVITED = """
DROP TRIGGER nobody_is_invited_to_assessments ON referrals_referral;
DROP FUNCTION nobody_is_invited_to_assessments();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0003_inviting_partners"),
        ("deals", "0004_assessments"),
    ]

    operations = [migrations.RunSQL(NOBODY_IS_INVITED, ANYBODY_IS_INVITED)]
