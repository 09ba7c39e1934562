#!/usr/bin/env python3
"""Runs the whole application from a checkout: `python3 run.py --help`."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (whoever has an older one should read why)
    sys.exit("Python 3.11 or newer is needed.")

from launcher.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
