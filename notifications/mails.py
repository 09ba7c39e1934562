"""Writing one mail. Called under the identity of the notification's organisation, so that no
template can show a row of another company."""

import re
from email.headerregistry import Address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dateparse import parse_date

from comments.queries import comments_by_id
from comments.remarks import Remark, remark_of
from cosell.core.mails import inline_styles
from deals.models import Deal, DealEvent, Registration
from deals.registration.words import messages_in_words
from deals.stages import DealType
from notifications.announced import in_readers_words
from notifications.catalogue import DIGEST, is_fixed, template_name
from notifications.digests import digest_of
from notifications.inbox import address_of_event, address_of_news
from notifications.models import Notification
from notifications.unsubscribing import unsubscribe_url
from partners.models import User
from referrals.models import Referral
from referrals.queries import received_referral, sent_referrals


def mail_of(notification: Notification) -> EmailMultiAlternatives | None:
    """The mail as its reader gets it; None for a digest with nothing left to tell."""
    reader = _reader(notification)
    with translation.override(reader.reading_language), timezone.override(reader.zone):
        if notification.kind == DIGEST:
            context = _context_of_digest(notification)
            if not context["digest"]:
                return None
        else:
            context = _context(notification)
        return compose(notification, context | _ways_to_stop(notification))


def compose(notification: Notification, context: dict[str, Any]) -> EmailMultiAlternatives:
    """From the templates of its kind; the same Message-ID however often it is written (7.3)."""
    context = {"notification": notification, "site": settings.SITE_URL.rstrip("/"), **context}
    subject, text, html = (
        render_to_string(template_name(notification.kind, part), context)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    headers = {"Message-ID": message_id(notification), "Auto-Submitted": "auto-generated"}
    if context["unsubscribe_url"]:
        # RFC 8058: mail programs show a button that unsubscribes without opening a page.
        headers["List-Unsubscribe"] = f"<{context['site']}{context['unsubscribe_url']}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(
        _one_line(subject), _without_gaps(text), to=[_address(notification)], headers=headers
    )
    mail.attach_alternative(inline_styles(html), "text/html")
    return mail


def _reader(notification: Notification) -> User:
    """Of a contact who is no member nothing is known; that makes the installation's choices."""
    member = notification.membership
    return member.user if member else User(language="", time_zone="")


def _address(notification: Notification) -> str:
    user, _at, domain = notification.email.rpartition("@")
    return str(Address(_one_line(notification.name), username=user, domain=domain))


def message_id(notification: Notification) -> str:
    return f"<{notification.pk}@{urlsplit(settings.SITE_URL).hostname}>"


def _context(notification: Notification) -> dict[str, Any]:
    assert notification.notice  # noqa: S101 (only digests have none)
    event_id, data = notification.notice.event_id, notification.notice.data
    if event_id is None:
        return _context_of_news(notification, data or {})
    return _context_of_event(notification, event_id)


def _context_of_news(notification: Notification, data: dict[str, Any]) -> dict[str, Any]:
    """Everything it says was written down with it."""
    assert notification.membership  # noqa: S101 (nobody else is told of the company)
    return {
        "news": in_readers_words(data),
        "company": notification.membership.organization.name,
        "url": address_of_news(notification, data),
    }


def _context_of_event(notification: Notification, event_id: int) -> dict[str, Any]:
    assert notification.deal_id  # noqa: S101 (each event is of a deal)
    event = DealEvent.objects.get(organization_id=notification.organization_id, pk=event_id)
    deal = Deal.objects.select_related("organization").get(pk=notification.deal_id)
    referral = _referral_of(deal, event)
    return {
        "event": event,
        "deal": deal,
        "referral": referral,
        "counterpart": _counterpart_name(deal, referral) if referral else "",
        "remark": _remark_of(event),
        **_registration_of(event),
        "new_type": DealType(event.data["new_type"]).label if "new_type" in event.data else "",
        "company": deal.organization.name,
        "url": address_of_event(notification, event, slug=deal.organization.slug),
    }


def _context_of_digest(notification: Notification) -> dict[str, Any]:
    member = notification.membership
    assert member and notification.digest_day and notification.digest_since  # noqa: S101, PT018 (as above)
    slug = member.organization.slug
    return {
        "digest": digest_of(member, day=notification.digest_day, since=notification.digest_since),
        "company": member.organization.name,
        "url": reverse("notifications:list", args=[slug]),
        "inbound_url": reverse("deals:list", args=[slug, "inbound"]),
        "outbound_url": reverse("deals:list", args=[slug, "outbound"]),
        "stale_url": f"{reverse('deals:stale', args=[slug])}?mine=1",
    }


def _ways_to_stop(notification: Notification) -> dict[str, str]:
    """None for what cannot be switched off. Contacts who are no members have no preferences."""
    if is_fixed(notification.kind):
        return {"unsubscribe_url": "", "preferences_url": ""}
    member = notification.membership
    slug = member.organization.slug if member else ""
    return {
        "unsubscribe_url": unsubscribe_url(notification),
        "preferences_url": reverse("notifications:preferences", args=[slug]) if slug else "",
    }


def _referral_of(deal: Deal, event: DealEvent) -> Referral | None:
    """None for what concerns no other company: a comment that stays in ours."""
    if deal.is_inbound:
        return received_referral(deal)
    sent = event.data.get("referral")
    return sent_referrals(deal).get(pk=sent) if sent else None


def _counterpart_name(deal: Deal, referral: Referral) -> str:
    return referral.sender_name if deal.is_inbound else referral.recipient_name


def _registration_of(event: DealEvent) -> dict[str, Any]:
    """With what was said in that step; the registration itself may be further by now."""
    if "registration" not in event.data:
        return {}
    registration = Registration.objects.get(pk=event.data["registration"])
    step = registration.steps.filter(pk=event.data.get("step")).first()
    said = step.data if step else {}
    return {
        "registration": registration,
        "messages": messages_in_words(said.get("messages", {})),
        "answer_by": parse_date(said.get("answer_by", "")),
        "reason": said.get("reason", ""),
    }


def _remark_of(event: DealEvent) -> Remark | None:
    """As it reads when the mail is written; None for events of other kinds."""
    if "comment" not in event.data:
        return None
    (comment,) = comments_by_id(event.organization_id, [event.data["comment"]]).values()
    return remark_of(comment)


def _without_gaps(text: str) -> str:
    """Parts of a template that were left out leave their blank lines behind."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())
