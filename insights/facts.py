"""What is counted, as one SELECT over the deals of an organisation: months are rolled up with it,
and a page reads the single days at either end of its period with it.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from deals.models import Direction, Status
from deals.models.ranks import FIRST_CLOSED_RANK
from deals.models.status import UNANSWERED_STATUSES
from insights.models import Measure
from insights.periods import Span, microseconds

# Accepted by us or created by us, whatever became of it: what 8.4 divides by.
TAKEN_ON = tuple(status for status in Status if status not in UNANSWERED_STATUSES)

_COMMON = "label, month, location_id, direction, type"
_COUNTED = f"""
    {_COMMON}, deal.id, status, stage, customer_country, campaign_id, close_reason, currency, value
"""
# Each span is one range of an index for each way: of the day a deal was created, of the rank by
# which lists order closed deals, and of the day it was answered.
FACTS = f"""
span AS (
    SELECT * FROM unnest(
        %(labels)s::text[], %(months)s::date[], %(begins)s::timestamptz[], %(ends)s::timestamptz[],
        %(last_ranks)s::bigint[], %(first_ranks)s::bigint[]
    ) AS span (label, month, begins_at, ends_at, last_rank, first_rank)
), came AS MATERIALIZED (
    SELECT {_COUNTED} FROM span JOIN deals_deal AS deal
    ON deal.organization_id = %(organization)s AND direction = ANY(%(ways)s)
    AND created_at >= begins_at AND created_at < ends_at
), taken AS (
    SELECT * FROM came WHERE status = ANY(%(taken_on)s)
), closed AS MATERIALIZED (
    SELECT {_COUNTED} FROM span JOIN deals_deal AS deal
    ON deal.organization_id = %(organization)s AND direction = ANY(%(ways)s)
    AND list_rank > first_rank AND list_rank <= last_rank
), answers AS (
    SELECT {_COMMON}, CASE status WHEN 'declined' THEN status ELSE 'accepted' END AS status,
        floor(extract(epoch FROM answered_at - created_at) / 3600)::bigint::text AS key
    FROM span JOIN deals_deal AS deal
    ON deal.organization_id = %(organization)s
    AND answered_at >= begins_at AND answered_at < ends_at
    UNION ALL
    SELECT {_COMMON}, status, '' FROM closed WHERE status = 'expired'
), facts AS (
    SELECT {_COMMON}, '{Measure.STAGE}' AS measure, status, stage AS key, currency,
        count(*) AS deals, sum(value) AS amount
    FROM came GROUP BY {_COMMON}, status, stage, currency
    UNION ALL
    SELECT {_COMMON}, '{Measure.COUNTRY}', status, customer_country, currency,
        count(*), sum(value)
    FROM taken GROUP BY {_COMMON}, status, customer_country, currency
    UNION ALL
    SELECT {_COMMON}, '{Measure.CAMPAIGN}', status, campaign_id, currency, count(*), sum(value)
    FROM taken GROUP BY {_COMMON}, status, campaign_id, currency
    UNION ALL
    SELECT {_COMMON}, '{Measure.SOLUTION}', status, solution.code, currency, count(*), sum(value)
    FROM taken JOIN deals_dealsolution AS solution
    ON solution.organization_id = %(organization)s AND solution.deal_id = taken.id
    GROUP BY {_COMMON}, status, solution.code, currency
    UNION ALL
    SELECT {_COMMON}, '{Measure.ANSWER}', status, key, '', count(*), 0
    FROM answers GROUP BY {_COMMON}, status, key
    UNION ALL
    SELECT {_COMMON}, '{Measure.CLOSED}', status, close_reason, currency, count(*), sum(value)
    FROM closed GROUP BY {_COMMON}, status, close_reason, currency
)
"""  # noqa: S608 (made of constants)


def facts_params(organization_id: UUID, labelled: Iterable[tuple[str, Span]]) -> dict[str, Any]:
    """The parameters of FACTS for these spans; a label says what each is for."""
    given = list(labelled)
    return {
        "organization": organization_id,
        "ways": [way.value for way in Direction],
        "taken_on": [status.value for status in TAKEN_ON],
        "labels": [label for label, _span in given],
        "months": [span.month for _label, span in given],
        "begins": [span.begins_at for _label, span in given],
        "ends": [span.ends_at for _label, span in given],
        # The later closed, the lower the rank.
        "last_ranks": [2 * FIRST_CLOSED_RANK - microseconds(s.begins_at) for _label, s in given],
        "first_ranks": [2 * FIRST_CLOSED_RANK - microseconds(s.ends_at) for _label, s in given],
    }
