"""Joining a company by a link that one of its admins sent (1.3).

One of the modules that may write for another organisation: who opens the link has none yet.
"""

import hmac
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cosell.core.errors import NotAllowed, Refused, Stale
from cosell.core.tenancy import acting_for
from partners.actors import Actor
from partners.history import record
from partners.mails import account_mail, is_sent
from partners.models import (
    Change,
    JoinInvitation,
    JoinInvitationLocation,
    Location,
    Membership,
    Organization,
    User,
)
from partners.models.joining import GOOD_FOR
from partners.people import Standing, check_standing, told_standing, write_scopes
from partners.permissions import Permission, Role


@dataclass(frozen=True)
class Invited:
    """The secret is nowhere but here, until the mail has it."""

    invitation: JoinInvitation
    secret: str

    @property
    def url(self) -> str:
        slug = self.invitation.organization.slug
        path = reverse("account_join", args=[slug, self.secret])
        return f"{settings.SITE_URL.rstrip('/')}{path}"


@dataclass(frozen=True)
class Newcomer:
    """What somebody without an account, or without a password yet, says about themselves."""

    first_name: str
    last_name: str
    phone: str
    password: str


@transaction.atomic
def invite_person(admin: Membership, *, email: str, standing: Standing) -> Invited:
    """Sends no mail: that has to wait for the commit."""
    organization = admin.organization
    _require(admin.actor)
    check_standing(organization, standing)
    email = email.lower()
    _check_not_here(organization, email)
    secret = token_urlsafe(32)
    try:
        with transaction.atomic():
            invitation = JoinInvitation.objects.create(
                organization=organization,
                email=email,
                role=standing.role,
                is_location_scoped=standing.is_location_scoped,
                secret_hash=_hash(secret),
                expires_at=timezone.now() + GOOD_FOR,
                invited_by=admin.user,
            )
    except IntegrityError as error:
        raise _invited_already(email) from error
    JoinInvitationLocation.objects.bulk_create(
        JoinInvitationLocation(organization=organization, invitation=invitation, location=location)
        for location in standing.locations
    )
    return Invited(invitation, secret)


@transaction.atomic
def renew(invitation: JoinInvitation, *, actor: Actor) -> Invited:
    """A new link, good for as long as the first was; the old one stops working."""
    _require(actor)
    secret = token_urlsafe(32)
    expires_at = timezone.now() + GOOD_FOR
    if not _waiting(invitation, secret_hash=_hash(secret), expires_at=expires_at, mailed_at=None):
        raise _waits_no_more(invitation)
    invitation.expires_at = expires_at
    return Invited(invitation, secret)


def revoke(invitation: JoinInvitation, *, actor: Actor) -> None:
    _require(actor)
    if not _waiting(invitation, revoked_at=timezone.now()):
        raise _waits_no_more(invitation)


def mail_invitation(invited: Invited) -> bool:
    """Run after the commit. False if no mail could be sent."""
    invitation = invited.invitation
    with acting_for(invitation.organization_id):
        context = {
            "company": invitation.organization.name,
            "inviter": invitation.invited_by,
            "role": Role(invitation.role).label,
            "locations": [str(one) for one in invitation.locations.order_by("name")],
            "email": invitation.email,
            "url": invited.url,
            "days": GOOD_FOR.days,
        }
        mail = account_mail("partners/email/join", to=[invitation.email], context=context)
    if not is_sent(mail):
        return False
    with acting_for(invitation.organization_id):
        _waiting(invitation, mailed_at=timezone.now())
    return True


def invitation_behind(slug: str, secret: str) -> JoinInvitation | None:
    """What a link stands for, whether it still works or not; None for a link that never did."""
    organization = Organization.objects.filter(slug=slug, is_active=True).first()
    if organization is None:
        return None
    with acting_for(organization.pk):
        found = JoinInvitation.objects.filter(organization=organization, secret_hash=_hash(secret))
        return found.select_related("organization", "invited_by").first()


def account_of(invitation: JoinInvitation) -> User | None:
    return User.objects.filter(email=invitation.email.lower()).first()


def has_way_in(account: User) -> bool:
    """Whoever can sign in already does so first: a link alone must not change how."""
    accounts = SocialAccount.objects.filter(user=account)
    return account.has_usable_password() or accounts.exists()


def join(invitation: JoinInvitation, *, user: User) -> Membership:
    """Use the link up for somebody who has an account and is signed in with it."""
    if user.email.lower() != invitation.email.lower():
        raise NotAllowed("other_person", _("This invitation is for another address."))
    with transaction.atomic(), acting_for(invitation.organization_id):
        return _join(invitation, user)


def join_as_newcomer(invitation: JoinInvitation, newcomer: Newcomer) -> Membership:
    """Use the link up and make the account, or give the one that has no password yet its first."""
    with transaction.atomic(), acting_for(invitation.organization_id):
        _lock(invitation)
        account = account_of(invitation)
        if account and has_way_in(account):
            raise Refused("has_account", _("There is an account with this address. Sign in first."))
        user = account or User(email=invitation.email.lower())
        user.first_name, user.last_name = newcomer.first_name, newcomer.last_name
        user.phone = newcomer.phone
        user.set_password(newcomer.password)
        user.save()
        return _join(invitation, user)


def why_gone(invitation: JoinInvitation) -> str:
    if invitation.accepted_at:
        return _("It was used already. If that was you, just sign in.")
    if invitation.revoked_at:
        return _("It was taken back.")
    return _("It was good until %(day)s.") % {
        "day": date_format(timezone.localtime(invitation.expires_at), "j E Y")
    }


def _join(invitation: JoinInvitation, user: User) -> Membership:
    current = _lock(invitation)
    if not user.is_active:
        raise Refused("inactive", _("Your account is switched off."))
    if Membership.objects.filter(organization=current.organization, user=user).exists():
        raise Refused("member", _("You belong to this company already, or did before."))
    locations = list(Location.objects.filter(joininvitationlocation__invitation=current))
    if current.is_location_scoped and not locations:
        raise Refused("no_location", _("The location you were invited for no longer exists."))
    membership = Membership.objects.create(
        organization=current.organization,
        user=user,
        role=current.role,
        is_location_scoped=current.is_location_scoped,
    )
    write_scopes(membership, locations)
    JoinInvitation.objects.filter(pk=current.pk).update(
        accepted_at=timezone.now(), membership=membership
    )
    record(
        current.organization_id,
        Change.PERSON_JOINED,
        actor=membership.actor,
        subject=user.full_name,
        after=told_standing(Standing(Role(current.role), locations)),
    )
    return membership


def _lock(invitation: JoinInvitation) -> JoinInvitation:
    """The row as it is now; whoever clicks second finds the link used up."""
    rows = JoinInvitation.objects.select_for_update(of=("self",)).select_related("organization")
    current = rows.get(pk=invitation.pk)
    is_same = hmac.compare_digest(current.secret_hash, invitation.secret_hash)
    if not current.is_open or not is_same:
        raise Stale("used", _("This link does not work any more."))
    return current


def _waiting(invitation: JoinInvitation, **columns: object) -> bool:
    """The guarded UPDATE of what nobody has accepted yet."""
    rows = JoinInvitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    return rows.update(**columns) == 1


def _check_not_here(organization: Organization, email: str) -> None:
    known = Membership.objects.filter(organization=organization, user__email=email).first()
    if known is None:
        return
    if known.is_active:
        text = _("%(email)s belongs to %(company)s already.")
    else:
        text = _(
            "%(email)s belonged to %(company)s before: find the person in the list and reactivate."
        )
    words = {"email": email, "company": organization.name}
    raise Refused("member", text % words, field="email")


def _invited_already(email: str) -> Refused:
    return Refused(
        "invited_already",
        _("%(email)s was invited already. Send the link again from the list, or revoke it first.")
        % {"email": email},
        field="email",
    )


def _waits_no_more(invitation: JoinInvitation) -> Stale:
    return Stale(
        "waits_no_more",
        _("The invitation of %(email)s waits no more: it was accepted or revoked.")
        % {"email": invitation.email},
    )


def _require(actor: Actor) -> None:
    if Permission.MANAGE_COMPANY not in actor.permissions:
        raise NotAllowed("permission", _("Your role does not allow inviting people."))


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
