"""`python3 run.py manage …`: a Django command beside the running application or on its own."""

import os
import sys

from launcher import variables
from launcher.checkout import Checkout, Running
from launcher.console import Refusal
from launcher.layout import ROOT
from launcher.postgres import programs
from launcher.processes import foreground
from launcher.serve import DEFAULT_PORT
from launcher.services import EXTERNAL, OWNER, WORKER, Services, external_databases, lasting

# What changes or reads the schema; everything else acts on rows and is bound by policies.
OWNER_COMMANDS = frozenset(
    {
        "createcachetable",
        "dbshell",
        "flush",
        "generate_load",
        "makemigrations",
        "migrate",
        "showmigrations",
        "sqlmigrate",
    }
)


def manage(arguments: list[str]) -> int:
    checkout = Checkout()
    what = f"python3 run.py manage {' '.join(arguments[:1])}".strip()
    while not checkout.hold(what):
        running = checkout.services_of_holder()
        if running is None:
            continue
        with checkout.using():
            if not checkout.is_free():
                return _run(arguments, _services(running), running)
    checkout.wait_for_leftovers()
    with lasting(keep=checkout.alive) as services:
        site = f"http://localhost:{DEFAULT_PORT}"
        running = Running(os.getpid(), what, site=site, is_ready=True, **services.told)
        checkout.announce(running)
        code = _run(arguments, services, running)
        checkout.wait_for_users()
        return code


def _run(arguments: list[str], services: Services, running: Running) -> int:
    login = OWNER if arguments[:1] and arguments[0] in OWNER_COMMANDS else WORKER
    environment = variables.for_process(
        "command", services, site=running.site, demo=running.demo, login=login
    )
    if running.databases:
        # dbshell calls psql; one of the machine is preferred, it may know the history keys.
        environment["PATH"] = f"{environment.get('PATH', os.defpath)}:{programs(None)}"
    return foreground([sys.executable, "manage.py", *arguments], env=environment, cwd=ROOT)


def _services(running: Running) -> Services:
    databases = external_databases() or running.databases
    redis = os.environ.get("REDIS_URL") or running.redis
    if not databases or not redis:
        names = ", ".join([*EXTERNAL.values(), "REDIS_URL"])
        raise Refusal(f"{running.what} was started with services of its own. Set {names} as there.")
    return Services(databases, redis)
