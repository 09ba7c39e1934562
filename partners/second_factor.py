"""That a company asks its people for a second factor besides the password (1.2).

What the factors are, and checking them, is django-allauth's.
"""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from cosell.core.errors import NotAllowed, Stale
from partners.history import record
from partners.models import Change, Membership, OrganizationAccount
from partners.permissions import Permission
from partners.queries import SECOND_FACTORS


def requires_second_factor(organization_id: UUID) -> bool:
    accounts = OrganizationAccount.objects.filter(organization_id=organization_id)
    return accounts.filter(requires_second_factor=True).exists()


def people_without(organization_id: UUID) -> int:
    """How many active people would have to set one up first."""
    factors = Authenticator.objects.filter(user=OuterRef("user"), type__in=SECOND_FACTORS)
    people = Membership.objects.filter(
        ~Exists(factors), organization_id=organization_id, is_active=True, user__is_active=True
    )
    return people.count()


@transaction.atomic
def set_requirement(admin: Membership, *, is_required: bool) -> None:
    """Holds from the next page on, for who is signed in already, too."""
    if not admin.may(Permission.MANAGE_COMPANY):
        raise NotAllowed("permission", _("Your role does not allow changing how people sign in."))
    accounts = OrganizationAccount.objects.filter(
        organization_id=admin.organization_id, requires_second_factor=not is_required
    )
    if accounts.update(requires_second_factor=is_required) != 1:
        raise Stale("decided_already", _("Somebody was faster: this is done already."))
    kind = Change.FACTOR_REQUIRED if is_required else Change.FACTOR_OPTIONAL
    record(admin.organization_id, kind, actor=admin.actor)
