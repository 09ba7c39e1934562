"""A worker that is killed again and again loses nothing and repeats next to nothing (4.4, 7.3)."""

import random
import time
from collections import Counter
from pathlib import Path

import pytest
from django.utils import timezone

from deals.models import Status
from notifications.models import Notice, Notification
from referrals.models import Referral
from tests.identity import as_owner
from tests.notifications.smtp import Sink
from tests.referrals.bulk import assert_all_expired_and_told_once, overdue_referrals
from tests.referrals.killing import Worker, is_writing_deals
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

HOW_MANY = 2000
KILLS_WHILE_EXPIRING = 4
KILLS_WHILE_SENDING = 6


def end_leases() -> None:
    """As if the time had passed for which the dead workers had claimed mails."""
    with as_owner():
        Notification.objects.filter(sent_at=None).update(next_attempt_at=timezone.now())


def everything_is_expired() -> bool:
    with as_owner():
        return not Referral.objects.filter(recipient_status=Status.RECEIVED).exists()


def everything_is_sent() -> bool:
    if not everything_is_expired():
        return False
    with as_owner():
        return not (
            Notice.objects.filter(resolved_at=None).exists()
            or Notification.objects.filter(sent_at=None).exists()
        )


def test_worker_killed_ten_times_expires_and_tells_everybody(
    world: World, sink: Sink, tmp_path: Path
) -> None:
    overdue_referrals(world, HOW_MANY)
    with Worker(mail_port=sink.port, log=tmp_path / "worker.log").ready() as worker:
        for _kill in range(KILLS_WHILE_EXPIRING):
            with worker.running():
                worker.wait_until(lambda: is_writing_deals() or everything_is_expired())
                time.sleep(random.uniform(0, 0.3))
        for _kill in range(KILLS_WHILE_SENDING):
            enough = len(sink.mails) + random.randint(100, 250)
            with worker.running():
                worker.wait_until(
                    lambda enough=enough: len(sink.mails) >= enough,  # type: ignore[misc]
                    pause=0.05,
                )
        assert len(sink.mails) < HOW_MANY, "nothing was left to do after the last kill"
        end_leases()
        with worker.running():
            worker.wait_until(everything_is_sent, seconds=300, pause=0.2)

    assert_all_expired_and_told_once(HOW_MANY)
    sent = Counter(sink.ids())
    assert sum(sent.values()) - len(sent) <= KILLS_WHILE_EXPIRING + KILLS_WHILE_SENDING
    readers = {one for one in sink.readers() if one.startswith("colleague")}
    assert readers == {f"colleague{n}@contoso.example" for n in range(1, HOW_MANY + 1)}
    with as_owner():
        assert len(sent) == Notification.objects.count()
