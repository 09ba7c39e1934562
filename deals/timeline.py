"""Events as a person reads them: an icon, a sentence, what changed from what to what (5.7)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cosell.core.money import format_money, format_percentage
from deals.models import CloseReason, Deal, DealEvent, EventKind, Status
from deals.stages import DealType, stage_of

PAGE = 50
_LONGEST = 160


@dataclass(frozen=True)
class Change:
    """`before` or `after` is empty for what was added or removed."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Item:
    at: datetime
    icon: str
    tone: str
    sentence: SafeString
    detail: str = ""
    note: str = ""
    changes: list[Change] = field(default_factory=list)
    # What `comments.remarks` makes of the comment that the event tells of.
    remark: Any = None


@dataclass(frozen=True)
class Day:
    title: str
    items: list[Item]


@dataclass(frozen=True)
class Look:
    icon: str
    tone: str
    sentence: Promise


_LOOKS = {
    EventKind.CREATED: Look("plus", "", gettext_lazy("{who} created the deal")),
    EventKind.RECEIVED: Look("inbox", "accent", gettext_lazy("{who} sent the invitation")),
    EventKind.ACCEPTED: Look(
        "circle-check", "green", gettext_lazy("{who} accepted the invitation")
    ),
    EventKind.DECLINED: Look("thumbs-down", "red", gettext_lazy("{who} declined the invitation")),
    EventKind.EXPIRING: Look(
        "calendar-clock", "", gettext_lazy("Whoever can answer was reminded of the invitation")
    ),
    EventKind.EXPIRED: Look("hourglass", "", gettext_lazy("The invitation expired unanswered")),
    EventKind.WITHDRAWN: Look("undo-2", "", gettext_lazy("{who} withdrew the invitation")),
    EventKind.STAGE_MARKED: Look("flag", "accent", gettext_lazy("{who} marked the stage")),
    EventKind.WON: Look("trophy", "green", gettext_lazy("{who} closed the deal as won")),
    EventKind.LOST: Look("circle-x", "red", gettext_lazy("{who} closed the deal as lost")),
    EventKind.ERROR: Look("ban", "", gettext_lazy("{who} closed the deal as an error")),
    EventKind.EDITED: Look("pencil", "", gettext_lazy("{who} changed the details")),
    EventKind.STALE: Look(
        "calendar-clock", "", gettext_lazy("The team was asked whether the deal is still open")
    ),
    EventKind.STILL_OPEN: Look(
        "refresh-cw", "accent", gettext_lazy("{who} said that the deal is still open")
    ),
    EventKind.CONTACT_EDITED: Look(
        "contact", "", gettext_lazy("{who} changed the customer's contact")
    ),
    EventKind.TEAM_EDITED: Look("users", "", gettext_lazy("{who} changed the team")),
    EventKind.SOLUTIONS_EDITED: Look("package", "", gettext_lazy("{who} changed the solutions")),
    EventKind.TYPE_UPGRADED: Look("layers", "", gettext_lazy("{who} upgraded the deal's type")),
    EventKind.INVITED: Look("send", "accent", gettext_lazy("{who} invited {company}")),
    EventKind.COUNTERPART_ACCEPTED: Look(
        "handshake", "green", gettext_lazy("{company} accepted the invitation")
    ),
    EventKind.COUNTERPART_DECLINED: Look(
        "thumbs-down", "red", gettext_lazy("{company} declined the invitation")
    ),
    EventKind.COUNTERPART_EXPIRED: Look(
        "hourglass", "", gettext_lazy("{company} did not answer in time")
    ),
    EventKind.COUNTERPART_WITHDRAWN: Look(
        "undo-2", "", gettext_lazy("{who} withdrew the invitation to {company}")
    ),
    EventKind.COUNTERPART_STAGE: Look("flag", "", gettext_lazy("{company} marked its stage")),
    EventKind.COUNTERPART_CLOSED: Look("archive", "", gettext_lazy("{company} closed its deal")),
    EventKind.COMMENTED: Look("message-square", "", gettext_lazy("{who} commented")),
    EventKind.MENTIONED: Look("at-sign", "", gettext_lazy("{who} commented")),
    EventKind.COUNTERPART_COMMENTED: Look(
        "message-circle", "accent", gettext_lazy("{company} commented")
    ),
    EventKind.REGISTRATION_SUBMITTED: Look(
        "file-text", "accent", gettext_lazy("{who} sent the registration to {company}")
    ),
    EventKind.COUNTERPART_REGISTERED: Look(
        "file-text", "accent", gettext_lazy("{company} registered its deal for incentives")
    ),
    EventKind.REGISTRATION_APPROVED: Look(
        "badge-check", "green", gettext_lazy("{company} approved the registration")
    ),
    EventKind.REGISTRATION_ACTION_REQUIRED: Look(
        "triangle-alert", "", gettext_lazy("{company} asked for changes of the registration")
    ),
    EventKind.REGISTRATION_REJECTED: Look(
        "circle-x", "red", gettext_lazy("{company} rejected the registration")
    ),
}


def timeline_of(
    deal: Deal, events: Iterable[DealEvent], *, remarks: Mapping[str, Any] | None = None
) -> list[Day]:
    """The newest events of a deal, newest first, by day in the reader's time zone.

    `remarks`: the comments among them, by the id that their events carry.
    """
    return [
        Day(_day_title(day), list(items))
        for day, items in groupby(
            items_of(deal, events, remarks=remarks), key=lambda item: timezone.localdate(item.at)
        )
    ]


def items_of(
    deal: Deal, events: Iterable[DealEvent], *, remarks: Mapping[str, Any] | None = None
) -> Iterator[Item]:
    """`events` start with the newest one of the deal: amounts are told in the currency they had."""
    amount = _Amount(deal)
    for event in events:
        look = _LOOKS[EventKind(event.kind)]
        yield Item(
            at=event.at,
            icon=look.icon,
            tone=look.tone,
            sentence=_sentence(event, look),
            detail=_detail(event),
            note=event.data.get("notes", ""),
            changes=list(_changes(event, amount)),
            remark=(remarks or {}).get(event.data.get("comment", "")),
        )


def reason_label(code: str) -> str:
    return str(CloseReason(code).label) if code else ""


def stage_label(code: str, name: str = "") -> str:
    """With the organisation's own name of the stage, where it has one (5.8)."""
    stage = stage_of(code)
    return f"{name or stage.label}\u00a0· {format_percentage(stage.percent)}" if stage else ""


class _Amount:
    """Value and currency as they were, while one walks back through the events."""

    def __init__(self, deal: Deal) -> None:
        self.value, self.currency = deal.value, deal.currency

    def __str__(self) -> str:
        return format_money(self.value, self.currency)

    def step_back(self, before: dict[str, Any]) -> None:
        self.value = Decimal(before.get("value", self.value))
        self.currency = before.get("currency", self.currency)


def _sentence(event: DealEvent, look: Look) -> SafeString:
    company = event.data.get("counterpart") or event.actor_name
    return format_html(
        str(look.sentence),
        who=_strong(event.actor_name or _("The system")),
        company=_strong(company),
    )


def _strong(name: str) -> SafeString:
    return format_html("<strong>{}</strong>", name)


def _detail(event: DealEvent) -> str:
    """What stands beside the sentence: why, how long was left, or where the other side is now."""
    if event.kind == EventKind.EXPIRING:
        days = event.data["days"]
        return ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}
    if event.kind == EventKind.COUNTERPART_STAGE:
        return stage_label(event.data.get("stage", ""))
    if event.kind == EventKind.COUNTERPART_CLOSED:
        return str(Status(event.data["status"]).label) if event.data.get("status") else ""
    if event.data.get("round", 1) > 1:
        return _("Round %(n)s") % {"n": event.data["round"]}
    if event.data.get("shares_contact"):
        return _("With the customer's contact, as the customer agreed")
    return reason_label(event.data.get("reason", ""))


def _changes(event: DealEvent, amount: _Amount) -> Iterator[Change]:
    data = event.data
    if event.kind == EventKind.STAGE_MARKED:
        yield Change("", *(_stage_then(data, key) for key in ("from_stage", "stage")))
    if data.get("changes"):
        yield from _field_changes(data["changes"], amount)
    if data.get("added"):
        yield Change(_("Added"), "", ", ".join(data["added"]))
    if data.get("removed"):
        yield Change(_("Removed"), ", ".join(data["removed"]), "")


def _stage_then(data: dict[str, Any], key: str) -> str:
    """As it was shown when it happened, whatever the stage is called today."""
    return stage_label(data.get(key, ""), data.get(f"{key}_name", ""))


def _field_changes(changes: list[list[Any]], amount: _Amount) -> Iterator[Change]:
    before = {name: old for name, old, _new in changes}
    if before.keys() & {"value", "currency"}:
        after = str(amount)
        amount.step_back(before)
        yield Change(field_label("value"), str(amount), after)
    for name, old, new in changes:
        if name not in {"value", "currency"}:
            yield Change(field_label(name), value_in_words(name, old), value_in_words(name, new))


def field_label(name: str) -> str:
    label = str(getattr(Deal._meta.get_field(name), "verbose_name", name))
    return label[:1].upper() + label[1:]


def value_in_words(name: str, value: Any) -> str:
    """One field's value, as events keep it or as a deal has it."""
    if name == "close_date" and value:
        day = date.fromisoformat(value) if isinstance(value, str) else value
        return date_format(day, "DATE_FORMAT")
    if name == "type":
        return str(DealType(value).label)
    words = str(value or "")
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


def _day_title(day: date) -> str:
    today = timezone.localdate()
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return date_format(day, "j E Y")
