"""A Celery worker of its own process and queue, which can be killed without warning."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit
from uuid import uuid4

from celery import Celery
from django.db import connection
from kombu import Queue

from cosell.celery import app
from cosell.core.tenancy import WORKER_ROLE
from tests.identity import as_owner

ROOT = Path(__file__).resolve().parents[2]
TASKS = ("referrals.tasks.expire_overdue", "notifications.tasks.deliver")
BEAT = 0.5


class Worker:
    """`hint` does what the beat does; the queue is nobody else's."""

    def __init__(self, *, mail_port: int, log: Path, tasks: tuple[str, ...] = TASKS) -> None:
        self.tasks = tasks
        self.queue = f"kill-{uuid4().hex}"
        self.log = log
        self.environment = {
            **os.environ,
            "COSELL_PROCESS": "worker",
            "DATABASE_URL": worker_url(),
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        }

    @contextmanager
    def ready(self) -> Iterator[Self]:
        """Whatever can be there before the first start is; afterwards its queue is gone."""
        command = [
            *(sys.executable, "-m", "tests.referrals.preloaded", "worker", "--pool=threads"),
            *("--concurrency=2", f"--queues={self.queue}", "--without-gossip", "--without-mingle"),
        ]
        with (
            self.log.open("ab") as log,
            subprocess.Popen(
                command, env=self.environment, cwd=ROOT, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            ) as self.preloaded,
        ):  # fmt: skip
            yield self
        self._drop_queue()

    @contextmanager
    def running(self) -> Iterator[None]:
        """On leaving the process is killed at once, in the middle of whatever it does."""
        pid = self._start()
        try:
            self.wait_until(is_connected)
            yield
        finally:
            os.killpg(pid, signal.SIGKILL)
        # The database notices the loss when it next writes to the dead connection.
        wait_until(lambda: not is_connected(), each=lambda: None)

    def _start(self) -> int:
        orders, answers = self.preloaded.stdin, self.preloaded.stdout
        assert orders
        assert answers
        print("start", file=orders, flush=True)
        return int(answers.readline())

    def wait_until(
        self, done: Callable[[], bool], *, seconds: float = 90, pause: float = 0.01
    ) -> None:
        """Looking takes time from the worker: `pause` longer for what does not pass by."""
        wait_until(done, each=self.hint, seconds=seconds, pause=pause)

    def _drop_queue(self) -> None:
        with app.connection_for_write() as broker:
            Queue(self.queue, channel=broker.default_channel).delete()

    def hint(self) -> None:
        hint(app, self.queue, self.tasks)


def hint(celery: Celery, queue: str, tasks: tuple[str, ...]) -> None:
    with celery.connection_for_write() as broker:
        for task in tasks:
            celery.send_task(task, queue=queue, connection=broker, expires=2 * BEAT)


def wait_until(
    done: Callable[[], bool], *, each: Callable[[], None], seconds: float = 90, pause: float = 0.01
) -> None:
    until, beat = time.monotonic() + seconds, 0.0
    while not done():
        assert time.monotonic() < until, "waited too long"
        if time.monotonic() > beat:
            each()
            beat = time.monotonic() + BEAT
        time.sleep(pause)


def worker_url() -> str:
    """The worker's login, on the database of the tests."""
    url = urlsplit(os.environ["DATABASE_WORKER_URL"])
    return url._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def is_writing_deals() -> bool:
    """Whether a transaction that changed deals is open."""
    return is_writing("deals_deal")


def is_writing(table: str) -> bool:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE relation = %s::regclass"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND mode = 'RowExclusiveLock' AND granted",
            [table],
        )
        return bool(cursor.fetchone()[0])


def is_connected() -> bool:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = %s",
            [WORKER_ROLE],
        )
        return bool(cursor.fetchone()[0])
