"""Where a deal stands, which way it went, and why it was turned down or lost."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Direction(models.TextChoices):
    INBOUND = "inbound", _("Inbound")
    OUTBOUND = "outbound", _("Outbound")


class Status(models.TextChoices):
    RECEIVED = "received", _("Received")
    ACCEPTED = "accepted", _("Accepted")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ERROR = "error", _("Closed as error")


OPEN_STATUSES = (Status.RECEIVED, Status.ACCEPTED)
CLOSED_STATUSES = tuple(status for status in Status if status not in OPEN_STATUSES)
UNANSWERED_STATUSES = (Status.RECEIVED, Status.DECLINED, Status.EXPIRED, Status.WITHDRAWN)
REASONED_STATUSES = (Status.DECLINED, Status.LOST, Status.ERROR)


class CloseReason(models.TextChoices):
    BUDGET = "budget", _("Project budget isn't adequate")
    NO_RESPONSE = "no_response", _("Customer didn't respond")
    OTHER_VENDOR = "other_vendor", _("Customer chose another vendor")
    REQUIREMENT = "requirement", _("Customer requirement not met")
    NOT_A_CUSTOMER = "not_a_customer", _("Not a customer")
    TIMELINE = "timeline", _("Proposed time line was too short")
    ABUSE = "abuse", _("Report as abuse, spam or phishing")
    DUPLICATE = "duplicate", _("Duplicate deal")
    SYNC = "sync", _("Synchronisation error")
    MATCHING = "matching", _("Wrong match of customer or partner")
    SOLUTION = "solution", _("Wrong solution")
    TEST = "test", _("Test deal")
    DATA = "data", _("Wrong data")
    OTHER = "other", _("Others")
