"""Only a won co-sell deal is registered, with the vendor that accepted its invitation (6.1)."""

from django.db import migrations

from cosell.core.rls import CURRENT_ORGANIZATION

REGISTRATION_NEEDS_THE_VENDOR = f"""
CREATE FUNCTION registration_needs_the_vendor() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user = 'cosell_app' AND (
        NEW.organization_id <> {CURRENT_ORGANIZATION} OR NEW.status <> 'pending' OR NEW.round <> 1
    ) THEN
        RAISE EXCEPTION 'Registration % does not begin at its start.', NEW.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (
        SELECT FROM deals_deal deal
        JOIN referrals_referral referral
            ON referral.sender_id = deal.organization_id AND referral.sender_deal_id = deal.id
        JOIN partners_organization vendor ON vendor.id = referral.recipient_id
        WHERE deal.id = NEW.deal_id AND deal.organization_id = NEW.organization_id
          AND deal.status = 'won' AND deal.type = 'co_sell'
          AND vendor.id = NEW.vendor_id AND vendor.kind = 'vendor'
          AND (current_user <> 'cosell_app' OR referral.recipient_status IN ('accepted', 'won'))
    ) THEN
        RAISE EXCEPTION 'Deal % cannot be registered.', NEW.deal_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'registration_needs_the_vendor';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER registration_needs_the_vendor BEFORE INSERT ON deals_registration
    FOR EACH ROW EXECUTE FUNCTION registration_needs_the_vendor();
"""

REGISTRATION_NEEDS_NOBODY = """
DROP TRIGGER registration_needs_the_vendor ON deals_registration;
DROP FUNCTION registration_needs_the_vendor();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0005_rate_answers"),
        ("deals", "0005_registration"),
    ]

    operations = [migrations.RunSQL(REGISTRATION_NEEDS_THE_VENDOR, REGISTRATION_NEEDS_NOBODY)]
