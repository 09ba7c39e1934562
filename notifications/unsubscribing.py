"""Stopping mails by a link in them, without signing in (RFC 8058).

The link names one notification, and its signature is the permission: it is good for stopping mails
to that reader and for nothing else, and as long as the mail may lie somewhere.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import NamedTuple
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from notifications.models import Notification, Unsubscribed
from notifications.preferences import stop_mails

_signer = Signer(salt="notifications.unsubscribe")


class Named(NamedTuple):
    organization_id: UUID
    notification_id: UUID


def unsubscribe_url(notification: Notification) -> str:
    named = notification.organization_id.bytes + notification.pk.bytes
    token = _signer.sign(urlsafe_b64encode(named).decode().rstrip("="))
    return reverse("notifications:unsubscribe", args=[token])


def named_by(token: str) -> Named | None:
    """None for what we never signed."""
    try:
        named = urlsafe_b64decode(_signer.unsign(token) + "=")
        return Named(UUID(bytes=named[:16]), UUID(bytes=named[16:]))
    except (BadSignature, Error, ValueError):
        return None


def unsubscribe(notification: Notification) -> None:
    """A member gets no more mails of this kind; another contact none about this company's deals."""
    if notification.membership:
        stop_mails(notification.membership, notification.kind)
        return
    Unsubscribed.objects.get_or_create(
        organization_id=notification.organization_id, email=notification.email.lower()
    )


def subscribe_again(notification: Notification) -> None:
    """For contacts; members have their preferences."""
    Unsubscribed.objects.filter(
        organization_id=notification.organization_id, email=notification.email.lower()
    ).delete()
