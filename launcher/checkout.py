"""One launcher per checkout: who holds it, what it offers to others, and when it is free again."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from launcher.console import Refusal, say
from launcher.layout import data_folder

PATIENCE = 45


@dataclass(frozen=True)
class Running:
    """What the holder of the checkout tells others, in .data/running.json."""

    pid: int
    what: str
    site: str = ""
    demo: bool = True
    is_ready: bool = False
    # Only embedded services are told: the URLs of others hold passwords.
    databases: dict[str, str] = field(default_factory=dict)
    redis: str = ""


class Checkout:
    """Held by an flock, so that a killed holder lets go. The services inherit a second one
    (`alive`), which shows when the last of them is gone."""

    def __init__(self) -> None:
        folder = data_folder()
        self._lock = _open(folder / "launcher.lock")
        self._users = _open(folder / "users.lock")
        self.alive = _open(folder / "services.lock")
        self._note = folder / "running.json"

    def hold(self, what: str) -> bool:
        # Somebody who only looks whether it is free holds it for a moment.
        for _ in range(5):
            if _try_lock(self._lock):
                self.announce(Running(os.getpid(), what))
                return True
            time.sleep(0.05)
        return False

    def wait_for_leftovers(self) -> None:
        """A launcher killed with -9 takes its services along, which may take a moment."""
        deadline = time.monotonic() + PATIENCE
        said = False
        while not _try_lock(self.alive):
            if time.monotonic() > deadline:
                raise Refusal("Services of an earlier run still hold .data; end them first.")
            if not said:
                say("Waiting for the services of an earlier run to stop …")
                said = True
            time.sleep(0.05)

    def announce(self, running: Running) -> None:
        unfinished = self._note.with_suffix(".new")
        unfinished.write_text(json.dumps(asdict(running)))
        unfinished.chmod(0o600)
        unfinished.replace(self._note)

    def holder(self) -> Running:
        try:
            return Running(**json.loads(self._note.read_text()))
        except (OSError, ValueError, TypeError):
            return Running(0, "another command")

    def services_of_holder(self) -> Running | None:
        """None when the holder went away meanwhile."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.is_free():
                return None
            holder = self.holder()
            if holder.is_ready:
                return holder
            time.sleep(0.1)
        raise Refusal(f"{describe(self.holder())} is starting, but does not get ready.")

    def is_free(self) -> bool:
        if not _try_lock(self._lock):
            return False
        fcntl.flock(self._lock, fcntl.LOCK_UN)
        return True

    @contextmanager
    def using(self) -> Iterator[None]:
        """While inside, a command that started the services keeps them running for us."""
        fcntl.flock(self._users, fcntl.LOCK_SH)
        try:
            yield
        finally:
            fcntl.flock(self._users, fcntl.LOCK_UN)

    def wait_for_users(self) -> None:
        if not _try_lock(self._users):
            say("Another command still uses the database; waiting for it …")
            fcntl.flock(self._users, fcntl.LOCK_EX)


def describe(running: Running) -> str:
    where = f" on {running.site}" if running.site else ""
    return f"{running.what} (process {running.pid}){where}"


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
