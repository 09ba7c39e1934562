"""Writing one mail. Called under the identity of the notification's organisation, so that no
template can show a row of another company."""

from email.headerregistry import Address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from cosell.core.mails import inline_styles
from deals.models import Deal, DealEvent
from notifications.catalogue import template_name
from notifications.models import Notification
from referrals.models import Referral
from referrals.queries import received_referral, sent_referrals


def mail_of(notification: Notification) -> EmailMultiAlternatives:
    """The mail as its reader gets it; the same Message-ID however often it is written (7.3)."""
    with translation.override(settings.LANGUAGE_CODE):
        context = _context(notification)
        subject, text, html = (
            render_to_string(template_name(notification.kind, part), context)
            for part in ("subject.txt", "body.txt", "body.html")
        )
    mail = EmailMultiAlternatives(
        _one_line(subject),
        text,
        to=[_address(notification)],
        headers={"Message-ID": message_id(notification), "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(inline_styles(html), "text/html")
    return mail


def _address(notification: Notification) -> str:
    user, _at, domain = notification.email.rpartition("@")
    return str(Address(_one_line(notification.name), username=user, domain=domain))


def message_id(notification: Notification) -> str:
    return f"<{notification.pk}@{urlsplit(settings.SITE_URL).hostname}>"


def _context(notification: Notification) -> dict[str, Any]:
    event = DealEvent.objects.get(
        organization_id=notification.organization_id, pk=notification.notice.event_id
    )
    deal = Deal.objects.select_related("organization").get(pk=notification.deal_id)
    referral = _referral_of(deal, event)
    return {
        "notification": notification,
        "event": event,
        "deal": deal,
        "referral": referral,
        "counterpart": referral.sender_name if deal.is_inbound else referral.recipient_name,
        "url": f"{settings.SITE_URL.rstrip('/')}{deal.get_absolute_url()}",
    }


def _referral_of(deal: Deal, event: DealEvent) -> Referral:
    if deal.is_inbound:
        return received_referral(deal)
    return sent_referrals(deal).get(pk=event.data["referral"])


def _one_line(text: str) -> str:
    return " ".join(text.split())
