"""How somebody wants to be told: what they may choose, and keeping it (7.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from django.db import transaction

from notifications.catalogue import CATALOGUE, DIGEST
from notifications.entries import ADMINS, Audience, Channel, Entry
from notifications.models import Preference
from partners.models import Membership, User
from partners.permissions import PARTNER_ROLES, REFERRAL_ROLES, Permission


@dataclass(frozen=True)
class Choice:
    """`channels` by kind; kinds that are not in it stay as they were."""

    time_zone: str
    language: str = ""
    channels: Mapping[str, Channel] = field(default_factory=dict)
    quiet_from: time | None = None
    quiet_until: time | None = None
    wants_digest: bool = True
    morning: time = time(8)


def preference_of(member: Membership) -> Preference:
    """What the person chose, or what is usual; not necessarily a row."""
    own = Preference.objects.filter(organization_id=member.organization_id, membership_id=member.pk)
    return own.first() or Preference(
        organization_id=member.organization_id, membership_id=member.pk
    )


def entries_for(member: Membership) -> dict[str, Entry]:
    """What somebody of this role can be told about."""
    never = _never_told(member)
    return {kind: entry for kind, entry in CATALOGUE.items() if entry.audience not in never}


def _never_told(member: Membership) -> set[Audience]:
    never = set()
    if member.role not in REFERRAL_ROLES:
        never.add(Audience.REFERRAL_ADMINS)
    if not member.may(Permission.REVIEW_REGISTRATIONS):
        never.add(Audience.REVIEWERS)
    if member.role not in PARTNER_ROLES:
        # The vendor registers nothing, and asks nobody for a status.
        never |= {Audience.TEAM_AND_CREATOR, Audience.PARTNERS_ADMINS, Audience.WHO_ASKED}
    else:
        never.add(Audience.VENDORS_ADMINS)
    if not member.may(Permission.MANAGE_COMPANY):
        never |= {*ADMINS, Audience.WHO_ASKED}
    return never


@transaction.atomic
def choose(member: Membership, choice: Choice) -> Preference:
    """Language and time zone are the person's, everywhere; the rest is for this organisation."""
    User.objects.filter(pk=member.user_id).update(
        language=choice.language, time_zone=choice.time_zone
    )
    preference = _locked(member)
    preference.channels = {**preference.channels, **choice.channels}
    preference.quiet_from, preference.quiet_until = choice.quiet_from, choice.quiet_until
    preference.wants_digest, preference.morning = choice.wants_digest, choice.morning
    preference.save()
    return preference


@transaction.atomic
def stop_mails(member: Membership, kind: str) -> None:
    """No more mails of a kind; what happens is still told in the app."""
    preference = _locked(member)
    if kind == DIGEST:
        preference.wants_digest = False
        stopped = [one for one in CATALOGUE if preference.channel_for(one) == Channel.DIGEST]
    else:
        stopped = [kind]
    preference.channels = {**preference.channels, **dict.fromkeys(stopped, Channel.IN_APP)}
    preference.save()


def _locked(member: Membership) -> Preference:
    preference, _created = Preference.objects.select_for_update().get_or_create(
        organization_id=member.organization_id, membership_id=member.pk
    )
    return preference
