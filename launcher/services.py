"""Database and broker: embedded ones, or those that DATABASE_URL and REDIS_URL name."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from launcher import layout
from launcher.account import server_account
from launcher.console import Refusal
from launcher.postgres import FAST, Postgres
from launcher.processes import Child
from launcher.valkey import Valkey

OWNER = "cosell_owner"
APP = "cosell_app"
WORKER = "cosell_worker"

THROWN_AWAY = "cosell-test-"
ALIVE = "alive"

# The web's own login is DATABASE_URL; the others are asked for only because it is set.
EXTERNAL = {OWNER: "DATABASE_OWNER_URL", APP: "DATABASE_URL", WORKER: "DATABASE_WORKER_URL"}


@dataclass(frozen=True)
class Services:
    databases: dict[str, str]
    redis: str
    children: tuple[Child, ...] = ()
    # What a second command in this checkout may know: no password is in it.
    told: dict[str, Any] = field(default_factory=dict)


def external_databases() -> dict[str, str] | None:
    given = {role: os.environ.get(name, "") for role, name in EXTERNAL.items()}
    if not given[APP]:
        return None
    for role, name in EXTERNAL.items():
        if not given[role]:
            raise Refusal(f"{name}: is not set, but DATABASE_URL is. Allowed: the URL of {role}.")
    return given


@contextmanager
def lasting(*, keep: int) -> Iterator[Services]:
    """The services of this checkout; embedded ones keep their data in .data."""
    databases = external_databases()
    redis = os.environ.get("REDIS_URL", "")
    if databases and redis:
        yield Services(databases, redis)
        return
    account = server_account()
    home = layout.home(account)
    logs = layout.logs_folder()
    told: dict[str, Any] = {}
    with ExitStack() as stack:
        children: list[Child] = []
        if not databases:
            postgres = Postgres(
                data=home.base / "postgres",
                sockets=home.sockets,
                log=logs / "postgres.log",
                account=account,
                keep=[keep],
            )
            children.append(_start(stack, postgres))
            postgres.prepare()
            databases = told["databases"] = {role: postgres.url(role) for role in EXTERNAL}
        if not redis:
            data = layout.data_folder() / "valkey"
            log = logs / "valkey.log"
            valkey = Valkey(data=data, sockets=home.sockets, log=log, keep=[keep])
            children.append(_start(stack, valkey))
            redis = told["redis"] = valkey.url
        yield Services(databases, redis, tuple(children), told)


@contextmanager
def thrown_away() -> Iterator[Services]:
    """Fresh services for tests, fast because a crash may lose everything."""
    account = server_account()
    parent = _temporary_base()
    _clear_abandoned(parent)
    with ExitStack() as stack:
        folder = tempfile.TemporaryDirectory(prefix=THROWN_AWAY, dir=parent)
        base = Path(stack.enter_context(folder))
        base.chmod(0o711)
        alive = stack.enter_context((base / ALIVE).open("w"))
        fcntl.flock(alive, fcntl.LOCK_EX)
        sockets = layout.given_folder(base / "sockets", account)
        postgres = Postgres(
            data=base / "postgres",
            sockets=sockets,
            log=base / "postgres.log",
            account=account,
            settings=FAST,
        )
        valkey = Valkey(
            data=base / "valkey", sockets=sockets, log=base / "valkey.log", is_durable=False
        )
        children = (_start(stack, postgres), _start(stack, valkey))
        postgres.prepare(creates_databases=True)
        databases = {role: postgres.url(role) for role in EXTERNAL}
        yield Services(databases, valkey.url, children)


def _start(stack: ExitStack, service: Postgres | Valkey) -> Child:
    child = service.start()
    stack.callback(child.stop)
    return child


def _clear_abandoned(parent: Path) -> None:
    """What a killed test run could not clear away itself."""
    for folder in parent.glob(f"{THROWN_AWAY}*"):
        try:
            if folder.lstat().st_uid != os.geteuid():
                continue
            with (folder / ALIVE).open("r+") as alive:
                fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
        except OSError:
            continue  # in use, somebody else's, or just being made


def _temporary_base() -> Path:
    """TMPDIR unless its path is too long for a socket or closed to the database's account."""
    chosen = Path(tempfile.gettempdir())
    account = server_account()
    fits = layout.fits(chosen / f"{THROWN_AWAY}12345678" / "sockets")
    return chosen if fits and (not account or account.can_enter(chosen)) else layout.ELSEWHERE
