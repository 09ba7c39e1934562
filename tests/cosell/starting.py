"""`manage.py check` for one environment after the other, each in a fork that read no settings yet.

A program of its own: environments come in as JSON, exit codes and errors go out.
"""

import json
import os
import runpy
import sys
import tempfile
from importlib import import_module

# What every start imports before the settings refuse; none of it reads them.
EARLY = ("cosell.beat", "cosell.core.logs", "cosell.core.safety", "django.core.management")


def main() -> None:
    for name in EARLY:
        import_module(name)
    print(json.dumps([_started(one) for one in json.load(sys.stdin)]))


def _started(environment: dict[str, str]) -> tuple[int, str]:
    with tempfile.TemporaryFile("w+") as errors:
        child = os.fork()
        if not child:
            os.dup2(errors.fileno(), sys.stderr.fileno())
            # What a start that goes well says is no answer of ours.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            os.environ.update(environment)
            sys.argv = ["manage.py", "check"]
            runpy.run_path("manage.py", run_name="__main__")
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        errors.seek(0)
        return os.waitstatus_to_exitcode(status), errors.read()


if __name__ == "__main__":
    main()
