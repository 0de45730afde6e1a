"""A dump that is restored brings the log back with its guard: docs/operations.md says so."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import transaction

from audit.log.actors import Actor, ActorKind, Subject
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.database import bootstrap
from tests.database import template
from tests.database.clone import Clone

CLERK = Actor(ActorKind.USER, "7c1e", role="clerk", pseudonym="Clerk B2")
SEALED = """
SELECT fingerprint = audit_guard.fingerprint('audit_entry'::regclass)
FROM audit_guard.sealed WHERE relid = 'audit_entry'::regclass
"""
REFUSED_CHANGE = "23001"
NO_PRIVILEGE = "42501"


@pytest.fixture
def restored(portal_db: Clone, tmp_path: Path) -> Iterator[str]:
    """Return the name of a database restored from a dump of one with an entry in its log."""
    with transaction.atomic():
        record(event=Event.LOG_OPENED, actor=CLERK, subject=Subject("log", "all"), reason="A reason to keep.")
    server, name, file = portal_db.server, f"{portal_db.name}_restored", str(tmp_path / "portal.dump")
    run(portal_db, "pg_dump", "--format=custom", f"--file={file}", portal_db.address("postgres"))
    template.drop(portal_db.admin, name)
    portal_db.admin.execute(f'CREATE DATABASE "{name}"'.encode())
    run(portal_db, "pg_restore", "--exit-on-error", f"--dbname={server.address('postgres', name)}", file)
    with server.connect(database=name) as superuser:
        bootstrap.prepare_database(superuser)
    yield name
    template.drop(portal_db.admin, name)


def run(database: Clone, program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL."""
    subprocess.run([database.server.programs / program, *arguments], check=True)


def refusal(database: Clone, role: str, name: str, statement: str) -> str | None:
    """Return the error code with which a statement is refused, None when it is not."""
    with database.server.connect(role, name) as connection:
        try:
            connection.execute(statement.encode())
        except psycopg.Error as error:
            return error.sqlstate
    return None


def test_a_restored_log_holds_its_entries_and_stays_sealed(portal_db: Clone, restored: str) -> None:
    with portal_db.server.connect(database=restored) as superuser:
        assert superuser.execute("SELECT event, actor_id FROM audit_entry").fetchall() == [("audit:log:open", "7c1e")]
        assert superuser.execute("SELECT text FROM audit_detail").fetchall() == [("A reason to keep.",)]
        assert superuser.execute(SEALED).fetchall() == [(True,)]
    assert refusal(portal_db, "portal_app", restored, "SELECT event FROM audit_entry") is None
    assert refusal(portal_db, "portal_app", restored, "DELETE FROM audit_entry") == NO_PRIVILEGE
    assert refusal(portal_db, "portal_migrator", restored, "DELETE FROM audit_entry") == REFUSED_CHANGE
    drop = "DROP TRIGGER audit_refuse ON audit_entry"
    assert refusal(portal_db, "portal_migrator", restored, drop) == NO_PRIVILEGE
