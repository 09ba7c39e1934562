"""The hashed locks against pyproject.toml."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from launcher.lock import LOCKS, PRODUCTION

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EMBEDDED = "requirements-embedded.txt"
DEVELOPMENT = "requirements-dev.txt"
DECLARED = {
    PRODUCTION: PROJECT["project"]["dependencies"],
    EMBEDDED: PROJECT["dependency-groups"]["embedded"],
    DEVELOPMENT: PROJECT["dependency-groups"]["dev"],
}
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ \\]+)", re.MULTILINE)


def text_of(lock: str) -> str:
    return (ROOT / lock).read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, Version]:
    return {
        canonicalize_name(name): Version(version) for name, version in PIN.findall(text_of(lock))
    }


def test_every_lock_is_looked_at() -> None:
    assert set(DECLARED) == set(LOCKS)


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_satisfies_what_is_declared(lock: str) -> None:
    locked = pins(lock)
    for declared in map(Requirement, DECLARED[lock]):
        version = locked.get(canonicalize_name(declared.name))
        assert version is not None, (
            f"{declared.name} is not in {lock}; run python3 -m launcher.lock"
        )
        assert declared.specifier.contains(version), f"{declared} is locked as {version}"


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_declared_has_a_lower_bound(lock: str) -> None:
    bounds = {d.name: {s.operator for s in d.specifier} for d in map(Requirement, DECLARED[lock])}
    assert {name for name, operators in bounds.items() if ">=" not in operators} == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_nothing_names_an_index(lock: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", text_of(lock))[1:]
    assert len(entries) == len(pins(lock))
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text_of(lock))


def test_locks_agree_where_they_overlap() -> None:
    production = pins(PRODUCTION)
    for lock in (EMBEDDED, DEVELOPMENT):
        common = {name: version for name, version in pins(lock).items() if name in production}
        assert common == {name: production[name] for name in common}
