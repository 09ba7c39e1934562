"""`python3 run.py bench`, small: that it measures and says so, not what the numbers are."""

from collections.abc import Callable

import pytest

from tests.launcher.conftest import NewCheckout
from tests.launcher.launched import Launched

pytestmark = pytest.mark.slow

MEASURED = (
    "minimal view, same page", "+ session and login", "list, 100k deals", "list, 10k deals",
    "list of the vendor", "list, 100 rows", "filter + sort", "search, rare", "search, common",
    "deal page", "create", "won", "decline",
)  # fmt: skip


def test_bench_measures_everything_and_prints_ratios(
    new_checkout: NewCheckout, launch: Callable[..., Launched]
) -> None:
    bench = launch(new_checkout(), "bench", "--deals=5000", "--rounds=1", "--seconds=0.1")
    bench.wait_for("list pages per second", patience=500)
    assert bench.process.wait(60) == 0
    told = [line.strip() for line in bench.lines]
    assert [what for what in MEASURED if not any(one.startswith(what) for one in told)] == []
    assert any(one.startswith("list p95 ÷ login floor p95") for one in told)
