"""The commands of run.py. Whatever needs packages is imported after .venv is entered."""

import importlib
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass

from launcher import environment
from launcher.console import Refusal, complain, say

USAGE = """\
python3 run.py [--port N] [--host H] [--no-demo]   run the application
python3 run.py test [--all | --long] [pytest …]    run the tests: fast, all, or only the long ones
python3 run.py bench [--deals N]                   measure how fast it is
python3 run.py manage COMMAND …                    run a Django command
"""


@dataclass(frozen=True)
class Command:
    """`where` is module:function; it gets the remaining arguments and returns the exit code."""

    where: str
    locks: tuple[str, ...] = ()
    needs_embedded: bool = False


DEFAULT = Command("launcher.serve:serve")
COMMANDS = {
    "bench": Command("launcher.benchmark:bench", needs_embedded=True),
    "manage": Command("launcher.manage:manage"),
    "test": Command("launcher.testing:test", locks=(environment.DEVELOPMENT,), needs_embedded=True),
}


def main(arguments: list[str]) -> int:
    if arguments[:1] in (["--help"], ["-h"], ["help"]):
        say(USAGE.rstrip())
        return 0
    command, rest = _chosen(arguments)
    # An end like any other: what was started is stopped, what was made is cleared away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        environment.enter(_locks(command))
        return _function(command)(rest)
    except Refusal as refusal:
        complain(str(refusal))
        return 1
    except KeyboardInterrupt:
        return 130


def _chosen(arguments: list[str]) -> tuple[Command, list[str]]:
    if not arguments or arguments[0].startswith("-"):
        return DEFAULT, arguments
    command = COMMANDS.get(arguments[0])
    if command is None:
        complain(f"There is no command {arguments[0]!r}.\n{USAGE.rstrip()}")
        raise SystemExit(2)
    return command, arguments[1:]


def _locks(command: Command) -> list[str]:
    external = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    services = [] if external and not command.needs_embedded else [environment.EMBEDDED]
    return [environment.PRODUCTION, *services, *command.locks]


def _function(command: Command) -> Callable[[list[str]], int]:
    module, _, name = command.where.partition(":")
    function: Callable[[list[str]], int] = getattr(importlib.import_module(module), name)
    return function
