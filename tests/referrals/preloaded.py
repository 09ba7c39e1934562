"""`python -m tests.referrals.preloaded worker …`: forks such a Celery worker for every line that it
reads, and writes its process id. What workers import is imported once.
"""

import os
import signal
import sys

import django

from cosell.celery import app


def main(arguments: list[str]) -> None:
    """Takes the last worker along when there is nothing more to read."""
    django.setup()
    app.loader.import_default_modules()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    worker = 0
    for _line in sys.stdin:
        worker = os.fork()
        if not worker:
            _work(arguments)
        print(worker, flush=True)
    if worker:
        os.killpg(worker, signal.SIGKILL)


def _work(arguments: list[str]) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, sys.stdin.fileno())
    # The process that forked this one is read from; a worker's words go to the log.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    app.worker_main(arguments)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
