"""Harm that SQL injected into the portal can't do: tried on every table, function and sequence of the catalog.

`test_guard` tries one sealed table in each role; here the role of the application tries all that there are, so a new
table or function is tried too.
"""

from collections.abc import Iterable, Iterator

import psycopg
import pytest

from tests.database.clone import Clone

NO_PRIVILEGE = "42501"

SEALED = "SELECT relid::text FROM audit_guard.sealed ORDER BY 1"
TABLES = """
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
"""
FIRST_COLUMN = """
SELECT attname FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum LIMIT 1
"""
CHANGES = (
    "UPDATE {table} SET {column} = {column}",
    "UPDATE {table} SET {column} = {column} WHERE false",
    "DELETE FROM {table}",
    "DELETE FROM {table} WHERE false",
    "TRUNCATE {table}",
    "TRUNCATE {table} CASCADE",
    "MERGE INTO {table} AS old USING (SELECT 1) AS new ON true WHEN MATCHED THEN DELETE",
    "SELECT 1 FROM {table} FOR UPDATE",
    "SELECT 1 FROM {table} FOR NO KEY UPDATE",
    "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
)
SHAPES = (
    "DROP TABLE {table} CASCADE",
    "ALTER TABLE {table} ADD COLUMN planted text",
    "ALTER TABLE {table} RENAME TO planted",
    "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DISABLE TRIGGER USER",
    "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE {table} SET SCHEMA pg_temp",
    "CREATE TRIGGER planted BEFORE INSERT ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE planted AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "CREATE POLICY planted ON {table} USING (true)",
    "CREATE INDEX planted ON {table} ({column})",
    "CREATE STATISTICS planted ON {column}, (1) FROM {table}",
    "COMMENT ON TABLE {table} IS 'planted'",
    "COPY {table} FROM '/etc/passwd'",
    "COPY {table} FROM PROGRAM 'id'",
    "COPY {table} TO '/tmp/planted'",
    "COPY {table} TO PROGRAM 'cat'",
)
POWERS = (
    *(f"SET ROLE {role}" for role in ("postgres", "portal_owner", "portal_migrator", "portal_sealer")),
    *(f"SET SESSION AUTHORIZATION {role}" for role in ("postgres", "portal_owner", "portal_sealer")),
    "SET session_replication_role = replica",
    "SELECT set_config('session_replication_role', 'replica', false)",
    "ALTER ROLE CURRENT_USER SET session_replication_role = replica",
    "SET event_triggers = off",
    "SET lo_compat_privileges = on",
    "SET allow_system_table_mods = on",
    "LOAD 'auto_explain'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_read_binary_file('/etc/passwd')",
    "SELECT pg_ls_dir('/')",
    "SELECT pg_stat_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(lo_from_bytea(0, 'planted'), '/tmp/planted')",
    "SELECT pg_reload_conf()",
    "SELECT pg_switch_wal()",
    "SELECT pg_create_restore_point('planted')",
    "SELECT pg_logical_emit_message(true, 'a', 'b'), pg_replication_origin_create('planted')",
    "SELECT pg_create_physical_replication_slot('planted')",
    "ALTER SYSTEM SET fsync = off",
    "ALTER DATABASE {database} SET session_replication_role = replica",
    "ALTER DATABASE {database} OWNER TO CURRENT_USER",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "ALTER ROLE portal_sealer PASSWORD 'planted'",
    "CREATE ROLE planted SUPERUSER",
    "GRANT portal_owner TO CURRENT_USER",
    "CREATE EXTENSION file_fdw",
    "CREATE EXTENSION dblink",
    "CREATE SCHEMA planted",
    "CREATE TABLE public.planted (id int)",
    "CREATE FUNCTION public.planted() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION pg_temp.planted() RETURNS int LANGUAGE c AS 'libc.so.6', 'system'",
    "CREATE TEMPORARY TABLE audit_entry (id int)",
    "CREATE EVENT TRIGGER planted ON ddl_command_start EXECUTE FUNCTION audit_guard.refuse_change()",
    "CREATE PUBLICATION planted FOR ALL TABLES",
    "CREATE SUBSCRIPTION planted CONNECTION '' PUBLICATION planted",
    "CREATE SERVER planted FOREIGN DATA WRAPPER planted",
    "CREATE TABLESPACE planted LOCATION '/tmp'",
    "DROP SCHEMA audit_guard CASCADE",
    "DROP OWNED BY portal_owner",
    "REASSIGN OWNED BY portal_owner TO CURRENT_USER",
)

SEQUENCES = """
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'S' ORDER BY 1
"""
FUNCTIONS = """
SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid), p.proconfig, p.prosecdef
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname IN ('public', 'audit_guard') AND p.prokind = 'f'
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = p.oid AND e.deptype = 'e') ORDER BY 1
"""
MAY_CALL = """
SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname IN ('public', 'audit_guard') AND p.prosecdef AND p.prorettype <> 'trigger'::regtype
    AND has_schema_privilege('portal_app', n.oid, 'USAGE') AND has_function_privilege('portal_app', p.oid, 'EXECUTE')
ORDER BY 1
"""
GIVEN = {
    "audit_expire(timestamp with time zone,integer)",
    "audit_open_ticket(bigint,text,text,text,text,text,text)",
    "registry_footage_location_of(text,text,text,text,text,uuid)",
    "registry_footage_to_delete(uuid)",
    "registry_forget_footage(uuid)",
    "registry_letter_file_of(text,text,text,text,uuid)",
}
"""Functions with their owner's rights that the application may call, each with conditions of its own."""

UNREAD = ("audit_ticket", "registry_footage_location")
"""Tables that the application may not read: what a ticket is for, and where footage is."""


def codes(database: Clone, statements: Iterable[str]) -> Iterator[tuple[str, str | None]]:
    """Yield the error code of each statement of the application, None where it is done; nothing of it stays."""
    with database.connect("portal_app") as connection:
        for statement in statements:
            with connection.transaction(force_rollback=True):
                try:
                    with connection.transaction():
                        connection.execute(statement.encode())
                except psycopg.Error as error:
                    yield statement, error.sqlstate
                else:
                    yield statement, None


def rows(database: Clone, query: str, *values: object) -> list[str]:
    with database.connect() as superuser:
        return [row[0] for row in superuser.execute(query.encode(), list(values) or None).fetchall()]


def written(database: Clone, tables: Iterable[str], patterns: Iterable[str]) -> list[str]:
    found = [(table, rows(database, FIRST_COLUMN, table)[0]) for table in tables]
    return [pattern.format(table=table, column=column) for table, column in found for pattern in patterns]


def done(database: Clone, statements: Iterable[str]) -> dict[str, str | None]:
    """Return the statements that are not refused for want of a right."""
    return {statement: code for statement, code in codes(database, statements) if code != NO_PRIVILEGE}


def test_no_row_of_a_sealed_table_is_changed_locked_or_deleted(portal_db: Clone) -> None:
    sealed = rows(portal_db, SEALED)
    assert "audit_entry" in sealed
    assert done(portal_db, written(portal_db, sealed, CHANGES)) == {}


def test_no_column_of_a_sealed_table_may_be_updated(portal_db: Clone) -> None:
    granted = "SELECT relid::text FROM audit_guard.sealed WHERE has_any_column_privilege('portal_app', relid, 'UPDATE')"
    assert rows(portal_db, granted) == []


def test_the_shape_of_no_table_is_changed_and_no_file_read_into_one(portal_db: Clone) -> None:
    tables = rows(portal_db, TABLES)
    assert len(tables) > 100
    assert done(portal_db, written(portal_db, tables, SHAPES)) == {}


def test_it_takes_no_power(portal_db: Clone) -> None:
    statements = [statement.replace("{database}", portal_db.name) for statement in POWERS]
    taken = {statement for statement, code in codes(portal_db, statements) if code is None}
    assert taken == set()


def test_no_sequence_can_be_set(portal_db: Clone) -> None:
    """So no number is given twice. That it may skip some tells nothing: fillers do so at random (fillers.md)."""
    every = rows(portal_db, SEQUENCES)
    assert "public.audit_entry_id_seq" in every
    assert done(portal_db, [f"SELECT setval('{name}', 1)" for name in every]) == {}
    assert done(portal_db, [f"ALTER SEQUENCE {name} RESTART" for name in every]) == {}


@pytest.mark.parametrize("table", UNREAD)
def test_what_a_ticket_stands_for_is_not_read(portal_db: Clone, table: str) -> None:
    assert done(portal_db, [f"SELECT 1 FROM {table}", f"COPY {table} TO STDOUT", f"TABLE {table}"]) == {}
    columns = rows(portal_db, "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", table)
    assert done(portal_db, [f"SELECT {column} FROM {table}" for column in columns]) == {}


def test_it_calls_no_function_of_its_owner_but_those_that_ask_first(portal_db: Clone) -> None:
    assert set(rows(portal_db, MAY_CALL)) == GIVEN


def test_no_function_finds_a_table_by_a_path_of_its_callers(portal_db: Clone) -> None:
    """A trigger that looked for its tables along the search path could be shown others."""
    with portal_db.connect() as superuser:
        found = superuser.execute(FUNCTIONS.encode()).fetchall()
    assert len(found) > 50
    loose = [name for name, _text, config, _owners in found if not is_tied(config)]
    assert loose == []


def is_tied(config: list[str] | None) -> bool:
    return any(each.startswith("search_path=") and each.endswith("pg_temp") for each in config or [])
