"""The columns that a list can show beside the deal's name, and those that somebody chose (2.2)."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from deals.models import ListPreference
from partners.models import Membership


class Column(TextChoices):
    CUSTOMER = "customer", _("Customer")
    TYPE = "type", _("Type")
    STATUS = "status", _("Status")
    STAGE = "stage", _("Stage")
    COUNTERPART = "counterpart", _("Counterpart")
    VALUE = "value", _("Value")
    CLOSE = "close", _("Close date")
    COUNTRY = "country", _("Country")
    CREATED = "created", _("Created on")
    REFERENCE = "reference", _("Referral ID")
    CRM_ID = "crm_id", _("CRM ID")
    CAMPAIGN_ID = "campaign_id", _("Campaign ID")
    REGISTRATION = "registration", _("Registration")


USUAL = (
    Column.CUSTOMER, Column.STATUS, Column.STAGE, Column.COUNTERPART, Column.VALUE, Column.CLOSE,
    Column.CREATED,
)  # fmt: skip


def known_columns(codes: Any) -> Sequence[Column]:
    """Those of these codes that there are, once each; the usual ones for who never chose."""
    if codes is None:
        return USUAL
    return [Column(code) for code in dict.fromkeys(codes) if code in Column.values]


def columns_of(member: Membership) -> Sequence[Column]:
    return known_columns(own_preference(member).values_list("columns", flat=True).first())


def read_columns(stored: str | None) -> Sequence[Column]:
    """From the JSON that a statement of its own making returned."""
    return known_columns(None if stored is None else json.loads(stored))


def forget_columns(member: Membership) -> None:
    """Back to the usual ones, whatever those will be."""
    own_preference(member).update(columns=None)


@transaction.atomic
def change_columns(member: Membership, *, action: str, column: Column) -> None:
    """Add at the end, remove, or move by one place; what cannot be done changes nothing."""
    # Two clicks at once would each write what the other did not see, the very first ones too.
    preference, _created = ListPreference.objects.select_for_update().get_or_create(
        organization_id=member.organization_id, membership_id=member.pk
    )
    columns = list(known_columns(preference.columns))
    if action == "add" and column not in columns:
        columns.append(column)
    elif column in columns:
        place = columns.index(column)
        columns.remove(column)
        if action != "remove":
            columns.insert(max(0, place + {"up": -1, "down": 1}.get(action, 0)), column)
    preference.columns = columns
    preference.save(update_fields=["columns", "updated_at"])


def own_preference(member: Membership) -> QuerySet[ListPreference]:
    return ListPreference.objects.filter(
        organization_id=member.organization_id, membership_id=member.pk
    )
