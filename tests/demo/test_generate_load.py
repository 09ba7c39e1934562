"""The made-up load for measuring: as many deals as asked for, in a database that is whole after."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.models import F
from django.test import Client, override_settings
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from deals.models import Deal, DealEvent, TeamMember
from demo.crowd.copying import FOREIGN_KEYS
from demo.crowd.generate import TABLES
from demo.crowd.plan import FEWEST, LARGE, SMALL, VENDOR, sizes
from partners.models import Organization, User
from referrals.models import Referral
from tests.identity import as_owner, resting

pytestmark = pytest.mark.django_db


Structure = list[tuple[str, ...]]


@dataclass(frozen=True)
class Load:
    last_words: str
    before: Structure


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Load]:
    """Loading takes long: once for all tests here, which run in savepoints of it."""
    said = StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        with resting(), as_owner():
            before = structure()
            call_command("generate_load", deals=FEWEST, stdout=said)
            connection.check_constraints()
        yield Load(said.getvalue().splitlines()[-1], before)
        transaction.set_rollback(True)


def structure() -> Structure:
    """Keys, indexes and triggers of the tables, in order."""
    tables = [model._meta.db_table for model in TABLES]
    found: Structure = []
    with as_owner(), connection.cursor() as cursor:
        for query in (
            FOREIGN_KEYS,
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = ANY(%s::regclass[]) ORDER BY 1",
            "SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgrelid = ANY(%s::regclass[]) ORDER BY 1, 2",
        ):
            cursor.execute(query, [tables])
            found += cursor.fetchall()
    return found


def test_million_has_the_sizes_to_compare() -> None:
    planned = sizes(1_000_000)
    named = {one.slug: one.deals for one in planned}
    assert (named[VENDOR], named[LARGE], named[SMALL]) == (300_000, 100_000, 10_000)
    assert len(planned) == 203
    assert sum(named.values()) == 1_000_000


def test_as_many_deals_as_asked_for_with_all_that_belongs_to_them(loaded: Load) -> None:
    with as_owner():
        referrals, events = Referral.objects.count(), DealEvent.objects.count()
        assert (
            loaded.last_words == f"Loaded 1,000 deals, {referrals:,} referrals, {events:,} events."
        )
        assert Deal.objects.count() == FEWEST
        assert Deal.objects.filter(direction="inbound").count() == referrals
        for planned in sizes(FEWEST):
            assert Deal.objects.filter(organization__slug=planned.slug).count() == planned.deals
        accepted = Deal.objects.filter(status="accepted")
        assert not accepted.exclude(pk__in=TeamMember.objects.values("deal_id")).exists()
        assert not Deal.objects.exclude(pk__in=DealEvent.objects.values("deal_id")).exists()


def test_what_a_referral_says_is_what_the_deals_are(loaded: Load) -> None:
    with as_owner():
        assert Referral.objects.filter(
            sender_deal__status=F("sender_status"), sender_deal__stage=F("sender_stage"),
            recipient_deal__status=F("recipient_status"),
            recipient_deal__stage=F("recipient_stage"),
            recipient_deal__engagement_id=F("engagement_id"),
            sender_deal__organization=F("sender"), recipient_deal__organization=F("recipient"),
        ).count() == Referral.objects.count()  # fmt: skip


def test_keys_indexes_and_triggers_are_back(loaded: Load) -> None:
    assert loaded.before
    assert structure() == loaded.before


def test_people_of_the_load_sign_in_and_see_their_deals(loaded: Load, client: Client) -> None:
    with as_owner():
        client.force_login(User.objects.get(email=f"referrals-admin@{LARGE}.example"))
    answer = client.get(reverse("deals:list", args=[LARGE, "inbound"]))
    assert answer.status_code == 200
    assert len(answer.context["rows"]) == 25


def test_partners_are_ranked_by_their_answers_and_told_what_they_tend_to(
    loaded: Load, client: Client
) -> None:
    with as_owner():
        scores = dict(Organization.objects.values_list("name", "responsiveness"))
        client.force_login(User.objects.get(email=f"referrals-admin@{LARGE}.example"))
    assert len(set(scores.values())) > 5
    directory = client.get(reverse("partners:directory", args=[LARGE]))
    listed = [scores[one.organization.name] for one in directory.context["partners"]]
    assert listed == sorted(listed, reverse=True)
    page = client.get(reverse("partners:good_partner", args=[LARGE]))
    assert page.context["tendencies"]


def test_refused_beside_other_organisations(loaded: Load) -> None:
    with as_owner(), pytest.raises(CommandError, match="empty database"):
        call_command("generate_load", deals=FEWEST)
    with as_owner():
        assert Organization.objects.filter(slug=VENDOR).count() == 1


def test_refused_outside_demo_mode() -> None:
    with override_settings(DEMO=False), as_owner(), pytest.raises(CommandError, match="demo mode"):
        call_command("generate_load", deals=FEWEST)


def test_refused_to_whoever_does_not_own_the_tables() -> None:
    with pytest.raises(CommandError, match="cosell_owner"):
        call_command("generate_load", deals=FEWEST)


def test_refused_when_too_few_to_share_out() -> None:
    with as_owner(), pytest.raises(CommandError, match="too few"):
        call_command("generate_load", deals=FEWEST - 1)
