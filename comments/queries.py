"""Reads about comments. Each names the company that reads: the policies alone would scan."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from comments.models import Comment
from deals.models import Deal, Status, TeamMember
from partners.models import Membership
from referrals.models import Referral


def readable_comments(organization_id: UUID) -> QuerySet[Comment]:
    """Our own, and what others wrote to us; with their earlier texts."""
    return (
        Comment.objects.filter(
            Q(organization_id=organization_id) | Q(counterpart_id=organization_id)
        )
        .select_related("organization", "counterpart")
        .prefetch_related("versions")
    )


def comments_by_id(organization_id: UUID, ids: Iterable[str]) -> dict[str, Comment]:
    found = readable_comments(organization_id).filter(pk__in=list(ids))
    return {str(comment.pk): comment for comment in found}


def conversation(referral: Referral, *, organization_id: UUID) -> QuerySet[Comment]:
    """What the two companies of a referral said to each other, the newest first."""
    return readable_comments(organization_id).filter(referral=referral).order_by("-at", "-id")


def own_comments(member: Membership, deal: Deal) -> QuerySet[Comment]:
    """What this person wrote about a deal."""
    return readable_comments(member.organization_id).filter(
        organization_id=member.organization_id, deal=deal, author_id=member.user_id
    )


def teammates(deal: Deal) -> list[Membership]:
    """Who may be named in a comment: people of the team who can read it."""
    team = TeamMember.objects.filter(
        organization_id=deal.organization_id,
        deal=deal,
        membership__is_active=True,
        membership__user__is_active=True,
    )
    return [one.membership for one in team.select_related("membership__user") if one.membership]


def can_talk(referral: Referral) -> bool:
    """While both sides' deals are open, answered or not (5.5)."""
    if referral.sender_status != Status.ACCEPTED:
        return False
    if referral.recipient_status == Status.RECEIVED:
        return referral.respond_by > timezone.now()
    return referral.recipient_status == Status.ACCEPTED
