"""Every service leaves its entry in its own transaction, or nothing at all. Complete by construction.

A public function of a service that is neither in the table (`acts/`) nor named there as no act of its own fails here.
"""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from inspect import getmembers, isfunction
from pathlib import Path
from types import ModuleType

import psycopg
import pytest
from django.db import DatabaseError
from psycopg import sql

import fusus_portal.ground.accounts
import fusus_portal.ground.agency
import fusus_portal.ground.notifications
import fusus_portal.ground.push
import fusus_portal.ground.streets
import fusus_portal.ground.worklist
import fusus_portal.oversight
import integration
import registry
import shop
from tests.audit import acts
from tests.audit.acts import NO_ENTRY, ROWS, name_of
from tests.database.clone import Clone

for module in pkgutil.walk_packages(acts.__path__, f"{acts.__name__}."):
    import_module(module.name)

DISK_FULL = """
ALTER EVENT TRIGGER audit_guard_ddl DISABLE;
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'no room for an entry' USING ERRCODE = 'disk_full';
END $$;
CREATE TRIGGER a_no_room BEFORE INSERT ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION no_room();
"""
ROOM_AGAIN = "DROP TRIGGER a_no_room ON audit_entry"
TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0 ORDER BY relname
"""
"""Those that hold rows, or held some: nothing was ever written where there is no file to read."""
CONTENT = "SELECT {}, md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM {} t"


def service_modules() -> Iterator[ModuleType]:
    """Yield each module that holds services."""
    apps = (
        registry,
        integration,
        shop,
        fusus_portal.ground.accounts,
        fusus_portal.ground.agency,
        fusus_portal.ground.notifications,
        fusus_portal.ground.push,
        fusus_portal.ground.streets,
        fusus_portal.ground.worklist,
        fusus_portal.oversight,
    )
    for app in apps:
        for found in pkgutil.walk_packages(app.__path__, f"{app.__name__}."):
            if "services" in found.name.split("."):
                yield import_module(found.name)


def services() -> set[str]:
    """Return the name of each public function that a service module defines."""
    return {
        name_of(function)
        for module in service_modules()
        for name, function in getmembers(module, isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


@pytest.fixture
def superuser(portal_db: Clone) -> Iterator[psycopg.Connection]:
    """Return a connection that sees all that is committed, whatever the application may see."""
    with portal_db.connect() as connection:
        yield connection


def content(superuser: psycopg.Connection) -> dict[str, str | None]:
    """Return a hash of the rows of each table, whatever their order; None, or nothing, for a table without rows."""
    tables = [table for (table,) in superuser.execute(TABLES).fetchall()]
    each = [sql.SQL(CONTENT).format(sql.Literal(table), sql.Identifier(table)) for table in tables]
    return dict(superuser.execute(sql.SQL(" UNION ALL ").join(each)).fetchall())


def files(root: Path) -> dict[str, int]:
    """Return the size of each file of footage, on its way or kept."""
    return {str(path.relative_to(root)): path.stat().st_size for path in root.rglob("*") if path.is_file()}


def entries_after(superuser: psycopg.Connection, entry: int) -> list[tuple[str, str]]:
    """Return event and transaction of the entries after one."""
    query = "SELECT event, transaction::text FROM audit_entry WHERE id > %s ORDER BY id"
    return superuser.execute(query, [entry]).fetchall()


def newest_entry(superuser: psycopg.Connection) -> int:
    """Return the id of the last entry, 0 for an empty log."""
    (newest,) = superuser.execute("SELECT coalesce(max(id), 0) FROM audit_entry").fetchone() or (0,)
    return int(newest)


def test_every_service_is_in_the_table() -> None:
    assert not (missing := services() - ROWS.keys() - NO_ENTRY.keys()), f"services without a row: {sorted(missing)}"
    assert not (gone := (ROWS.keys() | NO_ENTRY.keys()) - services()), f"rows of services that are gone: {gone}"
    assert not (both := ROWS.keys() & NO_ENTRY.keys()), f"an act, and no act: {both}"


@pytest.mark.parametrize("name", sorted(ROWS))
def test_an_act_and_its_entry_stand_or_fall_together(
    name: str, superuser: psycopg.Connection, uploads_root: Path
) -> None:
    act = ROWS[name].prepare()
    superuser.execute(DISK_FULL)
    before, files_before = content(superuser), files(uploads_root)
    with pytest.raises(DatabaseError, match="no room for an entry"):
        act()
    after = content(superuser)
    changed = {table for table in before | after if after.get(table) != before.get(table)}
    assert changed <= ROWS[name].written_before
    assert ROWS[name].written_before or files(uploads_root) == files_before

    superuser.execute(ROOM_AGAIN)
    if ROWS[name].written_before:
        act = ROWS[name].prepare()
    newest = newest_entry(superuser)
    act()
    entries = entries_after(superuser, newest)
    assert ROWS[name].event in {event for event, _transaction in entries}, f"{name} leaves no entry of its event"
    assert len({transaction for _event, transaction in entries}) == 1
