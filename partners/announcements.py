"""What people are told besides their deals: about the company and about their account (7.2).

The app above listens, and writes it down in the transaction of the change.
"""

from enum import StrEnum
from typing import Any
from uuid import UUID

from django.dispatch import Signal


class News(StrEnum):
    LINK_ASKED = "link_asked"
    LINK_ANSWERED = "link_answered"
    CO_SELL_ASKED = "co_sell_asked"
    CO_SELL_ANSWERED = "co_sell_answered"
    CO_SELL_LOWERED = "co_sell_lowered"
    DEALS_HANDED_OVER = "deals_handed_over"
    ACCESS_CHANGED = "access_changed"
    NEW_DEVICE = "new_device"


# kwargs: kind, organization_id, data
announced = Signal()
# A member opened a page by the address that a notice gave. kwargs: member, notice
page_opened = Signal()


def announce(
    kind: News,
    *,
    organization_id: UUID,
    path: str,
    person: UUID | None = None,
    besides: UUID | None = None,
    **told: Any,
) -> None:
    """Acting for the organisation whose people are told.

    `told` is everything that the mail says, as JSON keeps it: what changes later, changes no mail.
    `person` is the membership that it concerns, `besides` the one of who knows already.
    """
    members = {"person": person, "besides": besides}
    named = {name: str(pk) for name, pk in members.items() if pk}
    data = {"path": path, **named, **told}
    announced.send(News, kind=kind, organization_id=organization_id, data=data)
