"""The demo is what newcomers judge the product by: it must hold together."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from io import StringIO
from urllib.parse import urljoin

import phonenumbers
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count, F, Q
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from comments.models import Comment
from deals.models import (
    COMMENT_KINDS,
    Deal,
    DealEvent,
    EventKind,
    Favorite,
    ReferenceCustomer,
    Registration,
    Status,
    TeamMember,
)
from deals.queries import visible_deals
from deals.stages import DealType, StageCode, markable_stages
from deals.transitions import TRANSITIONS, By
from demo.tenants import NEWCOMER
from notifications.models import Notice, Notification
from partners.cast import CAST, Persona
from partners.models import Membership, Organization, Solution, User, Vetting
from referrals.models import Referral
from referrals.services import expire_overdue_referrals
from tests.identity import as_owner

pytestmark = pytest.mark.django_db


def load() -> str:
    output = StringIO()
    call_command("load_demo", stdout=output)
    return output.getvalue()


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loading takes seconds: once for all tests here, which run in savepoints of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        # What waits to be checked would be checked again at the end of every test.
        connection.check_constraints()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def demo(_loaded: None, _resting_identity: None) -> None:
    """There is a demo."""


@pytest.fixture
def everything() -> Iterator[None]:
    with as_owner():
        yield


def by_status(**deals: object) -> Counter[str]:
    return Counter(Deal.objects.filter(**deals).values_list("status", flat=True))


def test_counts_are_those_promised(everything: None) -> None:
    assert Organization.objects.count() == 5
    assert ReferenceCustomer.objects.count() == 2000
    assert ReferenceCustomer.objects.values("country").distinct().count() == 12
    assert Solution.objects.count() == 40
    assert Deal.objects.count() == 300


def test_second_time_changes_nothing_and_says_so(everything: None) -> None:
    before = list(Deal.objects.order_by("pk").values())
    assert load() == "There are organisations already; nothing to load.\n"
    assert list(Deal.objects.order_by("pk").values()) == before


def test_every_status_stage_type_and_many_currencies_occur(everything: None) -> None:
    assert set(by_status()) == set(Status)
    assert set(by_status(organization__slug="contoso", direction="inbound")) >= {
        Status.RECEIVED, Status.ACCEPTED, Status.WON, Status.LOST, Status.DECLINED,
    }  # fmt: skip
    stages = set(Deal.objects.values_list("stage", flat=True))
    sales = {str(stage.code) for stage in markable_stages(DealType.CO_SELL)}
    assert stages >= sales | {"", StageCode.CREATED, StageCode.ACCEPTED, StageCode.WON}
    assert set(Deal.objects.values_list("type", flat=True)) == set(DealType)
    assert Deal.objects.values("currency").distinct().count() >= 6


def test_assessments_stand_in_every_stage_and_end_either_way(everything: None) -> None:
    assessments = Deal.objects.filter(type=DealType.ASSESSMENT, organization__slug="contoso")
    stages = [str(stage.code) for stage in markable_stages(DealType.ASSESSMENT)]
    still_open = assessments.filter(status=Status.ACCEPTED).values_list("stage", flat=True)
    assert set(still_open) == {StageCode.CREATED, *stages}
    assert set(by_status(type=DealType.ASSESSMENT)) == {Status.ACCEPTED, Status.WON, Status.LOST}
    for deal in assessments.filter(status=Status.WON):
        marks = deal.events.filter(kind=EventKind.STAGE_MARKED).order_by("id")
        assert [one.data["stage"] for one in marks] == stages
    vetted = Vetting.objects.filter(is_vetted=True).values_list("partner__slug", "by_name")
    assert list(vetted) == [("contoso", "Victor Vance")]


def test_a_good_year_and_nothing_in_the_future(everything: None) -> None:
    now = timezone.now()
    oldest = Deal.objects.order_by("created_at").values_list("created_at", flat=True)[0]
    assert timedelta(days=365) < now - oldest < timedelta(days=405)
    for moment in ("created_at", "updated_at", "closed_at", "answered_at"):
        assert not Deal.objects.filter(**{f"{moment}__gt": now}).exists(), moment
    assert not DealEvent.objects.filter(at__gt=now).exists()
    assert not Deal.objects.filter(closed_at__lt=F("created_at")).exists()


def test_every_deal_has_what_the_wizard_asks_for(everything: None) -> None:
    assert not Deal.objects.filter(solutions=None).exists()
    answered = Q(direction="outbound") | Q(answered_at__isnull=False, status=Status.ACCEPTED)
    assert not Deal.objects.filter(answered, team=None).exists()
    assert not Deal.objects.filter(events=None).exists()
    co_sell = Deal.objects.filter(type=DealType.CO_SELL, direction="outbound")
    to_vendor = co_sell.exclude(organization__slug="microsoft")
    assert to_vendor.exists()
    assert not to_vendor.filter(contact__consent_at=None).exists()


def test_phones_would_pass_the_forms(everything: None) -> None:
    phones = {str(phone) for phone in TeamMember.objects.values_list("phone", flat=True)}
    phones |= {str(phone) for phone in User.objects.values_list("phone", flat=True) if phone}
    wrong = {one for one in phones if not phonenumbers.is_valid_number(phonenumbers.parse(one))}
    assert wrong == set()


def test_history_tells_how_each_deal_came_where_it_is(everything: None) -> None:
    """Replaying the events by the table of transitions gives the deal's status and stage."""
    targets = {one.event: one.target for one in TRANSITIONS.values() if one.by != By.SENDER}
    targets |= {
        EventKind.CREATED: Status.ACCEPTED,
        EventKind.RECEIVED: Status.RECEIVED,
        EventKind.WITHDRAWN: Status.WITHDRAWN,
    }
    for deal in Deal.objects.prefetch_related("events"):
        events = list(deal.events.all())
        assert [event.at for event in events] == sorted(event.at for event in events)
        own = [event for event in events if event.kind in targets]
        assert own[0].kind == (EventKind.RECEIVED if deal.is_inbound else EventKind.CREATED)
        assert own[0].at == deal.created_at
        assert targets[EventKind(own[-1].kind)] == deal.status
        if deal.is_closed:
            assert own[-1].at == deal.closed_at
        assert max(event.data["version"] for event in events) == deal.version


def test_cards_agree_with_the_other_side(everything: None) -> None:
    referrals = Referral.objects.select_related("sender_deal", "recipient_deal")
    assert len(referrals) > 100
    for referral in referrals:
        sender, recipient = referral.sender_deal, referral.recipient_deal
        assert (referral.sender_status, referral.sender_stage) == (sender.status, sender.stage)
        assert referral.recipient_status == recipient.status
        assert referral.recipient_stage == recipient.stage
        assert referral.answered_at == recipient.answered_at
        assert sender.engagement_id == recipient.engagement_id == referral.engagement_id
        team = [person.email for person in recipient.team.all()]
        assert [person["email"] for person in referral.recipient_team] == team
        if sender.is_closed:
            assert referral.recipient_status != Status.RECEIVED


def test_invitations_go_in_every_direction(everything: None) -> None:
    ways = set(Referral.objects.values_list("sender__kind", "recipient__kind"))
    assert ways == {("partner", "vendor"), ("vendor", "partner"), ("partner", "partner")}


def test_uninvolved_company_shares_nothing_with_contoso(everything: None) -> None:
    tailspin = Q(sender__slug="tailspin") | Q(recipient__slug="tailspin")
    contoso = Q(sender__slug="contoso") | Q(recipient__slug="contoso")
    assert Referral.objects.filter(tailspin).exists()
    assert not Referral.objects.filter(tailspin & contoso).exists()


def test_one_invitation_expires_while_somebody_watches(everything: None) -> None:
    soon = timezone.now() + timedelta(minutes=10, seconds=1)
    (referral,) = Referral.objects.filter(recipient_status="received", respond_by__lte=soon)
    assert (referral.sender.slug, referral.recipient.slug) == ("microsoft", "contoso")
    assert referral.respond_by > timezone.now() + timedelta(minutes=9)
    assert expire_overdue_referrals() == 0


def test_nobody_is_told_about_history(everything: None) -> None:
    assert not Notice.objects.filter(resolved_at=None).exists()
    assert not Notification.objects.exists()


def test_people_talk_inside_and_across_and_each_comment_is_in_the_history(everything: None) -> None:
    inside, shared = Comment.objects.filter(referral=None), Comment.objects.exclude(referral=None)
    assert inside.count() > 15
    assert shared.count() > 15
    assert inside.filter(organization__slug="contoso").exists()
    assert shared.filter(organization__slug="microsoft", counterpart__slug="contoso").exists()
    assert not Comment.objects.filter(Q(at__lt=F("deal__created_at")) | Q(body__contains="{"))
    told = Counter(DealEvent.objects.filter(kind__in=COMMENT_KINDS).values_list("kind", flat=True))
    assert told[EventKind.COMMENTED] + told[EventKind.MENTIONED] == Comment.objects.count()
    assert told[EventKind.COUNTERPART_COMMENTED] == shared.count()
    assert told[EventKind.MENTIONED] > 3


def test_hearts_of_anna_and_sam_show_several_statuses(everything: None) -> None:
    for email, how_many in (("anna@contoso.example", 9), ("sam@microsoft.example", 7)):
        hearts = Favorite.objects.filter(membership__user__email=email)
        assert hearts.count() == how_many
        assert hearts.values("deal__status").distinct().count() >= 4


def test_cast_is_who_the_sign_in_page_says(everything: None) -> None:
    for persona in CAST:
        user = User.objects.get(email=persona.email)
        assert user.full_name == persona.name
        first = user.memberships.filter(organization__name=persona.company).first()
        assert (first.role if first else None) == persona.role
    assert user.check_password("demo")
    assert User.objects.values("password").distinct().count() == 1
    assert Membership.objects.filter(user__email="piotr@contoso.example").count() == 2
    assert not Membership.objects.filter(user__email="nobody@nowhere.example").exists()


def test_bob_has_deals_of_his_own_and_not_all(everything: None) -> None:
    bob = Membership.objects.get(user__email="bob@contoso.example")
    his = visible_deals(bob).count()
    assert 10 < his < Deal.objects.filter(organization__slug="contoso").count() / 2


def test_companies_have_several_units_told_apart_by_number(everything: None) -> None:
    units = ReferenceCustomer.objects.values("name", "country").annotate(
        units=Count("pk"), cities=Count("city", distinct=True), numbers=Count("duns", distinct=True)
    )
    several = [one for one in units if one["units"] > 1]
    assert len(several) > 300
    assert all(one["units"] == one["cities"] == one["numbers"] for one in several)


def test_newcomer_of_another_tenant_sees_why_there_is_nothing(
    everything: None, client: Client
) -> None:
    client.force_login(User.objects.get(email=NEWCOMER[0]))
    page = client.get(reverse("deals:list", args=["contoso", "inbound"]))
    assert (page.status_code, "Request linking" in page.text) == (403, True)


@pytest.mark.parametrize(
    "persona",
    [one for one in CAST if one.company and one.email != NEWCOMER[0]],
    ids=lambda one: one.name,
)
def test_everybody_of_the_cast_sees_lists_and_a_deal(persona: Persona, client: Client) -> None:
    with as_owner():
        user = User.objects.get(email=persona.email)
        slug = Organization.objects.get(name=persona.company).slug
    client.force_login(user)
    deals = []
    for tab in ("inbound", "outbound", "favorites"):
        address = reverse("deals:list", args=[slug, tab])
        page = client.get(address)
        assert page.status_code == 200
        found = re.search(r'class="grid-name" href="([^"]+)"', page.text)
        assert found or tab == "favorites" or slug == "tailspin"
        deals += [urljoin(address, unescape(found.group(1)))] if found else []
    assert client.get(deals[0]).status_code == 200


def test_insights_look_full(everything: None, client: Client) -> None:
    for email, slug in (
        ("anna@contoso.example", "contoso"),
        ("sam@microsoft.example", "microsoft"),
    ):
        with as_owner():
            client.force_login(User.objects.get(email=email))
        page = client.get(reverse("insights:overview", args=[slug]))
        assert [one.label for one in page.context["headlines"] if not one.change] == []
        empty = [one.code for one in page.context["charts"] if not one.lines]
        assert empty == [], email
        assert page.context["figures"].as_of is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("email", "each"),
    [("anna@contoso.example", False), ("sam@microsoft.example", False)]
    + [
        pytest.param(one, True, marks=pytest.mark.full)
        for one in (
            "anna@contoso.example", "sam@microsoft.example", "frank@fabrikam.example",
            "grace@adventure-works.example", "mallory@tailspin.example",
        )
    ],
)  # fmt: skip
def test_every_deal_has_a_page_that_works(email: str, each: bool, client: Client) -> None:
    """`each` of them, or one of every sort."""
    with as_owner():
        membership = Membership.objects.select_related("organization").get(user__email=email)
        deals = {deal.pk if each else sort_of(deal): deal for deal in visible_deals(membership)}
        user = User.objects.get(email=email)
    client.force_login(user)
    assert len(deals) > (0 if each else 20)
    for deal in deals.values():
        url = deal.get_absolute_url()
        assert client.get(url).status_code == 200, url


def sort_of(deal: Deal) -> tuple[str, ...]:
    registration = Registration.objects.filter(deal=deal).first()
    status = registration.status if registration else ""
    return (deal.type, deal.direction, deal.status, deal.stage, status)


def test_registrations_are_in_three_states_and_others_are_left_to_register(
    everything: None,
) -> None:
    found = Registration.objects.values_list("organization__slug", "status", "steps__kind")
    assert set(found) == {
        ("contoso", "approved", "submitted"), ("contoso", "approved", "approved"),
        ("contoso", "action_required", "submitted"),
        ("contoso", "action_required", "action_required"),
        ("contoso", "pending", "submitted"),
    }  # fmt: skip
    left = DealEvent.objects.filter(
        kind=EventKind.WON, data__has_key="eligible", deal__registration=None,
        deal__organization__slug="contoso", deal__type=DealType.CO_SELL,
    )  # fmt: skip
    assert left.exists()
    told = DealEvent.objects.filter(kind=EventKind.COUNTERPART_REGISTERED)
    assert {one.deal.organization.slug for one in told} == {"microsoft"}
    now = timezone.now()
    assert not Registration.objects.filter(status_since__gt=now).exists()
