"""Which day, and which month, a deal counts in: midnight is the installation's."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from deals.models import Deal, Status
from insights.counting import count_anew
from insights.models import MonthlyCount
from insights.periods import Period, Preset, spans
from insights.queries import Asked, figures_of
from tests.deals.listed import inbound, make_deals
from tests.identity import as_owner
from tests.insights.by_hand import counted_by_hand, counted_by_us
from tests.world import World

WARSAW = ZoneInfo("Europe/Warsaw")
INSTANT, DAY = timedelta(microseconds=1), timedelta(days=1)
# Whole months, single days, months and days, and the nights when the clocks change.
PERIODS = [
    Period(date(2026, 3, 1), date(2026, 3, 31)),
    Period(date(2026, 3, 1), date(2026, 4, 30)),
    Period(date(2026, 3, 29), date(2026, 3, 29)),
    Period(date(2026, 3, 31), date(2026, 3, 31)),
    Period(date(2026, 4, 1), date(2026, 4, 1)),
    Period(date(2026, 2, 28), date(2026, 4, 1)),
    Period(date(2025, 10, 20), date(2026, 3, 1)),
    Period(date(2025, 10, 26), date(2025, 10, 26)),
]


def midnights() -> list[datetime]:
    days = [
        date(2025, 10, 26), date(2025, 10, 27), date(2025, 12, 1), date(2026, 2, 1),
        date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 29), date(2026, 3, 30),
        date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 2), date(2026, 5, 1),
    ]  # fmt: skip
    return [datetime(one.year, one.month, one.day, tzinfo=WARSAW) for one in days]


@pytest.mark.django_db
@pytest.mark.parametrize("period", PERIODS, ids=lambda one: f"{one.first} to {one.last}")
def test_day_begins_at_midnight_and_ends_with_its_last_instant(
    world: World, period: Period
) -> None:
    moments = [at for midnight in midnights() for at in (midnight - INSTANT, midnight)]
    make_deals(
        world.contoso,
        *({"created_at": at} for at in moments),
        *(
            inbound(status=Status.LOST, created_at=at - DAY, answered_at=at, closed_at=at)
            for at in moments
        ),
        *(inbound(status=Status.EXPIRED, created_at=at - 14 * DAY, closed_at=at) for at in moments),
    )
    count_anew(world.contoso.pk)
    with world.as_member(world.anna):
        deals = list(Deal.objects.prefetch_related("solutions"))
        figures = figures_of(world.anna, Asked(period, "EUR"), locations=[])
    assert counted_by_us(figures) == counted_by_hand(deals, period)
    assert figures.facts


@pytest.mark.django_db
def test_month_is_counted_once_however_often(world: World) -> None:
    make_deals(world.contoso, {}, inbound())
    for _time in range(2):
        count_anew(world.contoso.pk)
        with as_owner():
            stages = MonthlyCount.objects.filter(measure="stage")
            assert sorted(stages.values_list("direction", "status", "deals")) == [
                ("inbound", "received", 1),
                ("outbound", "accepted", 1),
            ]


@pytest.mark.parametrize(
    ("preset", "day", "first"),
    [
        (Preset.MONTH, date(2026, 3, 30), date(2026, 3, 1)),
        (Preset.QUARTER, date(2026, 3, 31), date(2026, 1, 1)),
        (Preset.TWELVE_MONTHS, date(2026, 11, 22), date(2025, 12, 1)),
        (Preset.TWELVE_MONTHS, date(2028, 2, 29), date(2027, 3, 1)),
        (Preset.YEAR, date(2028, 2, 29), date(2028, 1, 1)),
    ],
)
def test_preset_ends_today(preset: Preset, day: date, first: date) -> None:
    assert preset.period(day) == Period(first, day)


def test_period_before_is_as_long_and_ends_where_it_begins() -> None:
    period = Period(date(2026, 3, 1), date(2026, 3, 31))
    assert period.before == Period(date(2026, 1, 29), date(2026, 2, 28))
    assert period.before.days == period.days == 31


def test_spans_are_days_of_one_month_each() -> None:
    period = Period(date(2026, 1, 15), date(2026, 3, 1))
    assert [(one.first, one.end, one.is_whole) for one in spans(period)] == [
        (date(2026, 1, 15), date(2026, 2, 1), False),
        (date(2026, 2, 1), date(2026, 3, 1), True),
        (date(2026, 3, 1), date(2026, 3, 2), False),
    ]
