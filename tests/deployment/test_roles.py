"""The init script of the database container, run against a fresh cluster."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from launcher import layout
from launcher.account import server_account
from launcher.postgres import FAST, Postgres

pytestmark = [
    pytest.mark.slow,
    # pytest-xdist has a thread; the launcher itself has none when it forks.
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),
]

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "deploy" / "create-roles.sh"
PASSWORDS = {"OWNER": "owner's word", "APP": 'app "word"', "WORKER": "worker\\word"}


@dataclass
class Cluster:
    programs: Path
    sockets: Path

    def run_script(self, **environ: str) -> "subprocess.CompletedProcess[str]":
        place = {"PATH": f"{self.programs}:{os.environ['PATH']}", "PGHOST": str(self.sockets)}
        place["ROLES_SQL"] = str(ROOT / "deploy" / "roles.sql")
        return subprocess.run(
            [SCRIPT], env={**place, **environ}, capture_output=True, text=True, check=False
        )

    def ask(self, query: str, *, user: str = "postgres", database: str = "cosell") -> list[object]:
        with psycopg.connect(host=str(self.sockets), user=user, dbname=database) as connection:
            found = connection.execute(query.encode())
            return [row[0] for row in found.fetchall()] if found.description else []


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    account = server_account()
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="cosell-") as name:
        base = Path(name)
        base.chmod(0o711)
        postgres = Postgres(
            data=base / "postgres",
            sockets=layout.given_folder(base / "sockets", account),
            log=base / "log",
            account=account,
            settings=FAST,
        )
        child = postgres.start()
        try:
            found = Cluster(postgres.programs, postgres.sockets)
            done = found.run_script(**{f"COSELL_{k}_PASSWORD": v for k, v in PASSWORDS.items()})
            assert done.returncode == 0, done.stderr
            yield found
        finally:
            child.stop()


def test_three_logins_that_policies_bind(cluster: Cluster) -> None:
    query = """
        SELECT rolname FROM pg_roles
        WHERE rolcanlogin AND NOT rolsuper AND NOT rolbypassrls AND NOT rolcreaterole
        AND NOT rolcreatedb AND NOT rolreplication
    """
    assert set(cluster.ask(query)) == {"cosell_owner", "cosell_app", "cosell_worker"}


def test_who_may_become_whom_and_inherits_nothing(cluster: Cluster) -> None:
    query = """
        SELECT member::regrole || ' may be ' || roleid::regrole || ' ' || inherit_option
               || ' ' || set_option || ' ' || admin_option
        FROM pg_auth_members WHERE roleid::regrole::text LIKE 'cosell%'
    """
    assert set(cluster.ask(query)) == {
        "cosell_owner may be cosell_app false true false",
        "cosell_owner may be cosell_worker false true false",
        "cosell_worker may be cosell_app false true false",
    }


def test_owner_owns_the_database_and_can_add_trusted_extensions(cluster: Cluster) -> None:
    query = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'cosell'"
    assert cluster.ask(query) == ["cosell_owner"]
    with psycopg.connect(
        host=str(cluster.sockets), user="cosell_owner", dbname="cosell"
    ) as connection:
        for name in ("btree_gin", "citext", "pg_trgm", "unaccent"):
            connection.execute(f"CREATE EXTENSION {name}".encode())
        connection.rollback()


@pytest.mark.parametrize("login", ["cosell_owner", "cosell_app", "cosell_worker"])
def test_each_login_plans_for_flash(cluster: Cluster, login: str) -> None:
    assert cluster.ask("SELECT current_setting('random_page_cost')", user=login) == ["1.1"]


@pytest.mark.parametrize("user", ["cosell_app", "cosell_worker"])
def test_web_and_worker_cannot_change_the_schema(cluster: Cluster, user: str) -> None:
    with (
        psycopg.connect(host=str(cluster.sockets), user=user, dbname="cosell") as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE sneaked_in ()")


def test_only_the_worker_makes_temporary_tables(cluster: Cluster) -> None:
    query = """
        SELECT rolname FROM pg_roles
        WHERE rolname LIKE 'cosell%' AND has_database_privilege(oid, 'cosell', 'TEMPORARY')
    """
    assert set(cluster.ask(query)) == {"cosell_owner", "cosell_worker"}


def test_database_is_closed_to_other_logins(cluster: Cluster) -> None:
    cluster.ask("CREATE ROLE stranger LOGIN")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        cluster.ask("SELECT 1", user="stranger")
    cluster.ask("DROP ROLE stranger")


def test_polish_letters_fold(cluster: Cluster) -> None:
    assert cluster.ask("SELECT lower('ŁÓDŹ')") == ["łódź"]


def test_passwords_come_from_files_too_and_can_be_changed(cluster: Cluster, tmp_path: Path) -> None:
    query = "SELECT rolpassword FROM pg_authid WHERE rolname LIKE 'cosell%' ORDER BY rolname"
    before = cluster.ask(query)
    environ = {}
    for login in PASSWORDS:
        file = tmp_path / login
        file.write_text(f"new word of {login}\n")
        environ[f"COSELL_{login}_PASSWORD_FILE"] = str(file)
    assert cluster.run_script(**environ).returncode == 0
    after = cluster.ask(query)
    assert all(str(stored).startswith("SCRAM-SHA-256$") for stored in before + after)
    assert set(before).isdisjoint(after)


def test_missing_password_is_named(cluster: Cluster) -> None:
    done = cluster.run_script(COSELL_OWNER_PASSWORD="a", COSELL_APP_PASSWORD="b")
    assert (done.returncode, done.stderr) == (
        1,
        "COSELL_WORKER_PASSWORD: is not set, and neither is COSELL_WORKER_PASSWORD_FILE.\n",
    )
