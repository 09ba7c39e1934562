"""Strict reading of environment variables."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cosell.core.env import Env
from cosell.core.env_urls import MAILBOX_BACKEND, broker

Read = Callable[[Env], object]


def refusal_of(read: Read, **environ: str) -> str:
    with pytest.raises(ImproperlyConfigured) as caught:
        read(Env(environ))
    return str(caught.value)


@pytest.mark.parametrize("written", ["true", "True", "1", "yes", "on", " true "])
def test_boolean_yes(written: str) -> None:
    assert Env({"DEBUG": written}).boolean("DEBUG", default=False) is True


@pytest.mark.parametrize("written", ["false", "FALSE", "0", "no", "off"])
def test_boolean_no(written: str) -> None:
    assert Env({"DEBUG": written}).boolean("DEBUG", default=True) is False


def test_boolean_refuses_anything_else() -> None:
    text = refusal_of(lambda env: env.boolean("DEBUG", default=False), DEBUG="maybe")
    assert text == "DEBUG: 'maybe' is not a yes or no. Allowed: true or false."


def test_empty_counts_as_unset() -> None:
    assert Env({"NAME": ""}).text("NAME", default="fallback") == "fallback"


def test_required_variable_is_named_when_missing() -> None:
    assert refusal_of(lambda env: env.text("NAME")) == "NAME: is not set. Allowed: text."


def test_choice_is_refused_with_the_choices() -> None:
    text = refusal_of(
        lambda env: env.text("LOG_FORMAT", default="json", choices=["json", "text"]),
        LOG_FORMAT="xml",
    )
    assert text == "LOG_FORMAT: 'xml' is not allowed. Allowed: one of json, text."


@pytest.mark.parametrize("written", ["1.5", "1_000", "١٤", "fourteen", "0x10", "9" * 30])
def test_integer_refuses_what_is_not_plain_digits(written: str) -> None:
    text = refusal_of(lambda env: env.integer("DAYS", default=14, minimum=1), DAYS=written)
    assert text == f"DAYS: {written!r} is not a whole number. Allowed: a whole number, 1 or more."


@pytest.mark.parametrize(("written", "number"), [("1", 1), ("90", 90)])
def test_integer_within_its_range(written: str, number: int) -> None:
    assert Env({"DAYS": written}).integer("DAYS", minimum=1, maximum=90) == number


@pytest.mark.parametrize("written", ["0", "91", "-3"])
def test_integer_outside_its_range(written: str) -> None:
    text = refusal_of(lambda env: env.integer("DAYS", minimum=1, maximum=90), DAYS=written)
    assert text == f"DAYS: {written} is out of range. Allowed: a whole number from 1 to 90."


def test_url_loses_its_trailing_slash() -> None:
    env = Env({"SITE_URL": "https://deals.example.com:8443/"})
    assert env.url("SITE_URL") == "https://deals.example.com:8443"


@pytest.mark.parametrize(
    "written",
    [
        "deals.example.com",
        "ftp://deals.example.com",
        "https://",
        "https://deals.example.com/path",
        "https://deals.example.com/?a=b",
        "https://me:secret@deals.example.com",
        "https://deals.example.com:port",
        "https://[::1",
    ],
)
def test_url_refuses_more_or_less_than_an_origin(written: str) -> None:
    text = refusal_of(lambda env: env.url("SITE_URL"), SITE_URL=written)
    assert text.startswith("SITE_URL: ")
    assert "secret" not in text
    assert "\n" not in text


TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47"


@pytest.mark.parametrize(
    ("written", "read"),
    [(TENANT, TENANT), (TENANT.upper(), TENANT), ("any", "any"), ("", "any")],
)
def test_uuid_or_a_word_besides(written: str, read: str) -> None:
    env = Env({"TENANT": written})
    assert env.uuid("TENANT", default="any", besides=["any"]) == read


@pytest.mark.parametrize("written", ["contoso.com", TENANT[:-1], TENANT.replace("-", ""), "common"])
def test_uuid_refuses_anything_else(written: str) -> None:
    text = refusal_of(
        lambda env: env.uuid("TENANT", default="any", besides=["any"]), TENANT=written
    )
    assert text == f"TENANT: {written!r} is not a UUID. Allowed: an ID such as {TENANT} or any."


def test_host_list() -> None:
    env = Env({"ALLOWED_HOSTS": "deals.example.com, .example.org,127.0.0.1,[::1],*"})
    assert env.host_list("ALLOWED_HOSTS") == [
        "deals.example.com",
        ".example.org",
        "127.0.0.1",
        "[::1]",
        "*",
    ]


@pytest.mark.parametrize("written", ["https://a.example", "a.example:80", "a b", "a/b", "-a"])
def test_host_list_refuses_what_is_not_a_host(written: str) -> None:
    text = refusal_of(lambda env: env.host_list("ALLOWED_HOSTS"), ALLOWED_HOSTS=f"ok,{written}")
    assert text.startswith(f"ALLOWED_HOSTS: {written!r} is not a host name.")


def test_time_zone() -> None:
    assert Env({"TIME_ZONE": "Europe/Warsaw"}).time_zone("TIME_ZONE") == "Europe/Warsaw"
    text = refusal_of(lambda env: env.time_zone("TIME_ZONE"), TIME_ZONE="Warsaw")
    assert text == "TIME_ZONE: 'Warsaw' is not a time zone. Allowed: a name such as Europe/Warsaw."


@pytest.mark.parametrize("written", ["desk@example.com", "Deal desk <desk@example.com>"])
def test_address(written: str) -> None:
    assert Env({"FROM": written}).address("FROM") == written


@pytest.mark.parametrize("written", ["desk", "desk@", "Desk <desk>", "a@b\nBcc: c@d"])
def test_address_refuses_what_mail_would_refuse(written: str) -> None:
    assert "is not an e-mail address" in refusal_of(lambda env: env.address("FROM"), FROM=written)


def test_secret_from_a_file_without_its_line_end(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from a file\n")
    assert Env({"KEY_FILE": str(file)}).secret("KEY") == "from a file"


def test_several_secrets_are_separated_by_commas(tmp_path: Path) -> None:
    assert Env({}).secrets("KEYS") == []
    assert Env({"KEYS": "new, old"}).secrets("KEYS") == ["new", "old"]
    path = tmp_path / "keys"
    path.write_text("new,old\n")
    assert Env({"KEYS_FILE": str(path)}).secrets("KEYS") == ["new", "old"]


@pytest.mark.parametrize("written", ["hush,,quiet", ",hush", "hush,", "hush quiet", "hush,hush"])
def test_several_secrets_are_refused_without_being_shown(written: str) -> None:
    text = refusal_of(lambda env: env.secrets("KEYS"), KEYS=written)
    assert text.startswith("KEYS: ")
    assert "hush" not in text


def test_secret_refuses_two_sources(tmp_path: Path) -> None:
    text = refusal_of(lambda env: env.secret("KEY"), KEY="hidden", KEY_FILE=str(tmp_path))
    assert text == "KEY: is set, and KEY_FILE too. Allowed: only one of the two."


def test_secret_names_the_file_that_cannot_be_read(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    text = refusal_of(lambda env: env.secret("KEY"), KEY_FILE=str(missing))
    assert text.startswith(f"KEY_FILE: cannot read {missing}: No such file or directory.")


def test_secret_refuses_an_empty_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("\n")
    assert "is empty" in refusal_of(lambda env: env.secret("KEY"), KEY_FILE=str(file))


def test_database_by_network() -> None:
    url = "postgresql://cosell_app:p%40ss%2F@db.example.com:6543/cosell?sslmode=verify-full"
    assert Env({"DATABASE_URL": url}).database("DATABASE_URL") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "cosell",
        "USER": "cosell_app",
        "PASSWORD": "p@ss/",
        "HOST": "db.example.com",
        "PORT": "6543",
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
        "OPTIONS": {"sslmode": "verify-full"},
    }


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://cosell_app@/cosell?host=%2Ftmp%2FMy%20Folder",
        "postgresql://cosell_app@%2Ftmp%2FMy%20Folder/cosell",
    ],
)
def test_database_by_socket_keeps_the_case_of_the_folder(url: str) -> None:
    assert Env({"DATABASE_URL": url}).database("DATABASE_URL")["HOST"] == "/tmp/My Folder"


def test_database_pool_replaces_persistent_connections() -> None:
    database = Env({"DATABASE_URL": "postgresql://a@b/c"}).database("DATABASE_URL", pool=True)
    assert database["CONN_MAX_AGE"] == 0
    assert database["OPTIONS"]["pool"]["max_size"] == 20


def test_database_password_from_its_own_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("s3cret\n")
    env = Env({"DATABASE_URL": "postgresql://a@b/c", "DATABASE_PASSWORD_FILE": str(file)})
    assert env.database("DATABASE_URL")["PASSWORD"] == "s3cret"


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("mysql://a:hidden@b/c", "is not a PostgreSQL address"),
        ("postgresql://b/c", "does not name the user"),
        ("postgresql://a:hidden@b", "does not name the database"),
        ("postgresql://a:hidden@b/c/d", "does not name the database"),
        ("postgresql://a:hidden@b:x/c", "has a port that is not a number from 1 to 65535"),
        ("postgresql://a:hidden@b:70000/c", "has a port that is not a number from 1 to 65535"),
        ("postgresql://a:hidden@b/c?ssl=1", "has the unknown option 'ssl'"),
        ("postgresql://a:hidden@[b/c", "cannot be read as a URL"),
        ("hidden", "cannot be read as a URL"),
    ],
)
def test_database_refusals_show_the_problem_and_no_secret(url: str, problem: str) -> None:
    text = refusal_of(lambda env: env.database("DATABASE_URL"), DATABASE_URL=url)
    assert text.startswith(f"DATABASE_URL: {problem}")
    assert "hidden" not in text


@pytest.mark.parametrize(
    "url", ["redis://broker:6379/0", "rediss://:word@broker", "unix:///run/my%20app/valkey.sock"]
)
def test_redis(url: str) -> None:
    assert Env({"REDIS_URL": url}).redis("REDIS_URL") == url


@pytest.mark.parametrize(
    "url", ["broker:6379", "http://broker", "redis://", "redis://broker/name", "unix://relative"]
)
def test_redis_refuses_other_addresses(url: str) -> None:
    text = refusal_of(lambda env: env.redis("REDIS_URL"), REDIS_URL=url)
    assert text.startswith("REDIS_URL: ")


def test_broker_has_its_own_word_for_a_socket() -> None:
    assert broker("unix:///run/valkey.sock") == "redis+socket:///run/valkey.sock"
    assert broker("redis://broker:6379/0") == "redis://broker:6379/0"


@pytest.mark.parametrize(
    ("scheme", "port", "ssl", "starttls"),
    [("smtp", 25, False, False), ("smtps", 465, True, False), ("smtp+tls", 587, False, True)],
)
def test_email_by_smtp(scheme: str, port: int, ssl: bool, starttls: bool) -> None:
    url = f"{scheme}://desk%40example.com:p%3Aw@mail.example.com"
    assert Env({"EMAIL_URL": url}).email("EMAIL_URL") == {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "mail.example.com",
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": "desk@example.com",
        "EMAIL_HOST_PASSWORD": "p:w",
        "EMAIL_USE_SSL": ssl,
        "EMAIL_USE_TLS": starttls,
        "EMAIL_TIMEOUT": 10,
    }


def test_email_elsewhere() -> None:
    backends = "django.core.mail.backends"
    read = {
        url: Env({"EMAIL_URL": url}).email("EMAIL_URL")
        for url in ("console://", "mailbox://", "file:///var/mail/out")
    }
    assert read == {
        "console://": {"EMAIL_BACKEND": f"{backends}.console.EmailBackend"},
        "mailbox://": {"EMAIL_BACKEND": MAILBOX_BACKEND},
        "file:///var/mail/out": {
            "EMAIL_BACKEND": f"{backends}.filebased.EmailBackend",
            "EMAIL_FILE_PATH": "/var/mail/out",
        },
    }


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("pop3://mail", "has an unknown scheme"),
        ("smtp://", "does not name a host"),
        ("smtp://desk@mail", "has a user without a password or the reverse"),
        ("smtp://mail?timeout=soon", "has a timeout that is not a number of seconds"),
        ("smtp://mail?tls=1", "has the unknown option 'tls'"),
        ("file://relative", "does not name a folder by its full path"),
    ],
)
def test_email_refusals(url: str, problem: str) -> None:
    text = refusal_of(lambda env: env.email("EMAIL_URL"), EMAIL_URL=url)
    assert text.startswith(f"EMAIL_URL: {problem}")


def test_what_was_read_is_remembered() -> None:
    env = Env({"SECRET_KEY": "x"})
    env.boolean("DEBUG", default=False, help="Error pages.")
    env.secret("SECRET_KEY")
    found = {name: (it.default, it.is_required) for name, it in env.variables.items()}
    assert found == {
        "DEBUG": ("false", False),
        "SECRET_KEY": (None, True),
        "SECRET_KEY_FILE": ("", False),
    }


def test_one_variable_cannot_be_read_in_two_ways() -> None:
    env = Env({})
    env.text("NAME", default="a")
    with pytest.raises(RuntimeError, match="NAME is read twice"):
        env.text("NAME", default="b")
