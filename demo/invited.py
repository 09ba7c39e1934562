"""Invitations of one engagement, and what their parties see of each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from deals.models import Status
from demo.book import Record
from referrals.models import Referral


@dataclass
class Invited:
    """An invitation and the received deal that it made."""

    referral: Referral
    record: Record

    def is_unanswered(self) -> bool:
        return self.record.status == Status.RECEIVED


def show_vendor(invited: Sequence[Invited]) -> None:
    """Invited partners see how far the vendor is (4.6)."""
    asked = [one.referral for one in invited if one.referral.is_to_vendor]
    for other in invited if asked else []:
        if not other.referral.is_to_vendor:
            other.referral.vendor_status = asked[-1].recipient_status
            other.referral.vendor_stage = asked[-1].recipient_stage
            other.referral.vendor_respond_by = asked[-1].respond_by
