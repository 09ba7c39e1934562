"""How people come to a company: somebody's admin sends them a link (1.3)."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.organizations import Location, Organization
from partners.models.people import Membership, User, scope_fits_role
from partners.permissions import Role

GOOD_FOR = timedelta(days=7)


class JoinInvitation(models.Model):
    """The link carries a secret that only the mail knows; kept here is its hash.

    It works once, until it expires, is revoked, or is replaced by that of a newer mail.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    is_location_scoped = models.BooleanField(default=False)
    locations = models.ManyToManyField(Location, through="JoinInvitationLocation", related_name="+")
    secret_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    # None until a mail has left.
    mailed_at = models.DateTimeField(null=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    membership = models.ForeignKey(
        Membership, null=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="join_invitation_organization_id"
            ),
            models.UniqueConstraint(
                fields=["organization", "secret_hash"], name="join_invitation_secret_unique"
            ),
            models.UniqueConstraint(
                "organization", Lower("email"),
                condition=Q(accepted_at=None, revoked_at=None),
                name="join_invitation_one_open_per_address",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None),
                name="join_invitation_accepted_or_revoked",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, membership=None)
                | Q(accepted_at__isnull=False, membership__isnull=False),
                name="join_invitation_membership_iff_accepted",
            ),
            models.CheckConstraint(
                condition=scope_fits_role(), name="join_invitation_scope_fits_role"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.email

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None and not self.is_expired


class JoinInvitationLocation(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    invitation = models.ForeignKey(JoinInvitation, on_delete=models.CASCADE, related_name="scopes")
    location = models.ForeignKey(Location, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "invitation", "location"],
                name="join_invitation_location_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id} at {self.location_id}"
