"""How organisations come into being: the company, its first location and its first admin (1.7).

One of the modules that may write for another organisation.
"""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cosell.core.errors import NotAllowed, Refused
from cosell.core.tenancy import acting_for
from partners.actors import Actor
from partners.mails import account_mail, is_sent, password_link, start_link
from partners.models import (
    Kind,
    Location,
    Membership,
    Organization,
    OrganizationAccount,
    User,
)
from partners.people import ROLES, Standing, check_standing
from partners.permissions import Permission, Role

FIRST_ADMIN = {kind: roles[0] for kind, roles in ROLES.items()}


@dataclass(frozen=True)
class NewOrganization:
    name: str
    slug: str
    country: str
    mpn_id: str
    kind: Kind


@dataclass(frozen=True)
class NewLocation:
    name: str
    city: str
    country: str
    mpn_location_id: str


@dataclass(frozen=True)
class NewAdmin:
    first_name: str
    last_name: str
    email: str
    phone: str


@dataclass(frozen=True)
class Provisioned:
    membership: Membership
    # Somebody who has an account already signs in as before.
    needs_password: bool

    @property
    def organization(self) -> Organization:
        return self.membership.organization

    @property
    def admin(self) -> User:
        return self.membership.user


def add_organization(
    new: NewOrganization,
    *,
    location: NewLocation,
    admin: NewAdmin,
    actor: Actor,
    awaits_mail: bool = False,
) -> Provisioned:
    """Create everything a company needs to begin, or nothing.

    The first admin's address decides: an unknown one becomes an account without a password, a known
    one gets a membership and keeps its name. Sends no mail; `awaits_mail` says that one has to go.
    """
    if Permission.MANAGE_PARTNERS not in actor.permissions:
        raise NotAllowed("permission", _("Your role does not allow adding organisations."))
    try:
        with transaction.atomic():
            return _add(new, location=location, admin=admin, awaits_mail=awaits_mail)
    except IntegrityError as error:
        raise _explained(error, new) from error


def add_member(
    organization: Organization, *, user: User, role: Role, awaits_mail: bool = False
) -> Membership:
    """Join somebody without a link; the caller acts for the organisation."""
    check_standing(organization, Standing(role))
    return Membership.objects.create(
        organization=organization, user=user, role=role, awaits_mail=awaits_mail
    )


def mail_first_admin(membership: Membership) -> bool:
    """Tell a first admin how to get in; run after the commit. False if no mail could be sent."""
    sent = is_sent(_welcome(membership.user, membership.organization))
    if sent:
        with acting_for(membership.organization_id):
            Membership.objects.filter(pk=membership.pk).update(awaits_mail=False)
    return sent


def first_password_link(user: User) -> str:
    """Good for one password, and for as long as any link of a forgotten one."""
    return password_link(user_pk_to_url_str(user), default_token_generator.make_token(user))


def admins_to_mail(organization: Organization) -> list[Membership]:
    """Admins who never came, or whom no mail told yet; read for the organisation they belong to."""
    with acting_for(organization.pk):
        members = Membership.objects.filter(
            organization=organization,
            is_active=True,
            user__is_active=True,
            role=FIRST_ADMIN[Kind(organization.kind)],
        ).select_related("organization", "user")
        return [one for one in members if one.awaits_mail or not one.user.has_usable_password()]


def _welcome(user: User, organization: Organization) -> EmailMessage:
    """Where to set a password; for somebody who has one, that a company was added to it."""
    context: dict[str, Any] = {"user": user, "company": organization.name}
    if user.has_usable_password():
        context["url"] = start_link(organization.slug)
        return account_mail("partners/email/membership", to=[user.email], context=context)
    context["url"] = first_password_link(user)
    context["days"] = settings.PASSWORD_RESET_TIMEOUT // 86400
    return account_mail("partners/email/welcome", to=[user.email], context=context)


def _add(
    new: NewOrganization, *, location: NewLocation, admin: NewAdmin, awaits_mail: bool
) -> Provisioned:
    _check_free(new)
    user, needs_password = _account_of(admin)
    pk = uuid4()
    with acting_for(pk):
        organization = Organization.objects.create(
            id=pk, kind=new.kind, name=new.name, slug=new.slug, country=new.country
        )
        OrganizationAccount.objects.create(organization=organization, mpn_id=new.mpn_id)
        Location.objects.create(
            organization=organization,
            name=location.name,
            city=location.city,
            country=location.country,
            mpn_location_id=location.mpn_location_id,
            is_main=True,
        )
        membership = add_member(
            organization, user=user, role=FIRST_ADMIN[new.kind], awaits_mail=awaits_mail
        )
    return Provisioned(membership, needs_password)


def _check_free(new: NewOrganization) -> None:
    if new.kind == Kind.VENDOR:
        vendor = Organization.objects.filter(kind=Kind.VENDOR).first()
        if vendor:
            raise Refused(
                "vendor",
                _("There is a vendor already: %(name)s. An installation has one.")
                % {"name": vendor.name},
            )
    if not new.slug:
        raise Refused("slug", _("Choose a web address of Latin letters."), field="slug")
    if Organization.objects.filter(slug=new.slug).exists():
        raise _slug_taken(new)


def _account_of(admin: NewAdmin) -> tuple[User, bool]:
    known = User.objects.filter(email=admin.email.lower()).first()
    if known is None:
        created = User.objects.create_user(
            admin.email, first_name=admin.first_name, last_name=admin.last_name, phone=admin.phone
        )
        return created, True
    if not known.is_active:
        raise Refused(
            "inactive",
            _("The account with this e-mail address is switched off. Choose somebody else."),
            field="email",
        )
    return known, not known.has_usable_password()


def _explained(error: IntegrityError, new: NewOrganization) -> Refused:
    """What somebody else was faster with, or what policies hide from the caller."""
    broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    if "mpn_id" in broken:
        return Refused("mpn_id", _("Another organisation has this MPN account ID."), field="mpn_id")
    if "user" in broken:
        return Refused(
            "email", _("This person was added a moment ago. Please try again."), field="email"
        )
    return _slug_taken(new)


def _slug_taken(new: NewOrganization) -> Refused:
    return Refused(
        "slug",
        _("The web address “%(slug)s” is taken. Is %(name)s among the partners already?")
        % {"slug": new.slug, "name": new.name},
        field="slug",
    )
