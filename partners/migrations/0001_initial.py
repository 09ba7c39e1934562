"""People, companies, their locations and solutions, and who may join."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_extensions_and_privileges"),
    ]

    operations = [
        migrations.CreateModel(
            name="Organization",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("partner", "Partner"), ("vendor", "Vendor")],
                        default="partner",
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("country", models.CharField(max_length=2, verbose_name="country")),
                (
                    "description",
                    models.TextField(
                        blank=True, max_length=1000, verbose_name="what the company does"
                    ),
                ),
                ("website", models.URLField(blank=True, verbose_name="website")),
                (
                    "countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "industries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("agriculture", "Agriculture and food"),
                                ("construction", "Construction and real estate"),
                                ("education", "Education"),
                                ("energy", "Energy and utilities"),
                                ("finance", "Banking and capital markets"),
                                ("government", "Public sector"),
                                ("health", "Health and life sciences"),
                                ("hospitality", "Travel and hospitality"),
                                ("insurance", "Insurance"),
                                ("logistics", "Transport and logistics"),
                                ("manufacturing", "Manufacturing"),
                                ("media", "Media and telecommunications"),
                                ("retail", "Retail and consumer goods"),
                                ("services", "Professional services"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "responsiveness",
                    models.PositiveSmallIntegerField(db_default=56, default=56, editable=False),
                ),
                (
                    "answer_grade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("quick", "Answers quickly"),
                            ("reliable", "Answers reliably"),
                            ("patchy", "Leaves some invitations unanswered"),
                            ("rare", "Often does not answer"),
                        ],
                        db_default="",
                        default="",
                        editable=False,
                        max_length=10,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("responsiveness"), descending=True),
                        models.F("name"),
                        models.F("id"),
                        condition=models.Q(("is_active", True), ("kind", "partner")),
                        name="organization_by_answers",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "vendor")),
                        fields=("kind",),
                        name="organization_only_one_vendor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("website", ""), ("website__iregex", "^https?://"), _connector="OR"
                        ),
                        name="organization_website_is_http",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DirectoryTenant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tenants",
                        to="partners.organization",
                    ),
                ),
                ("tenant_id", models.UUIDField(verbose_name="tenant ID")),
                ("domain", models.CharField(max_length=253, verbose_name="domain")),
                ("linked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("linked_by_name", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "domain", "tenant_id"), name="directory_tenant_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("domain", django.db.models.functions.text.Lower("domain")),
                            models.Q(("domain", ""), _negated=True),
                        ),
                        name="directory_tenant_domain_is_lower_case",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Location",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="locations",
                        to="partners.organization",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("city", models.CharField(max_length=120, verbose_name="city")),
                ("country", models.CharField(max_length=2, verbose_name="country")),
                (
                    "mpn_location_id",
                    models.CharField(max_length=20, verbose_name="MPN location ID"),
                ),
                ("is_main", models.BooleanField(default=False)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="location_organization_id"
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "mpn_location_id"), name="location_mpn_id_unique"
                    ),
                    models.UniqueConstraint(
                        models.F("organization"),
                        django.db.models.functions.text.Lower("name"),
                        name="location_name_unique",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_main", True)),
                        fields=("organization",),
                        name="location_only_one_main",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_main", False), ("retired_at", None), _connector="OR"
                        ),
                        name="location_main_is_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Solution",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="solutions",
                        to="partners.organization",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("solution", "Solution"), ("assessment", "Solution assessment")],
                        default="solution",
                        max_length=12,
                    ),
                ),
                ("code", models.CharField(max_length=20, verbose_name="code")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("summary", models.CharField(blank=True, max_length=500, verbose_name="summary")),
                (
                    "status",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "In market"), (2, "Co-sell ready"), (3, "Incentive eligible")],
                        default=1,
                        verbose_name="co-sell status",
                    ),
                ),
                ("is_published", models.BooleanField(default=False, verbose_name="published")),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_published", True), ("retired_at", None)),
                        fields=["organization", "name"],
                        name="solution_offered",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="solution_organization_id"
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "code"), name="solution_code_unique"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CoSellRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="co_sell_requests",
                        to="partners.organization",
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requests",
                        to="partners.solution",
                    ),
                ),
                (
                    "wanted",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "In market"), (2, "Co-sell ready"), (3, "Incentive eligible")],
                        verbose_name="wanted status",
                    ),
                ),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=200)),
                ("summary", models.CharField(max_length=500)),
                ("contacts", models.JSONField(default=list)),
                ("message", models.TextField(blank=True, max_length=1000)),
                ("asked_by_name", models.CharField(max_length=200)),
                ("asked_by_email", models.EmailField(max_length=254)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("is_granted", models.BooleanField(null=True)),
                ("answered_by_name", models.CharField(blank=True, max_length=200)),
                ("reason", models.TextField(blank=True, max_length=1000)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at", None), ("withdrawn_at", None)),
                        fields=["vendor", "asked_at"],
                        name="co_sell_request_waiting",
                    ),
                    models.Index(
                        fields=["organization", "solution", "-asked_at"], name="co_sell_by_solution"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at", None), ("withdrawn_at", None)),
                        fields=("organization", "solution"),
                        name="co_sell_request_one_open_per_solution",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("is_granted", None)),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("is_granted__isnull", False),
                                ("withdrawn_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="co_sell_request_granted_iff_answered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_granted", None),
                            ("is_granted", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="co_sell_request_refusal_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SolutionContact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="partners.solution",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=160, verbose_name="name")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "solution", "email"), name="solution_contact_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "email",
                    models.EmailField(max_length=254, unique=True, verbose_name="e-mail address"),
                ),
                ("first_name", models.CharField(max_length=80, verbose_name="first name")),
                ("last_name", models.CharField(max_length=80, verbose_name="last name")),
                (
                    "phone",
                    phonenumber_field.modelfields.PhoneNumberField(
                        blank=True, max_length=128, region=None, verbose_name="phone"
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        blank=True, db_default="", max_length=50, verbose_name="time zone"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True, db_default="", max_length=10, verbose_name="language"
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now)),
                ("session_generation", models.PositiveIntegerField(db_default=0, default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        name="user_email_unique_any_case",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("session_key", models.CharField(max_length=40)),
                (
                    "user_agent",
                    models.CharField(blank=True, max_length=300, verbose_name="browser"),
                ),
                ("ip", models.GenericIPAddressField(null=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["user", "-last_seen_at"], name="sign_in_of_user")],
            },
        ),
        migrations.CreateModel(
            name="Vetting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="vettings",
                        to="partners.organization",
                    ),
                ),
                ("is_vetted", models.BooleanField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["partner", "-id"], name="vetting_by_partner")],
            },
        ),
        migrations.CreateModel(
            name="CompanyEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("tenant_linked", "Tenant linked"),
                            ("tenant_unlinked", "Tenant unlinked"),
                            ("link_asked", "Link requested"),
                            ("link_granted", "Link approved"),
                            ("link_refused", "Link refused"),
                            ("factor_required", "Second factor required"),
                            ("factor_optional", "Second factor no longer required"),
                            ("person_joined", "Joined"),
                            ("role_changed", "Role changed"),
                            ("person_deactivated", "Deactivated"),
                            ("mark_lowered", "Co-sell status lowered"),
                            ("person_reactivated", "Reactivated"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("by_name", models.CharField(max_length=200)),
                ("by_company", models.CharField(blank=True, max_length=200)),
                ("subject", models.CharField(blank=True, max_length=253)),
                ("data", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["organization", "-id"], name="company_event_newest")
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="partners.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("mpn_admin", "MPN partner admin"),
                            ("referrals_admin", "Referrals admin"),
                            ("referrals_user", "Referrals user"),
                            ("vendor_admin", "Vendor admin"),
                            ("vendor_seller", "Seller"),
                            ("reviewer", "Registration reviewer"),
                            ("observer", "Observer"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("is_location_scoped", models.BooleanField(default=False)),
                ("awaits_mail", models.BooleanField(db_default=False, default=False)),
                ("last_seen_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_location_scoped", False),
                            ("role__in", ("referrals_admin", "vendor_seller")),
                            _connector="OR",
                        ),
                        name="membership_scope_fits_role",
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="membership_organization_id"
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "user"), name="membership_once_per_organization"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TenantLinkRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.membership",
                    ),
                ),
                ("tenant_id", models.UUIDField(verbose_name="tenant ID")),
                ("domain", models.CharField(max_length=253, verbose_name="domain")),
                ("asked_by_name", models.CharField(max_length=200)),
                ("asked_by_email", models.EmailField(max_length=254)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answered_at", models.DateTimeField(null=True)),
                ("is_granted", models.BooleanField(null=True)),
                ("answered_by_name", models.CharField(blank=True, max_length=200)),
                ("reason", models.TextField(blank=True, max_length=1000)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at", None)),
                        fields=["vendor", "asked_at"],
                        name="tenant_link_request_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at", None)),
                        fields=("organization", "membership", "tenant_id"),
                        name="tenant_link_request_one_open_per_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("is_granted", None)),
                            models.Q(("answered_at__isnull", False), ("is_granted__isnull", False)),
                            _connector="OR",
                        ),
                        name="tenant_link_request_granted_iff_answered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_granted", None),
                            ("is_granted", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="tenant_link_request_refusal_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JoinInvitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("mpn_admin", "MPN partner admin"),
                            ("referrals_admin", "Referrals admin"),
                            ("referrals_user", "Referrals user"),
                            ("vendor_admin", "Vendor admin"),
                            ("vendor_seller", "Seller"),
                            ("reviewer", "Registration reviewer"),
                            ("observer", "Observer"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("is_location_scoped", models.BooleanField(default=False)),
                ("secret_hash", models.CharField(max_length=64)),
                ("expires_at", models.DateTimeField()),
                ("mailed_at", models.DateTimeField(null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                (
                    "membership",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.membership",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="join_invitation_organization_id"
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "secret_hash"), name="join_invitation_secret_unique"
                    ),
                    models.UniqueConstraint(
                        models.F("organization"),
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("accepted_at", None), ("revoked_at", None)),
                        name="join_invitation_one_open_per_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_at", None), ("revoked_at", None), _connector="OR"
                        ),
                        name="join_invitation_accepted_or_revoked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at", None), ("membership", None)),
                            models.Q(("accepted_at__isnull", False), ("membership__isnull", False)),
                            _connector="OR",
                        ),
                        name="join_invitation_membership_iff_accepted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_location_scoped", False),
                            ("role__in", ("referrals_admin", "vendor_seller")),
                            _connector="OR",
                        ),
                        name="join_invitation_scope_fits_role",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JoinInvitationLocation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "invitation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scopes",
                        to="partners.joininvitation",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="partners.location"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "invitation", "location"),
                        name="join_invitation_location_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MembershipLocation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.organization",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scopes",
                        to="partners.membership",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="partners.location"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "membership", "location"),
                        name="membership_location_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OrganizationAccount",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="account",
                        serialize=False,
                        to="partners.organization",
                    ),
                ),
                ("mpn_id", models.CharField(max_length=20, verbose_name="MPN account ID")),
                ("vetted_for_assessments_at", models.DateTimeField(blank=True, null=True)),
                ("requires_second_factor", models.BooleanField(db_default=False, default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mpn_id",), name="organization_account_mpn_id_unique"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="membership",
            name="locations",
            field=models.ManyToManyField(
                related_name="+", through="partners.MembershipLocation", to="partners.location"
            ),
        ),
        migrations.AddField(
            model_name="joininvitation",
            name="locations",
            field=models.ManyToManyField(
                related_name="+", through="partners.JoinInvitationLocation", to="partners.location"
            ),
        ),
    ]
