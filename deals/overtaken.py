"""Who was faster: the words for a move that the deal no longer allows."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cosell.core.errors import Stale
from cosell.core.money import format_percentage
from deals.models import Deal, DealEvent, Status
from deals.stage_names import shown_names, stage_in_words
from deals.transitions import MOVES


def why_stale(deal: Deal) -> Stale:
    """Who moved the deal to where it is now, and when: the events of its own transitions tell.

    Unless `deal` was already there when it was read: then nobody was faster, and the state says it.
    """
    current = Deal.objects.filter(pk=deal.pk).only(
        "organization", "status", "stage", "respond_by", "direction", "closed_at"
    )
    now = current.first()
    if now is None or now.is_overdue:
        return Stale("deadline", _("The time to answer is over. The invitation has expired."))
    last = DealEvent.objects.filter(deal_id=deal.pk, kind__in=MOVES).order_by("-id").first()
    return Stale("moved_on", _why_not_now(deal, now, last))


def _why_not_now(deal: Deal, now: Deal, last: DealEvent | None) -> str:
    if now.status == deal.status == Status.RECEIVED:
        return _("The invitation waits for an answer; accept it first.")
    if now.status == deal.status and now.is_closed:
        return _closed_in_words(now, last)
    if last is None:
        return _("The deal has changed meanwhile.")
    return _("%(who)s was faster: since %(when)s the deal is “%(state)s”.") % {
        "who": last.actor_name or _("The system"),
        "when": _moment(last.at),
        "state": _state_in_words(now),
    }


def _closed_in_words(deal: Deal, last: DealEvent | None) -> str:
    named = {"state": deal.status_label, "when": _moment(deal.closed_at)}
    if last is None or not last.actor_name:
        return _("The deal is closed: “%(state)s” since %(when)s.") % named
    named["who"] = last.actor_name
    return _("The deal is closed: “%(state)s” since %(when)s, by %(who)s.") % named


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def _state_in_words(deal: Deal) -> str:
    stage = deal.current_stage
    if deal.is_closed or stage is None:
        return str(deal.status_label)
    words = stage_in_words(stage, shown_names(deal.organization_id))
    return f"{words}, {format_percentage(stage.percent)}"
