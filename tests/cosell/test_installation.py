"""What an installation refuses to start with, and how it says that it is well."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from cosell.core.tasks import PULSE, pulse

ROOT = Path(__file__).parents[2]
PRODUCTION = {
    "DEVELOPMENT": "false",
    "DEMO": "false",
    "DEBUG": "false",
    "SECRET_KEY": "zQ8w-3kV_pN5xT7rB2mY9cJ4hL6dF1gS0aEuIoPqWnXvZbMkR7tY2jU5",
    "ALLOWED_HOSTS": "deals.example.com",
    "SITE_URL": "https://deals.example.com",
    "EMAIL_URL": "smtp://mail.example.com",
    "REDIS_URL": "redis://localhost:6379/0",
}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ | PRODUCTION | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "true"),
        ("DEMO", "true"),
        ("ALLOWED_HOSTS", "*"),
        ("SECRET_KEY", "change-me-change-me-change-me-change-me-change-me-change-me"),
        ("SECRET_KEY", "tiny"),
        ("SITE_URL", "deals"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("INVITATION_DAYS", "fourteen"),
    ],
)
def test_production_refuses_in_one_line_that_names_the_variable(name: str, value: str) -> None:
    ended = manage("check", **{name: value})
    assert ended.returncode != 0
    assert ended.stderr.startswith(f"{name}: ")
    assert len(ended.stderr.splitlines()) == 1
    assert value not in ended.stderr or name != "SECRET_KEY"


def database_url(role: str) -> str:
    settings = connection.settings_dict
    return f"postgresql://{role}@/{settings['NAME']}?host={settings['HOST']}"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("process", "role", "refused"),
    [
        ("web", "cosell_app", ""),
        ("worker", "cosell_worker", ""),
        ("beat", "cosell_worker", ""),
        ("command", "cosell_owner", ""),
        ("web", "cosell_worker", "is not cosell_app"),
        ("worker", "cosell_app", "is not cosell_worker"),
        ("web", "cosell_owner", "owns the tables"),
        ("worker", "cosell_owner", "owns the tables"),
    ],
)
def test_processes_refuse_a_login_that_is_not_theirs(process: str, role: str, refused: str) -> None:
    ended = manage(
        "check", "--database", "default", COSELL_PROCESS=process, DATABASE_URL=database_url(role)
    )
    assert (ended.returncode == 0) == (not refused), ended.stderr
    assert refused in ended.stderr


def test_process_is_alive_without_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_ready_only_while_the_beat_is_alive(client: Client) -> None:
    cache.delete(PULSE)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {
        "ready": False,
        "database": True,
        "migrations": True,
        "broker": True,
        "beat": False,
    }
    pulse()
    response = client.get("/readyz")
    assert (response.status_code, response.json()["ready"]) == (200, True)


@pytest.mark.django_db
def test_trace_is_refused_everywhere(client: Client) -> None:
    for path in ("/", "/healthz", "/account/login/", "/nowhere"):
        assert client.generic("TRACE", path).status_code == 405


@pytest.mark.django_db
def test_every_response_forbids_inline_code(client: Client) -> None:
    for path in ("/healthz", "/account/login/", "/nowhere"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "style-src 'self'" in policy
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
