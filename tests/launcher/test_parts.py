"""Parts of the launcher that need no running services."""

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import cache

from cosell.core.tasks import PULSE
from launcher import benchmark, environment, layout, services, valkey, variables, web
from launcher.checkout import Checkout, Running, describe
from launcher.console import Refusal
from launcher.services import APP, OWNER, WORKER, Services

SERVICES = Services(
    databases={role: f"postgresql://{role}@/cosell?host=/run" for role in (OWNER, APP, WORKER)},
    redis="unix:///run/valkey.sock",
)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(layout, "DATA", tmp_path / ".data")
    return tmp_path / ".data"


@pytest.fixture
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in [*os.environ]:
        if name.startswith(("DATABASE_", "EMAIL_", "SECRET_", "REDIS_", "SITE_", "COSELL_")):
            monkeypatch.delenv(name)
    return monkeypatch


def test_next_port_when_either_address_of_localhost_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        sockets = web.listen("localhost", port)
    ports = {opened.getsockname()[1] for opened in sockets}
    for opened in sockets:
        opened.close()
    assert len(ports) == 1
    assert ports.pop() > port


def test_listening_on_a_foreign_address_is_refused_in_one_line() -> None:
    with pytest.raises(Refusal, match=r"^Cannot listen on 192\.0\.2\.1:8000: .+\.$"):
        web.listen("192.0.2.1", 8000)


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("localhost", "http://localhost:8000"),
        ("127.0.0.1", "http://localhost:8000"),
        ("0.0.0.0", "http://localhost:8000"),
        ("192.0.2.7", "http://192.0.2.7:8000"),
        ("2001:db8::7", "http://[2001:db8::7]:8000"),
    ],
)
def test_site_is_a_name_where_there_is_one(host: str, site: str) -> None:
    assert web.site(host, 8000) == site
    assert site.removeprefix("http://").removesuffix(":8000") in variables.own_names(site)


def test_pulse_that_a_start_forgets_is_the_one_that_readiness_feels() -> None:
    assert cache.make_key(PULSE) == valkey.PULSE


def test_second_holder_is_refused_and_can_name_the_first(data: Path) -> None:
    first, second = Checkout(), Checkout()
    assert first.hold("python3 run.py")
    first.announce(Running(4711, "python3 run.py", site="http://localhost:8000"))
    assert not second.hold("python3 run.py")
    assert describe(second.holder()) == "python3 run.py (process 4711) on http://localhost:8000"


def test_checkout_is_free_after_its_holder_died(data: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from launcher import layout;"
        "layout.DATA = Path(sys.argv[1]); from launcher.checkout import Checkout;"
        "assert Checkout().hold('first'); os.kill(os.getpid(), 9)"
    )
    died = subprocess.run([sys.executable, "-c", program, str(data)], cwd=layout.ROOT, check=False)
    assert died.returncode == -9
    assert Checkout().hold("second")


def test_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    foreign.chmod(0o777)
    with pytest.raises(Refusal, match="not a folder of this account alone"):
        layout.own_folder(foreign, 0o700)
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    with pytest.raises(Refusal, match="not a folder of this account alone"):
        layout.own_folder(link, 0o700)


def test_sockets_move_when_the_path_is_too_long() -> None:
    assert layout.fits(Path("/work/checkout/.data/sockets"))
    assert not layout.fits(Path("/" + "a" * 86))
    assert layout.fits(Path("/" + "a" * 83))
    assert layout.fits(layout.fallback_path(Path("/x" * 500)) / "sockets")


@pytest.mark.parametrize(
    ("process", "role"), [("web", APP), ("worker", WORKER), ("beat", WORKER), ("command", WORKER)]
)
def test_each_process_gets_its_own_login_and_no_other(
    data: Path, plain_environment: pytest.MonkeyPatch, process: str, role: str
) -> None:
    plain_environment.setenv("DATABASE_OWNER_URL", "postgresql://cosell_owner:hidden@db/cosell")
    plain_environment.setenv("DATABASE_WORKER_URL", "postgresql://cosell_worker:hidden@db/cosell")
    site = "http://localhost:8000"
    given = variables.for_process(process, SERVICES, site=site, demo=True)
    assert given["DATABASE_URL"] == SERVICES.databases[role]
    assert given["COSELL_PROCESS"] == process
    assert [name for name, value in given.items() if "hidden" in value] == []


def test_demo_mails_go_to_the_mailbox_and_the_caller_may_choose_otherwise(
    data: Path, plain_environment: pytest.MonkeyPatch
) -> None:
    site = "http://localhost:8000"
    demo = variables.for_process("web", SERVICES, site=site, demo=True)
    assert (demo["EMAIL_URL"], demo["DEMO"], demo["SITE_URL"]) == ("mailbox://", "true", site)
    plain_environment.setenv("EMAIL_URL", "smtp://mail.example.com")
    chosen = variables.for_process("web", SERVICES, site=site, demo=False)
    assert (chosen["EMAIL_URL"], chosen["DEMO"]) == ("smtp://mail.example.com", "false")


def test_secret_key_is_made_once_and_for_its_owner_only(
    data: Path, plain_environment: pytest.MonkeyPatch
) -> None:
    key = variables.secret_key()
    assert len(key) >= 50
    assert variables.secret_key() == key
    assert (layout.DATA / "secret-key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("missing", ["DATABASE_OWNER_URL", "DATABASE_WORKER_URL"])
def test_external_database_needs_all_three_logins(
    plain_environment: pytest.MonkeyPatch, missing: str
) -> None:
    for name in services.EXTERNAL.values():
        if name != missing:
            plain_environment.setenv(name, "postgresql://x@y/z")
    with pytest.raises(Refusal, match=f"^{missing}: is not set, but DATABASE_URL is"):
        services.external_databases()


def test_only_locks_that_changed_are_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(environment, "PYTHON", Path(sys.executable))
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text(name)
    stamp = {"one.txt": environment._digest("one.txt"), "two.txt": "old"}
    (tmp_path / "stamp").write_text(json.dumps(stamp))
    assert environment._missing(["one.txt", "two.txt"]) == ["two.txt"]
    monkeypatch.setattr(environment, "PYTHON", tmp_path / "gone")
    assert environment._missing(["one.txt", "two.txt"]) == ["one.txt", "two.txt"]


def test_python_without_pip_is_told_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Refusal, match=re.compile(r"apt install python3\.\d+-venv")):
        environment._require_venv()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--help"], 0, "run the application"),
        (["fly"], 2, "There is no command 'fly'."),
        (["--port", "0"], 2, "a number from 1 to 65535 is allowed"),
        (["--port", "many"], 2, "a number from 1 to 65535 is allowed"),
    ],
)
def test_command_line(arguments: list[str], code: int, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "run.py", *arguments],
        cwd=layout.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert said in done.stdout + done.stderr


def test_before_the_environment_is_entered_only_the_standard_library_is_imported() -> None:
    program = (
        "import sys; import launcher.main; import launcher.environment;"
        "print([n for n in sys.modules if n.partition('.')[0] not in sys.stdlib_module_names"
        " and n.partition('.')[0] not in {'launcher', '__main__'}])"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        cwd=layout.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_bench_without_rounds_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        benchmark.bench(["--rounds=0"])
    assert "argument --rounds: a number from 1 on is allowed" in capsys.readouterr().err
