"""What people are told: one table from the kind of an event to its readers and words (7.1, 7.2).

The mail of a kind is `templates/notifications/<kind>/subject.txt`, `body.txt`, `body.html`. A kind
that is not in the table is part of the deal's history only.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from deals.models import EventKind


class Audience(StrEnum):
    """The readers, always of the organisation that the event belongs to."""

    REFERRAL_ADMINS = "referral_admins"
    TEAM = "team"
    # The team; who answers, as long as nobody has accepted.
    WHOEVER_WORKS_ON_IT = "whoever_works_on_it"
    MENTIONED = "mentioned"


@dataclass(frozen=True)
class Entry:
    """`sentence` is what the list of notifications says, of {company} or {who}."""

    audience: Audience
    sentence: Promise
    icon: str
    tone: str = ""


CATALOGUE: dict[str, Entry] = {
    EventKind.RECEIVED: Entry(
        Audience.REFERRAL_ADMINS, _("{company} invites you to work together"), "inbox", "accent"
    ),
    EventKind.EXPIRING: Entry(
        Audience.REFERRAL_ADMINS, _("{company} still waits for your answer"), "calendar-clock"
    ),
    EventKind.WITHDRAWN: Entry(
        Audience.REFERRAL_ADMINS, _("{company} withdrew its invitation"), "undo-2"
    ),
    EventKind.INVITED: Entry(Audience.TEAM, _("{who} invited {company}"), "send", "accent"),
    EventKind.TYPE_UPGRADED: Entry(
        Audience.WHOEVER_WORKS_ON_IT, _("{who} widened the deal's type"), "layers"
    ),
    EventKind.COUNTERPART_ACCEPTED: Entry(
        Audience.TEAM, _("{company} accepted your invitation"), "handshake", "green"
    ),
    EventKind.COUNTERPART_DECLINED: Entry(
        Audience.TEAM, _("{company} declined your invitation"), "thumbs-down", "red"
    ),
    EventKind.COUNTERPART_EXPIRED: Entry(
        Audience.TEAM, _("{company} did not answer in time"), "hourglass"
    ),
    EventKind.COUNTERPART_WITHDRAWN: Entry(
        Audience.TEAM, _("{who} withdrew the invitation to {company}"), "undo-2"
    ),
    EventKind.COUNTERPART_CLOSED: Entry(Audience.TEAM, _("{company} closed its deal"), "flag"),
    EventKind.COUNTERPART_COMMENTED: Entry(
        Audience.WHOEVER_WORKS_ON_IT, _("{company} wrote to you"), "message-circle", "accent"
    ),
    EventKind.MENTIONED: Entry(Audience.MENTIONED, _("{who} mentioned you"), "at-sign", "accent"),
}


def template_name(kind: str, part: str) -> str:
    return f"notifications/{kind}/{part}"
