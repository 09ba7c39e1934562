"""Handing a leaver's open deals to a colleague (1.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cosell.core.errors import NotAllowed, Refused
from deals.models import Deal, Status, TeamMember
from deals.parts import Person, person_of
from deals.services import edit_team
from deals.signals import deal_locking
from partners.actors import Actor
from partners.announcements import News, announce
from partners.models import Membership, User
from partners.permissions import PERMISSIONS, Permission

# So many take a few seconds; the page says that there are more.
MOST = 200


@dataclass(frozen=True)
class HandedOver:
    deals: int
    left: int


def open_deals_of(leaver: Membership) -> QuerySet[Deal]:
    """The open deals whose team somebody is on; received ones have no team yet."""
    on_team = TeamMember.objects.filter(
        organization_id=leaver.organization_id, membership=leaver, deal=OuterRef("pk")
    )
    return Deal.objects.filter(
        Exists(on_team), organization_id=leaver.organization_id, status=Status.ACCEPTED
    )


def possible_heirs(leaver: Membership) -> QuerySet[Membership]:
    """Colleagues who may work on deals, by name."""
    working = [role for role, may in PERMISSIONS.items() if Permission.EDIT_DEALS in may]
    return (
        Membership.objects.filter(
            organization_id=leaver.organization_id,
            is_active=True,
            user__is_active=True,
            role__in=working,
        )
        .exclude(pk=leaver.pk)
        .select_related("user")
        .order_by("user__last_name", "user__first_name", "pk")
    )


@transaction.atomic
def hand_over(leaver: Membership, *, to: Membership, actor: Actor) -> HandedOver:
    """Put a colleague in the leaver's place on the teams of open deals, or change nothing at all.

    Each deal gets its event, as if its team had been edited by hand. Deals beyond `MOST` are left
    for another go.
    """
    if Permission.MANAGE_COMPANY not in actor.permissions:
        raise NotAllowed("permission", _("Your role does not allow handing deals over."))
    if not possible_heirs(leaver).filter(pk=to.pk).exists():
        raise Refused("heir", _("Choose a colleague who works on deals."), field="colleague")
    heir = _contact_of(to)
    ids = list(open_deals_of(leaver).order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    deals = _locked(ids[:MOST])
    _check_scope(to, deals)
    for deal in deals:
        edit_team(deal, actor=actor, version=deal.version, team=_team_after(deal, leaver, heir))
    if deals and to.user_id != actor.user_id:
        _tell_heir(to, leaver=leaver, actor=actor, deals=len(deals))
    return HandedOver(len(deals), left=open_deals_of(leaver).count() if len(ids) > MOST else 0)


def _tell_heir(to: Membership, *, leaver: Membership, actor: Actor, deals: int) -> None:
    admin = User.objects.filter(pk=actor.user_id).first() if actor.user_id else None
    announce(
        News.DEALS_HANDED_OVER,
        organization_id=to.organization_id,
        person=to.pk,
        path=reverse("partners:start", args=[to.organization.slug]),
        who=actor.name,
        email=admin.email if admin else "",
        leaver=leaver.user.full_name,
        deals=deals,
    )


def _locked(ids: Sequence[UUID]) -> list[Deal]:
    """Referrals first, as everywhere; a deal that was closed meanwhile is left alone."""
    for deal in Deal.objects.filter(pk__in=ids).order_by("pk"):
        deal_locking.send(Deal, deal=deal)
    rows = Deal.objects.select_for_update(no_key=True).filter(pk__in=ids, status=Status.ACCEPTED)
    return list(rows.order_by("pk").prefetch_related("team"))


def _team_after(deal: Deal, leaver: Membership, heir: Person) -> list[Person]:
    """The heir stands where the leaver stood, unless already there."""
    email = heir.email.lower()
    others = {one.email.lower() for one in deal.team.all() if one.membership_id != leaver.pk}
    team = []
    for one in deal.team.all():
        if one.membership_id != leaver.pk:
            team.append(person_of(one))
        elif email not in others:
            team.append(heir)
    return team


def _contact_of(member: Membership) -> Person:
    """With a phone, as teams need it (3.5): from an earlier team if the account has none."""
    user = member.user
    if user.phone:
        return Person(user.first_name, user.last_name, str(user.phone), user.email)
    earlier = TeamMember.objects.filter(
        organization_id=member.organization_id, membership=member
    ).exclude(phone="")
    known = earlier.order_by("-created_at").first()
    if known is None:
        raise Refused(
            "phone",
            _(
                "%(name)s has no phone number yet, and members of a team need one. Put %(name)s on"
                " the team of one deal first, with a number."
            )
            % {"name": user.full_name},
            field="colleague",
        )
    return person_of(known)


def _check_scope(to: Membership, deals: Sequence[Deal]) -> None:
    if not to.is_location_scoped:
        return
    seen = set(to.scopes.values_list("location_id", flat=True))
    hidden = sum(deal.location_id not in seen for deal in deals)
    if hidden:
        raise Refused(
            "scope",
            ngettext(
                "%(n)s of the deals is of a location that %(name)s does not see. Choose somebody"
                " else, or give %(name)s more locations first.",
                "%(n)s of the deals are of locations that %(name)s does not see. Choose somebody"
                " else, or give %(name)s more locations first.",
                hidden,
            )
            % {"n": hidden, "name": to.user.full_name},
            field="colleague",
        )
