"""What concerns several parties of one engagement: locks, types, the vendor's progress (4.6, 5.6).

An engagement has one deal that invites, and its referrals. Whoever writes for more than one of the
parties locks all of those referrals first, by id, and deals after them.
"""

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from cosell.core.errors import Stale
from cosell.core.tenancy import WORKER_ROLE, acting_for, database_identity
from deals.events import record_event
from deals.models import Deal, EventKind, Status
from deals.stages import DealType
from partners.actors import Actor
from referrals.models import Referral
from referrals.queries import REPEATABLE, sent_referrals


def lock_sent(sender_id: UUID, sender_deal_id: UUID) -> set[UUID]:
    """Lock every referral of a deal that invites; the caller acts for its sender."""
    sent = Referral.objects.filter(sender_id=sender_id, sender_deal_id=sender_deal_id)
    locked = sent.order_by("id").select_for_update(of=("self",))
    return set(locked.values_list("pk", flat=True))


def lock_for_inviting(deal: Deal) -> None:
    """Everything that an invitation writes to, in the order that keeps others from waiting.

    `deal` is brought up to date; its lock leaves room for history that others write meanwhile.
    """
    locked = lock_sent(deal.organization_id, deal.pk)
    deal.refresh_from_db(
        from_queryset=Deal.objects.select_for_update(of=("self",), no_key=True),
        fields=["status", "stage", "type", "closed_at", "version"],
    )
    if locked != set(sent_referrals(deal).values_list("pk", flat=True)):
        raise Stale(
            "invited_meanwhile",
            _("Somebody else invited a company at the same moment. Look at the deal again."),
        )


def lock_for_answer(deal: Deal) -> None:
    """The referral of a received deal; the vendor's with its siblings, which it never sees."""
    received = Referral.objects.filter(recipient_id=deal.organization_id, recipient_deal_id=deal.pk)
    found = received.values_list("is_to_vendor", "sender_id", "sender_deal_id").first()
    if found is None:
        return
    is_to_vendor, sender_id, sender_deal_id = found
    if is_to_vendor:
        with acting_for(sender_id):
            lock_sent(sender_id, sender_deal_id)
    else:
        list(received.select_for_update(of=("self",)).values_list("pk"))


def mirror_vendor(referral: Referral) -> None:
    """Show the vendor's status and stage to the partners that the same deal invited (4.6)."""
    with acting_for(referral.sender_id):
        _watchers(referral.sender_id, referral.sender_deal_id).update(
            vendor_status=referral.recipient_status,
            vendor_stage=referral.recipient_stage,
            vendor_respond_by=referral.respond_by,
        )


def vendor_columns(deal: Deal) -> dict[str, Any]:
    """What a partner that is invited now gets to see of the vendor."""
    newest = sent_referrals(deal).filter(is_to_vendor=True).last()
    if newest is None:
        return {}
    return {
        "vendor_status": newest.recipient_status,
        "vendor_stage": newest.recipient_stage,
        "vendor_respond_by": newest.respond_by,
    }


def reconcile_expired_vendors(*, batch: int = 1000) -> int:
    """Show partners that the vendor let its invitation expire; returns how many rows changed.

    The sweep expires referrals in whatever order they fell due, so it cannot take the locks of
    siblings as well. This is a transaction of its own, it asks what is left to do, and may be run
    again at any time.
    """
    with database_identity(WORKER_ROLE):
        waiting = _unaware().order_by("id").select_for_update(of=("self",))
        locked = list(waiting.values_list("pk", flat=True)[:batch])
        # Asked again under the locks: the vendor may have been invited anew in the meantime.
        return _unaware().filter(pk__in=locked).update(vendor_status=Status.EXPIRED)


def upgrade_types(deal: Deal, new_type: DealType, *, actor: Actor, referral: Referral) -> None:
    """Widen the type of every open deal of the engagement, each with an event of its own (5.6).

    The only caller of the function engagement_upgrade, which sees the others' deals. `referral` is
    the invitation that does it; the others are not told whose it is.
    """
    before, deal.type = deal.type, new_type
    company = Actor(referral.sender_name, None, referral.sender_id, frozenset())
    for organization_id, deal_id in _upgraded(deal.engagement_id, new_type):
        is_own = organization_id == deal.organization_id
        about = {"referral": str(referral.pk)} if is_own else {}
        with acting_for(organization_id):
            record_event(
                Deal.objects.get(pk=deal_id),
                EventKind.TYPE_UPGRADED,
                actor=actor if is_own else company,
                changes=[("type", before, new_type)],
                **about,
            )


def _upgraded(engagement_id: UUID, new_type: DealType) -> list[tuple[UUID, UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organization_id, deal_id FROM engagement_upgrade(%s, %s)",
            [engagement_id, new_type],
        )
        return list(cursor)


def _watchers(sender_id: UUID, sender_deal_id: UUID) -> QuerySet[Referral]:
    sent = Referral.objects.filter(sender_id=sender_id, sender_deal_id=sender_deal_id)
    return sent.filter(is_to_vendor=False).exclude(recipient_status__in=REPEATABLE)


def _unaware() -> QuerySet[Referral]:
    """Partners that still see the vendor thinking about an invitation that has expired."""
    to_vendor = Referral.objects.filter(
        sender_id=OuterRef("sender_id"), sender_deal_id=OuterRef("sender_deal_id"),
        is_to_vendor=True,
    )  # fmt: skip
    return Referral.objects.filter(
        ~Exists(to_vendor.exclude(recipient_status__in=REPEATABLE)),
        Exists(to_vendor.filter(recipient_status=Status.EXPIRED)),
        vendor_status=Status.RECEIVED,
    ).exclude(recipient_status__in=REPEATABLE)
