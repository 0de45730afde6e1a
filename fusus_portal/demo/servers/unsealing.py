"""Unseals the demo's log for a migration. In production a superuser does so by hand (docs/operations.md)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from fusus_portal.demo.servers.postgres import Postgres

MIGRATIONS = Path(__file__).resolve().parents[3] / "audit" / "migrations"
APPLIED = "SELECT name FROM django_migrations WHERE app = 'audit'"
SEALED = "SELECT relid::text FROM audit_guard.sealed ORDER BY 1"


@contextmanager
def open_for_migration(server: Postgres, database: str) -> Iterator[None]:
    """Unseal the log's tables during a block if a migration of them waits; seal them again afterwards.

    Each of these acts is an entry of the log. In a new database nothing is sealed.
    """
    with server.connect(database=database) as superuser:
        opened = _sealed(superuser) if _is_waiting(superuser) else []
        for table in opened:
            superuser.execute("SELECT audit_guard.unseal(%s::regclass)", [table])
        try:
            yield
        finally:
            for table in opened:
                superuser.execute(
                    "SELECT audit_guard.seal(found) FROM to_regclass(%s) AS found WHERE found IS NOT NULL", [table]
                )


def _is_waiting(superuser: psycopg.Connection) -> bool:
    if superuser.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
        return False
    applied = {name for (name,) in superuser.execute(APPLIED).fetchall()}
    return bool(applied) and not {file.stem for file in MIGRATIONS.glob("[0-9]*.py")} <= applied


def _sealed(superuser: psycopg.Connection) -> list[str]:
    return [table for (table,) in superuser.execute(SEALED).fetchall()]
