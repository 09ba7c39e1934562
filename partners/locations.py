"""The locations of a company: where deals are worked on, and invitations can be sent to (1.1).

None is ever deleted: deals keep the location they were made at. One that is no longer used is
retired, and then nothing new goes there.
"""

from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cosell.core.errors import NotAllowed, Refused, Stale
from partners.actors import Actor
from partners.models import Location, Organization
from partners.permissions import Permission


@dataclass(frozen=True)
class Place:
    name: str
    city: str
    country: str
    mpn_location_id: str


def add_location(organization: Organization, *, place: Place, actor: Actor) -> Location:
    """The first one of a company is its main location."""
    _require(actor)
    is_first = not Location.objects.filter(organization=organization).exists()
    location = Location(organization=organization, is_main=is_first, **asdict(place))
    _save(location)
    return location


def edit_location(location: Location, *, place: Place, actor: Actor) -> Location:
    """What was written on invitations and in histories stays as it was."""
    _require(actor)
    for name, value in asdict(place).items():
        setattr(location, name, value)
    _save(location)
    return location


@transaction.atomic
def make_main(location: Location, *, actor: Actor) -> None:
    _require(actor)
    if _current(location).retired_at:
        raise Refused("retired", _("A retired location cannot be the main one. Reopen it first."))
    others = Location.objects.filter(organization_id=location.organization_id, is_main=True)
    others.exclude(pk=location.pk).update(is_main=False)
    Location.objects.filter(pk=location.pk).update(is_main=True)


@transaction.atomic
def retire_location(location: Location, *, actor: Actor) -> None:
    _require(actor)
    current = _current(location)
    if current.is_main:
        raise Refused("main", _("Make another location the main one first."))
    if current.retired_at:
        raise Stale("retired_already", _("Somebody was faster: this is done already."))
    Location.objects.filter(pk=location.pk).update(retired_at=timezone.now())


@transaction.atomic
def reopen_location(location: Location, *, actor: Actor) -> None:
    _require(actor)
    if not _current(location).retired_at:
        raise Stale("open_already", _("Somebody was faster: this is done already."))
    Location.objects.filter(pk=location.pk).update(retired_at=None)


def _current(location: Location) -> Location:
    """The row as it is now, while nobody else changes which location is the main one."""
    company = Location.objects.filter(organization_id=location.organization_id)
    rows = {one.pk: one for one in company.order_by("pk").select_for_update(no_key=True)}
    return rows[location.pk]


def _save(location: Location) -> None:
    try:
        with transaction.atomic():
            location.save()
    except IntegrityError as error:
        broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        if "mpn_id" in broken:
            text = _("Another of your locations has this MPN location ID.")
            raise Refused("mpn_id", text, field="mpn_location_id") from error
        if "name" in broken:
            text = _("Another of your locations has this name.")
            raise Refused("name", text, field="name") from error
        raise


def _require(actor: Actor) -> None:
    if Permission.MANAGE_COMPANY not in actor.permissions:
        raise NotAllowed("permission", _("Your role does not allow changing locations."))
