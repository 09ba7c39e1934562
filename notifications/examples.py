"""One mail of every kind, as its reader gets it; of things that are in no database."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from comments.remarks import Remark
from deals.models import (
    CloseReason,
    Deal,
    DealEvent,
    Direction,
    EventKind,
    Registration,
    Status,
)
from deals.registration.words import messages_in_words
from deals.stages import DealType, StageCode
from notifications.announced import in_readers_words
from notifications.catalogue import CATALOGUE, DIGEST, is_fixed
from notifications.digests import Digest, Line, Section
from notifications.entries import Audience, Topic
from notifications.example_news import EXAMPLES
from notifications.inbox import Item, address_of_news
from notifications.mails import compose
from notifications.models import Notification
from partners.announcements import News
from partners.models import Organization
from referrals.models import HelpType, Referral

_ZONE = ZoneInfo("Europe/Warsaw")
_NOW = datetime(2026, 9, 14, 8, tzinfo=_ZONE)
_DEAL = UUID(int=1)
_CONTOSO = Organization(name="Contoso", slug="contoso")
_FABRIKAM = Organization(name="Fabrikam", slug="fabrikam")
_MICROSOFT = Organization(name="Microsoft", slug="microsoft")
_ANNA = (_CONTOSO, "Anna Kowalska", "anna@contoso.example")
_PIOTR = (_CONTOSO, "Piotr Nowak", "piotr@contoso.example")
_READERS = {
    Audience.OTHER_ADMINS: _PIOTR,
    Audience.PARTNERS_ADMINS: _PIOTR,
    Audience.WHO_ASKED: _PIOTR,
    Audience.VENDORS_ADMINS: (_MICROSOFT, "Victor Vance", "victor@microsoft.example"),
    Audience.REFERRAL_ADMINS: (_FABRIKAM, "Frank Fischer", "frank@fabrikam.example"),
    Audience.REVIEWERS: (_MICROSOFT, "Rita Romano", "rita@microsoft.example"),
}


def example_of(kind: str, *, language: str = "en") -> EmailMultiAlternatives:
    audience = Audience.TEAM if kind == DIGEST else CATALOGUE[kind].audience
    company, name, email = _READERS.get(audience, _ANNA)
    notification = Notification(kind=kind, name=name, email=email, pk=UUID(int=2))
    with translation.override(language), timezone.override(_ZONE):
        context = {"site": "https://desk.example", "company": company.name}
        return compose(
            notification,
            context | _context(notification, company) | _ways_to_stop(kind, company),
        )


def _context(notification: Notification, company: Organization) -> dict[str, Any]:
    if notification.kind == DIGEST:
        return _of_digest()
    if notification.kind in EXAMPLES:
        data = EXAMPLES[News(notification.kind)]
        return {"news": in_readers_words(data), "url": address_of_news(notification, data)}
    return _of_event(notification.kind, company)


def _ways_to_stop(kind: str, company: Organization) -> dict[str, str]:
    if is_fixed(kind):
        return {"preferences_url": "", "unsubscribe_url": ""}
    return {
        "preferences_url": f"/o/{company.slug}/notifications/preferences/",
        "unsubscribe_url": "/unsubscribe/WhoSeMailThisIs:AndItsSignature/",
    }


def _of_event(kind: str, company: Organization) -> dict[str, Any]:
    is_inbound = company is not _CONTOSO
    if CATALOGUE[kind].topic == Topic.REGISTRATION:
        return _of_registration(kind, company)
    deal, referral = _deal(company, is_inbound=is_inbound), _referral()
    return {
        "event": DealEvent(
            kind=kind,
            actor_name="Anna Kowalska",
            data={
                "days": 3,
                "status": Status.WON,
                "counterpart": "Fabrikam",
                "why": "close_date",
            },
        ),
        "deal": deal,
        "referral": referral,
        "counterpart": "Contoso" if is_inbound else "Fabrikam",
        "remark": _remark(is_shared=kind == EventKind.COUNTERPART_COMMENTED),
        "url": f"/o/{company.slug}/deals/{deal.pk}/?notice={UUID(int=2)}",
    }


def _of_registration(kind: str, company: Organization) -> dict[str, Any]:
    is_vendors = company is _MICROSOFT
    deal, registration = _deal(company, is_inbound=is_vendors), _registration()
    address = f"registrations/{registration.pk}" if is_vendors else f"{deal.pk}/registration"
    return {
        "event": DealEvent(kind=kind, actor_name="Anna Kowalska", data={"round": 1}),
        "deal": deal,
        "counterpart": "Contoso" if is_vendors else "Microsoft",
        "registration": registration,
        "messages": messages_in_words(
            {
                "signed_on": "The order form that you sent us is dated two days later.",
                "general": "Please attach the page with the signatures.",
            }
        ),
        "answer_by": date(2026, 9, 28),
        "reason": "The contract does not name the solution.",
        "url": f"/o/{company.slug}/deals/{address}/?notice={UUID(int=2)}",
    }


def _registration() -> Registration:
    return Registration(
        pk=UUID(int=4),
        organization=_CONTOSO,
        vendor=_MICROSOFT,
        deal_name="Retail analytics",
        customer_name="Nordwind Handel GmbH",
        customer_city="Hamburg",
        customer_country="DE",
        currency="EUR",
        total_value=Decimal(480_000),
        solution_value=Decimal(120_000),
        signed_on=date(2026, 9, 4),
        submitted_by_name="Anna Kowalska",
        submitted_by_email="anna@contoso.example",
    )


def _deal(company: Organization, *, is_inbound: bool) -> Deal:
    return Deal(
        pk=_DEAL,
        organization=company,
        reference="CO-8K2M-41QX",
        direction=Direction.INBOUND if is_inbound else Direction.OUTBOUND,
        type=DealType.P2P,
        status=Status.RECEIVED if is_inbound else Status.ACCEPTED,
        stage="" if is_inbound else StageCode.QUALIFIED,
        name="Retail analytics",
        customer_name="Nordwind Handel GmbH",
        customer_city="Hamburg",
        customer_country="DE",
        value=Decimal(480_000),
        currency="EUR",
        close_date=date(2026, 12, 18),
        respond_by=_NOW + timedelta(days=3),
    )


def _referral() -> Referral:
    return Referral(
        sender_name="Contoso",
        recipient_name="Fabrikam",
        help_type=HelpType.ARCHITECTURE,
        message="Who of you knows point-of-sale data?",
        respond_by=_NOW + timedelta(days=3),
        recipient_team=[
            {
                "first_name": "Frank",
                "last_name": "Fischer",
                "email": "frank@fabrikam.example",
                "phone": "+49 40 123456",
            }
        ],
        reason=CloseReason.TIMELINE,
        notes="Our people are booked until January.",
    )


def _remark(*, is_shared: bool) -> Remark:
    return Remark(
        id=UUID(int=3),
        author="Frank Fischer" if is_shared else "Bob Baker",
        company="Fabrikam" if is_shared else "Contoso",
        audience="Contoso and Fabrikam" if is_shared else "Only Contoso",
        is_shared=is_shared,
        body="The customer asks for a workshop in October.\nCan we offer one?",
        at=_NOW,
    )


def _of_digest() -> dict[str, Any]:
    url = f"/o/contoso/deals/{_DEAL}/"
    return {
        "digest": Digest(
            day=_NOW.date(),
            news=[_item(url)],
            waiting=Section(
                [
                    Line(
                        "SAP landscape to Azure", "Kaskada Logistyka Sp. k.", url,
                        company="Microsoft", until=_NOW + timedelta(days=1), is_soon=True,
                    ),
                    Line(
                        "Self-service portal", "Neusiedler Energie AG", url,
                        company="Fabrikam", until=_NOW + timedelta(days=9),
                    ),
                ]
            ),
            unanswered=Section(
                [
                    Line(
                        "Retail analytics", "Nordwind Handel GmbH", url,
                        company="Microsoft", until=_NOW + timedelta(days=2),
                    )
                ],
            ),
            stale=Section(
                [
                    Line(
                        "Cold-chain monitoring", "Ravenscroft Foods Ltd", url,
                        close_date=date(2026, 9, 13),
                    )
                ],
                has_more=True,
            ),
        ),
        "url": "/o/contoso/notifications/",
        "inbound_url": "/o/contoso/deals/inbound/",
        "outbound_url": "/o/contoso/deals/outbound/",
        "stale_url": "/o/contoso/deals/stale/?mine=1",
    }  # fmt: skip


def _item(url: str) -> Item:
    entry = CATALOGUE[EventKind.COUNTERPART_ACCEPTED]
    return Item(
        id=UUID(int=2),
        at=_NOW,
        icon=entry.icon,
        tone=entry.tone,
        sentence=SafeString(str(entry.sentence).format(company="Fabrikam")),
        about="Retail analytics · Nordwind Handel GmbH",
        url=url,
        is_unread=True,
    )
