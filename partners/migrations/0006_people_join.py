"""Who joins, how far they see, when they were here last, and how all their sessions end (1.3)."""

import uuid

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Lower

ORGANIZATION = "partners.organization"
ROLES = [
    ("mpn_admin", "MPN partner admin"),
    ("referrals_admin", "Referrals admin"),
    ("referrals_user", "Referrals user"),
    ("vendor_admin", "Vendor admin"),
    ("vendor_seller", "Seller"),
    ("reviewer", "Registration reviewer"),
    ("observer", "Observer"),
]
SCOPE_FITS_ROLE = Q(is_location_scoped=False) | Q(role__in=("referrals_admin", "vendor_seller"))


class Migration(migrations.Migration):
    dependencies = [("partners", "0005_vetting")]

    operations = [
        migrations.AddField(
            "user", "session_generation", models.PositiveIntegerField(db_default=0, default=0)
        ),
        migrations.AddField(
            "membership", "last_seen_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddConstraint(
            "membership",
            models.CheckConstraint(condition=SCOPE_FITS_ROLE, name="membership_scope_fits_role"),
        ),
        migrations.CreateModel(
            "JoinInvitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("role", models.CharField(choices=ROLES, max_length=20, verbose_name="role")),
                ("is_location_scoped", models.BooleanField(default=False)),
                ("secret_hash", models.CharField(max_length=64)),
                ("expires_at", models.DateTimeField()),
                ("mailed_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        null=True,
                        on_delete=models.CASCADE,
                        related_name="+",
                        to="partners.membership",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=ORGANIZATION),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["organization", "id"], name="join_invitation_organization_id"
                    ),
                    models.UniqueConstraint(
                        fields=["organization", "secret_hash"],
                        name="join_invitation_secret_unique",
                    ),
                    models.UniqueConstraint(
                        models.F("organization"),
                        Lower("email"),
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
                        condition=SCOPE_FITS_ROLE, name="join_invitation_scope_fits_role"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            "JoinInvitationLocation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "invitation",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="scopes",
                        to="partners.joininvitation",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(on_delete=models.CASCADE, to="partners.location"),
                ),
                (
                    "organization",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=ORGANIZATION),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["organization", "invitation", "location"],
                        name="join_invitation_location_once",
                    )
                ]
            },
        ),
        migrations.AddField(
            "joininvitation",
            "locations",
            models.ManyToManyField(
                related_name="+",
                through="partners.JoinInvitationLocation",
                to="partners.location",
            ),
        ),
    ]
