"""The table, and the ratios that docs name."""

from collections.abc import Iterator

from bench.measure import Measured


def table(measured: list[Measured]) -> Iterator[str]:
    yield f"{'':28}{'p50 ms':>9}{'p95 ms':>9}{'req/s':>8}{'SQL':>6}{'KB':>8}{'asked':>8}"
    for one in measured:
        per_second = f"{one.per_second:.0f}" if one.per_second else ""
        statements = "" if one.visit.statements is None else str(one.visit.statements)
        yield (
            f"{one.visit.name:28}{one.p50:9.1f}{one.p95:9.1f}{per_second:>8}{statements:>6}"
            f"{one.size / 1024:8.1f}{len(one.milliseconds):8}"
        )


def ratios(measured: list[Measured]) -> Iterator[str]:
    """Each beside what we aim at; nothing fails, the machine may be busy."""
    by = {one.visit.name.strip(): one for one in measured}
    floor, listed = by["+ session and login"], by["list, 100k deals"]
    yield _ratio("list p95 ÷ login floor p95", listed.p95 / floor.p95, "2")
    yield _ratio("filter + sort p95 ÷ login floor p95", by["filter + sort"].p95 / floor.p95, "2")
    yield _ratio("p95 at 100k deals ÷ p95 at 10k", listed.p95 / by["list, 10k deals"].p95, "1.2")
    for search in ("search, rare", "search, common"):
        difference = by[search].p50 - listed.p50
        yield f"{f'{search} − list, p50':44}{difference:8.1f} ms   aim ≤ 5 ms"
    for one in ("won", "decline"):
        yield f"{f'{one}, p50':44}{by[one].p50:8.1f} ms   aim ≤ 12 ms"
    most = listed.visit.statements
    yield f"{'statements of a list page':44}{most:8}      aim ≤ 8"
    yield f"{'size of a list page':44}{listed.size / 1024:8.1f} KB   aim ≤ 40 KB"
    if listed.per_second:
        yield f"{'list pages per second, eight clients':44}{listed.per_second:8.0f}      aim ≥ 110"


def _ratio(what: str, ratio: float, aim: str) -> str:
    return f"{what:44}{ratio:8.2f}      aim ≤ {aim}"
