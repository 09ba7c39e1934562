"""The environment of each child: explicit where it matters, the caller's where it may choose."""

import os
import secrets
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

from launcher.layout import data_folder
from launcher.services import APP, OWNER, WORKER, Services

# How each process signs in to the database.
LOGINS: Mapping[str, str] = {"web": APP, "worker": WORKER, "beat": WORKER, "command": WORKER}

# Logins of other processes, and what would make Python or Django run something else, or each of
# several processes compile the whole product again.
NOT_HANDED_ON = frozenset(
    {
        "DATABASE_OWNER_URL",
        "DATABASE_PASSWORD",
        "DATABASE_PASSWORD_FILE",
        "DATABASE_URL_FILE",
        "DATABASE_WORKER_URL",
        "DJANGO_SETTINGS_MODULE",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONHOME",
        "PYTHONPATH",
        "REDIS_URL_FILE",
    }
)


def for_process(
    process: str, services: Services, *, site: str, demo: bool, login: str | None = None
) -> dict[str, str]:
    """`login` only where a command needs another one than its process has."""
    handed_on = {name: value for name, value in os.environ.items() if name not in NOT_HANDED_ON}
    return {
        **defaults(site=site, demo=demo),
        **handed_on,
        "COSELL_PROCESS": process,
        "DATABASE_URL": services.databases[login or LOGINS[process]],
        "REDIS_URL": services.redis,
        "DEVELOPMENT": "true",
        "DEBUG": "false",
        "DEMO": "true" if demo else "false",
        "PYTHONUNBUFFERED": "1",
    }


def for_tests(services: Services) -> dict[str, str]:
    site = "http://localhost:8000"
    environment = for_process("command", services, site=site, demo=True, login=OWNER)
    # What a developer's shell happens to hold must not decide a test.
    for name in (
        "EMAIL_URL_FILE", "INVITATION_DAYS", "SECRET_KEY_FALLBACKS", "SECRET_KEY_FALLBACKS_FILE",
        "SECRET_KEY_FILE", "TIME_ZONE",
    ):  # fmt: skip
        environment.pop(name, None)
    return {
        **environment,
        **defaults(site=site, demo=True),
        "SECRET_KEY": secret_key(),
        "COSELL_TEST": "1",
        "DATABASE_APP_URL": services.databases[APP],
        "DATABASE_WORKER_URL": services.databases[WORKER],
    }


def defaults(*, site: str, demo: bool) -> dict[str, str]:
    secret = {} if os.environ.get("SECRET_KEY_FILE") else {"SECRET_KEY": secret_key()}
    return {
        **secret,
        "SITE_URL": site,
        "ALLOWED_HOSTS": ",".join(own_names(site)),
        "EMAIL_URL": "mailbox://" if demo else "console://",
        "LOG_FORMAT": "text",
    }


def own_names(site: str) -> list[str]:
    chosen = urlsplit(site).hostname or "localhost"
    machine = socket.gethostname()
    names = ["localhost", "127.0.0.1", "[::1]", f"[{chosen}]" if ":" in chosen else chosen]
    is_plain = machine.replace("-", "").replace(".", "").isalnum()
    return list(dict.fromkeys([*names, machine] if is_plain else names))


def secret_key() -> str:
    """Made once per checkout, so that sessions outlive a restart."""
    file = data_folder() / "secret-key"
    if not file.exists():
        unfinished = file.with_suffix(".new")
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT, 0o600), "w") as output:
            output.write(secrets.token_urlsafe(64))
        unfinished.replace(file)
    return file.read_text().strip()
