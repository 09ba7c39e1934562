"""How a line of the catalogue is made: whom it tells, how, and where preferences show it (7.4)."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """The readers, always of the organisation that the notice belongs to."""

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
    OTHER_ADMINS = "other_admins", _("The company's other admins; without any, the vendor's")
    PARTNERS_ADMINS = "partners_admins", _("The partner's admins")
    VENDORS_ADMINS = "vendors_admins", _("The vendor's admins")
    WHO_ASKED = "who_asked", _("Who asked; once they have left, the partner's admins")
    # Also who may enter no more: that is what they are told.
    PERSON = "person", _("Whom it concerns")


# Who looks after the company, to which nobody else is to be told what they are.
ADMINS = frozenset({Audience.OTHER_ADMINS, Audience.PARTNERS_ADMINS, Audience.VENDORS_ADMINS})


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
    COMPANY = "company", _("Our company")
    ACCOUNT = "account", _("My account")


# What somebody else waits for cannot be switched off. The first is the usual one.
ALL_BUT_OFF = (Channel.EMAIL, Channel.DIGEST, Channel.IN_APP)
ALL = (*ALL_BUT_OFF, Channel.OFF)
# What keeps an account safe leaves at once, also in quiet hours, and cannot be switched off.
ALWAYS = (Channel.EMAIL,)


@dataclass(frozen=True)
class Entry:
    """`title` names it where one chooses a channel; `sentence` is what the list of notifications
    says, of {company} or {who}, or of whatever else the notice holds."""

    audience: Audience
    topic: Topic
    title: Promise
    sentence: Promise
    icon: str
    tone: str = ""
    channels: tuple[Channel, ...] = ALL

    @property
    def is_fixed(self) -> bool:
        return self.channels == ALWAYS
