"""The author's company writes a comment, one counterpart may read it, and no text is ever lost."""

from django.db import migrations

from cosell.core.rls import CURRENT_ORGANIZATION, TenantTable

READABLE = f"counterpart_id = {CURRENT_ORGANIZATION}"

# 5.7: a text is changed within comments.services.TIME_TO_EDIT.
# 5.5: nothing is said about a closed deal any more, on either side of the referral. What a comment
# says may still be erased by those who may erase: it can hold personal data.
RULES = """
CREATE FUNCTION comment_is_possible() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_user <> 'cosell_app' THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM deals_deal WHERE id = NEW.deal_id AND closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'Deal % is closed and nobody comments on it.', NEW.deal_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_deal_is_final';
    END IF;
    IF NEW.referral_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM referrals_referral
        WHERE id = NEW.referral_id
          AND (sender_id, sender_deal_id, recipient_id)
              = (NEW.organization_id, NEW.deal_id, NEW.counterpart_id)
          AND sender_status = 'accepted' AND recipient_status IN ('received', 'accepted')
        UNION ALL
        SELECT FROM referrals_referral
        WHERE id = NEW.referral_id
          AND (recipient_id, recipient_deal_id, sender_id)
              = (NEW.organization_id, NEW.deal_id, NEW.counterpart_id)
          AND sender_status = 'accepted' AND recipient_status IN ('received', 'accepted')
    ) THEN
        RAISE EXCEPTION 'Referral % does not share comments between these two.', NEW.referral_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'comment_shared_within_a_referral';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.body IS DISTINCT FROM OLD.body THEN
        IF OLD.at <= statement_timestamp() - interval '15 minutes' THEN
            RAISE EXCEPTION 'Comment % cannot be edited any more.', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'comment_is_edited_soon';
        END IF;
        NEW.edited_at := statement_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER comment_is_possible BEFORE INSERT OR UPDATE ON comments_comment
    FOR EACH ROW EXECUTE FUNCTION comment_is_possible();

CREATE FUNCTION comment_keeps_its_versions() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user = 'cosell_app' THEN
        INSERT INTO comments_commentversion
            (organization_id, counterpart_id, comment_id, body, replaced_at)
        VALUES (OLD.organization_id, OLD.counterpart_id, OLD.id, OLD.body, NEW.edited_at);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER comment_keeps_its_versions AFTER UPDATE ON comments_comment
    FOR EACH ROW WHEN (OLD.body IS DISTINCT FROM NEW.body)
    EXECUTE FUNCTION comment_keeps_its_versions();

REVOKE UPDATE, DELETE ON comments_comment FROM cosell_app;
GRANT UPDATE (body) ON comments_comment TO cosell_app;
REVOKE UPDATE, DELETE ON comments_commentversion FROM cosell_app;
"""

NO_RULES = """
GRANT UPDATE, DELETE ON comments_commentversion TO cosell_app;
GRANT UPDATE, DELETE ON comments_comment TO cosell_app;
DROP TRIGGER comment_keeps_its_versions ON comments_comment;
DROP TRIGGER comment_is_possible ON comments_comment;
DROP FUNCTION comment_keeps_its_versions();
DROP FUNCTION comment_is_possible();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0001_initial"),
        ("referrals", "0002_row_level_security"),
    ]

    operations = [
        TenantTable("Comment", same_organization=["deal"], readable=READABLE),
        TenantTable("CommentVersion", same_organization=["comment"], readable=READABLE),
        migrations.RunSQL(RULES, NO_RULES),
    ]
