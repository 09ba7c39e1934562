"""How well companies answer, from what everybody's referrals say (docs/being-a-good-partner.md)."""

from django.db import migrations

from cosell.core.rls import CURRENT_ORGANIZATION

# 0 to 100. Four invitations of which three were answered, each in two days, stand in for what is
# not known yet: a newcomer has 56, and every answer counts for more than the one before.
RESPONSIVENESS_SCORE = """
CREATE FUNCTION responsiveness_score(
    answered bigint, expired bigint, median_hours double precision
) RETURNS smallint LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT round((100 * share * (1 + speed) / 2)::numeric)::smallint
    FROM (SELECT
        (answered + 3) / (answered + expired + 4)::double precision AS share,
        (answered / (1 + coalesce(median_hours, 0) / 48) + 4 * 0.5) / (answered + 4) AS speed
    ) AS parts
$$;
"""

# The invitations that count for a company; `took` is empty where the time ran out. Only the
# functions below, which run as the owner, see those of others.
COUNTED_ANSWERS = """
CREATE FUNCTION counted_answers(company uuid) RETURNS TABLE (took interval)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.answered_at - r.sent_at
    FROM referrals_referral r
    WHERE r.recipient_id = company AND r.sent_at > statement_timestamp() - interval '180 days'
      AND (r.answered_at IS NOT NULL OR r.recipient_status = 'expired'
           OR r.recipient_status = 'received' AND r.respond_by <= statement_timestamp())
    ORDER BY r.sent_at DESC, r.id DESC LIMIT 200
$$;
REVOKE EXECUTE ON FUNCTION counted_answers(uuid) FROM PUBLIC;
"""

# Runs as the owner, whom policies do not bind. Anybody may ask for it: what it writes follows from
# the referrals alone, and it tells nothing. The rows are locked before the referrals are read, so
# that of two at the same time the later one sees what the earlier one counted.
RATE_ANSWERS = """
CREATE FUNCTION rate_answers(ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM partners_organization o WHERE o.id = ANY (ids) ORDER BY o.id FOR NO KEY UPDATE;
    UPDATE partners_organization o
    SET responsiveness = rated.score, answer_grade = rated.grade
    FROM (
        SELECT scored.id, scored.score, CASE
            WHEN scored.answered + scored.expired < 3 THEN ''
            WHEN scored.score >= 70 THEN 'quick'
            WHEN scored.score >= 50 THEN 'reliable'
            WHEN scored.score >= 35 THEN 'patchy'
            ELSE 'rare' END AS grade
        FROM (
            SELECT counted.*,
                responsiveness_score(counted.answered, counted.expired, counted.hours) AS score
            FROM (
                SELECT company.id, count(newest.took) AS answered,
                    count(*) FILTER (WHERE newest.counts AND newest.took IS NULL) AS expired,
                    percentile_cont(0.5) WITHIN GROUP (
                        ORDER BY extract(epoch FROM newest.took) / 3600
                    ) AS hours
                FROM unnest(ids) AS company (id)
                LEFT JOIN LATERAL (
                    SELECT true AS counts, took FROM counted_answers(company.id)
                ) AS newest ON true
                GROUP BY company.id
            ) AS counted
        ) AS scored
    ) AS rated
    WHERE o.id = rated.id
      AND (o.responsiveness, o.answer_grade) IS DISTINCT FROM (rated.score, rated.grade);
END $$;
REVOKE EXECUTE ON FUNCTION rate_answers(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rate_answers(uuid[]) TO cosell_app;
"""

# What an inviter is told of how long a partner takes: the same answers, three of them at least.
PARTNER_ANSWER_TIMES = f"""
CREATE FUNCTION partner_answer_times(ids uuid[])
RETURNS TABLE (organization_id uuid, median interval)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT o.id, percentile_cont(0.5) WITHIN GROUP (ORDER BY newest.took)
    FROM partners_organization o CROSS JOIN LATERAL counted_answers(o.id) AS newest
    WHERE o.id = ANY (ids) AND newest.took IS NOT NULL
      AND {CURRENT_ORGANIZATION} IS NOT NULL AND o.is_active AND o.kind = 'partner' AND EXISTS (
        SELECT FROM partners_solution s
        WHERE s.organization_id = o.id AND s.is_published AND s.retired_at IS NULL
          AND s.kind = 'solution' AND s.status >= 2
    )
    GROUP BY o.id HAVING count(*) >= 3
$$;
REVOKE EXECUTE ON FUNCTION partner_answer_times(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION partner_answer_times(uuid[]) TO cosell_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0004_nobody_is_invited_to_assessments"),
        ("partners", "0006_responsiveness"),
    ]

    operations = [
        migrations.RunSQL(
            RESPONSIVENESS_SCORE,
            "DROP FUNCTION responsiveness_score(bigint, bigint, double precision)",
        ),
        migrations.RunSQL(COUNTED_ANSWERS, "DROP FUNCTION counted_answers(uuid)"),
        migrations.RunSQL(RATE_ANSWERS, "DROP FUNCTION rate_answers(uuid[])"),
        migrations.RunSQL(PARTNER_ANSWER_TIMES, "DROP FUNCTION partner_answer_times(uuid[])"),
    ]
