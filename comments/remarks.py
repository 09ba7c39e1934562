"""How a comment reads: who said it, who else can read it, and what it said before."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from comments.models import Comment
from comments.queries import comments_by_id
from comments.services import TIME_TO_EDIT
from deals.models import DealEvent
from partners.models import Membership, Organization
from partners.permissions import Permission


@dataclass(frozen=True)
class Version:
    body: str
    until: datetime


@dataclass(frozen=True)
class Remark:
    id: UUID
    author: str
    company: str
    audience: str
    is_shared: bool
    body: str
    at: datetime
    edited_at: datetime | None = None
    earlier: list[Version] = field(default_factory=list)
    # For our own eyes: who of us was named, and whether the reader may still edit.
    names: str = ""
    can_edit: bool = False


def remarks_of(
    events: Iterable[DealEvent], *, member: Membership, is_open: bool
) -> dict[str, Remark]:
    """The remarks that a history tells of, by the id that its events carry."""
    told = {one.data["comment"]: one for one in events if "comment" in one.data}
    comments = comments_by_id(member.organization_id, told)
    return {
        pk: remark_of(
            comment,
            names=", ".join(name for _pk, name in told[pk].data.get("mentioned", [])),
            can_edit=is_open and member.may(Permission.COMMENT) and is_editable(comment, by=member),
        )
        for pk, comment in comments.items()
    }


def remark_of(comment: Comment, *, names: str = "", can_edit: bool = False) -> Remark:
    return Remark(
        id=comment.pk,
        author=comment.author_name,
        company=comment.organization.name,
        audience=audience_in_words(comment.organization, comment.counterpart),
        is_shared=comment.is_shared,
        body=comment.body,
        at=comment.at,
        edited_at=comment.edited_at,
        earlier=[Version(one.body, one.replaced_at) for one in comment.versions.all()],
        names=names,
        can_edit=can_edit,
    )


def is_editable(comment: Comment, *, by: Membership) -> bool:
    is_own = comment.author_id == by.user_id and comment.organization_id == by.organization_id
    return is_own and comment.at > timezone.now() - TIME_TO_EDIT


def audience_in_words(ours: Organization, theirs: Organization | None) -> str:
    """Who can read it; the same words on both sides."""
    if theirs is None:
        return _("Only %(company)s") % {"company": ours.name}
    return both_in_words(ours.name, theirs.name)


def both_in_words(one: str, other: str) -> str:
    return _("%(one)s and %(other)s") % {"one": one, "other": other}
