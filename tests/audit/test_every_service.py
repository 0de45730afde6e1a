"""Every service leaves its entry in its own transaction, or nothing at all. Complete by construction.

An act that is neither in the table (`acts/`) nor named there with the reason why it needs no entry fails here.
"""

import os
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection

from tests.audit import acts
from tests.audit.acts import NO_ENTRY, ROWS
from tests.database.clone import Clone
from tests.repo import service_rules

for module in pkgutil.walk_packages(acts.__path__, f"{acts.__name__}."):
    import_module(module.name)

REFUSES = "CREATE OR REPLACE TRIGGER a_no_room BEFORE INSERT ON audit_entry EXECUTE FUNCTION no_room();"
ROOM_AGAIN = "DROP TRIGGER a_no_room ON audit_entry"
DISK_FULL = f"""
ALTER EVENT TRIGGER audit_guard_ddl DISABLE;
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'no room for an entry' USING ERRCODE = 'disk_full';
END $$;
{REFUSES}
"""
CAN_BE_FULL = DISK_FULL.replace("EXECUTE", "WHEN (current_setting('disk.is_full', true) = 'yes') EXECUTE")
TABLES = """
CREATE FUNCTION content() RETURNS TABLE (name text, hash text) LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  FOR name IN
    SELECT relname FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0 LOOP
    EXECUTE format('SELECT md5(string_agg(t::text, E''\\n'' ORDER BY t::text)) FROM public.%I t', name) INTO hash;
    IF hash IS NOT NULL THEN
      RETURN NEXT;
    END IF;
  END LOOP;
END $$;
"""
"""A hash of the rows of each table, in any order and seen by anyone; none for a table without rows.

Nothing was ever written where there is no file to read.
"""

ALONE = {"accounts", "annual", "custody", "figures", "letters", "streets"}
COMMITTED = {name for name, row in ROWS.items() if row.written_before or {*name.split(".")} & ALONE}
"""Acts in several transactions or connections, and those for which the database compares transactions."""


@pytest.fixture
def superuser(portal_db: Clone) -> Iterator[psycopg.Connection]:
    """Return a connection that sees all that is committed, whatever the application may see."""
    with portal_db.connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def prepare(django_db_setup: Clone) -> Iterator[Callable[[], None]]:
    """Return what makes sure that the disk can be full, and that all content can be read."""

    def prepare() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM pg_trigger WHERE tgname = 'a_no_room'")
            if not cursor.rowcount:
                with django_db_setup.connect() as superuser:
                    superuser.execute(CAN_BE_FULL + TABLES)

    yield prepare
    django_db_setup.reset()


def content(database: Any) -> dict[str, str]:
    """Return a hash of the rows of each table. database: a connection or a cursor."""
    return dict(database.execute("SELECT * FROM content()").fetchall())


def files(root: Path) -> dict[str, int]:
    """Return the size of each file of footage, on its way or kept."""
    paths = [f"{folder}/{name}" for folder, _folders, names in os.walk(root) for name in names]
    return {path: Path(path).stat().st_size for path in paths}


def entries_after(superuser: psycopg.Connection, entry: int) -> list[tuple[str, str]]:
    """Return event and transaction of the entries after one."""
    query = "SELECT event, transaction::text FROM audit_entry WHERE id > %s ORDER BY id"
    return superuser.execute(query, [entry]).fetchall()


def newest_entry(database: Any) -> int:
    """Return the id of the last entry, 0 for an empty log."""
    (newest,) = database.execute("SELECT coalesce(max(id), 0) FROM audit_entry").fetchone() or (0,)
    return int(newest)


def run_guards() -> None:
    """Run what the database checks at a commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def blocks_of_entries() -> Iterator[set[int]]:
    """Note the outermost atomic blocks in which entries are written, by number; 0 for none. Each commits by itself."""
    noted, opened, number = set[int](), list[str](), 0

    def note(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        nonlocal number
        if sql.startswith("SAVEPOINT"):
            number += not opened
            opened.append(sql)
        elif sql.startswith("RELEASE"):
            opened.pop()
        elif sql.startswith('INSERT INTO "audit_entry"'):
            noted.add(number if opened else 0)
        return execute(sql, *arguments)

    with connection.execute_wrapper(note):
        yield noted


def test_every_act_is_in_the_table() -> None:
    modules = service_rules.modules()
    acts = service_rules.acts(modules)
    assert not (missing := acts - ROWS.keys() - NO_ENTRY.keys()), f"services without a row: {sorted(missing)}"
    assert not (gone := ROWS.keys() - service_rules.services(modules).keys()), f"rows of services that are gone: {gone}"
    assert not (parts := NO_ENTRY.keys() - acts), f"reasons for parts of acts, which need none: {sorted(parts)}"
    assert not (both := ROWS.keys() & NO_ENTRY.keys()), f"an act, and no act: {both}"


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ROWS.keys() - COMMITTED))
def test_an_act_and_its_entry_stand_or_fall_together(
    name: str, prepare: Callable[[], None], uploads_root: Path
) -> None:
    prepare()
    act = ROWS[name].prepare()
    run_guards()
    with connection.cursor() as cursor:
        before, files_before = content(cursor), files(uploads_root)
        cursor.execute("SET disk.is_full = 'yes'")
        with pytest.raises(DatabaseError, match="no room for an entry"):
            act()
        cursor.execute("SET disk.is_full = 'no'")
        assert content(cursor) == before
        assert files(uploads_root) == files_before

        newest = newest_entry(cursor)
        with blocks_of_entries() as blocks:
            act()
        run_guards()
        cursor.execute("SELECT event FROM audit_entry WHERE id > %s", [newest])
        assert (ROWS[name].event,) in cursor.fetchall(), f"{name} leaves no entry of its event"
    assert blocks == {max(blocks)} != {0}, "entries are written in one transaction"


@pytest.mark.parametrize("name", sorted(COMMITTED))
def test_so_do_an_act_and_its_entry_that_are_committed(
    name: str, superuser: psycopg.Connection, prepare: Callable[[], None], uploads_root: Path
) -> None:
    prepare()
    act = ROWS[name].prepare()
    superuser.execute(REFUSES)
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
