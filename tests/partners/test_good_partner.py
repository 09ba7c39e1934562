"""The page that tells a company how it answers (8.1)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deals.lifecycle import advance
from deals.models import Deal
from deals.transitions import Name
from referrals.models import Referral
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db
URL = "/o/fabrikam/good-partner/"


def decline(world: World, referral: Referral) -> None:
    with world.as_member(world.frank):
        received = Deal.objects.get(pk=referral.recipient_deal_id)
        advance(received, Name.DECLINE, actor=world.frank.actor, reason="budget")


def page_of(client: Client, world: World) -> str:
    client.force_login(world.frank.user)
    return " ".join(client.get(URL).text.split())


def test_newcomer_learns_where_it_begins(world: World, client: Client) -> None:
    page = page_of(client, world)
    assert '<p class="figure-number">56 <small>of 100</small>' in page
    assert "Nothing to answer yet" in page
    assert "Nothing yet: it takes three invitations." in page
    assert "Nothing: no invitation expired" in page


def test_page_says_what_moves_the_figure(world: World, client: Client) -> None:
    for _number in range(2):
        decline(world, world.referral(recipient=world.fabrikam))
    world.accepted(world.referral(recipient=world.fabrikam), by=world.frank)
    deal = world.deal(name="Forgotten deal")
    world.overdue_referral(deal, recipient=world.fabrikam)
    page = page_of(client, world)
    assert "3 of 4" in page
    assert "1 accepted, 2 declined" in page
    assert "Had the one that expired been answered like the others" in page
    assert "Forgotten deal" in page
    assert "Contoso, " in page


def test_slow_answer_is_named_with_its_time(world: World, client: Client) -> None:
    referral = world.referral(recipient=world.fabrikam)
    decline(world, referral)
    with as_owner():
        sent = Referral.objects.get(pk=referral.pk).sent_at
        Referral.objects.filter(pk=referral.pk).update(answered_at=sent + timedelta(days=9))
    assert "answered after 9 days" in page_of(client, world)


def test_who_sees_only_own_deals_reads_no_others_name(world: World, client: Client) -> None:
    world.overdue_referral(
        world.deal(world.frank, name="Secret deal"), sender=world.frank, recipient=world.contoso
    )
    client.force_login(world.bob.user)
    page = client.get("/o/contoso/good-partner/").text
    assert "Secret deal" not in page
    assert 'class="figure-number"' in page
    client.force_login(world.anna.user)
    assert "Secret deal" in client.get("/o/contoso/good-partner/").text


def test_vendor_is_not_searched_for(world: World, client: Client) -> None:
    client.force_login(world.sam.user)
    assert "nobody searches for the vendor" in client.get("/o/microsoft/good-partner/").text


def test_statements_do_not_grow_with_invitations(world: World, client: Client) -> None:
    client.force_login(world.frank.user)
    client.get(URL)
    counts = []
    for more in (1, 2):
        for _number in range(more):
            world.overdue_referral(recipient=world.fabrikam)
        with CaptureQueriesContext(connection) as captured:
            client.get(URL)
        counts.append(len(captured))
    assert counts[0] == counts[1]
