"""Writing and editing comments, to our own company or to one counterpart (5.7).

Whoever writes for both sides locks the referral first, then the deal, as everywhere.
"""

import re
from collections.abc import Collection, Iterable
from datetime import timedelta
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.models import LONGEST, Comment
from comments.queries import can_talk, teammates
from cosell.core.errors import NotAllowed, Refused, Stale
from deals.events import record_event
from deals.models import Deal, EventKind
from deals.overtaken import why_stale
from partners.actors import Actor
from partners.models import Membership
from partners.permissions import Permission
from referrals.models import Referral
from referrals.services import counterpart_happened

TIME_TO_EDIT = timedelta(minutes=15)


@transaction.atomic
def write_comment(
    deal: Deal,
    *,
    actor: Actor,
    body: str,
    to: Referral | None = None,
    mentioned: Collection[UUID] = (),
    form: str = "",
) -> Comment:
    """Say something about a deal; without `to` it stays in the company.

    One event in our history and, when shared, one in the counterpart's, whose team is told. People
    of our team are told when they are mentioned: by their membership, or as @Name in the text.
    The same text from the same `form` is the same comment, however often it is sent.
    """
    body = _checked(body, actor=actor)
    referral = _lock(deal, to)
    pk = _id_of(deal, actor=actor, form=form, said=f"{to.pk if to else ''} {body}")
    known = Comment.objects.filter(pk=pk, organization_id=deal.organization_id).first()
    if known:
        return known
    comment = Comment.objects.create(
        id=pk,
        organization_id=deal.organization_id,
        deal=deal,
        counterpart_id=_counterpart_of(deal, referral) if referral else None,
        referral=referral,
        author_id=actor.user_id,
        author_name=actor.name,
        body=body,
    )
    named = _named(teammates(deal), actor=actor, body=body, mentioned=mentioned)
    record_event(
        deal,
        EventKind.MENTIONED if named else EventKind.COMMENTED,
        actor=actor,
        comment=str(comment.pk),
        **({"referral": str(referral.pk)} if referral else {}),
        # Ours alone: who is on our team is told to nobody by a comment.
        **({"mentioned": [[str(one.pk), one.user.full_name] for one in named]} if named else {}),
    )
    if referral:
        counterpart_happened(
            referral,
            EventKind.COUNTERPART_COMMENTED,
            tell_sender=deal.is_inbound,
            comment=str(comment.pk),
        )
    return comment


@transaction.atomic
def edit_comment(comment: Comment, *, actor: Actor, body: str) -> Comment:
    """Replace one's own text within 15 minutes; the database keeps and dates what it replaces."""
    body = _checked(body, actor=actor)
    if comment.author_id != actor.user_id or comment.organization_id != actor.organization_id:
        raise NotAllowed("author", _("Only who wrote a comment can edit it."))
    _lock(comment.deal, comment.referral)
    recent = Comment.objects.filter(
        pk=comment.pk, organization_id=comment.organization_id, at__gt=Now() - TIME_TO_EDIT
    )
    if recent.update(body=body) != 1:
        raise _too_late()
    comment.refresh_from_db(fields=["body", "edited_at"])
    return comment


def check_editable(comment: Comment) -> None:
    """For the page that asks for the new text; `edit_comment` decides."""
    if comment.deal.is_closed:
        raise why_stale(comment.deal)
    if comment.at <= timezone.now() - TIME_TO_EDIT:
        raise _too_late()


def _too_late() -> Stale:
    return Stale("too_late", _("A comment can be edited for 15 minutes; write another one."))


def _checked(body: str, *, actor: Actor) -> str:
    if Permission.COMMENT not in actor.permissions:
        raise NotAllowed("permission", _("Your role does not allow writing comments."))
    body = body.strip()
    if not body:
        raise Refused("body", _("Write something."), field="body")
    if len(body) > LONGEST:
        message = _("A comment has at most %(max)s characters.") % {"max": LONGEST}
        raise Refused("body", message, field="body")
    return body


def _id_of(deal: Deal, *, actor: Actor, form: str, said: str) -> UUID:
    return uuid5(deal.pk, f"{actor.user_id} {form} {said}") if form else uuid4()


def _lock(deal: Deal, to: Referral | None) -> Referral | None:
    """The locks that closing takes on either side, so that nothing is said after the end."""
    referral = Referral.objects.select_for_update(of=("self",)).get(pk=to.pk) if to else None
    if referral and not can_talk(referral):
        raise Stale(
            "not_talking",
            _("%(company)s has ended its part in this; it reads no more comments.")
            % {"company": _counterpart_name(deal, referral)},
        )
    locked = Deal.objects.select_for_update(of=("self",)).get(pk=deal.pk)
    if locked.is_closed or locked.is_overdue:
        raise why_stale(locked)
    return referral


def _counterpart_of(deal: Deal, referral: Referral) -> UUID:
    return referral.sender_id if deal.is_inbound else referral.recipient_id


def _counterpart_name(deal: Deal, referral: Referral) -> str:
    return referral.sender_name if deal.is_inbound else referral.recipient_name


def _named(
    team: Iterable[Membership], *, actor: Actor, body: str, mentioned: Collection[UUID]
) -> list[Membership]:
    """Of the team alone, and never oneself."""
    return [
        one
        for one in team
        if one.user_id != actor.user_id
        and (one.pk in mentioned or _is_named_in(body, one.user.full_name))
    ]


def _is_named_in(body: str, name: str) -> bool:
    return re.search(rf"@{re.escape(name)}(?!\w)", body, re.IGNORECASE) is not None
