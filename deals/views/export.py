"""Deals as a file for a spreadsheet."""

import csv
import re
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from cosell.core.money import country_name
from deals.models import Deal
from deals.stage_names import shown_names, stage_in_words
from deals.views.list_rows import parties_of
from partners.models import Membership

# What spreadsheets take for the beginning of a formula, and run: at the beginning of a cell, and
# behind whatever may separate cells for somebody else. A Polish Excel begins a cell at a semicolon.
_FORMULA = re.compile(r"""(^|[;,|\t\r\n])([\s"]*)(?=[=+\-@＝＋－＠])""")


def csv_of(deals: Sequence[Deal], member: Membership) -> HttpResponse:
    """Every column of a list, whichever its reader shows; names of others as lists show them."""
    text = StringIO()
    # Spreadsheets recognise UTF-8 by its mark.
    text.write("\ufeff")
    writer = csv.writer(text)
    writer.writerow([
        _("Referral ID"), _("Deal"), _("Customer"), _("City"), _("Country"), _("Direction"),
        _("Type"), _("Status"), _("Stage"), _("Percent"), _("Counterpart"), _("Value"),
        _("Currency"), _("Close date"), _("Created on"), _("Answer by"), _("CRM ID"),
        _("Campaign ID"),
    ])  # fmt: skip
    parties, stage_names = parties_of(member, deals), shown_names(member.organization_id)
    for deal in deals:
        others = "; ".join(f"{one.name}: {one.label}" for one in parties.get(deal.pk, []))
        writer.writerow([harmless(cell) for cell in _cells(deal, others, stage_names)])
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"deals-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


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
    ]  # fmt: skip


def harmless(cell: Any) -> str:
    """Text that a spreadsheet shows and never runs: an apostrophe says that it is text."""
    return _FORMULA.sub(r"\1\2'", str(cell))
