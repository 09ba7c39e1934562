"""What the other side's history tells of us, made from our own (4.6, 5.7).

Comments aside, which each side reads as they were written.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from deals.models import Deal, DealEvent, EventKind
from deals.transitions import TRANSITIONS, Name
from referrals.models import Referral

_KINDS = {
    EventKind.ACCEPTED: EventKind.COUNTERPART_ACCEPTED,
    EventKind.DECLINED: EventKind.COUNTERPART_DECLINED,
    EventKind.EXPIRED: EventKind.COUNTERPART_EXPIRED,
    EventKind.STAGE_MARKED: EventKind.COUNTERPART_STAGE,
    EventKind.WON: EventKind.COUNTERPART_CLOSED,
    EventKind.LOST: EventKind.COUNTERPART_CLOSED,
    EventKind.ERROR: EventKind.COUNTERPART_CLOSED,
}
_STATUS_AFTER = {one.event: one.target for one in TRANSITIONS.values()}
_OF_PARTIES = (
    EventKind.INVITED,
    EventKind.TYPE_UPGRADED,
    EventKind.COUNTERPART_ACCEPTED,
    EventKind.COUNTERPART_DECLINED,
    EventKind.COUNTERPART_EXPIRED,
    EventKind.COUNTERPART_WITHDRAWN,
    EventKind.COUNTERPART_CLOSED,
    EventKind.REGISTRATION_SUBMITTED,
)

Told = tuple[EventKind, dict[str, Any]]


def told_of(event: DealEvent) -> Told:
    """How the other side's history has a move of ours: status and stage are for it to see.

    Reason and notes only of a refusal; a stage by its standard name, which is what the code says.
    """
    kind = EventKind(event.kind)
    shared = {"status": _STATUS_AFTER[kind], "stage": event.data.get("stage", "")}
    if kind == TRANSITIONS[Name.DECLINE].event:
        shared |= {name: event.data.get(name, "") for name in ("reason", "notes")}
    return _KINDS[kind], shared


def events_told(deal: Deal, referral: Referral, *, company: str) -> list[DealEvent]:
    """The events of the counterpart's timeline that are about us, `company`, newest first."""
    ours = DealEvent.objects.filter(organization_id=deal.organization_id, deal=deal)
    events = ours.filter(kind__in=[*_KINDS, *_OF_PARTIES]).order_by("id")
    told = _to_sender(events) if deal.is_inbound else _to_recipient(events, referral)
    found = [
        DealEvent(kind=kind, at=at, actor_name=company, data={**data, "counterpart": company})
        for at, (kind, data) in told
    ]
    return found[::-1]


def _to_sender(events: Iterable[DealEvent]) -> Iterator[tuple[datetime, Told]]:
    for event in events:
        if event.kind in _KINDS:
            yield event.at, told_of(event)


def _to_recipient(
    events: Iterable[DealEvent], referral: Referral
) -> Iterator[tuple[datetime, Told]]:
    """While its invitation stands, of our deal's type; from acceptance to its end, of our moves."""
    stands = accepted = False
    for event in events:
        if event.data.get("referral") == str(referral.pk):
            if event.kind == EventKind.INVITED:
                yield event.at, (EventKind.RECEIVED, {})
            if event.kind == EventKind.COUNTERPART_WITHDRAWN:
                yield event.at, (EventKind.WITHDRAWN, {})
            accepted = event.kind == EventKind.COUNTERPART_ACCEPTED
            stands = accepted or event.kind in {EventKind.INVITED, EventKind.TYPE_UPGRADED}
        elif event.kind == EventKind.TYPE_UPGRADED and stands:
            yield event.at, (EventKind.TYPE_UPGRADED, {"changes": event.data["changes"]})
        elif event.kind == EventKind.REGISTRATION_SUBMITTED and referral.is_to_vendor:
            yield event.at, (EventKind.COUNTERPART_REGISTERED, {"round": event.data["round"]})
        elif event.kind in _KINDS and accepted:
            yield event.at, told_of(event)
