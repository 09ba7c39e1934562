"""A referral belongs to its sender and its recipient; what was offered is fixed once sent."""

from django.db import migrations

from cosell.core.rls import TenantTable

OFFER_IS_FIXED = """
CREATE FUNCTION referral_offer_is_fixed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (OLD.id, OLD.engagement_id, OLD.sender_id, OLD.sender_deal_id, OLD.recipient_id,
        OLD.recipient_deal_id, OLD.recipient_location_id, OLD.is_to_vendor, OLD.deal_name,
        OLD.value, OLD.currency, OLD.close_date, OLD.help_type, OLD.message, OLD.solutions,
        OLD.sent_at, OLD.respond_by)
       IS DISTINCT FROM
       (NEW.id, NEW.engagement_id, NEW.sender_id, NEW.sender_deal_id, NEW.recipient_id,
        NEW.recipient_deal_id, NEW.recipient_location_id, NEW.is_to_vendor, NEW.deal_name,
        NEW.value, NEW.currency, NEW.close_date, NEW.help_type, NEW.message, NEW.solutions,
        NEW.sent_at, NEW.respond_by)
       -- The people and the customer's contact may be erased by those who may erase, never changed.
       OR (current_user = 'cosell_app' AND (OLD.people, OLD.customer, OLD.contact)
           IS DISTINCT FROM (NEW.people, NEW.customer, NEW.contact))
    THEN
        RAISE EXCEPTION 'Referral % is sent and its offer cannot be changed.', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'referral_offer_is_fixed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER referral_offer_is_fixed BEFORE UPDATE ON referrals_referral
    FOR EACH ROW EXECUTE FUNCTION referral_offer_is_fixed();
REVOKE DELETE ON referrals_referral FROM cosell_app, cosell_worker;
"""

OFFER_IS_NOT_FIXED = """
GRANT DELETE ON referrals_referral TO cosell_app, cosell_worker;
DROP TRIGGER referral_offer_is_fixed ON referrals_referral;
DROP FUNCTION referral_offer_is_fixed();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0001_initial"),
        ("deals", "0003_final_deals_and_search"),
    ]

    operations = [
        TenantTable(
            "Referral",
            owners=["sender", "recipient"],
            same_organization={
                "sender_deal": "sender",
                "recipient_deal": "recipient",
                "recipient_location": "recipient",
            },
        ),
        migrations.RunSQL(OFFER_IS_FIXED, OFFER_IS_NOT_FIXED),
    ]
