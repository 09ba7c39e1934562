"""What holds and what is missing before a deal can be registered, in words (6.1)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cosell.core.money import format_money
from deals.models import Deal, RegistrationRules, Status
from deals.rates import converted
from deals.stages import DealType
from partners.models import Organization

# Where the vendor's own deal has to be.
VENDOR_TAKES_PART = (Status.ACCEPTED, Status.WON)


@dataclass(frozen=True)
class VendorSide:
    """Where the vendor stands with a deal; the door knows, since it reads referrals.

    `status` is empty as long as the deal never invited it.
    """

    organization: Organization
    status: str = ""
    respond_by: datetime | None = None

    @property
    def takes_part(self) -> bool:
        return self.status in VENDOR_TAKES_PART


@dataclass(frozen=True)
class Item:
    """`holds`: None for what cannot be told yet."""

    code: str
    holds: bool | None
    text: str

    @property
    def state(self) -> str:
        return {True: "holds", False: "missing", None: "open"}[self.holds]


@dataclass(frozen=True)
class Checklist:
    """`eligible` are names of solutions: as they are today or, once won, as they were then."""

    deal: Deal
    vendor: VendorSide
    rules: RegistrationRules
    eligible: Sequence[str]

    @cached_property
    def never(self) -> str:
        """Why no deal of this kind is registered, whatever else holds."""
        company = {"vendor": self.vendor.organization.name}
        if self.deal.is_assessment:
            return _("Solution assessments are not registered.")
        if self.deal.is_inbound:
            return _("Only the deal whose invitation %(vendor)s accepted is registered.") % company
        if self.deal.type == DealType.PRIVATE and self.deal.is_closed:
            return _("Private deals are not registered.")
        if self.deal.type == DealType.PRIVATE:
            return (
                _("Private deals are not registered. Invite %(vendor)s to make it a co-sell deal.")
                % company
            )
        return ""

    @cached_property
    def items(self) -> list[Item]:
        return [] if self.never else [*self._conditions(), self._won(), *self._numbers()]

    @property
    def is_eligible(self) -> bool:
        """The conditions of 6.1 alone: the lifecycle bar has its milestone."""
        return not self.never and all(one.holds for one in self._conditions())

    @property
    def can_be_registered(self) -> bool:
        return self.is_eligible and self._is_won and not self._must_wait

    @property
    def why_not(self) -> str:
        """The first thing that stands against registering now."""
        blocking = [*self._conditions(), self._won(), *self._waiting()]
        missing = next((one.text for one in blocking if not one.holds), "")
        return self.never or missing

    @property
    def register_from(self) -> date | None:
        """The first day on which it can be registered, where the vendor wants to wait."""
        return self._days_after_won(self.rules.waiting_days)

    @property
    def register_by(self) -> date | None:
        """The last day, if the customer signed on the day the deal was won."""
        return self._days_after_won(self.rules.days_since_signature)

    @property
    def _is_won(self) -> bool:
        return self.deal.status == Status.WON

    @property
    def _must_wait(self) -> bool:
        return self.register_from is not None and timezone.localdate() < self.register_from

    def _days_after_won(self, days: int | None) -> date | None:
        if days is None or self.deal.closed_at is None or not self._is_won:
            return None
        return timezone.localdate(self.deal.closed_at) + timedelta(days=days)

    def _conditions(self) -> list[Item]:
        return [self._invited(), self._accepted(), self._solution()]

    def _invited(self) -> Item:
        company = {"vendor": self.vendor.organization.name}
        if self.vendor.status:
            return Item("invited", True, _("%(vendor)s is invited") % company)
        return Item("invited", False, _("%(vendor)s is not invited") % company)

    def _accepted(self) -> Item:
        side = self.vendor
        words = {"vendor": side.organization.name}
        if side.takes_part:
            return Item("accepted", True, _("%(vendor)s takes part") % words)
        if side.status == Status.RECEIVED and side.respond_by:
            words["day"] = date_format(timezone.localtime(side.respond_by), "DATETIME_FORMAT")
            text = _("%(vendor)s has not accepted yet; it has time until %(day)s")
        elif side.status:
            words["status"] = str(Status(side.status).label)
            text = _("%(vendor)s does not take part: “%(status)s”")
        else:
            text = _("%(vendor)s has to accept")
        return Item("accepted", False, text % words)

    def _solution(self) -> Item:
        if self.eligible:
            names = {"names": ", ".join(self.eligible)}
            text = _("Eligible for incentives: %(names)s") % names
        elif self._is_won:
            text = _("No solution was eligible for incentives when the deal was won")
        else:
            text = _("None of the solutions is eligible for incentives")
        return Item("solution", bool(self.eligible), text)

    def _won(self) -> Item:
        if self._is_won:
            return Item("won", True, _("The deal is won"))
        return Item("won", None, _("It is registered once the deal is won"))

    def _numbers(self) -> Iterator[Item]:
        """The vendor's own rules, where they are switched on."""
        if self.rules.minimum_value is not None:
            yield self._minimum()
        if self.rules.days_since_signature is not None:
            yield self._in_time()
        yield from self._waiting()

    def _minimum(self) -> Item:
        deal, rules = self.deal, self.rules
        assert rules.minimum_value is not None  # noqa: S101 (asked by the caller)
        words = {"minimum": format_money(rules.minimum_value, rules.currency)}
        value = converted(deal.value, deal.currency, into=rules.currency)
        if value is None:
            text = _("Contract value of at least %(minimum)s; there is no rate to compare yours")
            return Item("minimum", None, text % words)
        words["value"] = format_money(deal.value, deal.currency)
        text = _("Contract value of at least %(minimum)s; the deal's value is %(value)s")
        return Item("minimum", value >= rules.minimum_value, text % words)

    def _in_time(self) -> Item:
        days = self.rules.days_since_signature or 0
        text = ngettext(
            "Registered within %(n)d day of the customer's signature",
            "Registered within %(n)d days of the customer's signature",
            days,
        ) % {"n": days}
        if self.register_by is None:
            return Item("in_time", None, text)
        text = _("%(rule)s: by %(day)s, if they signed on the day it was won") % {
            "rule": text,
            "day": date_format(self.register_by, "DATE_FORMAT"),
        }
        return Item("in_time", None if timezone.localdate() <= self.register_by else False, text)

    def _waiting(self) -> Iterator[Item]:
        days = self.rules.waiting_days
        if days is None:
            return
        text = ngettext(
            "Not before %(n)d day has passed since the deal was won",
            "Not before %(n)d days have passed since the deal was won",
            days,
        ) % {"n": days}
        if self.register_from is None:
            yield Item("waiting", None, text)
            return
        day = date_format(self.register_from, "DATE_FORMAT")
        text = _("%(rule)s: from %(day)s on") % {"rule": text, "day": day}
        yield Item("waiting", not self._must_wait, text)
