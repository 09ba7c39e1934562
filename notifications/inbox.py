"""What one person has been told, in the application (7.4): reading it and marking it read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from deals.models import DealEvent, EventKind
from deals.queries import visible_deals
from notifications.announced import in_readers_words, subject_of
from notifications.catalogue import CATALOGUE, FOR_ADMINS
from notifications.models import Notification
from partners.models import Membership
from partners.permissions import Permission

PAGE = 25
# The bell says "99+" beyond.
MOST_COUNTED = 99


@dataclass(frozen=True)
class Item:
    """A notification as the list shows it."""

    id: UUID
    at: datetime
    icon: str
    tone: str
    sentence: SafeString
    # Deal and customer; of what concerns no deal, the subject of its mail.
    about: str
    url: str
    is_unread: bool

    @property
    def text(self) -> str:
        """The sentence for plain text."""
        return unescape(self.sentence)


class _Told(NamedTuple):
    words: dict[str, Any]
    about: str
    url: str


def inbox_of(member: Membership) -> QuerySet[Notification]:
    """Only one's own, and only about deals that one can open; about the company's affairs as long
    as one looks after them."""
    own = Notification.objects.filter(
        organization_id=member.organization_id, membership_id=member.pk, notice__isnull=False
    )
    if not member.may(Permission.MANAGE_COMPANY):
        own = own.exclude(kind__in=FOR_ADMINS)
    if member.is_location_scoped or member.sees_only_own_deals:
        can_open = Exists(visible_deals(member).filter(pk=OuterRef("deal")))
        own = own.filter(Q(deal=None) | can_open)
    return own


def unread_of(member: Membership) -> QuerySet[Notification]:
    return inbox_of(member).filter(read_at=None)


def few_unread(member: Membership) -> QuerySet[Notification]:
    """As many as the bell counts, and one more."""
    return unread_of(member).order_by()[: MOST_COUNTED + 1]


def newest_first(
    notifications: QuerySet[Notification], *, after: Notification | None = None
) -> list[Notification]:
    """One page and one more; `after` is the last one of the page before."""
    if after:
        same_moment = Q(created_at=after.created_at, id__lt=after.pk)
        # The first condition is where the index begins; it knows nothing of the second.
        notifications = notifications.filter(created_at__lte=after.created_at).filter(
            Q(created_at__lt=after.created_at) | same_moment
        )
    found = notifications.order_by("-created_at", "-id").select_related("deal", "notice__event")
    return list(
        found.only(
            "created_at", "kind", "read_at", "membership", "deal__name", "deal__customer_name",
            "notice__data", "notice__event__kind", "notice__event__actor_name",
            "notice__event__data",
        )[: PAGE + 1]
    )  # fmt: skip


def items_of(notifications: Iterable[Notification], *, slug: str) -> list[Item]:
    return [_item(one, slug) for one in notifications]


def address_of_news(notification: Notification, data: dict[str, Any]) -> str:
    """The page that it is about; opening it from here marks the notification read."""
    query = urlencode({"notice": notification.pk})
    return f"{data['path']}?{query}"


def address_of_event(notification: Notification, event: DealEvent, *, slug: str) -> str:
    """The page that it is about, or the comment on it; as above."""
    address = _page_of(notification, event, slug=slug)
    query = {"notice": str(notification.pk)} if notification.membership_id else {}
    comment = event.data.get("comment")
    if comment:
        # However much was said since.
        query |= {"show": "comments", "timeline": "all"}
    return (
        address
        + (f"?{urlencode(query)}" if query else "")
        + (f"#comment-{comment}" if comment else "")
    )


def _page_of(notification: Notification, event: DealEvent, *, slug: str) -> str:
    registration = event.data.get("registration")
    if event.kind == EventKind.COUNTERPART_REGISTERED:
        return reverse("deals:review_registration", args=[slug, registration])
    name = "deals:registration" if registration else "deals:detail"
    return reverse(name, args=[slug, notification.deal_id])


def mark_read(notifications: QuerySet[Notification]) -> int:
    return notifications.filter(read_at=None).update(read_at=timezone.now())


def mark_opened(member: Membership, notice: str) -> None:
    """What an address names, if it is the reader's own; a colleague may follow the link too."""
    try:
        pk = UUID(notice)
    except ValueError:
        return
    mark_read(inbox_of(member).filter(pk=pk))


def _item(notification: Notification, slug: str) -> Item:
    entry, notice = CATALOGUE[notification.kind], notification.notice
    assert notice  # noqa: S101 (only digests have none)
    told = (
        _told_of_event(notification, notice.event, slug)
        if notice.event
        else _told_of_news(notification, notice.data or {})
    )
    return Item(
        id=notification.pk,
        at=notification.created_at,
        icon=entry.icon,
        tone=entry.tone,
        sentence=format_html(str(entry.sentence), **told.words),
        about=told.about,
        url=told.url,
        is_unread=notification.read_at is None,
    )


def _told_of_event(notification: Notification, event: DealEvent, slug: str) -> _Told:
    deal = notification.deal
    assert deal  # noqa: S101 (as it is of an event)
    words = {
        "who": event.actor_name or _("The system"),
        "company": event.data.get("counterpart") or event.actor_name,
    }
    url = address_of_event(notification, event, slug=slug)
    return _Told(words, f"{deal.name} · {deal.customer_name}", url)


def _told_of_news(notification: Notification, data: dict[str, Any]) -> _Told:
    words = in_readers_words(data)
    about = subject_of(notification.kind, words)
    return _Told(words, about, address_of_news(notification, data))
