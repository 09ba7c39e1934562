"""The whole launcher, as a person meets it: whole processes, so all of it is slow."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from launcher.services import EXTERNAL, thrown_away
from tests.launcher.conftest import NewCheckout
from tests.launcher.launched import (
    Launched,
    clean_environment,
    leftovers,
    processes_of,
    run,
)

pytestmark = pytest.mark.slow

Launch = Callable[..., Launched]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def status(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310 (our own http server)
        code: int = response.status
        return code


def database(checkout: Path, role: str) -> str:
    told = json.loads((checkout / ".data" / "running.json").read_text())
    url: str = told["databases"][role]
    return url


def test_start_use_and_start_again_after_a_kill(new_checkout: NewCheckout, launch: Launch) -> None:
    # Too long for a socket, so the sockets live elsewhere.
    checkout = new_checkout(" ".join(["a long name"] * 12))
    first, site = started_beside_a_busy_port(launch, checkout)
    second_launcher_is_refused(checkout, f"(process {first.process.pid}) on {site}")
    commands_use_the_same_services(checkout)
    dead_worker_is_started_again(checkout, first)
    with psycopg.connect(database(checkout, "cosell_owner"), autocommit=True) as connection:
        connection.execute("CREATE TABLE acknowledged (number integer)")
        for number in range(500):
            connection.execute("INSERT INTO acknowledged VALUES (%s)", [number])
        first.process.kill()
    first.process.wait()

    # Without waiting for the old services: the launcher has to.
    port = free_port()
    again = launch(checkout, "--no-demo", "--port", str(port))
    assert again.site() == f"http://localhost:{port}"
    assert status(f"http://localhost:{port}/readyz") == 200
    with psycopg.connect(database(checkout, "cosell_owner")) as connection:
        row = connection.execute("SELECT count(*) FROM acknowledged").fetchone()
    assert row == (500,)
    assert again.stop(signal.SIGTERM) == 0
    assert leftovers(checkout, patience=2) == []


def started_beside_a_busy_port(launch: Launch, checkout: Path) -> tuple[Launched, str]:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        launched = launch(checkout, "--no-demo", "--port", str(port))
        site = launched.site()
    assert launched.lines[0] == f"Port {port} is taken; using {site.rpartition(':')[2]}."
    assert status(f"{site}/readyz") == 200
    return launched, site


def second_launcher_is_refused(checkout: Path, first: str) -> None:
    second = run(checkout, "--port", str(free_port()))
    assert second.returncode == 1
    assert first in second.stderr


def commands_use_the_same_services(checkout: Path) -> None:
    question = (
        "from django.db import connection as c; k = c.cursor();"
        "k.execute('SELECT session_user'); print(k.fetchone()[0])"
    )
    beside = run(checkout, "manage", "shell", "--no-imports", "-c", question)
    assert (beside.returncode, beside.stdout.strip()) == (0, "cosell_worker"), beside.stderr
    assert run(checkout, "manage", "migrate", "--check").returncode == 0


def dead_worker_is_started_again(checkout: Path, launched: Launched) -> None:
    before = worker_of(checkout)
    os.kill(before, signal.SIGKILL)
    launched.wait_for("worker ended (code -9); starting it again")
    deadline = time.monotonic() + 10
    while worker_of(checkout) in {0, before} and time.monotonic() < deadline:
        time.sleep(0.1)
    assert worker_of(checkout) not in {0, before}


def worker_of(checkout: Path) -> int:
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes()
            if b"worker" in command and os.readlink(entry / "cwd") == str(checkout):
                return int(entry.name)
        except (OSError, ValueError):
            continue
    return 0


def test_killed_test_run_is_cleared_away_by_the_next(new_checkout: NewCheckout) -> None:
    checkout = new_checkout()
    temporary = checkout.parent / "t"
    temporary.mkdir(mode=0o777)
    program = (
        "import os, signal; from launcher.services import thrown_away\n"
        "with thrown_away(): os.kill(os.getpid(), signal.{})"
    )

    def run_and_end(how: str) -> list[str]:
        environ = {**clean_environment(), "TMPDIR": str(temporary)}
        command = [sys.executable, "-c", program.format(how)]
        subprocess.run(command, cwd=checkout, env=environ, check=False)
        assert leftovers(temporary) == []
        return [path.name for path in temporary.iterdir()]

    first = run_and_end("SIGKILL")
    second = run_and_end("SIGKILL")
    assert [len(first), len(second)] == [1, 1]
    assert first != second


def test_command_without_a_launcher_starts_and_stops_the_services(
    new_checkout: NewCheckout,
) -> None:
    checkout = new_checkout()
    # The new database lacks everything, and the command says so by its code.
    done = run(checkout, "manage", "migrate", "--plan", "--check")
    assert (done.returncode, "Create model Deal" in done.stdout) == (1, True), done.stderr
    assert processes_of(checkout) == []


def test_second_command_uses_the_services_of_the_first_which_waits_for_it(
    new_checkout: NewCheckout, launch: Launch
) -> None:
    # Nobody but its owner can enter this parent: as root, the database then lives elsewhere.
    checkout = new_checkout(parent_mode=0o700)

    def command_until(name: str) -> Launched:
        """Uses the database, then once more when the test has made the file."""
        code = (
            "import os, time; from django.db import connection as c; k = c.cursor()\n"
            "k.execute('SELECT 1'); print('up', flush=True)\n"
            f"while not os.path.exists('{name}'): time.sleep(0.05)\n"
            "k.execute('SELECT 1')"
        )
        started = launch(checkout, "manage", "shell", "--no-imports", "-c", code)
        started.wait_for("up")
        return started

    first, second = command_until("first may end"), command_until("second may end")
    (checkout / "first may end").touch()
    first.wait_for("Another command still uses the database; waiting for it")
    (checkout / "second may end").touch()
    assert second.process.wait(60) == 0
    assert first.process.wait(60) == 0


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_external_services_are_used_and_left_running(
    new_checkout: NewCheckout, launch: Launch
) -> None:
    checkout = new_checkout()
    with thrown_away() as services:
        environ = {name: services.databases[role] for role, name in EXTERNAL.items()}
        environ["REDIS_URL"] = services.redis
        port = str(free_port())
        launched = launch(checkout, "--no-demo", "--port", port, **environ)
        assert status(f"{launched.site()}/readyz") == 200
        assert not (checkout / ".data" / "postgres").exists()
        told = (checkout / ".data" / "running.json").read_text()
        assert services.databases["cosell_app"] not in told
        # Another terminal without the same variables must not fall back to an empty database.
        beside = run(checkout, "manage", "check")
        assert beside.returncode == 1
        assert beside.stderr.startswith("python3 run.py was started with services of its own. Set ")
        assert launched.stop() == 0
        assert all(child.is_running for child in services.children)


def test_external_database_names_the_variable_that_is_missing(new_checkout: NewCheckout) -> None:
    checkout = new_checkout()
    done = run(checkout, DATABASE_URL="postgresql://cosell_app@db.invalid/cosell")
    assert (done.returncode, done.stderr) == (
        1,
        "DATABASE_OWNER_URL: is not set, but DATABASE_URL is. Allowed: the URL of cosell_owner.\n",
    )
