"""`python3 run.py`: everything up, READY, and down again in order on Ctrl-C."""

import argparse
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from launcher import variables, web
from launcher.checkout import Checkout, Running, describe
from launcher.console import Refusal, complain, say, tail
from launcher.layout import ROOT, logs_folder
from launcher.processes import Child, spawn
from launcher.services import OWNER, Services, lasting

COMMAND = "python3 run.py"
DEFAULT_PORT = 8000
PATIENCE = 150
RESTARTS = 5
RESTART_WINDOW = 60.0

CELERY = [sys.executable, "-m", "celery", "-A", "cosell"]
# Threads: the prefork pool needs a writable /dev/shm, which not every machine has.
WORKER = [
    *(*CELERY, "worker", "--pool=threads", "--concurrency=2", "--loglevel=INFO"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
]
# The schedule is in code and every task is an idempotent sweep: no state file to keep.
BEAT = [*CELERY, "beat", "--scheduler=celery.beat:Scheduler", "--loglevel=INFO", "--pidfile="]
GUNICORN = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]


class Interrupted(BaseException):
    """Ctrl-C or SIGTERM."""


@dataclass
class Program:
    start: Callable[[], Child]
    child: Child
    restarts: list[float] = field(default_factory=list)


def serve(arguments: list[str]) -> int:
    options = _options(arguments)
    checkout = Checkout()
    if not checkout.hold(COMMAND):
        raise Refusal(
            f"Already running in this checkout: {describe(checkout.holder())}. "
            "Stop it first, or use another checkout."
        )
    try:
        with _interruptible():
            _serve(checkout, options)
    except Interrupted:
        say("Stopped.")
    return 0


def _serve(checkout: Checkout, options: argparse.Namespace) -> None:
    demo = not options.no_demo
    with ExitStack() as stack:
        sockets = web.listen(options.host, options.port)
        for opened in sockets:
            stack.enter_context(opened)
        port = sockets[0].getsockname()[1]
        if port != options.port:
            say(f"Port {options.port} is taken; using {port}.")
        checkout.wait_for_leftovers()
        services = stack.enter_context(lasting(keep=checkout.alive))
        site = web.site(options.host, port)
        launch = Launch(services, site=site, demo=demo, keep=checkout.alive)
        launch.migrate()
        stack.callback(launch.stop)
        launch.start(sockets)
        running = Running(
            os.getpid(), COMMAND, site=site, demo=demo, is_ready=True, **services.told
        )
        checkout.announce(running)
        launch.wait_until_ready(options.host, port)
        _say_ready(site, demo=demo)
        launch.watch()


class Launch:
    """Web, worker and beat on running services."""

    def __init__(self, services: Services, *, site: str, demo: bool, keep: int) -> None:
        self.services = services
        self.site = site
        self.demo = demo
        self.keep = keep
        self.logs = logs_folder()
        self.programs: list[Program] = []

    def migrate(self) -> None:
        self._finish(self._command("migrate", "--no-input", "--verbosity=1", login=OWNER))

    def start(self, sockets: list[socket.socket]) -> None:
        descriptors = [opened.fileno() for opened in sockets]
        binds = [f"--bind=fd://{number}" for number in descriptors]
        self._run("worker", WORKER, death_signal=signal.SIGKILL)
        self._run("web", [*GUNICORN, *binds, "cosell.wsgi"], descriptors=descriptors)
        self._run("beat", BEAT, death_signal=signal.SIGKILL)

    def wait_until_ready(self, host: str, port: int) -> None:
        demo = self._command("load_demo") if self.demo else None
        deadline = time.monotonic() + PATIENCE
        if demo:
            self._finish(demo)
        while True:
            ready, answer = web.is_ready(host, port)
            if ready:
                return
            self._look_after()
            if time.monotonic() > deadline:
                raise Refusal(f"/readyz does not get ready: {answer}\nLogs: {self.logs}")
            time.sleep(0.05)

    def watch(self) -> None:
        while True:
            self._look_after()
            time.sleep(0.5)

    def stop(self) -> None:
        # The web first, so that nobody sees a half; the worker may finish what it has begun.
        say("Stopping …")
        for name in ("web", "beat", "worker"):
            for program in self.programs:
                if program.child.name == name:
                    program.child.stop()

    def _run(
        self,
        name: str,
        command: list[str],
        *,
        descriptors: list[int] | None = None,
        death_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        def start() -> Child:
            return spawn(
                name,
                command,
                env=self._environment(name),
                log=self.logs / f"{name}.log",
                cwd=ROOT,
                death_signal=death_signal,
                patience=15,
                keep=[self.keep, *(descriptors or [])],
            )

        self.programs.append(Program(start, start()))

    def _command(self, *arguments: str, login: str | None = None) -> Child:
        return spawn(
            f"manage.py {arguments[0]}",
            [sys.executable, "manage.py", *arguments],
            env=self._environment("command", login=login),
            log=self.logs / f"{arguments[0]}.log",
            cwd=ROOT,
            keep=[self.keep],
        )

    def _environment(self, process: str, *, login: str | None = None) -> dict[str, str]:
        return variables.for_process(
            process, self.services, site=self.site, demo=self.demo, login=login
        )

    def _finish(self, child: Child) -> None:
        try:
            while child.is_running:
                self._look_after()
                time.sleep(0.02)
        finally:
            child.stop()
        if child.process.returncode:
            raise Refusal(f"{child.name} failed. {child.log} ends with:\n{tail(child.log)}")

    def _look_after(self) -> None:
        for service in self.services.children:
            if not service.is_running:
                raise Refusal(f"{service.name} stopped by itself:\n{tail(service.log)}")
        for program in self.programs:
            if not program.child.is_running:
                _start_again(program)


def _start_again(program: Program) -> None:
    dead = program.child
    now = time.monotonic()
    program.restarts = [at for at in program.restarts if now - at < RESTART_WINDOW] + [now]
    if len(program.restarts) > RESTARTS:
        raise Refusal(f"{dead.name} does not stay up. {dead.log} ends with:\n{tail(dead.log)}")
    complain(f"{dead.name} ended (code {dead.process.returncode}); starting it again. {dead.log}")
    program.child = program.start()


def _say_ready(site: str, *, demo: bool) -> None:
    say(f"READY  {site}")
    if demo:
        say("       Sign in by one click on the first page; everybody's password is: demo")
    say(f"       Logs: {_short(logs_folder())}   Stop: Ctrl-C")


def _short(path: Path) -> str:
    return f"{path.relative_to(ROOT)}/"


@contextmanager
def _interruptible() -> Iterator[None]:
    """The first signal ends the run, later ones do not disturb the stopping."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def interrupt(*_: object) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise Interrupted

    for number in numbers:
        # nohup has it ignored, and means it.
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, interrupt)
    yield


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=COMMAND, description="Run the application.")
    parser.add_argument("--port", type=_port, default=DEFAULT_PORT, metavar="N")
    parser.add_argument("--host", default=web.LOCALHOST, metavar="H")
    parser.add_argument("--no-demo", action="store_true", help="begin with an empty installation")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError("a number from 1 to 65535 is allowed")
    return int(text)
