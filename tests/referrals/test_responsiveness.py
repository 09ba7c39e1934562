"""How well companies answer: the formula by hand, what counts, and who is told what (8.1)."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from deals.lifecycle import advance
from deals.models import Deal, Status, TeamMember
from deals.transitions import Name
from partners.models import Organization
from partners.models.organizations import NEWCOMERS_SCORE
from referrals.models import Referral
from referrals.profiles import find_partners
from referrals.responsiveness import figures_of, rate_answers, rate_everybody
from referrals.services import expire_all_overdue
from tests.identity import as_owner
from tests.plans import explained, nodes
from tests.referrals.bulk import Original, copies
from tests.referrals.test_reminders import offers_unfixed
from tests.world import Company, World, add_partner

pytestmark = pytest.mark.django_db

# Answered, expired, median hours, and the score as one finds it with pencil and paper.
WORKED_EXAMPLES = [
    (0, 0, None, 56),  # share 3/4, speed 1/2: 100 × 0.75 × 0.75
    (4, 0, 0.0, 77),  # 7/8, (4 + 2)/8: 87.5 × 0.875
    (4, 0, 48.0, 66),  # 7/8, 1/2: 87.5 × 0.75
    (16, 0, 16.0, 81),  # 19/20, (12 + 2)/20: 95 × 0.85
    (4, 4, 48.0, 44),  # 7/12, 1/2
    (0, 2, None, 38),  # 3/6, 1/2
    (0, 8, None, 19),  # 3/12, 1/2
]


@pytest.mark.parametrize(("answered", "expired", "hours", "score"), WORKED_EXAMPLES)
def test_score_is_what_the_formula_says(
    answered: int, expired: int, hours: float | None, score: int
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT responsiveness_score(%s, %s, %s)", [answered, expired, hours])
        assert cursor.fetchone() == (score,)


def answer(world: World, sent: int, *, name: Name = Name.DECLINE, hours: float = 1) -> None:
    """Fabrikam gets so many invitations and answers each after so many hours."""
    referral = world.referral(recipient=world.fabrikam)
    others = more_of(referral, sent - 1)
    if name == Name.ACCEPT:
        world.accepted(referral, by=world.frank)
    else:
        with world.as_member(world.frank):
            received = Deal.objects.get(pk=referral.recipient_deal_id)
            advance(received, name, actor=world.frank.actor, reason="budget")
    with as_owner():
        status = Referral.objects.get(pk=referral.pk).recipient_status
        Referral.objects.filter(pk__in=[referral.pk, *others]).update(
            recipient_status=status, answered_at=F("sent_at") + timedelta(hours=hours)
        )


def more_of(referral: Referral, how_many: int) -> list[UUID]:
    """Copies, which are as good as what the services make where answers are only counted."""
    with as_owner():
        before = set(Referral.objects.values_list("pk", flat=True))
        member = TeamMember.objects.get(deal_id=referral.sender_deal_id)
        first = len(before) + 1
        copies(Original(referral, member), range(first, first + how_many))
        return list(Referral.objects.exclude(pk__in=before).values_list("pk", flat=True))


def let_expire(world: World, company: Company, how_many: int) -> None:
    """So many invitations are overdue, and no sweep was there."""
    more_of(world.overdue_referral(recipient=company), how_many - 1)


def let_time_pass(days: int) -> None:
    """Everything that was sent was sent so many days earlier."""
    with offers_unfixed():
        Referral.objects.update(sent_at=F("sent_at") - timedelta(days=days))


def rated(company: Company) -> tuple[int, str]:
    rate_answers([company.pk])
    found = Organization.objects.get(pk=company.pk)
    return found.responsiveness, found.answer_grade


def test_newcomer_has_a_score_and_no_grade(world: World) -> None:
    assert rated(world.fabrikam) == (NEWCOMERS_SCORE, "")
    answer(world, 2)
    score, grade = rated(world.fabrikam)
    assert score > NEWCOMERS_SCORE
    assert grade == ""


def test_accepting_and_declining_count_alike(world: World) -> None:
    answer(world, 3, name=Name.ACCEPT)
    accepting = rated(world.fabrikam)
    with as_owner(), transaction.atomic():
        Referral.objects.update(recipient_status=Status.DECLINED)
    assert rated(world.fabrikam) == accepting
    assert accepting[1] == "quick"


def test_slow_answers_stand_below_quick_ones_and_above_none(world: World) -> None:
    scores = []
    for hours in (1, 24, 72, 300):
        with transaction.atomic():
            answer(world, 4, hours=hours)
            scores.append(rated(world.fabrikam)[0])
            transaction.set_rollback(True)
    let_expire(world, world.fabrikam, 4)
    scores.append(rated(world.fabrikam)[0])
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_overdue_counts_before_the_sweep_and_the_same_after_it(world: World) -> None:
    for _number in range(4):
        world.overdue_referral(recipient=world.fabrikam)
    before = rated(world.fabrikam)
    assert expire_all_overdue() == 4
    assert rated(world.fabrikam) == before == (28, "rare")


def test_withdrawn_and_waiting_invitations_do_not_count(world: World) -> None:
    world.referral(recipient=world.fabrikam)
    withdrawn = world.referral(recipient=world.fabrikam)
    with as_owner():
        Referral.objects.filter(pk=withdrawn.pk).update(recipient_status=Status.WITHDRAWN)
    assert rated(world.fabrikam) == (NEWCOMERS_SCORE, "")


def test_what_is_older_than_half_a_year_counts_no_more(world: World) -> None:
    let_expire(world, world.fabrikam, 4)
    rate_everybody()
    assert Organization.objects.get(pk=world.fabrikam.pk).responsiveness < NEWCOMERS_SCORE
    let_time_pass(181)
    rate_everybody()
    assert Organization.objects.get(pk=world.fabrikam.pk).responsiveness == NEWCOMERS_SCORE


@pytest.fixture
def sweep(world: World) -> Callable[[], object]:
    world.overdue_referral(recipient=world.fabrikam)
    return expire_all_overdue


def test_expiry_is_counted_at_once(
    world: World,
    sweep: Callable[[], object],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        sweep()
    assert Organization.objects.get(pk=world.fabrikam.pk).responsiveness < NEWCOMERS_SCORE


def test_answer_is_counted_at_once(
    world: World,
    client: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    referral = world.referral(recipient=world.fabrikam)
    client.force_login(world.frank.user)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(
            f"/o/fabrikam/deals/{referral.recipient_deal_id}/decline/", {"reason": "budget"}
        )
    assert response.status_code == 302
    assert Organization.objects.get(pk=world.fabrikam.pk).responsiveness > NEWCOMERS_SCORE


@pytest.mark.parametrize(
    "change", [{"responsiveness": 100}, {"answer_grade": "quick"}], ids=lambda one: next(iter(one))
)
def test_nobody_rates_themselves(world: World, change: dict[str, object]) -> None:
    with (
        world.as_member(world.frank),
        pytest.raises(DatabaseError, match="Nobody rates"),
        transaction.atomic(),
    ):
        Organization.objects.filter(pk=world.fabrikam.pk).update(**change)


def test_figures_agree_with_what_is_stored(world: World) -> None:
    answer(world, 3, name=Name.ACCEPT, hours=5)
    answer(world, 2, hours=60)
    world.overdue_referral(recipient=world.fabrikam)
    score, _grade = rated(world.fabrikam)
    with world.as_member(world.frank):
        figures = figures_of(world.fabrikam.pk)
    assert figures.score == score < figures.if_all_answered
    assert (figures.accepted, figures.declined, figures.expired) == (3, 2, 1)
    assert figures.median == pytest.approx(timedelta(hours=5), abs=timedelta(minutes=1))
    assert [one.is_slow for one in figures.answers] == [True] * 3 + [False] * 3


def test_search_shows_quick_answerers_first_and_who_lets_expire_last(world: World) -> None:
    for name in ("Abacus", "Zephyr"):
        add_partner(world, name)
    zephyr = world.others[1]
    let_expire(world, world.outsider, 3)
    referral = world.referral(recipient=zephyr)
    with as_owner():
        Referral.objects.filter(pk__in=[referral.pk, *more_of(referral, 2)]).update(
            recipient_status=Status.DECLINED, answered_at=timezone.now()
        )
    rate_everybody()
    with world.as_member(world.anna):
        found = find_partners("", besides=[world.contoso.pk], most=8)
    assert [(one.organization.name, one.grade) for one in found] == [
        ("Zephyr", "Answers quickly"),
        ("Abacus", ""),
        ("Fabrikam", ""),
        ("Outsider", "Often does not answer"),
    ]


def test_order_of_the_search_is_read_from_an_index(world: World) -> None:
    partners = Organization.objects.filter(kind="partner", is_active=True)
    sql, params = partners.order_by("-responsiveness", "name", "id")[:8].query.sql_with_params()
    with world.as_member(world.anna), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = explained(sql, params)
    assert "organization_by_answers" in [node.get("Index Name") for node in nodes(plan)]
    assert "Sort" not in [node["Node Type"] for node in nodes(plan)]


def test_somebody_elses_counts_are_nowhere(world: World, client: Client) -> None:
    """Twelve invitations with eleven answers: neither number may stand anywhere."""
    answer(world, 11, hours=5)
    world.overdue_referral(recipient=world.fabrikam)
    rate_everybody()
    client.force_login(world.mallory.user)
    for url in ("/o/outsider/directory/?q=fabrikam", "/o/outsider/directory/fabrikam/"):
        page = client.get(url).text
        assert "Answers quickly" in page
        for telling in ("11", "12 ", "1 expired"):
            assert telling not in page.split("<main")[1].split("SOL-")[0], (url, telling)
