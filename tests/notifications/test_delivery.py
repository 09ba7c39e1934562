"""Never lost, never twice (7.3)."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings
from structlog.testing import capture_logs

from notifications.models import Notice, Notification
from notifications.services import LEASE, STUCK_AFTER, deliver_due, resolve_notices, work_off
from notifications.tasks import deliver
from tests.identity import as_owner
from tests.notifications.conftest import use_mail_server
from tests.notifications.smtp import Sink, mail_server
from tests.world import World

pytestmark = pytest.mark.django_db

READERS = ["anna@contoso.example", "sam@microsoft.example", "victor@microsoft.example"]


def make_due() -> None:
    """As if the time of waiting were over."""
    with as_owner():
        Notification.objects.filter(sent_at=None).update(next_attempt_at=timezone.now())


def rows() -> list[Notification]:
    with as_owner():
        return list(Notification.objects.order_by("email"))


def seconds_to_wait(notification: Notification) -> float:
    assert notification.next_attempt_at
    return (notification.next_attempt_at - timezone.now()).total_seconds()


def test_each_reader_gets_one_mail_however_often_the_sweep_runs(world: World, sink: Sink) -> None:
    world.referral()
    for _sweep in range(3):
        work_off(seconds=60)
        make_due()
    assert sink.readers() == READERS
    assert len(set(sink.ids())) == 3


def test_batch_uses_one_connection(world: World, sink: Sink) -> None:
    world.referral()
    work_off(seconds=60)
    assert (len(sink.mails), sink.connections) == (3, 1)


def test_task_delivers_what_is_due(world: World, sink: Sink) -> None:
    world.referral()
    deliver()
    assert sink.readers() == READERS


def test_resolving_twice_gives_nobody_two_mails(world: World, sink: Sink) -> None:
    world.referral()
    resolve_notices()
    with as_owner():
        Notice.objects.update(resolved_at=None)
    work_off(seconds=60)
    assert sink.readers() == READERS


def test_mails_wait_for_a_server_that_is_away_and_then_leave_once(
    world: World, settings: Settings
) -> None:
    with mail_server() as sink:
        use_mail_server(settings, sink)
    world.referral()
    with capture_logs() as logs:
        work_off(seconds=60)
    away = [one for one in logs if one["event"] == "mail_server_away"]
    assert [one["waiting"] for one in away] == [3]
    waiting = rows()
    assert [one.attempts for one in waiting] == [1, 1, 1]
    assert all("ConnectionRefusedError" in one.last_error for one in waiting)
    with mail_server(sink):
        work_off(seconds=60)
        assert sink.mails == []
        make_due()
        work_off(seconds=60)
    assert sink.readers() == READERS
    assert [(one.attempts, one.last_error) for one in rows()] == [(2, "")] * 3


def test_connection_that_breaks_keeps_what_was_sent_and_repeats_the_rest(
    world: World, sink: Sink
) -> None:
    sink.drops_after = 1
    world.referral()
    work_off(seconds=60)
    assert sum(one.sent_at is not None for one in rows()) == 1
    sink.drops_after = None
    make_due()
    work_off(seconds=60)
    assert sink.readers() == READERS


def test_refused_address_holds_nobody_else_up(world: World, sink: Sink) -> None:
    sink.refused = {"sam@microsoft.example"}
    world.referral()
    work_off(seconds=60)
    assert sink.readers() == ["anna@contoso.example", "victor@microsoft.example"]
    refused = next(one for one in rows() if one.sent_at is None)
    assert "no such person" in refused.last_error
    assert 20 < seconds_to_wait(refused) < 40


def test_mail_that_cannot_be_written_holds_nobody_else_up(world: World, sink: Sink) -> None:
    world.referral()
    resolve_notices()
    with as_owner():
        # No event of this kind has a mail.
        Notification.objects.filter(email="sam@microsoft.example").update(kind="edited")
    work_off(seconds=60)
    assert sink.readers() == ["anna@contoso.example", "victor@microsoft.example"]
    broken = next(one for one in rows() if one.sent_at is None)
    assert "TemplateDoesNotExist" in broken.last_error


@pytest.mark.parametrize(
    ("attempts", "shortest", "longest"),
    [(1, 22, 38), (4, 180, 300), (12, 4.5 * 3600, 7.5 * 3600), (500, 4.5 * 3600, 7.5 * 3600)],
)
def test_waiting_doubles_up_to_hours(
    world: World, sink: Sink, attempts: int, shortest: float, longest: float
) -> None:
    sink.refused = set(READERS)
    world.referral()
    resolve_notices()
    with as_owner():
        Notification.objects.update(attempts=attempts - 1)
    deliver_due()
    waits = [seconds_to_wait(one) for one in rows()]
    assert all(shortest <= wait <= longest for wait in waits)
    assert len({round(wait, 3) for wait in waits}) == 3, "no jitter"


def test_server_that_was_long_away_is_tried_every_few_minutes(
    world: World, settings: Settings
) -> None:
    with mail_server() as sink:
        use_mail_server(settings, sink)
    world.referral()
    resolve_notices()
    with as_owner():
        Notification.objects.update(attempts=200)
    deliver_due()
    assert all(7 * 60 < seconds_to_wait(one) < 13 * 60 for one in rows())


def test_stuck_mail_is_reported_and_still_tried(world: World, sink: Sink) -> None:
    sink.refused = {"sam@microsoft.example"}
    world.referral()
    with capture_logs() as logs:
        for _attempt in range(STUCK_AFTER):
            make_due()
            work_off(seconds=60)
    assert [one["count"] for one in logs if one["event"] == "mails_stuck"] == [1]
    said = status()
    assert "mails to send: 1, due now: 0" in said
    assert f"stuck after {STUCK_AFTER} attempts: 1" in said
    assert "received to sam@microsoft.example" in said
    assert "no such person" in said
    sink.refused = set()
    make_due()
    work_off(seconds=60)
    assert sink.readers() == READERS
    assert "stuck after 6 attempts: 0" in status()


def test_status_of_an_installation_that_has_not_looked_yet(world: World) -> None:
    world.referral()
    assert "notices without readers yet: 2" in status()


def test_claimed_mail_is_left_alone_until_its_lease_is_over(world: World, sink: Sink) -> None:
    """What a worker that was killed had claimed."""
    world.referral()
    resolve_notices()
    with as_owner():
        Notification.objects.update(next_attempt_at=timezone.now() + LEASE, attempts=1)
    assert deliver_due() == 0
    with as_owner():
        Notification.objects.update(next_attempt_at=F("next_attempt_at") - LEASE)
    assert deliver_due() == 3
    assert sink.readers() == READERS


def test_repeat_after_a_kill_carries_the_same_message_id(world: World, sink: Sink) -> None:
    world.referral()
    work_off(seconds=60)
    with as_owner():
        Notification.objects.update(sent_at=None, next_attempt_at=timezone.now())
    work_off(seconds=60)
    assert len(sink.mails) == 6
    assert sorted(sink.ids()[:3]) == sorted(sink.ids()[3:])
    assert sorted(sink.ids()[:3]) == sorted(f"<{one.pk}@localhost>" for one in rows())


def test_slow_batch_is_given_back_before_its_lease_ends(
    world: World, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.services.STOP_SENDING_AFTER", timedelta(0))
    world.referral()
    resolve_notices()
    assert deliver_due() == 0
    assert [one.attempts for one in rows()] == [0, 0, 0]
    monkeypatch.undo()
    assert deliver_due() == 3


def status(**options: Any) -> str:
    output = StringIO()
    call_command("mail_status", stdout=output, **options)
    return output.getvalue()
