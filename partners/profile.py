"""What a company tells about itself (1.1); its name is that of its MPN account."""

from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from cosell.core.errors import NotAllowed
from partners.actors import Actor
from partners.models import Organization
from partners.permissions import Permission


@dataclass(frozen=True)
class Description:
    description: str
    website: str
    country: str
    countries: list[str]
    industries: list[str]


def describe(organization: Organization, *, description: Description, actor: Actor) -> None:
    if Permission.MANAGE_COMPANY not in actor.permissions:
        raise NotAllowed("permission", _("Your role does not allow changing the profile."))
    Organization.objects.filter(pk=organization.pk).update(**asdict(description))
