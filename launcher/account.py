"""PostgreSQL refuses to run as root: the account that it runs under instead."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launcher.console import Refusal

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        return self._test("-x", folder)

    def can_run(self, program: Path) -> bool:
        return self._test("-x", program)

    def become(self) -> None:
        os.setgroups([])
        os.setgid(self.gid)
        os.setuid(self.uid)

    def _test(self, what: str, path: Path) -> bool:
        command = ["/bin/sh", "-c", 'test "$1" "$2"', "sh", what, str(path)]
        done = subprocess.run(
            command, user=self.uid, group=self.gid, extra_groups=[], cwd="/", check=False
        )
        return done.returncode == 0


def server_account() -> Account | None:
    """None: the launcher's own account will do."""
    if os.geteuid() != 0:
        return None
    for name in CANDIDATES:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise Refusal(
        "PostgreSQL does not run as root, and there is neither an account 'postgres' nor 'nobody'. "
        "Run this as an ordinary user, or set DATABASE_URL."
    )
