"""The append-only record of what happened to a deal; history, notices and mails read it (5.7)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deals.models.deal import Deal
from partners.models import Organization, User


class EventKind(models.TextChoices):
    """Kinds that start with `counterpart_` are what the other party of a referral did."""

    CREATED = "created", _("Created")
    RECEIVED = "received", _("Received")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRING = "expiring", _("Reminder before expiry")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    STAGE_MARKED = "stage_marked", _("Stage marked")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    ERROR = "error", _("Closed as error")
    EDITED = "edited", _("Edited")
    STALE = "stale", _("Went stale")
    STILL_OPEN = "still_open", _("Still open")
    CONTACT_EDITED = "contact_edited", _("Customer contact edited")
    TEAM_EDITED = "team_edited", _("Team edited")
    SOLUTIONS_EDITED = "solutions_edited", _("Solutions edited")
    TYPE_UPGRADED = "type_upgraded", _("Type upgraded")
    INVITED = "invited", _("Invitation sent")
    COUNTERPART_ACCEPTED = "counterpart_accepted", _("Invitation accepted")
    COUNTERPART_DECLINED = "counterpart_declined", _("Invitation declined")
    COUNTERPART_EXPIRED = "counterpart_expired", _("Invitation expired")
    COUNTERPART_WITHDRAWN = "counterpart_withdrawn", _("Invitation withdrawn")
    COUNTERPART_STAGE = "counterpart_stage", _("Stage of the other side")
    COUNTERPART_CLOSED = "counterpart_closed", _("Closed by the other side")
    COMMENTED = "commented", _("Comment")
    MENTIONED = "mentioned", _("Comment that names people")
    COUNTERPART_COMMENTED = "counterpart_commented", _("Comment of the other side")
    REGISTRATION_SUBMITTED = "registration_submitted", _("Registration submitted")
    COUNTERPART_REGISTERED = "counterpart_registered", _("Registration of the other side")
    REGISTRATION_APPROVED = "registration_approved", _("Registration approved")
    REGISTRATION_ACTION_REQUIRED = "registration_action_required", _("Registration to correct")
    REGISTRATION_REJECTED = "registration_rejected", _("Registration rejected")


# A comment is told by one event in the history of each company that reads it; `data` names it.
COMMENT_KINDS = (EventKind.COMMENTED, EventKind.MENTIONED, EventKind.COUNTERPART_COMMENTED)


class DealEvent(models.Model):
    """What happened; `data` holds plain JSON: `changes` is a list of [field, from, to].

    The actor's name is kept as it was, and empty for the system; an event of the other party
    carries that organisation's name instead of a person's.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=30, choices=EventKind)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["organization", "deal", "id"], name="event_by_deal")]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="event_organization_id"),
            models.UniqueConstraint(
                F("organization"), F("deal"), KT("data__days"),
                condition=Q(kind="expiring"), name="event_reminds_once",
            ),
            models.UniqueConstraint(
                F("organization"), F("deal"), KT("data__since"),
                condition=Q(kind="stale"), name="event_goes_stale_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"
