"""What people are told: one table from the kind of a notice to its readers, the ways that lead to
them, and its words (7.1, 7.2, 7.4).

The mail of a kind is `templates/notifications/<kind>/subject.txt`, `body.txt`, `body.html`. An
event whose kind is not in the table is part of the deal's history only.
"""

from django.utils.translation import gettext_lazy as _

from deals.models import EventKind
from notifications.entries import ADMINS, ALL_BUT_OFF, ALWAYS, Audience, Channel, Entry, Topic
from partners.announcements import News

CATALOGUE: dict[str, Entry] = {
    EventKind.RECEIVED: Entry(
        Audience.REFERRAL_ADMINS,
        Topic.RECEIVED,
        _("A company invites us"),
        _("{company} invites you to work together"),
        "inbox",
        "accent",
        ALL_BUT_OFF,
    ),
    EventKind.EXPIRING: Entry(
        Audience.REFERRAL_ADMINS,
        Topic.RECEIVED,
        _("An invitation expires in three days, or in one"),
        _("{company} still waits for your answer"),
        "calendar-clock",
        channels=ALL_BUT_OFF,
    ),
    EventKind.WITHDRAWN: Entry(
        Audience.REFERRAL_ADMINS,
        Topic.RECEIVED,
        _("An invitation to us is withdrawn"),
        _("{company} withdrew its invitation"),
        "undo-2",
    ),
    EventKind.INVITED: Entry(
        Audience.TEAM,
        Topic.SENT,
        _("A colleague invites a company to my deal"),
        _("{who} invited {company}"),
        "send",
        "accent",
    ),
    EventKind.COUNTERPART_ACCEPTED: Entry(
        Audience.TEAM,
        Topic.SENT,
        _("A company accepts our invitation"),
        _("{company} accepted your invitation"),
        "handshake",
        "green",
    ),
    EventKind.COUNTERPART_DECLINED: Entry(
        Audience.TEAM,
        Topic.SENT,
        _("A company declines our invitation"),
        _("{company} declined your invitation"),
        "thumbs-down",
        "red",
    ),
    EventKind.COUNTERPART_EXPIRED: Entry(
        Audience.TEAM,
        Topic.SENT,
        _("A company does not answer in time"),
        _("{company} did not answer in time"),
        "hourglass",
    ),
    EventKind.COUNTERPART_WITHDRAWN: Entry(
        Audience.TEAM,
        Topic.SENT,
        _("A colleague withdraws an invitation"),
        _("{who} withdrew the invitation to {company}"),
        "undo-2",
    ),
    EventKind.TYPE_UPGRADED: Entry(
        Audience.WHOEVER_WORKS_ON_IT,
        Topic.SENT,
        _("A deal's type is widened"),
        _("{who} widened the deal's type"),
        "layers",
    ),
    EventKind.COUNTERPART_CLOSED: Entry(
        Audience.TEAM,
        Topic.SENT,
        _("The other side closes its deal"),
        _("{company} closed its deal"),
        "flag",
    ),
    # The digest tells of these by itself, but not who gets a mail of each (8.3).
    EventKind.STALE: Entry(
        Audience.TEAM,
        Topic.SENT,
        _("A deal of mine went stale"),
        _("Is this deal still open?"),
        "calendar-clock",
        channels=(Channel.IN_APP, Channel.EMAIL, Channel.OFF),
    ),
    EventKind.COUNTERPART_COMMENTED: Entry(
        Audience.MEMBERS_WHO_WORK_ON_IT,
        Topic.TALK,
        _("Another company writes to us"),
        _("{company} wrote to you"),
        "message-circle",
        "accent",
    ),
    EventKind.MENTIONED: Entry(
        Audience.MENTIONED,
        Topic.TALK,
        _("A colleague mentions me"),
        _("{who} mentioned you"),
        "at-sign",
        "accent",
    ),
    EventKind.REGISTRATION_SUBMITTED: Entry(
        Audience.TEAM_AND_CREATOR,
        Topic.REGISTRATION,
        _("A colleague registers my deal for incentives"),
        _("{who} sent the registration to {company}"),
        "file-text",
        "accent",
    ),
    EventKind.COUNTERPART_REGISTERED: Entry(
        Audience.REVIEWERS,
        Topic.REGISTRATION,
        _("A company registers a deal, or sends it again"),
        _("{company} registered a deal for incentives"),
        "file-text",
        "accent",
        ALL_BUT_OFF,
    ),
    EventKind.REGISTRATION_ACTION_REQUIRED: Entry(
        Audience.TEAM_AND_CREATOR,
        Topic.REGISTRATION,
        _("The vendor asks for changes of a registration"),
        _("{company} asks for changes of the registration"),
        "triangle-alert",
        channels=ALL_BUT_OFF,
    ),
    EventKind.REGISTRATION_APPROVED: Entry(
        Audience.TEAM_AND_CREATOR,
        Topic.REGISTRATION,
        _("The vendor approves a registration"),
        _("{company} approved the registration"),
        "badge-check",
        "green",
    ),
    EventKind.REGISTRATION_REJECTED: Entry(
        Audience.TEAM_AND_CREATOR,
        Topic.REGISTRATION,
        _("The vendor rejects a registration"),
        _("{company} rejected the registration"),
        "circle-x",
        "red",
    ),
    News.DEALS_HANDED_OVER: Entry(
        Audience.PERSON,
        Topic.SENT,
        _("A colleague's deals become mine"),
        _("{who} handed deals over to you"),
        "users",
        "accent",
    ),
    News.LINK_ASKED: Entry(
        Audience.OTHER_ADMINS,
        Topic.COMPANY,
        _("Somebody asks to be let in from another tenant"),
        _("A tenant waits to be linked"),
        "key-round",
        "accent",
        ALL_BUT_OFF,
    ),
    News.CO_SELL_ASKED: Entry(
        Audience.VENDORS_ADMINS,
        Topic.COMPANY,
        _("A partner asks for a co-sell status"),
        _("A request for a co-sell status waits"),
        "badge-check",
        "accent",
        ALL_BUT_OFF,
    ),
    News.CO_SELL_ANSWERED: Entry(
        Audience.WHO_ASKED,
        Topic.COMPANY,
        _("The vendor answers when I ask for a co-sell status"),
        _("{vendor} answered your request"),
        "badge-check",
    ),
    News.CO_SELL_LOWERED: Entry(
        Audience.PARTNERS_ADMINS,
        Topic.COMPANY,
        _("The vendor takes a co-sell status back"),
        _("{vendor} lowered a co-sell status"),
        "triangle-alert",
        channels=ALL_BUT_OFF,
    ),
    News.LINK_ANSWERED: Entry(
        Audience.PERSON,
        Topic.ACCOUNT,
        _("I asked to be let in and get an answer"),
        _("{who} answered your request"),
        "key-round",
        channels=ALWAYS,
    ),
    News.ACCESS_CHANGED: Entry(
        Audience.PERSON,
        Topic.ACCOUNT,
        _("My role or my access changes"),
        _("{who} changed your access"),
        "user",
        channels=ALWAYS,
    ),
    News.NEW_DEVICE: Entry(
        Audience.PERSON,
        Topic.ACCOUNT,
        _("Somebody signs in with my account on a new device"),
        _("Your account was used on a new device"),
        "monitor",
        channels=ALWAYS,
    ),
}

FOR_ADMINS = [kind for kind, entry in CATALOGUE.items() if entry.audience in ADMINS]


# Not about one event: the mail of the morning (7.4).
DIGEST = "digest"


def is_fixed(kind: str) -> bool:
    """Whether it always comes by mail, whatever its reader prefers."""
    return kind in CATALOGUE and CATALOGUE[kind].is_fixed


def template_name(kind: str, part: str) -> str:
    return f"notifications/{kind}/{part}"
