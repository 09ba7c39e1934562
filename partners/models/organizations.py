"""Organisations and their locations (1.1).

`Organization` is the public profile and readable by everybody; what belongs to the company alone is
in `OrganizationAccount`, a table of its own, because policies cannot hide columns.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    PARTNER = "partner", _("Partner")
    VENDOR = "vendor", _("Vendor")


class Industry(models.TextChoices):
    AGRICULTURE = "agriculture", _("Agriculture and food")
    CONSTRUCTION = "construction", _("Construction and real estate")
    EDUCATION = "education", _("Education")
    ENERGY = "energy", _("Energy and utilities")
    FINANCE = "finance", _("Banking and capital markets")
    GOVERNMENT = "government", _("Public sector")
    HEALTH = "health", _("Health and life sciences")
    HOSPITALITY = "hospitality", _("Travel and hospitality")
    INSURANCE = "insurance", _("Insurance")
    LOGISTICS = "logistics", _("Transport and logistics")
    MANUFACTURING = "manufacturing", _("Manufacturing")
    MEDIA = "media", _("Media and telecommunications")
    RETAIL = "retail", _("Retail and consumer goods")
    SERVICES = "services", _("Professional services")


class AnswerGrade(models.TextChoices):
    """How a company answers invitations, as far as others are told."""

    QUICK = "quick", _("Answers quickly")
    RELIABLE = "reliable", _("Answers reliably")
    PATCHY = "patchy", _("Leaves some invitations unanswered")
    RARE = "rare", _("Often does not answer")


# What somebody has of whom nothing is known yet; the function responsiveness_score says the same.
NEWCOMERS_SCORE = 56


class Organization(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PARTNER)
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(max_length=60, unique=True)
    country = models.CharField(_("country"), max_length=2)
    description = models.TextField(_("what the company does"), max_length=1000, blank=True)
    website = models.URLField(_("website"), blank=True)
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    industries = ArrayField(
        models.CharField(max_length=20, choices=Industry), default=list, blank=True
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Written by the database's function rate_answers alone, which nobody tells what to write.
    responsiveness = models.PositiveSmallIntegerField(
        default=NEWCOMERS_SCORE, db_default=NEWCOMERS_SCORE, editable=False
    )
    # Empty where too few answers would tell too much about one of them.
    answer_grade = models.CharField(
        max_length=10, choices=AnswerGrade, blank=True, default="", db_default="", editable=False
    )

    class Meta:
        indexes = [
            # The order of every search for partners.
            models.Index(
                models.F("responsiveness").desc(), models.F("name"), models.F("id"),
                condition=models.Q(kind="partner", is_active=True),
                name="organization_by_answers",
            ),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(kind="vendor"),
                name="organization_only_one_vendor",
            ),
            # It becomes a link on the pages of others.
            models.CheckConstraint(
                condition=models.Q(website="") | models.Q(website__iregex="^https?://"),
                name="organization_website_is_http",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def industry_names(self) -> list[str]:
        return [str(Industry(code).label) for code in self.industries]

    @property
    def is_vendor(self) -> bool:
        return self.kind == Kind.VENDOR


class OrganizationAccount(models.Model):
    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, primary_key=True, related_name="account"
    )
    mpn_id = models.CharField(_("MPN account ID"), max_length=20)
    # Written by the database's function vet_for_assessments alone, which only the vendor can call.
    vetted_for_assessments_at = models.DateTimeField(null=True, blank=True)
    # Nobody enters the company without one.
    requires_second_factor = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            # The vendor gives it to one company; over the whole installation.
            models.UniqueConstraint(fields=["mpn_id"], name="organization_account_mpn_id_unique"),
        ]

    def __str__(self) -> str:
        return self.mpn_id


class Location(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="locations"
    )
    name = models.CharField(_("name"), max_length=120)
    city = models.CharField(_("city"), max_length=120)
    country = models.CharField(_("country"), max_length=2)
    mpn_location_id = models.CharField(_("MPN location ID"), max_length=20)
    is_main = models.BooleanField(default=False)
    # Nothing new goes there; what is there stays.
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="location_organization_id"),
            models.UniqueConstraint(
                fields=["organization", "mpn_location_id"], name="location_mpn_id_unique"
            ),
            models.UniqueConstraint("organization", Lower("name"), name="location_name_unique"),
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(is_main=True),
                name="location_only_one_main",
            ),
            models.CheckConstraint(
                condition=models.Q(is_main=False) | models.Q(retired_at=None),
                name="location_main_is_open",
            ),
        ]

    def __str__(self) -> str:
        return self.name
