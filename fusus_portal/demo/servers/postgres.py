"""Embedded PostgreSQL: the programs of a wheel, and one cluster for each `Place`.

No TCP, a socket directory that only its owner enters, and a password for each role, as in production. For a migration
the demo's log is unsealed automatically; in production a superuser does so by hand (docs/operations.md).
"""

import json
import os
import secrets
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from fusus_portal.demo.servers.places import Account, Place, data_root, make_directory, programs, server_account
from fusus_portal.demo.servers.processes import ServerDidNotStart, end_process, launch, noted_process
from fusus_portal.ground.database.bootstrap import ROLES

SUPERUSER = "postgres"
PORT = 5432
DURABLE = {"max_connections": "100"}
FAST = {
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "scram_iterations": "1",  # tests sign in to the database many times
}


@dataclass(frozen=True)
class Postgres:
    root: Path
    sockets: Path
    programs: Path
    account: Account
    settings: dict[str, str]

    @property
    def data(self) -> Path:
        return self.root / "postgres"

    @property
    def note(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def log(self) -> Path:
        return self.root / "postgres.log"

    @property
    def passwords(self) -> dict[str, str]:
        """Return the password of each role that signs in, made once for each cluster."""
        file = self.root / "passwords.json"
        if not file.exists():
            made = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, *ROLES)}
            write_private(file, json.dumps(made))
        stored: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
        return stored

    def address(self, role: str, database: str) -> str:
        host = quote(str(self.sockets), safe="")
        return f"postgresql://{role}:{self.passwords[role]}@{host}:{PORT}/{database}"

    def connect(self, role: str = SUPERUSER, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(self.address(role, database), autocommit=True, connect_timeout=5)

    def answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True


def postgres(where: Place, *, checkout: Path, settings: dict[str, str]) -> Postgres:
    account = server_account()
    make_directory(where.base, 0o711)
    return Postgres(
        root=data_root(account, where.base, checkout),
        sockets=where.postgres_sockets,
        programs=programs(account, checkout),
        account=account,
        settings=settings,
    )


def start(server: Postgres, *, before: Sequence[str] = ()) -> None:
    """Start the server, or keep the one that a killed run left. before: words before its command, such as "env A=1"."""
    if server.answers():
        return
    if not (server.data / "PG_VERSION").exists():
        create(server)
    forget_stranger(server)
    own_directory(server.sockets, server.account)
    options = {
        **server.settings,
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(server.sockets),
        "unix_socket_permissions": "0700",
    }
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    launch(
        [*before, server.programs / "postgres", "-D", server.data, *arguments],
        account=server.account,
        directory=server.data,
        log=server.log,
        answers=server.answers,
    )


def create(server: Postgres) -> None:
    own_directory(server.data, server.account)
    with private_file(server.passwords[SUPERUSER], server.account) as password_file:
        made = subprocess.run(
            [
                server.programs / "initdb",
                f"--pgdata={server.data}",
                f"--username={SUPERUSER}",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                *(["--no-sync", "--set=scram_iterations=1"] if server.settings is FAST else []),
            ],
            cwd="/",
            check=False,
            capture_output=True,
            text=True,
            **server.account.identity,
        )
    if made.returncode:
        raise ServerDidNotStart(f"initdb: {made.stdout}{made.stderr}")


def stop(server: Postgres) -> None:
    end_process(running(server), signal.SIGINT)


def running(server: Postgres) -> psutil.Process | None:
    return noted_process(server.note, "postgres")


def forget_stranger(server: Postgres) -> None:
    """Remove the process id that a dead server left: if another program has it now, PostgreSQL would not start."""
    if server.note.exists() and running(server) is None:
        server.note.unlink()


def own_directory(path: Path, account: Account) -> None:
    if path.exists() and path.stat().st_uid == account.user:
        return
    make_directory(path)
    account.give(path)


def write_private(path: Path, text: str) -> None:
    """Write a file that only we can read, complete at once."""
    half = path.with_suffix(".half")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    half.rename(path)


@contextmanager
def private_file(text: str, account: Account) -> Iterator[Path]:
    """Yield a file with a text that only the account can read; delete it at the end."""
    with tempfile.NamedTemporaryFile("w", dir="/tmp", prefix="fusus-portal-") as file:
        file.write(text)
        file.flush()
        yield account.give(Path(file.name))


MIGRATIONS = Path(__file__).resolve().parents[3] / "audit" / "migrations"
APPLIED_MIGRATIONS = "SELECT name FROM django_migrations WHERE app = 'audit'"
SEALED_TABLES = "SELECT relid::text FROM audit_guard.sealed ORDER BY 1"


@contextmanager
def open_for_migration(server: Postgres, database: str) -> Iterator[None]:
    """Unseal the log's tables during a block if a migration of them waits; seal them again afterwards.

    Unsealing and sealing are entries of the log. In a new database nothing is sealed.
    """
    with server.connect(database=database) as superuser:
        sealed = superuser.execute(SEALED_TABLES).fetchall() if _waits_for_migration(superuser) else []
        opened = [table for (table,) in sealed]
        for table in opened:
            superuser.execute("SELECT audit_guard.unseal(%s::regclass)", [table])
        try:
            yield
        finally:
            for table in opened:
                superuser.execute(
                    "SELECT audit_guard.seal(found) FROM to_regclass(%s) AS found WHERE found IS NOT NULL", [table]
                )


def _waits_for_migration(superuser: psycopg.Connection) -> bool:
    if superuser.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
        return False
    applied = {name for (name,) in superuser.execute(APPLIED_MIGRATIONS).fetchall()}
    return bool(applied) and not {file.stem for file in MIGRATIONS.glob("[0-9]*.py")} <= applied
