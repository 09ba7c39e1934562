"""What people are told: one table from the kind of an event to its readers, the ways that lead to
them, and its words (7.1, 7.2, 7.4).

The mail of a kind is `templates/notifications/<kind>/subject.txt`, `body.txt`, `body.html`. A kind
that is not in the table is part of the deal's history only.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from deals.models import EventKind


class Audience(models.TextChoices):
    """The readers, always of the organisation that the event belongs to."""

    REFERRAL_ADMINS = (
        "referral_admins",
        _(
            "Who answers invitations at the location they go to; if nobody does, the contacts of"
            " the solutions asked for"
        ),
    )
    TEAM = "team", _("The deal's team")
    WHOEVER_WORKS_ON_IT = (
        "whoever_works_on_it",
        _("The deal's team; as long as nobody accepted, who answers invitations"),
    )
    # What was said stands in the mail, so only who has access gets it (3.5).
    MEMBERS_WHO_WORK_ON_IT = (
        "members_who_work_on_it",
        _(
            "The deal's team; as long as nobody accepted, who answers invitations; nobody without"
            " access"
        ),
    )
    MENTIONED = "mentioned", _("Who is mentioned, and on the deal's team")
    TEAM_AND_CREATOR = (
        "team_and_creator",
        _("The deal's team, and whoever created the deal and can still open it"),
    )
    REVIEWERS = "reviewers", _("The vendor's registration reviewers; without any, its admins")


class Channel(models.TextChoices):
    """Whatever is told stands in the list of notifications; the channel says what comes besides."""

    EMAIL = "email", _("E-mail at once")
    DIGEST = "digest", _("In the daily digest")
    IN_APP = "in_app", _("Only in the app")
    OFF = "off", _("Not at all")


class Topic(models.TextChoices):
    """How preferences are grouped."""

    RECEIVED = "received", _("Invitations to us")
    SENT = "sent", _("Our deals and whom we invited")
    TALK = "talk", _("Comments")
    REGISTRATION = "registration", _("Deal registration")


# What somebody else waits for cannot be switched off. The first is the usual one.
ALL_BUT_OFF = (Channel.EMAIL, Channel.DIGEST, Channel.IN_APP)
ALL = (*ALL_BUT_OFF, Channel.OFF)


@dataclass(frozen=True)
class Entry:
    """`title` names it where one chooses a channel; `sentence` is what the list of notifications
    says, of {company} or {who}."""

    audience: Audience
    topic: Topic
    title: Promise
    sentence: Promise
    icon: str
    tone: str = ""
    channels: tuple[Channel, ...] = ALL


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
}


# Not about one event: the mail of the morning (7.4).
DIGEST = "digest"


def template_name(kind: str, part: str) -> str:
    return f"notifications/{kind}/{part}"
