"""What one person has been told, in the application (7.4): reading it and marking it read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from deals.models import DealEvent, EventKind
from deals.queries import visible_deals
from notifications.catalogue import CATALOGUE
from notifications.models import Notification
from partners.models import Membership

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
    deal_name: str
    customer_name: str
    url: str
    is_unread: bool

    @property
    def text(self) -> str:
        """The sentence for plain text."""
        return unescape(self.sentence)


def inbox_of(member: Membership) -> QuerySet[Notification]:
    """Only one's own, and only about deals that one can open."""
    own = Notification.objects.filter(
        organization_id=member.organization_id, membership_id=member.pk, notice__isnull=False
    )
    if member.is_location_scoped or member.sees_only_own_deals:
        own = own.filter(deal__in=visible_deals(member))
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
            "notice__event__kind", "notice__event__actor_name", "notice__event__data",
        )[: PAGE + 1]
    )  # fmt: skip


def items_of(notifications: Iterable[Notification], *, slug: str) -> list[Item]:
    return [_item(one, slug) for one in notifications]


def address_of(notification: Notification, event: DealEvent, *, slug: str) -> str:
    """The page that it is about, or the comment on it; opening it from here marks the
    notification read."""
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
    entry, deal, notice = CATALOGUE[notification.kind], notification.deal, notification.notice
    assert deal and notice  # noqa: S101, PT018 (only digests have none)
    return Item(
        id=notification.pk,
        at=notification.created_at,
        icon=entry.icon,
        tone=entry.tone,
        sentence=_sentence(str(entry.sentence), notice.event),
        deal_name=deal.name,
        customer_name=deal.customer_name,
        url=address_of(notification, notice.event, slug=slug),
        is_unread=notification.read_at is None,
    )


def _sentence(template: str, event: DealEvent) -> SafeString:
    return format_html(
        template,
        who=event.actor_name or _("The system"),
        company=event.data.get("counterpart") or event.actor_name,
    )
