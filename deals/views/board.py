"""A list as a board: columns by stage with cards, and what each column is worth (2.2)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cosell.core.money import format_money
from cosell.core.templatetags.ui import icon, pill, time_left
from deals.forms.list_request import ListRequest
from deals.list_state import ListState
from deals.listing.board import (
    MOST_SUMMED,
    Cards,
    Lane,
    LaneTotal,
    Rates,
    Select,
    cards_of,
    lanes_of,
    rates_select,
    read_rates,
    read_totals,
    totals_select,
)
from deals.listing.counts import ListCounts
from deals.listing.criteria import Group, Tab
from deals.models import Deal, Status
from deals.rates import home_currency
from deals.stage_names import stage_in_words
from deals.views.list_rows import NOTHING, Party, heart_of, parties_in_words, parties_of
from partners.models import Membership
from partners.permissions import Permission


@dataclass(frozen=True)
class Told:
    """What became of a card that somebody moved: a word for everybody, or a refusal for the card.

    `status` is the answer's: 200, or that of the refusal.
    """

    deal_id: UUID
    deal_name: str
    message: str
    status: int = 200

    @property
    def is_refusal(self) -> bool:
        return self.status != 200


@dataclass(frozen=True)
class LaneView:
    """A column, ready for its template."""

    lane: Lane
    label: str
    count: str
    total: str
    cards: Sequence[SafeString]
    more_url: str = ""
    list_url: str = ""


@dataclass(frozen=True)
class CurrencyChoice:
    code: str
    url: str
    is_current: bool


class Board:
    def __init__(self, listed: ListRequest, member: Membership, *, told: Told | None) -> None:
        self.listed = listed
        self.member = member
        self.told = told
        self.slug = member.organization.slug
        self.currency = listed.totals or home_currency(member.organization)
        self.lanes = lanes_of(listed.tab, listed.group, listed.filters)
        self.names: Mapping[str, str] = {}

    @property
    def also(self) -> Mapping[str, Callable[[QuerySet[Deal]], Select]]:
        """What the board asks for in the statement of the counts."""
        return {
            "totals": lambda deals: totals_select(self.lanes, deals, currency=self.currency),
            "rates": lambda deals: rates_select(),
        }

    def context(self, deals: QuerySet[Deal], counts: ListCounts) -> dict[str, Any]:
        listed = self.listed
        found = cards_of(self.lanes, deals, member=self.member, sort=listed.sort, more=listed.more)
        totals = read_totals(counts.also["totals"], self.lanes)
        rates = read_rates(counts.also["rates"])
        everything = [deal for cards in found.values() for deal in cards.deals]
        self.names = counts.stage_names
        cards = BoardCards(self.member, listed.state, names=self.names, told=self.told)
        cards.parties = parties_of(self.member, everything) if everything else {}
        return {
            "board": [
                self._lane(lane, found[lane.code], totals[lane.code], cards) for lane in self.lanes
            ],
            "is_empty": not everything,
            "currency": self.currency,
            "currencies": self._currencies(rates),
            "rates_day": rates.day,
            "unrated": _unrated(totals.values()),
            "came_from": listed.state.parameter,
            "told": self.told,
            "is_told_on_card": self.told and any(one.pk == self.told.deal_id for one in everything),
        }

    def _lane(self, lane: Lane, cards: Cards, total: LaneTotal, made: "BoardCards") -> LaneView:
        label = _lane_label(lane, self.listed.tab, self.names)
        shows_more = self.listed.more == lane.code
        return LaneView(
            lane,
            label,
            count=f"{MOST_SUMMED:,}+" if total.is_capped else f"{total.deals:,}",
            total=_total_in_words(total, self.currency),
            cards=[made.card(deal, lane, label) for deal in cards.deals],
            more_url=self._url(more=lane.code) if cards.has_more and not shows_more else "",
            list_url=self._list_url(lane) if cards.has_more and shows_more else "",
        )

    def _url(self, **changes: str) -> str:
        return self.listed.state.changed(**changes).url(self.slug)

    def _list_url(self, lane: Lane) -> str:
        """The rest of a column, in the list."""
        narrowed = self.listed.state.without("layout", "totals", "status", "stage", "group")
        pairs = [("status", lane.status.value)]
        pairs += [("stage", stage.code.value) for stage in lane.stages]
        return ListState(narrowed.tab, (*narrowed.parameters, *pairs)).url(self.slug)

    def _currencies(self, rates: Rates) -> list[CurrencyChoice]:
        codes = dict.fromkeys((self.currency, *rates.currencies))
        return [
            CurrencyChoice(code, self._url(totals=code), code == self.currency)
            for code in sorted(codes)
        ]


class BoardCards:
    """Makes cards; up to a hundred in a column, so they are no template nodes."""

    def __init__(
        self,
        member: Membership,
        state: ListState,
        *,
        names: Mapping[str, str],
        told: Told | None,
    ) -> None:
        self.member = member
        self.names = names
        self.origin = state.as_origin
        self.told = told
        self.parties: Mapping[UUID, Sequence[Party]] = {}
        self._deals = reverse("deals:list", args=[member.organization.slug, state.tab])
        self._may_move = member.may(Permission.EDIT_DEALS)
        self._today = timezone.localdate()

    def card(self, deal: Deal, lane: Lane, lane_label: str) -> SafeString:
        address = f"{self._deals.rsplit('/', 2)[0]}/{deal.pk}/"
        is_told = self.told is not None and self.told.deal_id == deal.pk
        return format_html(
            '<li class="board-card" id="deal-{}"{}{}>{}<a class="grid-name" href="{}?{}">{}</a>'
            '<span class="board-customer">{}</span>{}'
            '<span class="board-facts"><span class="num strong">{}</span><span class="num{}">{}'
            "</span></span>{}{}{}{}</li>\n",
            deal.pk,
            _drag(deal, address, may_move=self._may_move),
            _TOLD if is_told else NOTHING,
            heart_of(deal, f"{address}favorite/", label=self._favorite),
            address,
            self.origin,
            deal.name,
            deal.customer_name,
            _own_stage(deal, lane_label, self.names),
            format_money(deal.value, deal.currency),
            _LATE if deal.close_date < self._today and not deal.is_closed else NOTHING,
            date_format(deal.close_date, "DATE_FORMAT"),
            _time_left(deal),
            parties_in_words(self.parties.get(deal.pk, ())),
            self._refusal(deal),
            NOTHING if deal.is_closed else self._move(deal, address),
        )

    @cached_property
    def _favorite(self) -> str:
        return _("Favorite")

    @cached_property
    def _words(self) -> str:
        return _("Move to…")

    def _refusal(self, deal: Deal) -> SafeString:
        if self.told is None or not self.told.is_refusal or self.told.deal_id != deal.pk:
            return NOTHING
        return format_html(
            '<p class="board-refusal" id="refusal-{}">{}<span>{}</span></p>',
            deal.pk, icon("circle-alert", size="s"), self.told.message,
        )  # fmt: skip

    def _move(self, deal: Deal, address: str) -> SafeString:
        """A link to the page of the move; with script its stages open beside the board."""
        is_told = self.told is not None and self.told.deal_id == deal.pk
        url = format_html("{}move/?{}", address, self.origin)
        return format_html(
            '<a class="button button-small board-move" id="move-{}" href="{}"{}{}'
            ' aria-label="{} {}">{}{}</a>',
            deal.pk,
            url,
            format_html(_OPENS, url) if self._may_move else NOTHING,
            format_html(' data-focus aria-describedby="refusal-{}"', deal.pk)
            if is_told
            else NOTHING,
            self._words,
            deal.name,
            icon("columns-3" if self._may_move else "lock", size="s"),
            self._words,
        )


_TOLD = SafeString(" data-told")
_OPENS = ' hx-get="{}" hx-target="#dialog" hx-swap="innerHTML" aria-haspopup="dialog"'
# The day that the deal was to be closed is over.
_LATE = SafeString(" tone-amber")


def _drag(deal: Deal, address: str, *, may_move: bool) -> SafeString:
    if deal.is_closed or not may_move:
        return NOTHING
    return format_html(
        ' draggable="true" data-move="{}move/" data-version="{}"', address, deal.version
    )


def _time_left(deal: Deal) -> SafeString:
    if deal.status != Status.RECEIVED:
        return NOTHING
    # Overdue is expired, whether the sweep has been there or not (4.4).
    return pill(deal.pill, deal.status_label) if deal.is_overdue else time_left(deal.respond_by)


def _own_stage(deal: Deal, lane_label: str, names: Mapping[str, str]) -> SafeString:
    """Where the column is called by the stage of another kind of deal."""
    stage = deal.current_stage
    words = stage_in_words(stage, names) if stage and not deal.is_closed else ""
    if not words or words == lane_label:
        return NOTHING
    return format_html('<span class="grid-sub">{}</span>', words)


def _lane_label(lane: Lane, tab: Tab, names: Mapping[str, str]) -> str:
    if lane.status == Status.RECEIVED:
        return str(Group.RECEIVED.label)
    if not lane.stages:
        return str(lane.status.label)
    if tab == Tab.FAVORITES and lane.percent == 10:
        return _("Accepted or created")
    return stage_in_words(lane.stages[0], names)


def _total_in_words(total: LaneTotal, currency: str) -> str:
    if total.deals and not total.amount and total.unrated:
        return ""
    amount = format_money(total.amount.quantize(Decimal(1)), currency)
    return _("more than %(amount)s") % {"amount": amount} if total.is_capped else amount


def _unrated(totals: Any) -> list[str]:
    """ "3 deals in XYZ" for what is in no total."""
    found: dict[str, int] = {}
    for total in totals:
        for one in total.unrated:
            found[one.currency] = found.get(one.currency, 0) + one.deals
    return [
        ngettext("%(n)s deal in %(currency)s", "%(n)s deals in %(currency)s", deals)
        % {"n": deals, "currency": currency}
        for currency, deals in sorted(found.items())
    ]
