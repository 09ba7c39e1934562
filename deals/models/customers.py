"""Customers: the reference directory everybody reads, and an organisation's own entries (3.1)."""

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from partners.models import Industry, Organization, User

DUNS = RegexValidator(r"^\d{9}\Z", _("A D-U-N-S number has nine digits."))


class Address(models.Model):
    name = models.CharField(_("name"), max_length=200)
    street = models.CharField(_("street"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=120)
    country = models.CharField(_("country"), max_length=2)
    duns = models.CharField(_("D-U-N-S number"), max_length=9, blank=True, validators=[DUNS])

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def one_line(self) -> str:
        place = f"{self.postal_code} {self.city}".strip()
        return ", ".join(part for part in (self.street, place) if part)


class ReferenceCustomer(Address):
    """The directory of companies that an installation loads from a file (1.7)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Of nobody's own entries: who is in the directory is known by its D-U-N-S number.
    industry = models.CharField(
        _("industry"), max_length=20, choices=Industry, blank=True, default="", db_default=""
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duns"], condition=~models.Q(duns=""), name="reference_customer_duns_unique"
            ),
        ]


class Customer(Address):
    """A customer as one organisation knows it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    reference = models.ForeignKey(
        ReferenceCustomer, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="customer_organization_id"),
            models.UniqueConstraint(
                fields=["organization", "reference"], name="customer_reference_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "duns"],
                condition=~models.Q(duns=""),
                name="customer_by_duns",
            ),
        ]


class CustomerContact(models.Model):
    """The person to talk to at the customer of one deal (3.3).

    `consent_by` confirmed that the vendor may contact them. That a partner gets them is confirmed
    in the offer to that partner; the event of the invitation keeps who did, and when.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    deal = models.OneToOneField(
        "deals.Deal", on_delete=models.CASCADE, primary_key=True, related_name="contact"
    )
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    phone = PhoneNumberField(_("phone"))
    email = models.EmailField(_("e-mail address"))
    consent_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    consent_at = models.DateTimeField(null=True)
    first_shared_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"
