"""What a person's daily digest tells (7.4, 8.3). The caller acts for the person's organisation."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from deals.models import Deal, Direction, EventKind, Status
from deals.queries import on_team, visible_deals
from deals.staleness import went_stale
from notifications.catalogue import CATALOGUE
from notifications.entries import Channel
from notifications.inbox import Item, inbox_of, items_of
from notifications.preferences import preference_of
from partners.models import Membership
from partners.permissions import REFERRAL_ROLES
from referrals.models import Referral
from referrals.queries import counterparts

# A list goes no further; the pages that the mail leads to do.
MOST = 8
SOON = timedelta(days=3)


@dataclass(frozen=True)
class Line:
    """A deal, who is on the other side of what waits, and when that ends."""

    name: str
    customer: str
    url: str
    company: str = ""
    until: datetime | None = None
    is_soon: bool = False
    close_date: date | None = None


@dataclass(frozen=True)
class Section:
    lines: list[Line] = field(default_factory=list)
    has_more: bool = False

    def __bool__(self) -> bool:
        return bool(self.lines)


@dataclass(frozen=True)
class Digest:
    day: date
    news: list[Item]
    has_more_news: bool = False
    waiting: Section = Section()
    unanswered: Section = Section()
    stale: Section = Section()

    def __bool__(self) -> bool:
        return bool(self.news or self.waiting or self.unanswered or self.stale)


def digest_of(member: Membership, *, day: date, since: date) -> Digest:
    """What there is to tell at this moment; `since` is the day of the digest before."""
    news, preference = _news(member, day), preference_of(member)
    told = Digest(day, news[:MOST], has_more_news=len(news) > MOST)
    if not preference.wants_digest:
        return told
    has_mails_of_stale = preference.channel_for(EventKind.STALE) == Channel.EMAIL
    return Digest(
        day,
        told.news,
        has_more_news=told.has_more_news,
        waiting=_waiting(member),
        unanswered=_unanswered(member),
        stale=Section() if has_mails_of_stale else _stale(member, day=day, since=since),
    )


def _news(member: Membership, day: date) -> list[Item]:
    """What was kept for this digest, and has not been read in the app."""
    kept = inbox_of(member).filter(digest_day=day, read_at=None, kind__in=CATALOGUE)
    newest = kept.order_by("-created_at", "-id").select_related("deal", "notice__event")
    return items_of(newest[: MOST + 1], slug=member.organization.slug)


def _waiting(member: Membership) -> Section:
    """Invitations that the person can answer, the most urgent first."""
    if member.role not in REFERRAL_ROLES:
        return Section()
    now = timezone.now()
    received = visible_deals(member).filter(
        direction=Direction.INBOUND, status=Status.RECEIVED, respond_by__gt=now
    )
    deals = list(received.order_by("list_rank", "id")[: MOST + 1])
    senders = counterparts(member.organization_id, deals)
    return _section(
        Line(
            deal.name,
            deal.customer_name,
            _url(member, deal),
            company=senders[deal.pk][0].sender_name,
            until=deal.respond_by,
            is_soon=deal.respond_by is not None and deal.respond_by <= now + SOON,
        )
        for deal in deals
    )


def _unanswered(member: Membership) -> Section:
    """Invitations from deals of the person's own that soon expire without an answer."""
    now = timezone.now()
    own = visible_deals(member).filter(on_team(member), status=Status.ACCEPTED)
    ending = Referral.objects.filter(
        sender_id=member.organization_id,
        recipient_status=Status.RECEIVED,
        respond_by__gt=now,
        respond_by__lte=now + SOON,
        sender_deal__in=own,
    )
    return _section(
        Line(
            one.deal_name,
            one.customer["name"],
            _url(member, one.sender_deal),
            company=one.recipient_name,
            until=one.respond_by,
        )
        for one in ending.select_related("sender_deal").order_by("respond_by")[: MOST + 1]
    )


def _stale(member: Membership, *, day: date, since: date) -> Section:
    own = visible_deals(member).filter(on_team(member))
    stale = went_stale(own, since=since, until=day, zone=member.user.zone)
    return _section(
        Line(deal.name, deal.customer_name, _url(member, deal), close_date=deal.close_date)
        for deal in stale[: MOST + 1]
    )


def _section(lines: Iterable[Line]) -> Section:
    found = list(lines)
    return Section(found[:MOST], has_more=len(found) > MOST)


def _url(member: Membership, deal: Deal) -> str:
    return reverse("deals:detail", args=[member.organization.slug, deal.pk])
