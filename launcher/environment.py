"""The virtual environment in .venv, kept in step with the hashed locks."""

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from launcher.console import Refusal, say
from launcher.layout import ROOT, data_folder

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "locks.json"

PRODUCTION = "requirements.txt"
EMBEDDED = "requirements-embedded.txt"
DEVELOPMENT = "requirements-dev.txt"


def enter(locks: Sequence[str]) -> None:
    """Continue inside .venv, which holds the locks; does not return unless already there."""
    if _missing(locks):
        with (data_folder() / "venv.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _install(_missing(locks))
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(PYTHON, [str(PYTHON), *sys.argv])  # noqa: S606 (our own interpreter, no shell)


def _missing(locks: Sequence[str]) -> list[str]:
    installed = _stamp()
    return [name for name in locks if installed.get(name) != _digest(name)]


def _stamp() -> dict[str, str]:
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if PYTHON.exists() else {}


def _digest(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def _install(locks: Sequence[str]) -> None:
    if not locks:
        return
    if not (STAMP.exists() and PYTHON.exists()):
        _create()
    say(f"Installing {', '.join(locks)} (once; a minute or two) …")
    uv = shutil.which("uv")
    pip = [uv, "pip", "install", "--python", str(PYTHON), "--compile-bytecode"] if uv else _pip()
    files = [part for name in locks for part in ("--requirement", str(ROOT / name))]
    if subprocess.run([*pip, "--quiet", "--require-hashes", *files], check=False).returncode:
        raise Refusal("The packages could not be installed; the reason stands above.")
    STAMP.write_text(json.dumps({**_stamp(), **{name: _digest(name) for name in locks}}))


def _create() -> None:
    say("Making .venv …")
    uv = shutil.which("uv")
    if uv:
        command = [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)]
    else:
        _require_venv()
        command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if subprocess.run(command, check=False).returncode:
        raise Refusal("The virtual environment could not be made; the reason stands above.")
    STAMP.write_text("{}")


def _pip() -> list[str]:
    return [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]


def _require_venv() -> None:
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    raise Refusal(
        "This Python has no venv with pip. Install one of these, then run the command again:\n"
        f"    Debian, Ubuntu:  apt install python{version}-venv\n"
        f"    Fedora, RHEL:    dnf install python{version}\n"
        "    Alpine:          apk add python3 py3-pip\n"
        "    anywhere:        the program uv"
    )
