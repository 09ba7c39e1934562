"""`python3 run.py bench`: measures the product on services that are thrown away afterwards."""

import argparse
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from launcher import variables, web
from launcher.console import Refusal, say, tail
from launcher.layout import ROOT, logs_folder
from launcher.processes import Child, foreground, spawn
from launcher.serve import GUNICORN, PATIENCE
from launcher.services import APP, OWNER, Services, thrown_away

PORT = 8700


def bench(arguments: list[str]) -> int:
    options = _options(arguments)
    with thrown_away() as services, ExitStack() as stack:
        _manage(services, "migrate", "--no-input", "--verbosity=0")
        say(f"Generating {options.deals:,} deals …")
        _manage(services, "generate_load", f"--deals={options.deals}")
        product = stack.enter_context(_web("bench-product", services))
        floor = stack.enter_context(_web("bench-floor", services, is_floor=True))
        say(f"Measuring {options.rounds} rounds …")
        command = [
            sys.executable, "-m", "bench", f"--rounds={options.rounds}",
            f"--seconds={options.seconds}", f"--product={product}", f"--floor={floor}",
        ]  # fmt: skip
        # As a command, so that it has no pool of connections that waits for it to end.
        environment = _environment("command", services, port=product)
        return foreground(command, env=environment, cwd=ROOT)


def _manage(services: Services, *command: str) -> None:
    environment = variables.for_process(
        "command", services, site="http://localhost", demo=True, login=OWNER
    )
    if foreground([sys.executable, "manage.py", *command], env=environment, cwd=ROOT):
        raise Refusal(f"manage.py {command[0]} failed; the reason stands above.")


@contextmanager
def _web(name: str, services: Services, *, is_floor: bool = False) -> Iterator[int]:
    """gunicorn as in production, on a port of its own."""
    sockets = web.listen("127.0.0.1", PORT)
    port: int = sockets[0].getsockname()[1]
    environment = _environment("web", services, port=port)
    if is_floor:
        # Without policies: only the owner sees rows without saying whose.
        environment = _environment("command", services, port=port, login=OWNER)
        environment["DJANGO_SETTINGS_MODULE"] = "bench.floor_settings"
    descriptors = [opened.fileno() for opened in sockets]
    child = spawn(
        name,
        [*GUNICORN, *(f"--bind=fd://{number}" for number in descriptors), "cosell.wsgi"],
        env=environment,
        log=logs_folder() / f"{name}.log",
        cwd=ROOT,
        death_signal=signal.SIGTERM,
        keep=descriptors,
    )
    try:
        for opened in sockets:
            opened.close()
        _wait(child, port)
        yield port
    finally:
        child.stop()


def _wait(child: Child, port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and child.is_running:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise Refusal(f"{child.name} does not answer. {child.log} ends with:\n{tail(child.log)}")


def _environment(
    process: str, services: Services, *, port: int, login: str = APP
) -> dict[str, str]:
    site = f"http://localhost:{port}"
    return variables.for_process(process, services, site=site, demo=False, login=login)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 run.py bench", description="Measure the product; prints, asserts nothing."
    )
    parser.add_argument("--deals", type=int, default=200_000, help="how many to measure with")
    parser.add_argument(
        "--rounds", type=_rounds, default=100, help="how often each page is asked for"
    )
    parser.add_argument("--seconds", type=float, default=5, help="of eight clients at once, a page")
    return parser.parse_args(arguments)


def _rounds(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("a number from 1 on is allowed")
    return int(text)
