"""What an admin changes about the people of their company (1.3).

Nobody changes their own part: whoever changes something is an admin and stays one, so that a
company is never left without.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cosell.core.errors import NotAllowed, Refused, Stale
from cosell.core.tenancy import APP_ROLE, database_identity
from partners.actors import Actor
from partners.announcements import News, announce
from partners.history import record
from partners.models import (
    Change,
    Kind,
    Location,
    Membership,
    MembershipLocation,
    Organization,
    User,
)
from partners.permissions import (
    ADMIN_ROLES,
    LOCATION_ROLES,
    PARTNER_ROLES,
    VENDOR_ROLES,
    Permission,
    Role,
)
from partners.queries import admins_of

ROLES = {Kind.PARTNER: PARTNER_ROLES, Kind.VENDOR: VENDOR_ROLES}
LAST_SEEN_EVERY = timedelta(minutes=15)


@dataclass(frozen=True)
class Standing:
    """What somebody is in a company, and for which of its locations; none means all of it."""

    role: Role
    locations: Sequence[Location] = ()

    @property
    def is_location_scoped(self) -> bool:
        return bool(self.locations)


def check_standing(organization: Organization, standing: Standing) -> None:
    if standing.role not in ROLES[Kind(organization.kind)]:
        raise Refused(
            "role",
            _("Nobody at %(company)s can have this role.") % {"company": organization.name},
            field="role",
        )
    if standing.locations and standing.role not in LOCATION_ROLES:
        able = [
            str(role.label) for role in ROLES[Kind(organization.kind)] if role in LOCATION_ROLES
        ]
        raise Refused(
            "scope",
            _("Only this role can be limited to locations: %(roles)s.")
            % {"roles": ", ".join(able)},
            field="locations",
        )


@transaction.atomic
def change_standing(membership: Membership, *, standing: Standing, actor: Actor) -> Membership:
    current = _locked(membership, actor=actor)
    check_standing(current.organization, standing)
    before = standing_of(current)
    current.role, current.is_location_scoped = standing.role, standing.is_location_scoped
    current.save(update_fields=["role", "is_location_scoped"])
    write_scopes(current, standing.locations)
    after = told_standing(standing)
    if after != before:
        _record(Change.ROLE_CHANGED, current, actor=actor, before=before, after=after)
    return current


@transaction.atomic
def deactivate(membership: Membership, *, actor: Actor) -> None:
    """Nothing of the company is open to them from now on, and all their sessions end."""
    current = _locked(membership, actor=actor)
    if not current.is_active:
        raise Stale("deactivated_already", _("Somebody was faster: this is done already."))
    Membership.objects.filter(pk=current.pk).update(is_active=False)
    User.objects.filter(pk=current.user_id).update(session_generation=F("session_generation") + 1)
    _record(Change.PERSON_DEACTIVATED, current, actor=actor)


@transaction.atomic
def reactivate(membership: Membership, *, actor: Actor) -> None:
    current = _locked(membership, actor=actor)
    if current.is_active:
        raise Stale("active_already", _("Somebody was faster: this is done already."))
    Membership.objects.filter(pk=current.pk).update(is_active=True)
    _record(Change.PERSON_REACTIVATED, current, actor=actor, after=standing_of(current))


def standing_of(membership: Membership) -> dict[str, Any]:
    """As the history keeps it."""
    places = membership.locations.all() if membership.is_location_scoped else ()
    return told_standing(Standing(Role(membership.role), list(places)))


def told_standing(standing: Standing) -> dict[str, Any]:
    """A role, and the locations as they are called now."""
    return {
        "role": standing.role.value,
        "locations": sorted(place.name for place in standing.locations),
    }


def write_scopes(membership: Membership, locations: Iterable[Location]) -> None:
    MembershipLocation.objects.filter(membership=membership).delete()
    MembershipLocation.objects.bulk_create(
        MembershipLocation(
            organization_id=membership.organization_id, membership=membership, location=location
        )
        for location in locations
    )


def note_visit(member: Membership) -> None:
    """When somebody was here last; in a transaction of its own, and not for every page."""
    now = timezone.now()
    if member.last_seen_at and now - member.last_seen_at < LAST_SEEN_EVERY:
        return
    with database_identity(APP_ROLE, organization=member.organization_id):
        Membership.objects.filter(pk=member.pk).update(last_seen_at=now)


def why_not_oneself(organization_id: UUID, user_id: UUID | None) -> str:
    """Names who can do it instead (1.4)."""
    others = [admin for admin in admins_of(organization_id) if admin.pk != user_id]
    if not others:
        return _(
            "You are the only admin, and a company needs one. Give a colleague this role first;"
            " then they can change yours."
        )
    named = ", ".join(f"{admin.full_name} ({admin.email})" for admin in others)
    return _("Your own role and access are for another admin to change: %(admins)s.") % {
        "admins": named
    }


def _record(kind: Change, membership: Membership, *, actor: Actor, **data: Any) -> None:
    """Into the company's history, and for the person to read."""
    company = membership.organization
    record(company.pk, kind, actor=actor, subject=membership.user.full_name, **data)
    announce(
        News.ACCESS_CHANGED,
        organization_id=company.pk,
        person=membership.pk,
        path=reverse("partners:start", args=[company.slug]),
        who=actor.name,
        company=company.name,
        change=kind.value,
        **data,
    )


def _locked(membership: Membership, *, actor: Actor) -> Membership:
    """The row as it is now, while no other admin changes any admin's.

    Two admins who turn against each other take turns; the second is none by then.
    """
    if Permission.MANAGE_COMPANY not in actor.permissions:
        raise NotAllowed("permission", _("Your role does not allow looking after people."))
    admins = Membership.objects.filter(
        organization_id=membership.organization_id, is_active=True, role__in=ADMIN_ROLES
    )
    locked = admins.order_by("pk").select_for_update(no_key=True)
    if actor.user_id not in {admin.user_id for admin in locked}:
        raise NotAllowed("permission", _("You are no longer an admin of this company."))
    if membership.user_id == actor.user_id:
        raise Refused("oneself", why_not_oneself(membership.organization_id, actor.user_id))
    mine = Membership.objects.select_for_update(no_key=True, of=("self",))
    return mine.select_related("organization", "user").get(pk=membership.pk)
