"""Where the launcher keeps its things, and which folders it may use for that."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from launcher.account import Account
from launcher.console import Refusal

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".data"
ELSEWHERE = Path("/var/tmp")  # noqa: S108 (survives a restart; the folder inside is checked)

# The shortest limit of the systems we know is 104 bytes, the ending zero included.
LONGEST_SOCKET = 103
LONGEST_NAME = ".s.PGSQL.5432.lock"


@dataclass(frozen=True)
class Home:
    """`base` holds the services' files, `sockets` is closed to everybody else."""

    base: Path
    sockets: Path


def data_folder() -> Path:
    # As root the database runs under another account, which has to pass through.
    return own_folder(DATA, 0o711 if os.geteuid() == 0 else 0o700)


def logs_folder() -> Path:
    return own_folder(data_folder() / "logs", 0o700)


def own_folder(path: Path, mode: int) -> Path:
    """Make the folder or check that it is ours alone: /var/tmp belongs to everybody."""
    try:
        path.mkdir(mode=mode)
        path.chmod(mode)
    except FileExistsError:
        found = path.lstat()
        foreign = found.st_uid != os.geteuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if foreign or not stat.S_ISDIR(found.st_mode):
            raise Refusal(f"{path} exists, but is not a folder of this account alone.") from None
    return path


def given_folder(path: Path, account: Account | None) -> Path:
    """A folder that only the account of the database server may enter."""
    path.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    path.chmod(0o700)
    return path


def home(account: Account | None) -> Home:
    data = data_folder()
    base = fallback_folder() if account and not account.can_enter(data) else data
    near = base / "sockets"
    sockets = near if fits(near) else fallback_folder() / "sockets"
    return Home(base, given_folder(sockets, account))


def fallback_folder() -> Path:
    return own_folder(fallback_path(ROOT), 0o711)


def fallback_path(checkout: Path) -> Path:
    name = hashlib.sha256(f"{os.geteuid()}:{checkout}".encode()).hexdigest()[:12]
    return ELSEWHERE / f"cosell-{name}"


def fits(folder: Path) -> bool:
    return len(os.fsencode(folder / LONGEST_NAME)) <= LONGEST_SOCKET
