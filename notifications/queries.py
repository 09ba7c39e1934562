"""Who reads a notice (7.1, 7.2), for a whole batch at once. Runs as the worker: each read names
the organisation itself, because no policy does."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet

from deals.models import Deal, DealEvent, DealSolution, TeamMember
from notifications.catalogue import CATALOGUE
from notifications.entries import Audience
from notifications.models import Notice, Notification, Preference, Unsubscribed
from partners.models import Membership, SolutionContact
from partners.permissions import (
    ADMIN_ROLES,
    REFERRAL_ROLES,
    REVIEWER_ROLES,
    TEAM_ONLY_ROLES,
    Role,
)


@dataclass(frozen=True)
class Reader:
    name: str
    email: str
    membership_id: UUID | None = None


Readers = dict[UUID, list[Reader]]


def readers_of(notices: Sequence[Notice]) -> dict[int, list[Reader]]:
    """The readers of each notice, nobody twice. The notices come with event and deal."""
    found = _readers_of_events(notices)
    announced = [notice for notice in notices if notice.event is None]
    if announced:
        found |= _readers_of_news(announced)
    return {notice_id: _nobody_twice(readers) for notice_id, readers in found.items()}


def _readers_of_events(notices: Sequence[Notice]) -> dict[int, list[Reader]]:
    events = [(notice, notice.event) for notice in notices if notice.event]
    deals: dict[Audience, list[Deal]] = defaultdict(list)
    for notice, event in events:
        deals[CATALOGUE[notice.kind].audience].append(event.deal)
    teams = _teams(deals[Audience.TEAM])
    admins = _referral_admins(deals[Audience.REFERRAL_ADMINS])
    either = _or_admins(deals[Audience.WHOEVER_WORKS_ON_IT], teams=_teams)
    members = _members(_or_admins(deals[Audience.MEMBERS_WHO_WORK_ON_IT], teams=_teams_of_members))
    mentionable = _teams(deals[Audience.MENTIONED])
    registering = _with_creators(deals[Audience.TEAM_AND_CREATOR])
    reviewers = _reviewers(deals[Audience.REVIEWERS])
    readers: dict[Audience, Callable[[DealEvent], list[Reader]]] = {
        Audience.TEAM: lambda event: teams[event.deal_id],
        Audience.REFERRAL_ADMINS: lambda event: admins[event.deal_id],
        Audience.WHOEVER_WORKS_ON_IT: lambda event: either[event.deal_id],
        Audience.MEMBERS_WHO_WORK_ON_IT: lambda event: members[event.deal_id],
        Audience.MENTIONED: lambda event: _mentioned(event, mentionable[event.deal_id]),
        Audience.TEAM_AND_CREATOR: lambda event: registering[event.deal_id],
        Audience.REVIEWERS: lambda event: reviewers[event.deal_id],
    }
    return {notice.pk: readers[CATALOGUE[notice.kind].audience](event) for notice, event in events}


def _readers_of_news(notices: Sequence[Notice]) -> dict[int, list[Reader]]:
    """Of the company or an account; somebody named is looked for in that organisation alone."""
    people = {(one.organization_id, str(one.pk)): one for one in _named_in(notices)}
    admins: dict[UUID, list[Membership]] = defaultdict(list)
    for admin in _active({notice.organization_id for notice in notices}, ADMIN_ROLES):
        admins[admin.organization_id].append(admin)
    found = {}
    for notice in notices:
        data, audience = notice.data or {}, CATALOGUE[notice.kind].audience
        person = people.get((notice.organization_id, data.get("person", "")))
        if person and (audience == Audience.PERSON or _is_here(person)):
            readers = [person]
        elif audience == Audience.PERSON:
            readers = []
        else:
            readers = admins[notice.organization_id]
        found[notice.pk] = [_reader(one) for one in readers if str(one.pk) != data.get("besides")]
    return found


def _named_in(notices: Sequence[Notice]) -> QuerySet[Membership]:
    """Whether they are still there or not."""
    named = [notice.data["person"] for notice in notices if notice.data and "person" in notice.data]
    return Membership.objects.filter(
        pk__in=named, organization__in={notice.organization_id for notice in notices}
    ).select_related("user")


def _is_here(member: Membership) -> bool:
    return member.is_active and member.user.is_active


def preferences_of(membership_ids: Iterable[UUID]) -> dict[UUID, Preference]:
    """Of those who chose; with the person."""
    chosen = Preference.objects.filter(membership__in=set(membership_ids))
    return {one.membership_id: one for one in chosen.select_related("membership__user")}


def unsubscribed(organization_ids: Iterable[UUID]) -> set[tuple[UUID, str]]:
    """Organisation and address of contacts who want no mail."""
    refused = Unsubscribed.objects.filter(organization__in=set(organization_ids))
    return set(refused.values_list("organization_id", "email"))


def mails_to_send() -> QuerySet[Notification]:
    """Due or waiting; what is told in the app alone is no mail."""
    return Notification.objects.filter(sent_at=None, next_attempt_at__isnull=False)


def unsent_after(attempts: int) -> QuerySet[Notification]:
    """Mails that did not leave in spite of that many attempts, the oldest first."""
    return mails_to_send().filter(attempts__gte=attempts).order_by("created_at")


def _nobody_twice(readers: Iterable[Reader]) -> list[Reader]:
    return list({reader.email.lower(): reader for reader in readers}.values())


def _teams(deals: Sequence[Deal]) -> Readers:
    """All contacts of the team, except colleagues who have left the organisation."""
    still_here = Q(membership=None) | Q(
        membership__is_active=True, membership__user__is_active=True
    )
    readers: dict[UUID, list[Reader]] = defaultdict(list)
    for person in TeamMember.objects.filter(still_here, deal__in=[deal.pk for deal in deals]):
        readers[person.deal_id].append(Reader(person.full_name, person.email, person.membership_id))
    return readers


def _teams_of_members(deals: Sequence[Deal]) -> Readers:
    return _members(_teams(deals))


def _members(readers: Readers) -> Readers:
    """Who may open the deal: a contact who is no member of the organisation may not (3.5)."""
    return {
        deal_id: [reader for reader in found if reader.membership_id]
        for deal_id, found in readers.items()
    }


def _or_admins(deals: Sequence[Deal], *, teams: Callable[[Sequence[Deal]], Readers]) -> Readers:
    """The team; who answers, where it has no reader."""
    found = {deal_id: team for deal_id, team in teams(deals).items() if team}
    return _referral_admins([deal for deal in deals if deal.pk not in found]) | found


def _mentioned(event: DealEvent, team: Iterable[Reader]) -> list[Reader]:
    """Who was named and is still on the team: others could not open what they are told about."""
    named = {pk for pk, _name in event.data.get("mentioned", [])}
    return [reader for reader in team if str(reader.membership_id) in named]


def _with_creators(deals: Sequence[Deal]) -> Readers:
    """Besides the team whoever created the deal, unless they could not open it any more."""
    found = _teams(deals)
    members = Membership.objects.filter(
        organization__in={deal.organization_id for deal in deals},
        user__in={deal.created_by_id for deal in deals if deal.created_by_id},
        is_active=True,
        user__is_active=True,
    ).exclude(role__in=TEAM_ONLY_ROLES)
    by_person: dict[tuple[UUID, UUID | None], Membership] = {
        (member.organization_id, member.user_id): member
        for member in members.select_related("user").prefetch_related("scopes")
    }
    for deal in deals:
        creator = by_person.get((deal.organization_id, deal.created_by_id))
        if creator and _covers(creator, deal.location_id):
            found[deal.pk].append(_reader(creator))
    return found


def _reviewers(deals: Sequence[Deal]) -> Readers:
    """Of the vendor, whose deals these are."""
    vendors = {deal.organization_id for deal in deals}
    found: Readers = defaultdict(list)
    for roles in (REVIEWER_ROLES, ADMIN_ROLES):
        for member in _active(vendors - found.keys(), roles):
            found[member.organization_id].append(_reader(member))
    return {deal.pk: found[deal.organization_id] for deal in deals}


def _active(organization_ids: Iterable[UUID], roles: Iterable[Role]) -> QuerySet[Membership]:
    return Membership.objects.filter(
        organization__in=organization_ids, role__in=roles, is_active=True, user__is_active=True
    ).select_related("user")


def _reader(member: Membership) -> Reader:
    return Reader(member.user.full_name, member.user.email, member.pk)


def _referral_admins(deals: Sequence[Deal]) -> Readers:
    """Who answers for received deals of that location; if nobody, the solutions' contacts."""
    members: dict[UUID, list[Membership]] = defaultdict(list)
    for member in _answering_members({deal.organization_id for deal in deals}):
        members[member.organization_id].append(member)
    readers: dict[UUID, list[Reader]] = defaultdict(list)
    for deal in deals:
        readers[deal.pk] = [
            _reader(member)
            for member in members[deal.organization_id]
            if _covers(member, deal.location_id)
        ]
    _add_solution_contacts(readers)
    return readers


def _answering_members(organization_ids: Iterable[UUID]) -> QuerySet[Membership]:
    return _active(organization_ids, REFERRAL_ROLES).prefetch_related("scopes")


def _covers(member: Membership, location_id: UUID) -> bool:
    return not member.is_location_scoped or any(
        scope.location_id == location_id for scope in member.scopes.all()
    )


def _add_solution_contacts(readers: Readers) -> None:
    unread = [deal_id for deal_id, found in readers.items() if not found]
    if not unread:
        return
    invited: dict[UUID, list[UUID]] = defaultdict(list)
    own = DealSolution.objects.filter(
        deal__in=unread, solution__organization_id=F("organization_id")
    )
    for deal_id, solution_id in own.values_list("deal_id", "solution_id"):
        invited[solution_id].append(deal_id)
    for contact in SolutionContact.objects.filter(solution__in=invited):
        for deal_id in invited[contact.solution_id]:
            readers[deal_id].append(Reader(contact.name, contact.email))
