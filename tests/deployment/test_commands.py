"""The commands of docker-compose.yml, word for word, on embedded services until they are healthy.

They run in a folder that holds what the image would. Only what a container would give them is
replaced: hosts of database and broker, the port, and the files of the secrets.
"""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from launcher.services import Services, thrown_away
from tests.deployment.compose import ROOT, image_paths, service

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),
]

LOGINS = {"web": "app", "worker": "worker", "beat": "worker", "migrate": "owner"}
PATIENCE = 60


@dataclass
class Image:
    folder: Path
    services: Services

    def environment(self, name: str) -> dict[str, str]:
        return environment(name, self.services)

    def run(self, command: list[str], name: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command,
            env=self.environment(name),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def is_healthy(self, name: str) -> bool:
        test: list[str] = service(name)["healthcheck"]["test"]
        command = ["/bin/sh", "-c", test[1]] if test[0] == "CMD-SHELL" else test[1:]
        return self.run(command, name).returncode == 0


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    folder = tmp_path_factory.mktemp("image")
    for path in image_paths():
        copy(ROOT / path, folder / path)
    with thrown_away() as services:
        made = Image(folder, services)
        collect = ["python", "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
        for command in (collect, service("migrate")["command"]):
            done = made.run(command, "migrate")
            assert done.returncode == 0, done.stderr
        yield made


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    elif source.exists():
        shutil.copy2(source, target)


def environment(name: str, services: Services) -> dict[str, str]:
    """What the container would have, with this machine's services."""
    given = {key: str(value or "") for key, value in service(name)["environment"].items()}
    replaced = {
        "DATABASE_URL": services.databases[f"cosell_{LOGINS[name]}"],
        "REDIS_URL": services.redis,
        "SECRET_KEY": "of the tests alone 0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "PATH": f"{ROOT / '.venv' / 'bin'}:{os.defpath}",
        "HOSTNAME": socket.gethostname(),
        "HOME": "/nonexistent",
    }
    files = {"SECRET_KEY_FILE", "DATABASE_PASSWORD_FILE"}
    return {key: value for key, value in given.items() if key not in files} | replaced


@contextmanager
def container(image: Image, name: str, log: Path, port: int = 0) -> Iterator[None]:
    command = [word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in command_of(name)]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            env=image.environment(name),
            cwd=image.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield
        assert process.poll() is None, log.read_text()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0, log.read_text()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def command_of(name: str) -> list[str]:
    command: list[str] = service(name)["command"]
    return command


def wait_until_healthy(image: Image, name: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not image.is_healthy(name):
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.5)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        headers = {"Host": "deals.example.com", "X-Forwarded-Proto": "https"}
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    except ConnectionError as problem:
        return 0, str(problem)
    finally:
        connection.close()


def test_worker_and_beat_get_healthy_and_the_web_ready(image: Image, tmp_path: Path) -> None:
    port = free_port()
    logs = {name: tmp_path / f"{name}.log" for name in ("web", "worker", "beat")}
    assert not image.is_healthy("worker")
    assert not image.is_healthy("beat")
    with (
        container(image, "web", logs["web"], port),
        container(image, "worker", logs["worker"]),
        container(image, "beat", logs["beat"]),
    ):
        wait_until_healthy(image, "worker", logs["worker"])
        wait_until_healthy(image, "beat", logs["beat"])
        deadline = time.monotonic() + PATIENCE
        while (answer := get(port, "/readyz"))[0] != 200:
            assert time.monotonic() < deadline, f"{answer}\n{logs['web'].read_text()}"
            time.sleep(0.2)
        assert get(port, "/healthz")[0] == 200


def test_health_check_of_the_web_fails_when_nothing_answers(image: Image) -> None:
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", 8000)) == 0:
            pytest.skip("something else listens on port 8000 of this machine")
    assert not image.is_healthy("web")
