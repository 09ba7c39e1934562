"""Who may be invited to what, and what becomes of the deal's type: 5.6 as a table. Data only.

Service, pages and tests ask this table; nothing else decides. Whether a deal is closed, or a party
was invited already, is not a question of combinations.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from deals.models import Deal, Direction
from deals.stages import DealType
from partners.models import Organization


class Meeting(StrEnum):
    """Whom an invitation brings together; the vendor counts whichever side it is on."""

    WITH_VENDOR = "with_vendor"
    AMONG_PARTNERS = "among_partners"


@dataclass(frozen=True)
class Combination:
    """`result` is the type that the deal has afterwards; without one `reason` says why not."""

    type: DealType
    direction: Direction
    meeting: Meeting
    result: DealType | None
    reason: Promise | str = ""

    @property
    def is_allowed(self) -> bool:
        return self.result is not None

    @property
    def upgrades(self) -> bool:
        return self.result not in (None, self.type)


_INBOUND = _("Only the company that created the opportunity invites others to it.")
_ASSESSMENT = _("Nobody can be invited to a solution assessment.")

_PRIVATE, _P2P, _CO_SELL, _ASSESSED = (
    DealType.PRIVATE, DealType.P2P, DealType.CO_SELL, DealType.ASSESSMENT
)  # fmt: skip
_OURS, _THEIRS = Direction.OUTBOUND, Direction.INBOUND
_VENDOR, _PARTNERS = Meeting.WITH_VENDOR, Meeting.AMONG_PARTNERS

COMBINATIONS = {
    (one.type, one.direction, one.meeting): one
    for one in (
        Combination(_PRIVATE, _OURS, _VENDOR, _CO_SELL),
        Combination(_PRIVATE, _OURS, _PARTNERS, _P2P),
        Combination(_P2P, _OURS, _VENDOR, _CO_SELL),
        Combination(_P2P, _OURS, _PARTNERS, _P2P),
        Combination(_CO_SELL, _OURS, _VENDOR, _CO_SELL),
        Combination(_CO_SELL, _OURS, _PARTNERS, _CO_SELL),
        Combination(_ASSESSED, _OURS, _VENDOR, None, _ASSESSMENT),
        Combination(_ASSESSED, _OURS, _PARTNERS, None, _ASSESSMENT),
        Combination(_PRIVATE, _THEIRS, _VENDOR, None, _INBOUND),
        Combination(_PRIVATE, _THEIRS, _PARTNERS, None, _INBOUND),
        Combination(_P2P, _THEIRS, _VENDOR, None, _INBOUND),
        Combination(_P2P, _THEIRS, _PARTNERS, None, _INBOUND),
        Combination(_CO_SELL, _THEIRS, _VENDOR, None, _INBOUND),
        Combination(_CO_SELL, _THEIRS, _PARTNERS, None, _INBOUND),
        Combination(_ASSESSED, _THEIRS, _VENDOR, None, _ASSESSMENT),
        Combination(_ASSESSED, _THEIRS, _PARTNERS, None, _ASSESSMENT),
    )
}

# From the narrowest to the widest; the same order as in the function engagement_upgrade.
LADDER = (DealType.PRIVATE, DealType.P2P, DealType.CO_SELL)


def combination_of(deal: Deal, *, sender: Organization, recipient: Organization) -> Combination:
    return _combination(deal, with_vendor=sender.is_vendor or recipient.is_vendor)


def why_nobody(deal: Deal, *, sender: Organization, is_to_vendor: bool) -> Promise | str:
    """Why this deal cannot invite the vendor, or partners; nothing where it can."""
    if deal.is_closed:
        return _("This deal is closed; nobody can be invited any more.")
    return _combination(deal, with_vendor=sender.is_vendor or is_to_vendor).reason


def _combination(deal: Deal, *, with_vendor: bool) -> Combination:
    meeting = _VENDOR if with_vendor else _PARTNERS
    return COMBINATIONS[DealType(deal.type), Direction(deal.direction), meeting]
