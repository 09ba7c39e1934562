"""Dockerfile and docker-compose.yml say what they should; no Docker engine is needed."""

import json
import os
import re
import stat
import subprocess
import tomllib
from pathlib import Path

import pytest

from cosell import settings
from launcher.postgres import INITDB
from tests.deployment.compose import OPERATOR, ROOT, compose, image_paths, service

APPLICATION = ["web", "worker", "beat", "migrate"]
LOGINS = {"web": "app", "worker": "worker", "beat": "worker", "migrate": "owner"}


def dockerfile() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


@pytest.mark.parametrize("name", APPLICATION)
def test_each_process_signs_in_as_its_own_role(name: str) -> None:
    environment = service(name)["environment"]
    login = LOGINS[name]
    assert f"//cosell_{login}@" in environment["DATABASE_URL"]
    assert {"source": f"{login}_password", "target": "database_password"} in service(name)[
        "secrets"
    ]
    assert environment["COSELL_PROCESS"] == ("command" if name == "migrate" else name)


@pytest.mark.parametrize("name", APPLICATION)
def test_every_variable_is_one_that_the_application_reads(name: str) -> None:
    read_by_gunicorn = {"WEB_CONCURRENCY", "WEB_THREADS"}
    assert set(service(name)["environment"]) <= set(settings.env.variables) | read_by_gunicorn


@pytest.mark.parametrize("name", [*APPLICATION, "database"])
def test_every_secret_file_is_mounted_under_the_name_that_is_read(name: str) -> None:
    files = [v for k, v in service(name)["environment"].items() if k.endswith("_FILE")]
    mounted = [it if isinstance(it, str) else it["target"] for it in service(name)["secrets"]]
    assert {f"/run/secrets/{secret}" for secret in mounted} == set(files)
    sources = {it if isinstance(it, str) else it["source"] for it in service(name)["secrets"]}
    assert sources <= set(compose()["secrets"])


def test_no_secret_stands_in_the_file() -> None:
    values = [
        str(value or "")
        for name in compose()["services"]
        for key, value in service(name).get("environment", {}).items()
        if re.search("PASSWORD|SECRET", key)
    ]
    assert len(values) > 5
    # What may be left out comes from the operator's .env.
    assert [one for one in values if one and not one.startswith("/run/secrets/")] == []


# Of development and of processes, or read from a file.
NOT_FOR_OPERATORS = {"DEVELOPMENT", "DEBUG", "DEMO", "DATABASE_PASSWORD", "SECRET_KEY"}


@pytest.mark.parametrize("name", APPLICATION)
def test_operator_can_set_every_variable(name: str) -> None:
    read = {one for one in settings.env.variables if not one.endswith("_FILE")}
    assert read - NOT_FOR_OPERATORS <= set(service(name)["environment"])


@pytest.mark.parametrize("name", ["SECRET_KEY_FALLBACKS", "ENTRA_CLIENT_SECRET", "ENTRA_TENANT"])
def test_what_the_operator_sets_reaches_every_process(name: str) -> None:
    services = compose({**OPERATOR, name: "told"})["services"]
    assert {services[one]["environment"][name] for one in APPLICATION} == {"told"}


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_nothing_serves_before_the_migrations_are_done(name: str) -> None:
    assert service(name)["depends_on"] == {
        "database": {"condition": "service_healthy"},
        "redis": {"condition": "service_healthy"},
        "migrate": {"condition": "service_completed_successfully"},
    }


@pytest.mark.parametrize("name", ["web", "worker", "beat", "database", "redis"])
def test_everything_that_stays_up_has_a_health_check_and_comes_back(name: str) -> None:
    assert service(name)["healthcheck"]["test"]
    assert service(name)["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", APPLICATION)
def test_application_containers_can_do_little(name: str) -> None:
    found = service(name)
    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert found["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in found


def test_only_the_web_is_published_and_only_on_this_host() -> None:
    published = {n: s["ports"] for n, s in compose()["services"].items() if "ports" in s}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_database_is_initialised_as_the_embedded_one() -> None:
    given = service("database")["environment"]["POSTGRES_INITDB_ARGS"].split()
    assert set(given) == {
        option for option in INITDB if re.match("--(builtin-)?(locale|enc)", option)
    }


def test_database_keeps_its_data_and_gets_the_roles() -> None:
    volumes = dict(volume.split(":", 1) for volume in service("database")["volumes"])
    # The image of version 18 keeps its data below this folder, not in …/data.
    assert volumes["database"] == "/var/lib/postgresql"
    assert volumes["./deploy/roles.sql"] == "/deploy/roles.sql:ro"
    script = ROOT / "deploy" / "create-roles.sh"
    assert volumes["./deploy/create-roles.sh"].startswith("/docker-entrypoint-initdb.d/")
    assert script.stat().st_mode & stat.S_IXOTH


def test_broker_refuses_rather_than_forgets() -> None:
    command = " ".join(service("redis")["command"])
    assert "--maxmemory-policy noeviction" in command
    assert "--appendonly yes" in command
    assert service("redis")["volumes"] == ["redis:/data"]


@pytest.mark.parametrize("name", sorted(OPERATOR))
def test_what_only_the_operator_knows_is_asked_for(name: str) -> None:
    environ = {key: value for key, value in OPERATOR.items() if key != name}
    with pytest.raises(KeyError, match=name):
        compose(environ)


def test_image_holds_the_production_lock_and_no_other() -> None:
    installs = [rest for word, rest in dockerfile() if word == "RUN" and "pip install" in rest]
    assert installs == ["/opt/venv/bin/pip install --require-hashes --requirement requirements.txt"]


def test_image_runs_as_nobody_special() -> None:
    words = dockerfile()
    last_stage = words[max(i for i, (word, _) in enumerate(words) if word == "FROM") :]
    assert [rest for word, rest in last_stage if word == "USER"] == ["10001:10001"]
    after_user = last_stage[last_stage.index(("USER", "10001:10001")) + 1 :]
    assert {word for word, _ in after_user} == {"EXPOSE", "HEALTHCHECK", "CMD"}


def test_image_starts_the_web_as_compose_does() -> None:
    given = [rest for word, rest in dockerfile() if word == "CMD"]
    assert [json.loads(rest) for rest in given] == [service("web")["command"]]


def test_image_holds_every_package_and_no_launcher() -> None:
    kept = set(image_paths())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = set(project["tool"]["importlinter"]["root_packages"])
    assert packages - {"bench", "demo"} <= kept
    assert {"static", "templates", "manage.py", "requirements.txt"} <= kept
    left_out = {"bench", "demo", "launcher", "tests", "run.py", ".data", ".env", "deploy"}
    assert kept & left_out == set()
    for path in kept - {"locale"}:
        assert (ROOT / path).exists(), path


def test_secret_files_are_made_once_and_long_enough(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    environ = {"PATH": os.environ["PATH"], "COSELL_SECRETS": str(folder)}
    subprocess.run([ROOT / "deploy" / "make-secrets"], env=environ, check=True)
    first = {file.name: file.read_text() for file in folder.iterdir()}
    subprocess.run([ROOT / "deploy" / "make-secrets"], env=environ, check=True)
    assert {file.name: file.read_text() for file in folder.iterdir()} == first
    assert set(first) == set(compose()["secrets"])
    assert min(map(len, first.values())) >= 50
    assert len(set(first.values())) == len(first)
    assert folder.stat().st_mode & 0o777 == 0o700
