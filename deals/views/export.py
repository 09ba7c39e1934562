"""Deals as a file for a spreadsheet, sent while it is read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from cosell.core.money import country_name
from cosell.core.spreadsheets import csv_file
from cosell.core.tenancy import APP_ROLE, database_identity
from deals.bulk import Outcome
from deals.models import Deal
from deals.queries import visible_deals
from deals.stage_names import shown_names, stage_in_words
from deals.views.list_rows import Party, parties_of, registration_label, registration_read_by
from partners.models import Membership

_AT_A_TIME = 250


def deals_as_csv(deals: QuerySet[Deal], member: Membership) -> StreamingHttpResponse:
    """Every column of a list, whichever its reader shows; names of others as lists show them."""
    ids = list(deals.values_list("pk", flat=True))
    return csv_file("deals", _rows(ids, member))


def report_as_csv(outcomes: Sequence[Outcome]) -> StreamingHttpResponse:
    return csv_file("report", _report(outcomes))


def _rows(ids: Sequence[UUID], member: Membership) -> Iterator[list[Any]]:
    yield [
        _("Referral ID"), _("Deal"), _("Customer"), _("City"), _("Country"), _("Direction"),
        _("Type"), _("Status"), _("Stage"), _("Percent"), _("Counterpart"), _("Value"),
        _("Currency"), _("Close date"), _("Created on"), _("Answer by"), _("CRM ID"),
        _("Campaign ID"), _("Registration"),
    ]  # fmt: skip
    for start in range(0, len(ids), _AT_A_TIME):
        yield from _some_rows(ids[start : start + _AT_A_TIME], member)


def _some_rows(ids: Sequence[UUID], member: Membership) -> list[list[Any]]:
    """The transaction of the request is over by now; this one is of these deals."""
    with database_identity(APP_ROLE, organization=member.organization_id):
        shown = visible_deals(member).annotate(registration_status=registration_read_by(member))
        found = shown.in_bulk(ids)
        deals = [found[pk] for pk in ids if pk in found]
        parties, names = parties_of(member, deals), shown_names(member.organization_id)
    return [_cells(deal, _in_words(parties.get(deal.pk, ())), names) for deal in deals]


def _in_words(parties: Sequence[Party]) -> str:
    return "; ".join(f"{one.name}: {one.label}" for one in parties)


def _report(outcomes: Sequence[Outcome]) -> Iterator[list[Any]]:
    yield [_("Referral ID"), _("Deal"), _("Customer"), _("Changed"), _("Reason")]
    for one in outcomes:
        deal, is_done = one.deal, _("Yes") if one.is_done else _("No")
        yield [deal.reference, deal.name, deal.customer_name, is_done, one.refusal]


def _cells(deal: Deal, parties: str, stage_names: Mapping[str, str]) -> list[Any]:
    stage = deal.current_stage
    return [
        deal.reference, deal.name, deal.customer_name, deal.customer_city,
        country_name(deal.customer_country), deal.get_direction_display(),
        deal.get_type_display(), deal.status_label,
        stage_in_words(stage, stage_names) if stage else "", stage.percent if stage else "",
        parties, deal.value, deal.currency,
        deal.close_date.isoformat(), timezone.localdate(deal.created_at).isoformat(),
        deal.respond_by.isoformat() if deal.respond_by else "", deal.crm_id, deal.campaign_id,
        registration_label(deal),
    ]  # fmt: skip
