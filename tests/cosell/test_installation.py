"""What an installation refuses to start with, and how it says that it is well."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cosell.core import pages
from cosell.core.tasks import PULSE, pulse
from tests.identity import as_owner

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


REFUSED = [
    ("DEBUG", "true"),
    ("DEMO", "true"),
    ("ALLOWED_HOSTS", "*"),
    ("SECRET_KEY", "change-me-change-me-change-me-change-me-change-me-change-me"),
    ("SECRET_KEY", "tiny"),
    ("SECRET_KEY_FALLBACKS", "tiny"),
    ("SECRET_KEY_FALLBACKS", f"{'hJ4kL2pQ' * 7},"),
    ("SECRET_KEY_FALLBACKS", PRODUCTION["SECRET_KEY"]),
    ("SITE_URL", "deals"),
    ("DATABASE_URL", "mysql://localhost/x"),
    ("INVITATION_DAYS", "fourteen"),
    ("ENTRA_CLIENT_ID", "contoso"),
    ("ENTRA_TENANT", "common"),
    ("ENTRA_AUTHORITY", "http://login.example.com"),
    ("ENTRA_CLIENT_SECRET", "without an ID"),
]


@pytest.fixture(scope="module")
def starts() -> dict[tuple[str, str], tuple[int, str]]:
    """Exit code and errors of a start with each of them, in one process that forks."""
    answered = subprocess.run(
        [sys.executable, "-m", "tests.cosell.starting"],
        cwd=ROOT,
        env=os.environ | PRODUCTION,
        input=json.dumps([{name: value} for name, value in REFUSED]),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return dict(zip(REFUSED, json.loads(answered.stdout), strict=True))


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_production_refuses_in_one_line_that_names_the_variable(
    starts: dict[tuple[str, str], tuple[int, str]], name: str, value: str
) -> None:
    code, said = starts[name, value]
    assert code != 0
    assert said.startswith(f"{name}: ")
    assert len(said.splitlines()) == 1
    assert value not in said or not name.startswith("SECRET_KEY")


def database_url(role: str) -> str:
    here = connection.settings_dict
    return f"postgresql://{role}@/{here['NAME']}?host={here['HOST']}"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("process", "role", "refused"),
    [
        ("web", "cosell_app", ""),
        *(
            # Starting the whole product proves these every time.
            pytest.param(process, role, "", marks=pytest.mark.full)
            for process, role in (
                ("worker", "cosell_worker"),
                ("beat", "cosell_worker"),
                ("command", "cosell_owner"),
            )
        ),
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


# Tests without a mark may not touch the database: what does, fails.
@pytest.mark.parametrize("signed_in", [False, True])
def test_process_is_alive_without_database(client: Client, signed_in: bool) -> None:
    if signed_in:
        client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.parametrize("signed_in", [False, True])
def test_process_without_database_says_that_it_is_not_ready(
    client: Client, signed_in: bool
) -> None:
    if signed_in:
        client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    response = client.get("/readyz")
    assert response.status_code == 503
    assert (response.json()["ready"], response.json()["database"]) == (False, False)


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
def test_missing_migration_is_noticed_and_a_complete_schema_remembered(client: Client) -> None:
    pages._migrations_applied.cache_clear()
    with as_owner():
        last = MigrationRecorder.Migration.objects.filter(app="partners").latest("name")
        MigrationRecorder.Migration.objects.filter(pk=last.pk).delete()
    assert client.get("/readyz").json()["migrations"] is False
    with as_owner():
        last.save(force_insert=True)
    assert client.get("/readyz").json()["migrations"] is True
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/readyz").json()["migrations"] is True
    assert not [one for one in queries if "django_migrations" in one["sql"]]


@pytest.mark.slow
@pytest.mark.parametrize(("proxies", "believed"), [("0", False), ("1", True)])
def test_word_of_a_proxy_counts_only_where_there_is_one(proxies: str, believed: bool) -> None:
    """Whether a request that claims to have come by HTTPS is sent to HTTPS all the same."""
    asks = (
        "from django.test import Client;"
        "headers = {'X-Forwarded-Proto': 'https', 'Host': 'deals.example.com'};"
        "print(Client().get('/theme', headers=headers).status_code)"
    )
    ended = manage("shell", "--no-imports", "--command", asks, TRUSTED_PROXIES=proxies)
    assert ended.returncode == 0, ended.stderr
    assert (ended.stdout.strip() != "301") == believed, ended.stdout


def test_only_languages_with_a_catalogue_are_offered(client: Client) -> None:
    for code, _name in settings.LANGUAGES:
        catalogue = ROOT / "locale" / code / "LC_MESSAGES" / "django.po"
        assert code == settings.LANGUAGE_CODE or catalogue.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "shown"), [("pl", "pl"), ("de, pl;q=0.8", "pl"), ("en-GB", "en"), ("de", "en")]
)
def test_page_says_the_language_that_it_is_in(client: Client, wanted: str, shown: str) -> None:
    page = client.get("/account/login/", headers={"Accept-Language": wanted})
    assert page.headers["Content-Language"] == shown
    assert f'<html lang="{shown}"' in page.text


@pytest.mark.django_db
@pytest.mark.parametrize("referer", ["no-route-has-this-name", "https://evil.example/", ""])
def test_theme_is_chosen_wherever_somebody_comes_from(client: Client, referer: str) -> None:
    response = client.post("/theme", {"theme": "dark"}, headers={"Referer": referer})
    assert response.status_code == 302
    assert "evil" not in response["Location"]
    assert response.cookies["theme"].value == "dark"


@pytest.mark.django_db
def test_form_without_its_token_is_called_what_it_is() -> None:
    page = Client(enforce_csrf_checks=True).post("/theme", {"theme": "dark"})
    assert page.status_code == 403
    assert "<h1>This form was not accepted</h1>" in page.text
    assert "Your role" not in page.text


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
