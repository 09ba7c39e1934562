"""Whatever time alone begins is told once, though two beats ask for it and workers are killed."""

import random
import time
from pathlib import Path

import pytest

from deals.models import DealEvent, EventKind
from notifications.catalogue import DIGEST
from notifications.models import Notification
from tests.identity import as_owner
from tests.notifications.test_digests import digests_each, readers
from tests.referrals.killing import Worker, is_writing
from tests.referrals.test_reminders import due_referrals, reminded_deals
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

# Each hint comes twice, as from two beats.
TASKS = ("referrals.tasks.remind_of_unanswered", "notifications.tasks.write_digests") * 2


def reminded() -> int:
    with as_owner():
        return DealEvent.objects.filter(kind=EventKind.EXPIRING).count()


def digested() -> int:
    with as_owner():
        told = Notification.objects.filter(kind=DIGEST, email__endswith="@fabrikam.example")
        return told.count()


# Several batches of either.
@pytest.mark.parametrize(
    ("invitations", "colleagues"),
    [(3_000, 400), pytest.param(10_000, 1_000, marks=pytest.mark.full)],
)
def test_two_beats_and_a_worker_killed_ten_times_remind_and_digest_once(
    world: World, tmp_path: Path, invitations: int, colleagues: int
) -> None:
    readers(world, colleagues)
    due_referrals(world, invitations)
    # Frank is a reader at Fabrikam, too.
    done = (invitations, colleagues + 1)
    tables = ("deals_dealevent", "notifications_digestday")
    seen = []
    with Worker(mail_port=1, log=tmp_path / "worker.log", tasks=TASKS).ready() as worker:
        for kill in range(10):
            with worker.running():
                worker.wait_until(
                    lambda table=tables[kill % 2]: (  # type: ignore[misc]
                        is_writing(table) or (reminded(), digested()) == done
                    )
                )
                time.sleep(random.uniform(0, 0.2))
            seen.append((reminded(), digested()))
        assert seen[0][0] < done[0], "no reminder was left after the first kill"
        assert seen[1][1] < done[1], "no digest was left after the second kill"
        with worker.running():
            worker.wait_until(lambda: (reminded(), digested()) == done, seconds=120, pause=0.2)
    assert reminded_deals() == {1: invitations}
    assert digests_each() == {1: colleagues + 1}
