"""Reads about companies and people. Each starts from a member or an organisation."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import (
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    UUIDField,
    Value,
)
from django.db.models.functions import Lower

from cosell.core.folding import folded, with_words
from cosell.core.tenancy import APP_ROLE, database_identity
from partners.models import (
    CoSellRequest,
    CoSellStatus,
    JoinInvitation,
    Kind,
    Location,
    Membership,
    MembershipLocation,
    Organization,
    Solution,
    SolutionKind,
    User,
    Vetting,
)
from partners.origins import Tenant
from partners.permissions import ADMIN_ROLES

MOST_PARTNERS = MOST_PEOPLE = 100
# The bits of what_keeps_out().
UNLINKED_TENANT, MISSING_FACTOR = 1, 2
# Recovery codes alone are none: they stand in for one that is lost.
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def memberships_of(user: User, *, tenant: Tenant) -> list[Membership]:
    """The organisations somebody belongs to, by name, and what keeps them out of any; runs in a
    transaction of its own.

    This is the one read that happens before there is an organisation.
    """
    obstacles = Func(
        F("organization_id"),
        F("user_id"),
        Value(tenant.id if tenant.is_verified else None, UUIDField(null=True)),
        Value(tenant.domain),
        function="what_keeps_out",
        output_field=IntegerField(),
    )
    with database_identity(APP_ROLE, user=user.pk):
        active = Membership.objects.filter(user=user, is_active=True, organization__is_active=True)
        found = list(
            active.select_related("organization")
            .annotate(obstacles=obstacles)
            .order_by("organization__name")
        )
    memberships: list[Membership] = []
    for one in found:
        one.user = user
        one.is_let_in = not one.obstacles & UNLINKED_TENANT
        one.lacks_factor = bool(one.obstacles & MISSING_FACTOR)
        memberships.append(one)
    return memberships


def admins_of(organization_id: UUID) -> list[User]:
    """Whom to ask for help (1.4)."""
    return list(
        User.objects.filter(
            memberships__organization_id=organization_id,
            memberships__is_active=True,
            memberships__role__in=ADMIN_ROLES,
            is_active=True,
        ).order_by("last_name", "first_name")
    )


def emails_with_access(organization_id: UUID, emails: Iterable[str]) -> set[str]:
    """Which of these addresses belong to active members, in lower case."""
    active = Membership.objects.filter(
        organization_id=organization_id, is_active=True, user__is_active=True
    ).annotate(mail=Lower("user__email"))
    return set(active.filter(mail__in=list(emails)).values_list("mail", flat=True))


def locations_for(member: Membership) -> QuerySet[Location]:
    """The locations a member may choose for a deal, the main one first."""
    locations = Location.objects.filter(organization_id=member.organization_id, retired_at=None)
    if member.is_location_scoped:
        locations = locations.filter(membershiplocation__membership=member)
    return locations.order_by("-is_main", "name")


def locations_of(organization_id: UUID) -> QuerySet[Location]:
    """All of a company, the main one first and retired ones last, with whom they limit."""
    limited = Count("membershiplocation", filter=Q(membershiplocation__membership__is_active=True))
    return (
        Location.objects.filter(organization_id=organization_id)
        .annotate(people=limited)
        .order_by(F("retired_at").asc(nulls_first=True), "-is_main", "name")
    )


def locations_to_limit(
    organization_id: UUID, *, holder: Membership | None = None
) -> QuerySet[Location]:
    """What a role can be limited to; a retired one only for who is limited to it already."""
    is_choosable = Q(retired_at=None)
    if holder:
        held = MembershipLocation.objects.filter(membership=holder)
        is_choosable |= Q(pk__in=held.values("location_id"))
    return Location.objects.filter(is_choosable, organization_id=organization_id).order_by("name")


def people_limited_to(location: Location) -> QuerySet[Membership]:
    """Who sees just this location and perhaps some others (1.3)."""
    return (
        Membership.objects.filter(
            organization_id=location.organization_id,
            scopes__location=location,
            is_active=True,
        )
        .select_related("user")
        .order_by("user__last_name", "user__first_name")
    )


def vendor() -> Organization | None:
    return Organization.objects.filter(kind=Kind.VENDOR, is_active=True).first()


def offered_solutions() -> QuerySet[Solution]:
    """Published and not retired, of active organisations; assessments are apart."""
    return _offered().filter(kind=SolutionKind.SOLUTION)


def _offered() -> QuerySet[Solution]:
    return Solution.objects.filter(
        is_published=True, retired_at=None, organization__is_active=True
    ).select_related("organization")


def own_solutions(organization_id: UUID) -> QuerySet[Solution]:
    return (
        offered_solutions()
        .filter(organization_id=organization_id, status__gte=CoSellStatus.CO_SELL_READY)
        .order_by("name", "id")
    )


def partner_solutions(*, besides: UUID) -> QuerySet[Solution]:
    """What other partners offer for co-selling (3.6)."""
    return (
        offered_solutions()
        .filter(organization__kind=Kind.PARTNER, status__gte=CoSellStatus.CO_SELL_READY)
        .exclude(organization_id=besides)
        .order_by("organization__name", "name", "id")
    )


def vendor_solutions() -> QuerySet[Solution]:
    return offered_solutions().filter(organization__kind=Kind.VENDOR).order_by("name", "id")


def selectable_solutions() -> QuerySet[Solution]:
    """What any deal may carry: the vendor's, and what partners offer for co-selling (3.6)."""
    return offered_solutions().filter(
        Q(organization__kind=Kind.VENDOR) | Q(status__gte=CoSellStatus.CO_SELL_READY)
    )


def assessment_types() -> QuerySet[Solution]:
    """What an assessment deal is about, as the vendor offers it (1.5, 3.6)."""
    return (
        _offered()
        .filter(kind=SolutionKind.ASSESSMENT, organization__kind=Kind.VENDOR)
        .order_by("name", "id")
    )


def choosable_solutions() -> QuerySet[Solution]:
    """What some deal or other may carry."""
    return selectable_solutions() | assessment_types().order_by()


def ecosystem() -> QuerySet[Organization]:
    """Partners with a published co-sell-ready solution (3.9)."""
    ready = Solution.objects.filter(
        organization=OuterRef("pk"),
        is_published=True,
        retired_at=None,
        kind=SolutionKind.SOLUTION,
        status__gte=CoSellStatus.CO_SELL_READY,
    )
    return Organization.objects.filter(Exists(ready), kind=Kind.PARTNER, is_active=True)


@dataclass(frozen=True)
class PartnerRow:
    """A partner as the vendor's list shows it."""

    organization: Organization
    # The vendor's last word about solution assessments, if there ever was one.
    vetting: Vetting | None
    mpn_id: str
    people: int
    solutions: int
    newcomers: int

    @property
    def is_vetted(self) -> bool:
        return self.vetting is not None and self.vetting.is_vetted


def partner_organizations(query: str) -> list[PartnerRow]:
    """The partners by name, one more than a page shows; the caller acts for the vendor."""
    partners = Organization.objects.filter(kind=Kind.PARTNER, name__folded__contains=folded(query))
    found = list(partners.order_by("name", "id")[: MOST_PARTNERS + 1])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organization_id, mpn_id, people, solutions, newcomers"
            " FROM partner_overview(%s)",
            [[one.pk for one in found]],
        )
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    vettings = {one.partner_id: one for one in _last_vettings(found)}
    return [PartnerRow(one, vettings.get(one.pk), *rows[one.pk]) for one in found if one.pk in rows]


def _last_vettings(partners: Iterable[Organization]) -> QuerySet[Vetting]:
    return (
        Vetting.objects.filter(partner__in=partners).order_by("partner", "-id").distinct("partner")
    )


def may_create_deals(organization: Organization) -> bool:
    """Only a company with a published co-sell-ready solution may; the vendor always (1.6)."""
    return organization.is_vendor or own_solutions(organization.pk).exists()


def people_of(organization_id: UUID, *, query: str = "") -> list[Membership]:
    """Everybody who belongs or belonged to the company, those who left at the end.

    One more than a page shows.
    """
    people = with_words(
        Membership.objects.filter(organization_id=organization_id),
        query,
        "user__first_name",
        "user__last_name",
        "user__email",
    )
    ordered = people.order_by("-is_active", "user__last_name", "user__first_name", "pk")
    return list(
        ordered.select_related("organization", "user").prefetch_related("locations")[
            : MOST_PEOPLE + 1
        ]
    )


def open_invitations(organization_id: UUID) -> list[JoinInvitation]:
    """Nobody accepted or revoked them; expired ones stay until somebody does something."""
    waiting = JoinInvitation.objects.filter(
        organization_id=organization_id, accepted_at=None, revoked_at=None
    )
    return list(
        waiting.select_related("organization", "invited_by")
        .prefetch_related("locations")
        .order_by("-created_at", "pk")
    )


def marked_solutions() -> QuerySet[Solution]:
    """What partners offer with a mark of the vendor's, by company."""
    return (
        offered_solutions()
        .filter(organization__kind=Kind.PARTNER, status__gt=CoSellStatus.IN_MARKET)
        .order_by("organization__name", "name", "pk")
    )


def requests_of(solution: Solution) -> QuerySet[CoSellRequest]:
    """What was asked for a solution, the newest first."""
    asked = CoSellRequest.objects.filter(
        organization_id=solution.organization_id, solution=solution
    )
    return asked.order_by("-asked_at", "pk")


def requests_to(vendor_id: UUID) -> QuerySet[CoSellRequest]:
    return CoSellRequest.objects.filter(vendor_id=vendor_id).select_related("organization")
