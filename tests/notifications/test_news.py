"""What is told besides deals: about the company, and about somebody's account (7.2 to 7.4)."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from notifications.digests import digest_of
from notifications.entries import Channel
from notifications.models import Notice, Notification
from notifications.preferences import Choice, choose
from notifications.services import resolve_notices, work_off
from partners.announcements import News
from partners.models import Membership, User
from partners.permissions import Role
from tests.factories import CoSellRequestFactory, MembershipFactory, UserFactory
from tests.identity import as_owner
from tests.notifications.conftest import use_mail_server
from tests.notifications.reading import everything, mails_to
from tests.notifications.smtp import mail_server
from tests.world import World

pytestmark = pytest.mark.django_db


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def change_role(world: World, member: Membership, role: Role = Role.OBSERVER) -> None:
    page = reverse("partners:person", args=["contoso", member.pk])
    assert signed_in(world.piotr).post(page, {"role": role}).status_code == 302


def hand_over(world: World, leaver: Membership, heir: Membership) -> None:
    page = reverse("partners:hand_over", args=["contoso", leaver.pk])
    assert signed_in(world.piotr).post(page, {"colleague": heir.pk}).status_code == 302


def lower_mark(world: World, status: int = 1) -> None:
    page = reverse("partners:lower_mark", args=["microsoft", world.contoso.solution.pk])
    given = {"status": status, "reason": "It is no longer sold."}
    assert signed_in(world.victor).post(page, given).status_code == 302


def answer_co_sell(world: World, *, asked_by: str) -> None:
    request = CoSellRequestFactory(
        vendor=world.microsoft.organization, solution=world.contoso.solution,
        asked_by_name="Bob Baker", asked_by_email=asked_by,
    )  # fmt: skip
    page = reverse("partners:co_sell_request", args=["microsoft", request.pk])
    answer = {"answer": "refuse", "reason": "Where is the demo?"}
    assert signed_in(world.victor).post(page, answer).status_code == 302


def prefer(world: World, member: Membership, **wishes: Any) -> None:
    with world.as_member(member):
        choose(member, Choice("", **wishes))


def list_of(member: Membership) -> Any:
    page = signed_in(member).get(reverse("notifications:list", args=[member.organization.slug]))
    return page.context["items"]


def told() -> list[tuple[str, str]]:
    resolve_notices()
    with as_owner():
        return sorted(Notification.objects.values_list("kind", "email"))


def test_mail_server_that_is_away_loses_nothing(world: World, settings: Settings) -> None:
    with mail_server() as sink:
        use_mail_server(settings, sink)
    change_role(world, world.anna)
    lower_mark(world)
    work_off(seconds=60)
    assert sink.mails == []
    with mail_server(sink):
        for _sweep in range(3):
            with as_owner():
                Notification.objects.filter(sent_at=None).update(next_attempt_at=timezone.now())
            work_off(seconds=60)
    assert sink.readers() == ["anna@contoso.example", "piotr@contoso.example"]


def test_change_that_is_undone_is_told_to_nobody(world: World) -> None:
    """The deals are handed over, and then somebody else was faster."""
    world.deal(world.bob)
    page = reverse("partners:deactivate", args=["contoso", world.bob.pk])
    piotr = signed_in(world.piotr)
    assert piotr.post(page).status_code == 302
    assert piotr.post(page, {"colleague": world.anna.pk}).status_code == 422
    assert told() == [(News.ACCESS_CHANGED, "bob@contoso.example")]


def test_each_admin_of_that_company_reads_it_once(world: World) -> None:
    for company, name in ((world.contoso, "eva"), (world.fabrikam, "fay")):
        user = UserFactory(email=f"{name}@{company.slug}.example")
        MembershipFactory(organization=company.organization, user=user, role=Role.MPN_ADMIN)
    gone = UserFactory(email="gone@contoso.example")
    MembershipFactory(
        organization=world.contoso.organization, user=gone, role=Role.MPN_ADMIN, is_active=False
    )
    lower_mark(world)
    for _sweep in range(3):
        with as_owner():
            Notice.objects.update(resolved_at=None)
        work_off(seconds=60)
    assert sorted(one.to[0].rpartition("<")[2] for one in mail.outbox) == [
        "eva@contoso.example>",
        "piotr@contoso.example>",
    ]


def test_answer_goes_to_who_asked_and_to_the_admins_once_they_left(world: World) -> None:
    answer_co_sell(world, asked_by="bob@contoso.example")
    assert told() == [(News.CO_SELL_ANSWERED, "bob@contoso.example")]
    with as_owner():
        Membership.objects.filter(pk=world.bob.pk).update(is_active=False)
        Notification.objects.all().delete()
    for asked_by in ("bob@contoso.example", "never.here@contoso.example"):
        answer_co_sell(world, asked_by=asked_by)
        assert told() == [(News.CO_SELL_ANSWERED, "piotr@contoso.example")]
        (letter,) = mails_to("piotr@contoso.example")
        assert "You get this mail because Bob Baker asked for it for Contoso." in str(letter.body)
        with as_owner():
            Notification.objects.all().delete()
        mail.outbox.clear()


def test_who_lost_their_access_reads_so_without_a_button(world: World) -> None:
    page = reverse("partners:deactivate", args=["contoso", world.anna.pk])
    signed_in(world.piotr).post(page)
    (letter,) = mails_to("anna@contoso.example")
    assert "Piotr Nowak switched off your access to Contoso." in str(letter.body)
    assert "http" not in str(letter.body)
    assert 'class="button"' not in everything(letter)


def test_words_are_the_readers_own(world: World) -> None:
    """The admin reads English."""
    with as_owner():
        User.objects.filter(pk=world.anna.user_id).update(language="pl")
    change_role(world, world.anna)
    (letter,) = mails_to("anna@contoso.example")
    assert letter.subject == "Twoja rola w firmie Contoso się zmieniła"
    assert "Obserwator" in str(letter.body)
    assert "Observer" not in everything(letter)


def test_wishes_are_kept(world: World) -> None:
    world.deal(world.bob)
    prefer(world, world.anna, channels={News.DEALS_HANDED_OVER: Channel.OFF})
    prefer(world, world.piotr, channels={News.CO_SELL_LOWERED: Channel.DIGEST})
    hand_over(world, world.bob, world.anna)
    lower_mark(world)
    assert mails_to("@") == []
    assert list_of(world.anna) == []
    (item,) = list_of(world.piotr)
    assert item.about == "Contoso Suite is only In market now"


def test_digest_tells_what_was_kept_for_it(world: World) -> None:
    prefer(world, world.piotr, channels={News.CO_SELL_LOWERED: Channel.DIGEST})
    lower_mark(world)
    resolve_notices()
    today = timezone.localdate()
    with as_owner():
        Notification.objects.update(digest_day=today)
    with world.as_member(world.piotr):
        digest = digest_of(world.piotr, day=today, since=today - timedelta(days=1))
    (item,) = digest.news
    assert (item.text, item.about) == (
        "Microsoft lowered a co-sell status",
        "Contoso Suite is only In market now",
    )


def test_what_is_about_access_leaves_at_once_and_cannot_be_stopped(world: World) -> None:
    """Whatever somehow got into the row; other news keep quiet hours."""
    for member in (world.anna, world.piotr):
        prefer(
            world, member, channels={News.ACCESS_CHANGED: Channel.OFF},
            quiet_from=time(20), quiet_until=time(7),
        )  # fmt: skip
    night = datetime(2026, 7, 1, 23, tzinfo=UTC)
    with time_machine.travel(night, tick=False):
        change_role(world, world.anna)
        lower_mark(world)
        resolve_notices()
    with as_owner():
        assert dict(Notification.objects.values_list("kind", "next_attempt_at")) == {
            News.ACCESS_CHANGED: night,
            News.CO_SELL_LOWERED: datetime(2026, 7, 2, 5, tzinfo=UTC),
        }
    (letter,) = mails_to("anna@contoso.example")
    assert not [name for name in letter.extra_headers if name.startswith("List-Unsubscribe")]
    assert "nsubscribe" not in everything(letter)
    assert "preferences" not in everything(letter)


def test_other_news_are_stopped_by_the_link_in_them(world: World) -> None:
    lower_mark(world, status=2)
    (letter,) = mails_to("piotr@contoso.example")
    link = re.search(r"http://[^/]+(/\S*unsubscribe\S+)", str(letter.body))
    assert link
    assert link[1] in letter.extra_headers["List-Unsubscribe"]
    assert Client().post(link[1]).status_code == 200
    lower_mark(world, status=1)
    assert len(mails_to("piotr@contoso.example")) == 1
    assert len(list_of(world.piotr)) == 2


def test_page_says_always_and_refuses_another_wish(world: World) -> None:
    page, anna = reverse("notifications:preferences", args=["contoso"]), signed_in(world.anna)
    shown = anna.get(page)
    assert shown.text.count("Always by e-mail") == 3
    assert f'name="{News.NEW_DEVICE}"' not in shown.text
    form: Any = shown.context["form"]
    given = {
        one.name: one.value() for one in form
        if one.value() not in (None, False) and one.name not in {News.NEW_DEVICE}
    }  # fmt: skip
    given["morning"] = "08:00"
    assert anna.post(page, given).status_code == 302
    for wish in ("off", "in_app", "digest"):
        refused: Any = anna.post(page, given | {News.NEW_DEVICE: wish})
        assert refused.status_code == 422
        assert list(refused.context["form"].errors) == [News.NEW_DEVICE]


@pytest.mark.parametrize("member", ["anna", "bob"])
def test_list_says_what_it_is_about_and_leads_there(world: World, member: str) -> None:
    """Also for Bob, who sees only some deals."""
    reader = world.cast[member]
    change_role(world, reader, Role.REFERRALS_USER if member == "anna" else Role.REFERRALS_ADMIN)
    resolve_notices()
    (item,) = list_of(reader)
    assert (item.text, item.about) == (
        "Piotr Nowak changed your access",
        "Your role at Contoso has changed",
    )
    signed_in(world.piotr).get(item.url)
    assert list_of(reader)[0].is_unread
    assert signed_in(reader).get(item.url, follow=True).status_code == 200
    assert not list_of(reader)[0].is_unread


def test_admins_are_led_to_the_solution(world: World) -> None:
    lower_mark(world)
    resolve_notices()
    (item,) = list_of(world.piotr)
    page = signed_in(world.piotr).get(item.url)
    assert page.status_code == 200
    assert "Contoso Suite" in page.text
    assert not list_of(world.piotr)[0].is_unread


def test_news_for_admins_are_not_read_by_who_is_none_any_more(world: World) -> None:
    lower_mark(world)
    resolve_notices()
    assert len(list_of(world.piotr)) == 1
    with as_owner():
        Membership.objects.filter(pk=world.piotr.pk).update(role=Role.REFERRALS_ADMIN)
    assert list_of(world.piotr) == []


def test_list_costs_the_same_for_one_and_for_three(world: World) -> None:
    piotr, page = signed_in(world.piotr), reverse("notifications:list", args=["contoso"])
    counted = []
    for more in (1, 2):
        for _answer in range(more):
            answer_co_sell(world, asked_by="piotr@contoso.example")
        resolve_notices()
        with CaptureQueriesContext(connection) as captured:
            shown: Any = piotr.get(page)
        counted.append([one["sql"][:24] for one in captured])
    assert len(shown.context["items"]) == 3
    assert counted[0] == counted[1]


@pytest.mark.parametrize("parts", [{}, {"data": {}, "event": True}])
def test_notice_has_an_event_or_says_it_itself(world: World, parts: dict[str, Any]) -> None:
    world.referral()
    with as_owner():
        event = Notice.objects.latest("id").event
        Notice.objects.all().delete()
        given = parts | ({"event": event} if "event" in parts else {})
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.create(
                organization=world.contoso.organization, kind=News.NEW_DEVICE, **given
            )
