"""With very many deals every list, order, filter, group and search is read by an index.

COSELL_TEST_DEALS says how many, such as 1000000; the plans are the same from about 30,000 on.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cosell.core.tenancy import database_identity
from deals.listing.criteria import Tab, groups_of
from deals.listing.sorts import sorts_for
from deals.models import Deal, DealSolution, Direction, Status
from deals.stages import DealType
from demo.crowd.generate import generate
from demo.crowd.plan import LARGE, VENDOR
from insights.counting import count_anew
from partners.models import Membership, User
from partners.permissions import Permission, Role
from tests.identity import as_owner
from tests.plans import BIG, Plans, plans_of_function

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

DEALS = int(os.environ.get("COSELL_TEST_DEALS", 0))
TODAY = timezone.localdate()
# Few have a common word in them, or all; both ways to search are asked for.
RARE, COMMON = "wisła energia", "azure"
REGISTERED = "registration=approved&registration=pending"
FILTERS = (
    "status=accepted", "status=accepted&status=won", "stage=proposed", "type=private",
    "type=p2p&type=co_sell", "country=PL", "currency=EUR",
    "currency=EUR&value_min=1000000&value_max=2000000",
    f"closes_from={TODAY}&closes_to={TODAY + timedelta(days=30)}", "mine=1", "expiring=1",
    "customer=wisla", "counterpart=received", "counterpart=accepted&counterpart=declined",
    REGISTERED,
    "country=PL&status=won&stage=won&currency=PLN&type=co_sell&mine=1",
)  # fmt: skip
# The others run along an index each in the same way.
SORTS_IN_GROUPS = ("", "name", "-value", "-status")
READERS = (
    (LARGE, Role.REFERRALS_ADMIN), (LARGE, Role.REFERRALS_USER), (VENDOR, Role.VENDOR_SELLER),
)  # fmt: skip


def some_values(reader: Membership) -> tuple[str, ...]:
    """Filters by what is in use: a solution and a campaign of the reader's own deals."""
    with as_owner():
        deals = Deal.objects.filter(organization=reader.organization)
        campaign = deals.exclude(campaign_id="").values_list("campaign_id", flat=True)[0]
        solution = DealSolution.objects.filter(organization=reader.organization)[0].code
    return (f"campaign={campaign}", f"solution={solution}")


def list_queries(tab: Tab, filters: Sequence[str]) -> Iterator[str]:
    for group in (None, *groups_of(tab)):
        in_group = f"group={group}&" if group else ""
        yield from (
            f"{in_group}sort={sort.code}"
            for sort in sorts_for(group)
            if not group or sort.only_in or sort.code in SORTS_IN_GROUPS
        )
    searches = [f"q={word}" for word in (RARE, COMMON, "CO-2345")]
    yield from (*filters, *searches)
    # Along another index; which of the filters takes rows away there makes no difference.
    yield from (f"{one}&sort=-value" for one in (*filters[::3], *searches))
    yield f"q={COMMON}&{FILTERS[-1]}"
    yield "size=100"
    yield from (f"layout=board&{one}" for one in ("", "mine=1", "type=co_sell", f"q={COMMON}"))
    yield from boards(tab)


def boards(tab: Tab) -> Iterator[str]:
    for one in ("", "sort=-value", "group=closed", f"q={RARE}", f"q={COMMON}", *FILTERS[:6]):
        yield f"layout=board&{one}"


def ask(client: Client, plans: Plans, reader: Membership, share: tuple[int, int]) -> None:
    """`share` is whose turn it is, of how many that have one part of every list's queries each."""
    slug, (turn, shares) = reader.organization.slug, share
    filters = FILTERS + some_values(reader)
    client.force_login(reader.user)
    for word in (RARE, COMMON, "po", "CO-2345"):
        with plans.of(f"{reader.role} of {slug}: jump to {word}"):
            assert client.get(reverse("deals:find", args=[slug]), {"q": word}).status_code == 200
    for query in ("", "?mine=1"):
        with plans.of(f"{reader.role} of {slug}: stale{query}"):
            url = reverse("deals:stale", args=[slug])
            assert client.get(f"{url}{query}").status_code == 200
    with plans.of(f"{reader.role} of {slug}: good partner"):
        assert client.get(reverse("partners:good_partner", args=[slug])).status_code == 200
    for number, tab in enumerate(Tab):
        with plans.of(f"{reader.role} of {slug}: filters of {tab}"):
            assert client.get(reverse("deals:filters", args=[slug, tab])).status_code == 200
        for query in list(list_queries(tab, filters))[(turn + number) % shares :: shares]:
            what = f"{reader.role} of {slug}: {tab}?{query}"
            url = f"{reverse('deals:list', args=[slug, tab])}?{query}"
            with plans.of(what):
                answer = client.get(url)
            assert answer.status_code == 200, what
            if "sort=" in query and answer.context.get("next_url"):
                with plans.of(f"{what}, next page"):
                    assert client.get(answer.context["next_url"]).status_code == 200


def ask_for_deals(client: Client, plans: Plans, reader: Membership) -> None:
    """The pages of one deal, and the heart on it."""
    slug = reader.organization.slug
    with as_owner():
        mine = Deal.objects.filter(organization=reader.organization, team__membership=reader)
        deals = list(mine.order_by("-created_at")[:3])
    for deal in deals:
        for origin in ("outbound", "outbound?sort=-value", f"outbound?q={COMMON}", "inbound?q=po"):
            with plans.of(f"{reader.role} of {slug}: a deal in {origin}"):
                page = reverse("deals:detail", args=[slug, deal.pk])
                assert client.get(page, {"from": origin}).status_code == 200
        with plans.of(f"{reader.role} of {slug}: a heart"):
            favorite = reverse("deals:favorite", args=[slug, deal.pk])
            assert client.post(favorite, {"on": "1"}).status_code == 302


def ask_whom_to_invite(client: Client, plans: Plans, reader: Membership) -> None:
    slug = reader.organization.slug
    with as_owner():
        mine = Deal.objects.filter(organization=reader.organization, team__membership=reader)
        ours = mine.filter(direction=Direction.OUTBOUND, status=Status.ACCEPTED)
        deal = ours.exclude(type=DealType.ASSESSMENT)[0]
    with plans.of(f"{reader.role} of {slug}: whom to invite"):
        page = client.get(reverse("referrals:invite_partners", args=[slug, deal.pk]))
        assert page.status_code == 200


def ask_what_came_to_review(client: Client, plans: Plans) -> None:
    """The vendor's reviewers filter by registrations of their inviters' deals."""
    with as_owner():
        client.force_login(User.objects.get(email=f"reviewer@{VENDOR}.example"))
    for query in ("", "&sort=-value", "&sort=name", f"&q={COMMON}", "&layout=board"):
        with plans.of(f"registrations to {VENDOR}{query}"):
            url = f"{reverse('deals:list', args=[VENDOR, Tab.INBOUND])}?{REGISTERED}{query}"
            assert client.get(url).status_code == 200


def ask_palette(client: Client, plans: Plans, reader: Membership) -> None:
    slug = reader.organization.slug
    for word in (RARE, COMMON, "CO-2345"):
        with plans.of(f"{reader.role} of {slug}: palette, {word}"):
            assert client.get(reverse("deals:find", args=[slug]), {"q": word}).status_code == 200


def ask_insights(client: Client, plans: Plans, reader: Membership) -> None:
    slug = reader.organization.slug
    if not reader.may(Permission.VIEW_INSIGHTS):
        return
    for query in ("", "period=30d", "period=12m", "since=2025-01-17&until=2026-01-09", "type=p2p"):
        # Figures of a period are of all its deals.
        with plans.of(f"{reader.role} of {slug}: insights?{query}", may_sort=True):
            page = client.get(f"{reverse('insights:overview', args=[slug])}?{query}")
            assert page.status_code == 200
    for chart in ("countries", "funnel"):
        for link in next(one for one in page.context["charts"] if one.code == chart).links:
            with plans.of(f"{reader.role} of {slug}: {link.url}"):
                assert client.get(link.url).status_code == 200


def explain_functions(plans: Plans, reader: Membership) -> None:
    """They run as the owner, whom policies do not bind."""
    for name, arguments in {
        "search_deals": (COMMON, 1000),
        "search_customers": ("wisła", "PL", 20),
        "similar_customers": ("Wisła Energia", "PL"),
        "partner_overview": ([reader.organization_id],),
        "partner_locations": ([reader.organization_id],),
        "counted_answers": (reader.organization_id,),
    }.items():
        with database_identity("none", organization=reader.organization_id):
            for mode, plan in plans_of_function(name, *arguments):
                plans.add(f"{name} of {reader.organization.slug}, {mode}", name, plan)


def readers_of_many_deals(deals: int) -> list[Membership]:
    with as_owner():
        generate(deals, progress=print)
        readers = [
            Membership.objects.select_related("user", "organization").get(
                user__email=f"{role.replace('_', '-')}@{slug}.example"
            )
            for slug, role in READERS
        ]
    for company in {reader.organization_id for reader in readers}:
        count_anew(company)
    with as_owner():
        vacuum()
    return readers


def vacuum() -> None:
    """As the server does by itself after a while; until then it cannot read an index alone."""
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(sorted(BIG))}")


# A share asks every reader and every list for each query once; `full` every reader for every list.
@pytest.mark.parametrize(
    ("deals", "shares"), [(30_000, 3), pytest.param(100_000, 1, marks=pytest.mark.full)]
)
def test_nothing_reads_a_table_or_sorts_a_list_from_end_to_end(
    client: Client, deals: int, shares: int
) -> None:
    readers = readers_of_many_deals(DEALS or deals)
    plans = Plans()
    for turn, reader in enumerate(readers):
        ask(client, plans, reader, (turn, shares))
        ask_for_deals(client, plans, reader)
        ask_whom_to_invite(client, plans, reader)
        ask_palette(client, plans, reader)
        ask_insights(client, plans, reader)
        explain_functions(plans, reader)
    ask_what_came_to_review(client, plans)
    assert plans.scans == {}
    assert plans.sorts == {}
    assert plans.explained > 500
