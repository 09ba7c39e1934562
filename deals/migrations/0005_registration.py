"""Both companies read a registration; each moves it its own way, and decided ones are final (6.4)."""

from django.db import migrations

from cosell.core.rls import CURRENT_ORGANIZATION, TenantTable

# What the partner states is fixed while it is reviewed, what was decided for ever. The moves are
# those of deals.registration.lifecycle.TRANSITIONS. Owner and worker may still erase the names of
# people.
REGISTRATIONS_GO_THEIR_WAY = f"""
CREATE FUNCTION registration_goes_its_way() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    personal constant text[] := ARRAY[
        'submitted_by_name', 'submitted_by_email', 'reviewer_id', 'reviewer_name', 'message',
        'reason'
    ];
    assigned constant text[] := ARRAY['reviewer_id', 'reviewer_name', 'version'];
    reviewed constant text[] := assigned || ARRAY[
        'status', 'status_since', 'messages', 'answer_by', 'reason'
    ];
    answered constant text[] := ARRAY[
        'status', 'status_since', 'version', 'round', 'messages', 'answer_by',
        'submitted_by_name', 'submitted_by_email', 'is_marketplace', 'marketplace_date',
        'is_on_vendor_cloud', 'term', 'total_value', 'solution_value', 'signed_on', 'starts_on',
        'ends_on', 'tenant_type', 'pricing_model', 'message'
    ];
    move constant text := OLD.status || ' ' || NEW.status;
    may_change text[];
BEGIN
    IF current_user <> 'cosell_app' AND to_jsonb(OLD) - personal = to_jsonb(NEW) - personal THEN
        RETURN NEW;
    END IF;
    may_change := CASE
        WHEN OLD.status IN ('approved', 'rejected') THEN NULL
        WHEN OLD.status = NEW.status THEN assigned
        WHEN move IN (
            'pending approved', 'pending rejected', 'pending action_required',
            'resubmitted approved', 'resubmitted rejected', 'resubmitted action_required',
            'action_required rejected'
        ) THEN reviewed
        WHEN move = 'action_required resubmitted' AND NEW.round = OLD.round + 1 THEN answered
    END;
    IF may_change IS NULL OR to_jsonb(OLD) - may_change <> to_jsonb(NEW) - may_change THEN
        RAISE EXCEPTION 'Registration % cannot go from % to %.', OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'registration_goes_its_way';
    END IF;
    IF current_user = 'cosell_app' AND {CURRENT_ORGANIZATION} <> (
        CASE WHEN move = 'action_required resubmitted' THEN OLD.organization_id ELSE OLD.vendor_id
        END
    ) THEN
        RAISE EXCEPTION 'Registration % is not this company''s to move.', OLD.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER registration_goes_its_way BEFORE UPDATE ON deals_registration
    FOR EACH ROW EXECUTE FUNCTION registration_goes_its_way();

CREATE FUNCTION registration_step_is_own() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user = 'cosell_app' AND NOT EXISTS (
        SELECT FROM deals_registration
        WHERE id = NEW.registration_id AND vendor_id = NEW.vendor_id AND {CURRENT_ORGANIZATION} = (
            CASE WHEN NEW.kind IN ('submitted', 'resubmitted') THEN organization_id ELSE vendor_id
            END
        )
    ) THEN
        RAISE EXCEPTION 'Step % is not this company''s.', NEW.kind
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER registration_step_is_own BEFORE INSERT ON deals_registrationstep
    FOR EACH ROW EXECUTE FUNCTION registration_step_is_own();

REVOKE DELETE ON deals_registration FROM cosell_app, cosell_worker;
"""

REGISTRATIONS_GO_ANYHOW = """
GRANT DELETE ON deals_registration TO cosell_app, cosell_worker;
DROP TRIGGER registration_step_is_own ON deals_registrationstep;
DROP FUNCTION registration_step_is_own();
DROP TRIGGER registration_goes_its_way ON deals_registration;
DROP FUNCTION registration_goes_its_way();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0004_assessments"),
    ]

    operations = [
        TenantTable(
            "Registration",
            owners=["organization", "vendor"],
            same_organization={"deal": "organization", "reviewer": "vendor"},
        ),
        TenantTable(
            "RegistrationStep",
            owners=["organization", "vendor"],
            same_organization={"registration": "organization"},
            append_only=True,
        ),
        # They stand in every checklist.
        TenantTable("RegistrationRules", readable="true"),
        migrations.RunSQL(REGISTRATIONS_GO_THEIR_WAY, REGISTRATIONS_GO_ANYHOW),
    ]
