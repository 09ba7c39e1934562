#!/usr/bin/env python3
"""Django's command line; `python3 run.py manage …` gives it a database and a broker."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cosell.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        # One line for whoever sets the environment, not a traceback.
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
