"""The plans of what the product asks the database, taken while it asks: same statement, parameters,
role and organisation."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

# Tables that grow with every deal; reading one from end to end is reading other companies' rows.
# Notifications do, too, but the load brings none, and an empty table is read as it is.
BIG = frozenset(
    {
        "deals_customer", "deals_deal", "deals_dealevent", "deals_dealsolution",
        "deals_teammember", "insights_monthlycount", "referrals_referral",
    }
)  # fmt: skip

# A search finds 1,000 at most; estimates are not exact.
MOST_SORTED = 2_000
Plan = dict[str, Any]


@dataclass
class Plans:
    """Statements that read a big table from end to end, or put more rows in order than a page or a
    search has, by what was asked."""

    scans: dict[str, list[str]] = field(default_factory=dict)
    sorts: dict[str, list[str]] = field(default_factory=dict)
    explained: int = 0

    @contextmanager
    def of(self, what: str, *, may_sort: bool = False) -> Iterator[None]:
        """Explains every statement on a big table that runs inside the block."""

        def explaining(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if _reads_big_table(sql):
                self.add(what, sql, explained(sql, params), may_sort=may_sort)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(explaining):
            yield

    def add(self, what: str, sql: str, plan: Plan, *, may_sort: bool = False) -> None:
        self.explained += 1
        tables = {node["Relation Name"] for node in nodes(plan) if _is_scan_of_all(node)}
        if tables:
            self.scans.setdefault(what, []).append(f"{sorted(tables)}: {sql[:2000]}")
        sorted_rows = [node["Plan Rows"] for node in nodes(plan) if node["Node Type"] == "Sort"]
        if not may_sort and max(sorted_rows, default=0) > MOST_SORTED:
            self.sorts.setdefault(what, []).append(f"{max(sorted_rows)} rows: {sql[:2000]}")


def explained(sql: str, params: Any = None) -> Plan:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        (found,) = cursor.fetchone()
    plan: Plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def plans_of_function(name: str, *arguments: Any) -> Iterator[tuple[str, Plan]]:
    """A function hides its plans from EXPLAIN, so its body is explained as it is: planned for these
    arguments, and for any, which is what the server may change to after a few calls."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosrc, proargnames[:pronargs], oidvectortypes(proargtypes), proconfig"
            " FROM pg_proc WHERE proname = %s",
            [name],
        )
        body, names, types, settings = cursor.fetchone()
        for number, argument in enumerate(names, start=1):
            body = re.sub(rf"\b{argument}\b", f"${number}", body)
        for setting in settings or []:
            key, _, value = setting.partition("=")
            cursor.execute("SELECT set_config(%s, %s, true)", [key, value])
        cursor.execute(f"PREPARE body ({types}) AS {body}")
        for mode in ("force_custom_plan", "force_generic_plan"):
            cursor.execute(f"SET LOCAL plan_cache_mode = {mode}")
            places = ", ".join(["%s"] * len(arguments))
            yield mode, explained(f"EXECUTE body ({places})", arguments)
        cursor.execute("DEALLOCATE body")


def nodes(plan: Plan) -> Iterator[Plan]:
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def _reads_big_table(sql: str) -> bool:
    is_read = sql.lstrip().upper().startswith(("SELECT", "WITH", "UPDATE", "DELETE", "("))
    return is_read and any(table in sql for table in BIG)


def _is_scan_of_all(node: Plan) -> bool:
    # An index without a condition is read from end to end as well.
    is_by_index = node["Node Type"] in ("Index Scan", "Index Only Scan")
    is_whole = "Index Cond" not in node if is_by_index else node["Node Type"].endswith("Seq Scan")
    return is_whole and node.get("Relation Name") in BIG
