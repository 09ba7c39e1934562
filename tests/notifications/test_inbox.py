"""The bell and the list of notifications (7.4)."""

import re
from copy import deepcopy
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from deals.models import EventKind, TeamMember
from notifications.catalogue import CATALOGUE
from notifications.inbox import PAGE
from notifications.models import Notice, Notification
from notifications.services import resolve_notices
from partners.announcements import News
from tests.built_once import Once
from tests.identity import as_owner
from tests.notifications.reading import mails_to
from tests.world import World, person_of_member

pytestmark = pytest.mark.django_db

LIST = reverse("notifications:list", args=["contoso"])

Scene = tuple[World, Notification]


@pytest.fixture(scope="module")
def scene_once(once: Once) -> Scene:
    """Anna is told of her first invitation."""
    return once(lambda world: (world, told(world, name="Retail analytics")))


@pytest.fixture
def scene(scene_once: Scene) -> Scene:
    return deepcopy(scene_once)


@pytest.fixture
def world(scene: Scene) -> World:
    return scene[0]


@pytest.fixture
def notification(scene: Scene) -> Notification:
    return scene[1]


def told(world: World, **deal: object) -> Notification:
    """Anna is told that she invited the vendor."""
    referral = world.referral(world.deal(**deal))  # type: ignore[arg-type]  # details by name
    resolve_notices()
    with as_owner():
        return Notification.objects.get(deal=referral.sender_deal_id, membership=world.anna)


def many(of: Notification, how_many: int) -> None:
    """More notices of one event, which a real one has once."""
    assert of.notice_id
    with as_owner():
        Notice.objects.filter(pk=of.notice_id).update(resolved_at=timezone.now())
        Notification.objects.bulk_create(
            Notification(
                organization_id=of.organization_id, notice_id=of.notice_id, deal_id=of.deal_id,
                kind=of.kind, membership_id=of.membership_id, name="Anna", email=f"{n}@x.example",
            )
            for n in range(how_many)
        )  # fmt: skip


def is_read(notification: Notification) -> bool:
    with as_owner():
        return Notification.objects.exclude(read_at=None).filter(pk=notification.pk).exists()


def bell_of(response: Any) -> str:
    html = response.content.decode()
    bell: str = html[html.index('id="bell"') :]
    label = bell[bell.index('aria-label="') + len('aria-label="') :]
    return label[: label.index('"')]


def test_bell_counts_what_is_unread_and_the_list_says_what_happened(
    world: World, client: Client
) -> None:
    client.force_login(world.anna.user)
    page = client.get(LIST)
    assert bell_of(page) == "Notifications, 1 unread"
    assert bell_of(client.get(reverse("deals:list", args=["contoso", "inbound"]))) == bell_of(page)
    (item,) = page.context["items"]
    assert item.sentence == "Anna Kowalska invited Microsoft"
    assert item.about.startswith("Retail analytics · ")
    assert item.is_unread


def test_notifications_are_only_ones_own(world: World, client: Client) -> None:
    for member, expected in ((world.piotr, 0), (world.olga, 0), (world.sam, 1), (world.rita, 0)):
        client.force_login(member.user)
        page = client.get(reverse("notifications:list", args=[member.organization.slug]))
        assert len(page.context["items"]) == expected, member


def test_link_opens_the_deal_and_marks_the_notification_read(
    world: World, notification: Notification, client: Client
) -> None:
    client.force_login(world.anna.user)
    (item,) = client.get(LIST).context["items"]
    page = client.get(item.url)
    assert "Retail analytics" in page.content.decode()
    assert is_read(notification)
    assert bell_of(page) == "Notifications"


def test_link_of_the_mail_marks_the_notification_read(
    world: World, notification: Notification, client: Client
) -> None:
    (message,) = mails_to("anna@contoso.example")
    link = re.search(r"https?://[^/]+(/o/contoso/deals/\S+)", str(message.body))
    assert link
    client.force_login(world.anna.user)
    assert client.get(link[1]).status_code == 200
    assert is_read(notification)


def test_link_that_a_colleague_follows_opens_the_deal_and_marks_nothing(
    world: World, notification: Notification, client: Client
) -> None:
    client.force_login(world.anna.user)
    (item,) = client.get(LIST).context["items"]
    client.force_login(world.piotr.user)
    assert client.get(item.url).status_code == 200
    assert not is_read(notification)


@pytest.mark.parametrize("notice", ["", "x", "0", "5f2c1a9e-0000-4000-8000-000000000000", "%00"])
def test_strange_link_opens_the_deal_all_the_same(
    world: World, client: Client, notice: str
) -> None:
    deal = world.deal()
    client.force_login(world.anna.user)
    url = reverse("deals:detail", args=["contoso", deal.pk])
    assert client.get(f"{url}?notice={notice}").status_code == 200
    assert client.get(f"{LIST}?after={notice}").status_code == 200


def test_one_is_marked_read_and_the_reader_stays_where_they_were(
    world: World, notification: Notification, client: Client
) -> None:
    first, second = notification, told(world)
    client.force_login(world.anna.user)
    url = reverse("notifications:read", args=["contoso", first.pk])
    answer = client.post(url, {"show": "unread"})
    assert answer.headers["Location"] == f"{LIST}?show=unread"
    assert (is_read(first), is_read(second)) == (True, False)
    left = client.get(answer.headers["Location"])
    assert [one.id for one in left.context["items"]] == [second.pk]
    assert len(client.get(LIST).context["items"]) == 2


def test_htmx_gets_the_list_and_the_bell(
    world: World, notification: Notification, client: Client
) -> None:
    client.force_login(world.anna.user)
    url = reverse("notifications:read", args=["contoso", notification.pk])
    answer = client.post(url, {}, headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert "<html" not in html
    assert 'hx-swap-oob="true"' in html
    assert bell_of(answer) == "Notifications"
    assert 'hx-swap-oob="true"' not in client.get(LIST).content.decode()


def test_all_are_marked_read_and_nobody_elses(world: World, client: Client) -> None:
    told(world)
    client.force_login(world.anna.user)
    client.post(reverse("notifications:read_all", args=["contoso"]))
    assert client.get(LIST).context["unread_count"] == 0
    assert "Nothing unread" in client.get(f"{LIST}?show=unread").content.decode()
    with as_owner():
        unread = Notification.objects.filter(read_at=None)
        assert set(unread.values_list("email", flat=True)) == {
            "sam@microsoft.example",
            "victor@microsoft.example",
        }


def test_somebody_elses_cannot_be_marked(
    world: World, notification: Notification, client: Client
) -> None:
    client.force_login(world.piotr.user)
    url = reverse("notifications:read", args=["contoso", notification.pk])
    assert client.post(url).status_code == 404
    assert not is_read(notification)


def test_deal_that_one_no_longer_sees_is_not_named(world: World, client: Client) -> None:
    deal = world.deal(name="Confidential", team=[person_of_member(world.bob)])
    world.referral(deal)
    resolve_notices()
    client.force_login(world.bob.user)
    assert len(client.get(LIST).context["items"]) == 1
    with as_owner():
        TeamMember.objects.filter(deal=deal).update(membership=None)
    page = client.get(LIST)
    assert "Confidential" not in page.content.decode()
    assert bell_of(page) == "Notifications"


def test_pages_follow_each_other_without_gap_or_repeat(
    world: World, notification: Notification, client: Client
) -> None:
    many(notification, 2 * PAGE + 3)
    client.force_login(world.anna.user)
    seen, url = [], LIST
    while url:
        page = client.get(url)
        seen += [one.id for one in page.context["items"]]
        url = page.context["url_of_older"]
    assert len(seen) == len(set(seen)) == 2 * PAGE + 4


def test_very_many_are_counted_no_further_than_the_bell_says(
    world: World, notification: Notification, client: Client
) -> None:
    many(notification, 150)
    client.force_login(world.anna.user)
    page = client.get(LIST)
    assert bell_of(page) == "Notifications, more than 99 unread"
    assert page.context["unread_count"] == 100
    assert "99+" in page.content.decode()


def test_page_costs_the_same_for_one_and_for_three(world: World, client: Client) -> None:
    client.force_login(world.anna.user)
    counted = []
    for _more in range(2):
        told(world)
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        counted.append([one["sql"][:24] for one in captured])
        told(world)
    assert counted[0] == counted[1]


def test_every_kind_of_event_has_a_sentence_to_be_filled(
    world: World, notification: Notification, client: Client
) -> None:
    kinds = sorted(CATALOGUE.keys() - set(News))
    assert EventKind.RECEIVED in kinds
    assert len(kinds) <= PAGE
    many(notification, len(kinds) - 1)
    with as_owner():
        ours = Notification.objects.filter(membership=world.anna)
        kind_of = dict(zip(ours.values_list("pk", flat=True), kinds, strict=True))
        for pk, kind in kind_of.items():
            ours.filter(pk=pk).update(kind=kind)
    client.force_login(world.anna.user)
    items = client.get(LIST).context["items"]
    assert {one.id for one in items} == set(kind_of)
    assert [kind_of[one.id] for one in items if "{" in one.sentence] == []


def test_who_wrote_a_name_with_braces_or_markup_breaks_nothing(
    world: World, client: Client
) -> None:
    with as_owner():
        world.anna.user.last_name = "<b>{company}</b>"
        world.anna.user.save()
    told(world)
    client.force_login(world.anna.user)
    html = client.get(LIST).content.decode()
    assert "Anna &lt;b&gt;{company}&lt;/b&gt; invited Microsoft" in html


def test_newcomer_is_told_what_will_come(world: World, client: Client) -> None:
    client.force_login(world.mallory.user)
    page = client.get(reverse("notifications:list", args=["outsider"]))
    assert "No notifications yet" in page.content.decode()
