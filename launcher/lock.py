"""Writes the hashed locks from pyproject.toml: `python3 -m launcher.lock [--upgrade]` (needs uv).

One lock per way to run: production, embedded services, development. The later ones are constrained
by the first, so that a developer never tests another version than the one that is deployed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = "requirements.txt"
LOCKS: dict[str, tuple[str, ...]] = {
    PRODUCTION: ("pyproject.toml",),
    "requirements-embedded.txt": ("--group", "embedded", "--constraints", PRODUCTION),
    "requirements-dev.txt": ("--group", "dev", "--constraints", PRODUCTION),
}
OPTIONS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--custom-compile-command=python3 -m launcher.lock",
    "--quiet",
)


def write_lock(name: str, sources: tuple[str, ...], extra: list[str]) -> None:
    command = ["uv", "pip", "compile", *OPTIONS, *sources, *extra, "--output-file", name]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    for lock, sources in LOCKS.items():
        write_lock(lock, sources, sys.argv[1:])
        print(f"{lock} written")
