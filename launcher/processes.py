"""Child processes that never outlive the launcher, and how they are stopped."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from launcher.account import Account

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 5_000_000

libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals
    patience: float

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        if self.is_running:
            self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def spawn(
    name: str,
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    log: Path,
    cwd: Path,
    stop_signal: signal.Signals = signal.SIGTERM,
    death_signal: signal.Signals = signal.SIGTERM,
    patience: float = 10,
    account: Account | None = None,
    keep: Sequence[int] = (),
) -> Child:
    """A background process in its own session, so that Ctrl-C reaches only the launcher.

    `death_signal` is what it gets when the launcher dies; `keep` are file descriptors it inherits.
    """
    with open_log(log) as output:
        process = subprocess.Popen(
            command,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=keep,
            preexec_fn=before_exec(death_signal, account),
        )
    return Child(name, process, log, stop_signal, patience)


def open_log(log: Path) -> BinaryIO:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".old.log"))
    return os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def before_exec(death_signal: signal.Signals, account: Account | None = None) -> Callable[[], None]:
    parent = os.getpid()

    def prepare() -> None:
        # Changing the account clears the death signal, so this is the order.
        if account:
            account.become()
        if sys.platform == "linux":
            libc.prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def foreground(command: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path) -> int:
    """Run at the terminal and leave Ctrl-C to the program; SIGTERM is handed on."""
    process = subprocess.Popen(command, env=env, cwd=cwd, preexec_fn=before_exec(signal.SIGTERM))
    previous = {
        signal.SIGINT: signal.signal(signal.SIGINT, lambda *_: None),
        signal.SIGTERM: signal.signal(signal.SIGTERM, lambda *_: process.terminate()),
    }
    try:
        code = process.wait()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    return 128 - code if code < 0 else code
