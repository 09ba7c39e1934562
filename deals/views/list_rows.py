"""The rows of a list. A page has up to a hundred, so they are made here and not by template nodes,
which cost several times as much."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cosell.core.money import country_name, format_money, format_percentage
from cosell.core.templatetags.ui import icon, pill, time_left
from deals.listing.columns import USUAL, Column
from deals.listing.pages import registration_status_of
from deals.models import Deal, RegistrationStatus, Status
from deals.stage_names import stage_in_words
from deals.stages import DealType
from partners.models import Membership
from partners.permissions import Permission
from referrals.models import Referral
from referrals.queries import counterparts, registration_of_inviter

MOST_PARTIES = 2
NOTHING = SafeString("")


@dataclass(frozen=True)
class Party:
    name: str
    label: str


@dataclass(frozen=True)
class Row:
    deal: Deal
    parties: Sequence[Party]
    html: SafeString


def parties_of(member: Membership, deals: Sequence[Deal]) -> dict[UUID, list[Party]]:
    """The other sides of each deal, as far as the referrals show them (4.6)."""
    statuses = {code: str(label) for code, label in Status.choices}
    return {
        pk: [_party(member, referral, statuses) for referral in referrals]
        for pk, referrals in counterparts(member.organization_id, deals).items()
    }


def _party(member: Membership, referral: Referral, statuses: Mapping[str, str]) -> Party:
    if referral.recipient_id != member.organization_id:
        return Party(referral.recipient_name, statuses[referral.current_status])
    is_created = referral.sender_status == Status.ACCEPTED
    label = _("Created") if is_created else statuses[referral.sender_status]
    return Party(referral.sender_name, label)


@dataclass(frozen=True)
class ListRows:
    """Makes rows; holds what is the same for all of them.

    `origin` leads back to the list; `stage_names`: what the organisation calls the stages (5.8).
    """

    member: Membership
    columns: Sequence[Column]
    origin: str
    shows_direction: bool
    stage_names: Mapping[str, str]

    def of(self, deals: Sequence[Deal]) -> list[Row]:
        parties = parties_of(self.member, deals)
        return [self._row(deal, parties.get(deal.pk, [])) for deal in deals]

    def _row(self, deal: Deal, parties: Sequence[Party]) -> Row:
        cells = [self._name_cell(deal)]
        for column in self.columns:
            content = _CONTENT[column](self, deal, parties)
            opening = self._openings[column, bool(content)]
            cells.append(format_html("{}{}</td>", opening, content))
        html = format_html(
            '<tr id="deal-{}"{}><td class="grid-check"><input type="checkbox" form="selection"'
            ' name="deal" value="{}" aria-label="{}: {}"></td>{}{}</tr>\n',
            deal.pk,
            _ATTENTION if deal.current_status == Status.RECEIVED else NOTHING,
            deal.pk,
            self._select,
            deal.name,
            self._heart_cell(deal),
            SafeString("".join(cells)),
        )
        return Row(deal, parties, html)

    @cached_property
    def _openings(self) -> dict[tuple[str, bool], SafeString]:
        """The tag of each column's cell, with and without content."""
        return {
            (column, is_filled): _opening(column, self.css_of(column), is_filled=is_filled)
            for column in self.columns
            for is_filled in (True, False)
        }

    def css_of(self, column: Column) -> str:
        """Who chose their columns wants to see them on any screen."""
        is_low = column == Column.CREATED and tuple(self.columns) == USUAL
        return " ".join(filter(None, (_CSS.get(column), "grid-low" if is_low else "")))

    @cached_property
    def _days(self) -> dict[date, str]:
        return {}

    def day(self, day: date) -> str:
        if day not in self._days:
            self._days[day] = date_format(day, "DATE_FORMAT")
        return self._days[day]

    def _name_cell(self, deal: Deal) -> SafeString:
        parts: list[Any] = [_DEAL_TYPES[deal.type]] if Column.TYPE not in self.columns else []
        if Column.REFERENCE not in self.columns:
            parts.append(format_html('<span class="nowrap">{}</span>', deal.reference))
        if self.shows_direction:
            parts.append(deal.get_direction_display())
        return format_html(
            '<td class="grid-wide grid-main"><a class="grid-name" href="{}?{}">{}</a>{}</td>',
            _address(deal),
            self.origin,
            deal.name,
            _sub(format_html_join(" · ", "{}", ((part,) for part in parts))),
        )

    def _heart_cell(self, deal: Deal) -> SafeString:
        heart = heart_of(deal, _address(deal) + "favorite/", label=self._favorite)
        return format_html('<td class="grid-icon">{}</td>', heart)

    @cached_property
    def _select(self) -> str:
        return _("Select")

    @cached_property
    def _favorite(self) -> str:
        return _("Favorite")

    def customer(self, deal: Deal, _parties: Sequence[Party]) -> SafeString:
        place = [deal.customer_city]
        if Column.COUNTRY not in self.columns:
            place.append(country_name(deal.customer_country))
        return format_html("{}{}", deal.customer_name, _sub(", ".join(filter(None, place))))

    def status(self, deal: Deal, _parties: Sequence[Party]) -> SafeString:
        shown = pill(deal.pill, deal.status_label)
        if deal.current_status != Status.RECEIVED:
            return shown
        return format_html('{}<div class="grid-sub">{}</div>', shown, time_left(deal.respond_by))

    def stage(self, deal: Deal, _parties: Sequence[Party]) -> SafeString:
        stage = deal.current_stage
        if stage is None:
            return NOTHING
        return format_html(
            '<div class="stage"><span>{0} <span class="muted num">{2}</span></span>'
            '<progress class="stage-meter" max="100" value="{1}" aria-hidden="true">'
            "</progress></div>",
            stage_in_words(stage, self.stage_names), stage.percent,
            format_percentage(stage.percent),
        )  # fmt: skip

    def registration(self, deal: Deal, _parties: Sequence[Party]) -> SafeString:
        label = registration_label(deal)
        return pill(deal.registration_status, label) if label else NOTHING  # type: ignore[attr-defined]  # as above

    def counterpart(self, _deal: Deal, parties: Sequence[Party]) -> SafeString:
        return parties_in_words(parties)


def registration_read_by(member: Membership) -> Subquery:
    """The status beside each deal: of our own registration, or of the one that we review."""
    if member.may(Permission.REVIEW_REGISTRATIONS):
        return registration_of_inviter(member.organization_id)
    return registration_status_of(member)


def registration_label(deal: Deal) -> str:
    status = deal.registration_status  # type: ignore[attr-defined]  # annotated where it is shown
    return str(RegistrationStatus(status).label) if status else ""


def heart_of(deal: Deal, address: str, *, label: str) -> SafeString:
    """As templates/deals/_heart.html has it; target and swap stand once, around the deals."""
    is_on = deal.is_favorite  # type: ignore[attr-defined]  # annotated by page_of and cards_of
    return format_html(
        '<button class="heart" id="heart-{}" form="hearts" formaction="{}" name="on" value="{}"'
        ' aria-pressed="{}" aria-label="{}: {}" hx-post="{}">{}</button>',
        deal.pk, address, "0" if is_on else "1", "true" if is_on else "false",
        label, deal.name, address, icon("heart"),
    )  # fmt: skip


def parties_in_words(parties: Sequence[Party]) -> SafeString:
    shown = format_html_join(
        "",
        '<span class="grid-party">{}: {}</span>',
        ((party.name, party.label) for party in parties[:MOST_PARTIES]),
    )
    more = len(parties) - MOST_PARTIES
    if more <= 0:
        return shown
    words = ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more}
    return format_html("{}{}", shown, _sub(words))


def _sub(content: Any) -> SafeString:
    return format_html('<span class="grid-sub">{}</span>', content) if content else NOTHING


def _opening(column: Column, css: str, *, is_filled: bool) -> SafeString:
    classes = css if is_filled else f"{css} grid-blank".strip()
    attribute = format_html(' class="{}"', classes) if classes else NOTHING
    # A customer needs no label where a row becomes a card.
    label = NOTHING if column == Column.CUSTOMER else format_html(' data-label="{}"', column.label)
    return format_html("<td{}{}>", attribute, label)


def _address(deal: Deal) -> str:
    """Seen from the list; a page says it three times a row."""
    return f"../{deal.pk}/"


_ATTENTION = SafeString(" data-attention")
_DEAL_TYPES = dict(DealType.choices)
_CSS = {
    Column.CUSTOMER: "grid-wide",
    Column.COUNTERPART: "grid-parties",
    Column.VALUE: "grid-num",
    Column.CLOSE: "grid-fit",
    Column.CREATED: "grid-fit",
    Column.REFERENCE: "grid-fit",
}
_CONTENT: dict[Column, Callable[[ListRows, Deal, Sequence[Party]], Any]] = {
    Column.CUSTOMER: ListRows.customer,
    Column.TYPE: lambda page, deal, parties: _DEAL_TYPES[deal.type],
    Column.STATUS: ListRows.status,
    Column.STAGE: ListRows.stage,
    Column.COUNTERPART: ListRows.counterpart,
    Column.VALUE: lambda page, deal, parties: format_money(deal.value, deal.currency),
    Column.CLOSE: lambda page, deal, parties: page.day(deal.close_date),
    Column.COUNTRY: lambda page, deal, parties: country_name(deal.customer_country),
    Column.CREATED: lambda page, deal, parties: page.day(timezone.localdate(deal.created_at)),
    Column.REFERENCE: lambda page, deal, parties: deal.reference,
    Column.CRM_ID: lambda page, deal, parties: deal.crm_id,
    Column.CAMPAIGN_ID: lambda page, deal, parties: deal.campaign_id,
    Column.REGISTRATION: ListRows.registration,
}
