"""What people write about a deal, and to whom (5.7).

A comment belongs to the company that wrote it, which alone may write it; `counterpart` is the one
other company that may read it, and empty for what stays inside.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from deals.models import Deal
from partners.models import Organization, User
from referrals.models import Referral

LONGEST = 4000


class Comment(models.Model):
    """Neither side follows `deal` or `author` of the other: the author's name is kept as it was."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="+")
    counterpart = models.ForeignKey(
        Organization, null=True, on_delete=models.PROTECT, related_name="+"
    )
    referral = models.ForeignKey(Referral, null=True, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=200)
    body = models.TextField(max_length=LONGEST)
    at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="comment_organization_id"),
            models.CheckConstraint(
                condition=Q(counterpart=None, referral=None)
                | Q(counterpart__isnull=False, referral__isnull=False),
                name="comment_shared_by_a_referral",
            ),
            models.CheckConstraint(
                condition=Q(counterpart=None) | ~Q(counterpart=F("organization")),
                name="comment_shared_with_another_company",
            ),
            models.CheckConstraint(condition=~Q(body=""), name="comment_says_something"),
        ]
        indexes = [
            models.Index(fields=["organization", "deal"], name="comment_by_deal"),
            models.Index(
                fields=["referral", "at"],
                condition=Q(referral__isnull=False),
                name="comment_by_referral",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_name} at {self.at:%Y-%m-%d %H:%M}"

    @property
    def is_shared(self) -> bool:
        return self.counterpart_id is not None


class CommentVersion(models.Model):
    """A text that an edit replaced; written by the database itself, for the same readers."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    counterpart = models.ForeignKey(
        Organization, null=True, on_delete=models.PROTECT, related_name="+"
    )
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="versions")
    body = models.TextField()
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["comment", "id"], name="comment_version_by_comment")]

    def __str__(self) -> str:
        return f"{self.comment_id} until {self.replaced_at:%Y-%m-%d %H:%M}"
