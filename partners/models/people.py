"""People, and their part in an organisation (1.3)."""

import uuid
from datetime import tzinfo
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from partners.actors import Actor
from partners.models.organizations import Location, Organization
from partners.permissions import (
    LOCATION_ROLES,
    PERMISSIONS,
    TEAM_ONLY_ROLES,
    Permission,
    Role,
)


def scope_fits_role() -> models.Q:
    """Only some roles can be limited to locations (1.3)."""
    return models.Q(is_location_scoped=False) | models.Q(role__in=LOCATION_ROLES)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person, who may belong to several organisations; never read across companies."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    phone = PhoneNumberField(_("phone"), blank=True)
    # Empty for the installation's own.
    time_zone = models.CharField(_("time zone"), max_length=50, blank=True, db_default="")
    # Empty until the first sign-in.
    language = models.CharField(_("language"), max_length=10, blank=True, db_default="")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    # Part of every session; counting it up ends them all at once.
    session_generation = models.PositiveIntegerField(default=0, db_default=0)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name", "last_name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_any_case")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @property
    def zone(self) -> tzinfo:
        """The installation's also where the chosen one is gone from the time zone database."""
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            return timezone.get_default_timezone()

    @property
    def reading_language(self) -> str:
        """The installation's also where the chosen one is no longer offered."""
        offered = dict(settings.LANGUAGES)
        return self.language if self.language in offered else settings.LANGUAGE_CODE

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        return salted_hmac(
            "partners.models.User.session",
            f"{self.password}:{self.session_generation}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class Membership(models.Model):
    """A person's role in an organisation. Without locations the role is company-wide."""

    # What keeps somebody out of it: an unlinked tenant, a missing second factor. Only
    # `memberships_of` says so.
    is_let_in: bool
    lacks_factor: bool

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="memberships"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    is_active = models.BooleanField(default=True)
    is_location_scoped = models.BooleanField(default=False)
    # Added by somebody else, and the mail that tells of it has not gone out yet.
    awaits_mail = models.BooleanField(default=False, db_default=False)
    locations = models.ManyToManyField(Location, through="MembershipLocation", related_name="+")
    # To a quarter of an hour; None for who never came.
    last_seen_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=scope_fits_role(), name="membership_scope_fits_role"),
            models.UniqueConstraint(
                fields=["organization", "id"], name="membership_organization_id"
            ),
            models.UniqueConstraint(
                fields=["organization", "user"], name="membership_once_per_organization"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    @property
    def permissions(self) -> frozenset[Permission]:
        return PERMISSIONS[Role(self.role)]

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def is_kept_out(self) -> bool:
        return self.lacks_factor or not self.is_let_in

    @property
    def sees_only_own_deals(self) -> bool:
        return self.role in TEAM_ONLY_ROLES

    @property
    def actor(self) -> Actor:
        return Actor(
            name=self.user.full_name,
            user_id=self.user_id,
            organization_id=self.organization_id,
            permissions=self.permissions,
        )


class Vetting(models.Model):
    """That the vendor let a partner carry out solution assessments, or no longer does (1.6).

    Append-only, and read by both companies.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="vettings")
    is_vetted = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes = [models.Index(fields=["partner", "-id"], name="vetting_by_partner")]

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.is_vetted}"


class MembershipLocation(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="scopes")
    location = models.ForeignKey(Location, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "membership", "location"],
                name="membership_location_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} at {self.location_id}"
