"""`.env.example` against what settings, launcher and deployment files really read."""

import re
from pathlib import Path

from cosell import settings
from cosell.core.env import Variable

ROOT = Path(__file__).resolve().parents[2]
LINE = re.compile(r"(?P<commented>#?)(?P<name>[A-Z][A-Z0-9_]+)=(?P<value>.*)")
READ_IN_PYTHON = re.compile(r"""environ(?:\.get\(|\[)["']([A-Z][A-Z0-9_]+)""")
READ_IN_COMPOSE = re.compile(r"\$\{([A-Z][A-Z0-9_]+)")

# Ours to set, never the reader's.
SET_BY_CODE = {"DJANGO_SETTINGS_MODULE"}


def example() -> dict[str, tuple[bool, str]]:
    """Name → whether it has to be set, and the value shown."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    matches = (LINE.fullmatch(line) for line in text.splitlines())
    return {m["name"]: (not m["commented"], m["value"]) for m in matches if m}


def read_by_settings() -> dict[str, Variable]:
    return settings.env.variables


def read_elsewhere() -> set[str]:
    python = [*ROOT.glob("launcher/*.py"), *ROOT.glob("deploy/*.py")]
    names = {name for file in python for name in READ_IN_PYTHON.findall(file.read_text())}
    names |= set(READ_IN_COMPOSE.findall((ROOT / "docker-compose.yml").read_text()))
    names |= {"DATABASE_OWNER_URL", "DATABASE_WORKER_URL"}  # launcher/services.py, by a table
    for login in ("OWNER", "APP", "WORKER"):  # deploy/create-roles.sh, by a loop
        names |= {f"COSELL_{login}_PASSWORD", f"COSELL_{login}_PASSWORD_FILE"}
    return names - SET_BY_CODE


def test_every_variable_that_is_read_is_listed_and_no_other() -> None:
    assert set(example()) == set(read_by_settings()) | read_elsewhere()


def test_required_variables_are_the_ones_not_commented_out() -> None:
    required = {name for name, it in read_by_settings().items() if it.is_required}
    assert {name for name, (is_set, _) in example().items() if is_set} == required


def test_shown_defaults_are_the_real_ones() -> None:
    defaults = {n: it.default for n, it in read_by_settings().items() if it.default is not None}
    assert {name: example()[name][1] for name in defaults} == defaults
