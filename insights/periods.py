"""Days that figures are asked for, and the months and single days that make them up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Preset(TextChoices):
    MONTH = "30d", _("30 days")
    QUARTER = "90d", _("90 days")
    TWELVE_MONTHS = "12m", _("12 months")
    YEAR = "year", _("This year")

    def period(self, today: date) -> "Period":
        firsts = {
            Preset.MONTH: today - 29 * _DAY,
            Preset.QUARTER: today - 89 * _DAY,
            Preset.TWELVE_MONTHS: next_month(today.replace(year=today.year - 1, day=1)),
            Preset.YEAR: today.replace(month=1, day=1),
        }
        return Period(firsts[self], today)


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """The period of the same length that ends where this one begins."""
        return Period(self.first - self.days * _DAY, self.first - _DAY)

    @property
    def months(self) -> list[date]:
        return [span.month for span in spans(self)]


@dataclass(frozen=True)
class Span:
    """Days of one calendar month; all of them, or some."""

    month: date
    first: date
    end: date

    @property
    def is_whole(self) -> bool:
        return (self.first, self.end) == (self.month, next_month(self.month))

    @property
    def begins_at(self) -> datetime:
        return _midnight(self.first)

    @property
    def ends_at(self) -> datetime:
        return _midnight(self.end)


def spans(period: Period) -> Iterator[Span]:
    month, end = period.first.replace(day=1), period.last + _DAY
    while month < end:
        following = next_month(month)
        yield Span(month, max(month, period.first), min(following, end))
        month = following


def whole(month: date) -> Span:
    return Span(month, month, next_month(month))


def month_of(moment: datetime) -> date:
    """Days are the installation's, whoever reads: companies share their figures."""
    return moment.astimezone(timezone.get_default_timezone()).date().replace(day=1)


def today() -> date:
    return timezone.now().astimezone(timezone.get_default_timezone()).date()


def next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def microseconds(moment: datetime) -> int:
    """Since 1970, as `Deal.list_rank` has them."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())
