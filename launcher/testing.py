"""`python3 run.py test`: pytest on services that are thrown away afterwards."""

import os
import sys

from launcher import variables
from launcher.layout import ROOT
from launcher.processes import foreground
from launcher.services import thrown_away

FAST = "not (slow or browser or full)"
LONG = "(slow or browser) and not full"


def test(arguments: list[str]) -> int:
    """`--all` runs everything, `--long` the long tests but the fullest; the rest is pytest's."""
    cores = os.cpu_count() or 1
    # Reading the browser's tests takes longer than finding out that they are not meant.
    selection, workers = ["-m", FAST, "--ignore=tests/browser"], max(2, cores)
    if "--all" in arguments:
        selection = []
    elif "--long" in arguments:
        # A browser waits often enough for one more to find something to do.
        selection, workers = ["-m", LONG], max(2, cores) + 1
    rest = [argument for argument in arguments if argument not in {"--all", "--long"}]
    # What a module prepares is prepared once, where neighbours run in the same process.
    spread = ["-n", str(workers), "--dist", "worksteal"]
    # A debugger needs the terminal, which workers do not have.
    if {"--pdb", "--trace"} & set(rest):
        spread = []
    with thrown_away() as services:
        command = [sys.executable, "-m", "pytest", *spread, *selection, *rest]
        return foreground(command, env=variables.for_tests(services), cwd=ROOT)
