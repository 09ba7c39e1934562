"""An assessment deal is one from its first day to its last, by the vendor's leave and in order."""

from django.db import migrations

# 5.3: every stage is marked before the next; going back is allowed. The order is that of
# deals.stages.ASSESSMENT_STAGES. 1.6: the web begins one for vetted companies alone, at its start.
ASSESSMENTS_GO_IN_ORDER = """
CREATE FUNCTION assessment_begins_vetted() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM partners_organizationaccount
        WHERE organization_id = NEW.organization_id AND vetted_for_assessments_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'Organisation % is not vetted for assessments.', NEW.organization_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_begins_vetted';
    END IF;
    IF current_user = 'cosell_app' AND NEW.stage <> 'created' THEN
        RAISE EXCEPTION 'Assessment % does not begin at its start.', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_goes_in_order';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assessment_begins_vetted BEFORE INSERT ON deals_deal
    FOR EACH ROW WHEN (NEW.type = 'assessment') EXECUTE FUNCTION assessment_begins_vetted();

CREATE FUNCTION assessment_goes_in_order() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ladder constant text[] := ARRAY[
        'created', 'engagement_letter', 'data_collected', 'report_prepared', 'presented', 'won'
    ];
BEGIN
    IF array_position(ladder, NEW.stage::text) > array_position(ladder, OLD.stage::text) + 1 THEN
        RAISE EXCEPTION 'Assessment % cannot go from % to %.', OLD.id, OLD.stage, NEW.stage
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_goes_in_order';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assessment_goes_in_order BEFORE UPDATE OF stage ON deals_deal
    FOR EACH ROW WHEN (NEW.type = 'assessment' AND OLD.stage IS DISTINCT FROM NEW.stage)
    EXECUTE FUNCTION assessment_goes_in_order();

CREATE FUNCTION assessment_stays_one() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'Deal % cannot go from type % to type %.', OLD.id, OLD.type, NEW.type
        USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_stays_one';
END $$;
CREATE TRIGGER assessment_stays_one BEFORE UPDATE OF type ON deals_deal
    FOR EACH ROW
    WHEN (OLD.type IS DISTINCT FROM NEW.type AND 'assessment' IN (OLD.type, NEW.type))
    EXECUTE FUNCTION assessment_stays_one();
"""

ASSESSMENTS_GO_ANYHOW = """
DROP TRIGGER assessment_stays_one ON deals_deal;
DROP FUNCTION assessment_stays_one();
DROP TRIGGER assessment_goes_in_order ON deals_deal;
DROP FUNCTION assessment_goes_in_order();
DROP TRIGGER assessment_begins_vetted ON deals_deal;
DROP FUNCTION assessment_begins_vetted();
"""

# 3.6: an assessment deal has one type of assessment and nothing else; other deals have none. Runs
# as the owner, because a type that is retired by now is hidden from who keeps it. Once a statement,
# so that loading very many costs a join; the lock keeps two writers from adding one each.
SOLUTIONS_FIT_TYPE = """
CREATE FUNCTION deal_solutions_fit_type() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    broken uuid;
BEGIN
    PERFORM FROM deals_deal
    WHERE id IN (SELECT deal_id FROM added) AND type = 'assessment'
    ORDER BY id FOR NO KEY UPDATE;
    SELECT one.deal_id INTO broken
    FROM added one
    JOIN deals_deal deal ON deal.id = one.deal_id
    JOIN partners_solution solution ON solution.id = one.solution_id
    WHERE (deal.type = 'assessment') <> (solution.kind = 'assessment')
       OR deal.type = 'assessment' AND EXISTS (
           SELECT FROM deals_dealsolution other
           WHERE other.organization_id = deal.organization_id AND other.deal_id = deal.id
             AND other.id <> one.id
       )
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'The solutions of deal % do not fit its type.', broken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deal_solutions_fit_type';
    END IF;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION deal_solutions_fit_type() FROM PUBLIC;
CREATE TRIGGER deal_solutions_fit_type AFTER INSERT ON deals_dealsolution
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION deal_solutions_fit_type();
CREATE TRIGGER changed_deal_solutions_fit_type AFTER UPDATE ON deals_dealsolution
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION deal_solutions_fit_type();
"""

SOLUTIONS_FIT_ANY_TYPE = """
DROP TRIGGER changed_deal_solutions_fit_type ON deals_dealsolution;
DROP TRIGGER deal_solutions_fit_type ON deals_dealsolution;
DROP FUNCTION deal_solutions_fit_type();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0003_final_deals_and_search"),
        ("partners", "0004_vetting"),
    ]

    operations = [
        migrations.RunSQL(ASSESSMENTS_GO_IN_ORDER, ASSESSMENTS_GO_ANYHOW),
        migrations.RunSQL(SOLUTIONS_FIT_TYPE, SOLUTIONS_FIT_ANY_TYPE),
    ]
