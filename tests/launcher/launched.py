"""A launcher in another process and another checkout, as a person starts it."""

import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".data", ".*_cache", "staticfiles")
OURS = ("COSELL_", "DATABASE_", "DJANGO_", "EMAIL_", "PYTEST_", "REDIS_", "SECRET_")
NAMES = {"ALLOWED_HOSTS", "DEBUG", "DEMO", "DEVELOPMENT", "LOG_FORMAT", "SITE_URL"}


class Launched:
    def __init__(
        self, checkout: Path, arguments: Sequence[str], environ: Mapping[str, str]
    ) -> None:
        self.checkout = checkout
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "run.py", *arguments],
            cwd=checkout,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
        )

    def wait_for(self, beginning: str, *, patience: float = 180) -> str:
        """The line that begins so; everything that was said, if none does."""
        deadline = time.monotonic() + patience
        unfinished = b""
        while time.monotonic() < deadline:
            assert self.process.stdout is not None
            if not select.select([self.process.stdout], [], [], 0.2)[0]:
                continue
            read = os.read(self.process.stdout.fileno(), 4096)
            if not read:
                break
            *complete, unfinished = (unfinished + read).split(b"\n")
            self.lines += [line.decode() for line in complete]
            for line in self.lines:
                if line.startswith(beginning):
                    return line
        raise AssertionError("\n".join([f"no line {beginning!r} in:", *self.lines]))

    def site(self) -> str:
        return self.wait_for("READY").split()[1]

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


def run(checkout: Path, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "run.py", *arguments],
        cwd=checkout,
        env={**clean_environment(), **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def clean_environment() -> dict[str, str]:
    """Without what the tests themselves run on."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(OURS) and k not in NAMES}
    # The launcher is started by the interpreter outside of .venv, as on a fresh machine.
    kept.pop("VIRTUAL_ENV", None)
    return kept


def copy_checkout(target: Path) -> None:
    shutil.copytree(ROOT, target, ignore=NOT_COPIED)
    (target / ".venv").symlink_to(ROOT / ".venv")


def processes_of(folder: Path) -> list[str]:
    """Command lines of the processes that run in the folder or name it."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            where = os.readlink(entry / "cwd")
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z" and (where.startswith(str(folder)) or str(folder) in command):
            found.append(command.strip())
    return found


def leftovers(folder: Path, *, patience: float = 20) -> list[str]:
    """What still runs after a while; a process may need a moment to end."""
    deadline = time.monotonic() + patience
    while (found := processes_of(folder)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found
