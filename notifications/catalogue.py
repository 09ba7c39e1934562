"""What people are told by mail: one table from the kind of an event to its readers (7.1, 7.2).

The templates of a kind are `templates/notifications/<kind>/subject.txt`, `body.txt`, `body.html`.
A kind that is not in the table is part of the deal's history only.
"""

from enum import StrEnum

from deals.models import EventKind


class Audience(StrEnum):
    """The readers, always of the organisation that the event belongs to."""

    REFERRAL_ADMINS = "referral_admins"
    TEAM = "team"
    # The team; who answers, as long as nobody has accepted.
    WHOEVER_WORKS_ON_IT = "whoever_works_on_it"
    MENTIONED = "mentioned"


AUDIENCES: dict[str, Audience] = {
    EventKind.RECEIVED: Audience.REFERRAL_ADMINS,
    EventKind.WITHDRAWN: Audience.REFERRAL_ADMINS,
    EventKind.INVITED: Audience.TEAM,
    EventKind.TYPE_UPGRADED: Audience.WHOEVER_WORKS_ON_IT,
    EventKind.COUNTERPART_ACCEPTED: Audience.TEAM,
    EventKind.COUNTERPART_DECLINED: Audience.TEAM,
    EventKind.COUNTERPART_EXPIRED: Audience.TEAM,
    EventKind.COUNTERPART_WITHDRAWN: Audience.TEAM,
    EventKind.COUNTERPART_CLOSED: Audience.TEAM,
    EventKind.COUNTERPART_COMMENTED: Audience.WHOEVER_WORKS_ON_IT,
    EventKind.MENTIONED: Audience.MENTIONED,
}


def template_name(kind: str, part: str) -> str:
    return f"notifications/{kind}/{part}"
