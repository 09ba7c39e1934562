"""`python3 run.py test`: pytest on services that are thrown away afterwards."""

import sys

from launcher import variables
from launcher.layout import ROOT
from launcher.processes import foreground
from launcher.services import thrown_away

FAST = "not (slow or browser or full)"
LONG = "(slow or browser) and not full"


def test(arguments: list[str]) -> int:
    """`--all` runs everything, `--long` the long tests but the fullest; the rest is pytest's."""
    selection = ["-m", FAST]
    if "--all" in arguments:
        selection = []
    elif "--long" in arguments:
        selection = ["-m", LONG]
    rest = [argument for argument in arguments if argument not in {"--all", "--long"}]
    # A debugger needs the terminal, which workers do not have.
    workers = [] if {"--pdb", "--trace"} & set(rest) else ["-n", "2"]
    with thrown_away() as services:
        command = [sys.executable, "-m", "pytest", *workers, *selection, *rest]
        return foreground(command, env=variables.for_tests(services), cwd=ROOT)
