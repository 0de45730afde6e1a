"""A sealed table takes new rows and nothing else, from any role; refusals are read by error code."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.database.clone import Clone

NO_PRIVILEGE = "42501"
REFUSED_CHANGE = "23001"
NOT_READY = "55000"

TABLE = """
CREATE TABLE scratch (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text NOT NULL);
REVOKE ALL ON scratch FROM portal_app;
GRANT SELECT, INSERT (note) ON scratch TO portal_app;
"""
TRIGGER = """
CREATE TRIGGER scratch_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON scratch
FOR EACH STATEMENT EXECUTE FUNCTION audit_guard.refuse_change();
ALTER TABLE scratch ENABLE ALWAYS TRIGGER scratch_refuse;
"""
SEAL = "SELECT audit_guard.seal('scratch')"
INSERT = "INSERT INTO scratch (note) VALUES ('first')"

CHANGES = [
    "UPDATE scratch SET note = 'other'",
    "UPDATE scratch SET note = 'other' WHERE false",
    "DELETE FROM scratch",
    "TRUNCATE scratch",
    "MERGE INTO scratch USING (SELECT 1 AS id) s ON scratch.id = s.id WHEN MATCHED THEN DELETE",
    (
        "INSERT INTO scratch (id, note) OVERRIDING SYSTEM VALUE VALUES (1, 'x') "
        "ON CONFLICT (id) DO UPDATE SET note = 'other'"
    ),
]
DEFINITIONS = [
    "DROP TABLE scratch",
    "DROP TABLE scratch CASCADE",
    "DROP OWNED BY portal_owner CASCADE",
    "ALTER TABLE scratch ADD COLUMN more text",
    "ALTER TABLE scratch DROP COLUMN note",
    "ALTER TABLE scratch ALTER COLUMN note TYPE varchar(5)",
    "ALTER TABLE scratch ALTER COLUMN note SET DEFAULT ''",
    "ALTER TABLE scratch RENAME TO gone",
    "ALTER TABLE scratch RENAME COLUMN note TO gone",
    "ALTER TABLE scratch SET SCHEMA audit_guard",
    "ALTER TABLE scratch SET UNLOGGED",
    "ALTER TABLE scratch DISABLE TRIGGER ALL",
    "ALTER TABLE scratch DISABLE TRIGGER scratch_refuse",
    "ALTER TABLE scratch ENABLE REPLICA TRIGGER scratch_refuse",
    "ALTER TABLE scratch ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE scratch ADD CONSTRAINT short CHECK (length(note) < 3) NOT VALID",
    "ALTER TRIGGER scratch_refuse ON scratch RENAME TO gone",
    "DROP TRIGGER scratch_refuse ON scratch",
    (
        "CREATE TRIGGER another BEFORE INSERT ON scratch "
        "FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()"
    ),
    "CREATE RULE hidden AS ON INSERT TO scratch DO INSTEAD NOTHING",
    "CREATE POLICY hidden ON scratch USING (false)",
    "CREATE TABLE child () INHERITS (scratch)",
    "CREATE UNIQUE INDEX once ON scratch (note)",
]
GRANTS = [
    "GRANT UPDATE ON scratch TO portal_app",
    "GRANT UPDATE (note) ON scratch TO portal_app",
    "GRANT ALL ON ALL TABLES IN SCHEMA public TO portal_app",
    "REVOKE INSERT (note) ON scratch FROM portal_app",
]
RIGHTS = """
SELECT c.relacl::text, a.attname, a.attacl::text
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relname = 'scratch' ORDER BY a.attnum
"""
GUARD = [
    "SELECT audit_guard.unseal('scratch')",
    "DELETE FROM audit_guard.sealed",
    "UPDATE audit_guard.sealed SET fingerprint = ''",
    "TRUNCATE audit_guard.sealed",
    "DROP SCHEMA audit_guard CASCADE",
    "DROP FUNCTION audit_guard.refuse_change() CASCADE",
    (
        "CREATE OR REPLACE FUNCTION audit_guard.refuse_change() RETURNS trigger "
        "LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$"
    ),
    "ALTER EVENT TRIGGER audit_guard_ddl DISABLE",
    "DROP EVENT TRIGGER audit_guard_ddl",
    "SET event_triggers = off",
    "SET session_replication_role = replica",
    "SET ROLE postgres",
    "ALTER ROLE CURRENT_USER SUPERUSER",
]
ROLES = ["portal_app", "portal_migrator", "portal_sealer"]


@pytest.fixture
def sealed(portal_db: Clone) -> Iterator[Clone]:
    """Return a database with one sealed table that holds one row."""
    with portal_db.connect("portal_migrator") as owner:
        owner.execute(TABLE + TRIGGER)
        owner.execute(SEAL)
    with portal_db.connect("portal_app") as application:
        application.execute(INSERT)
    yield portal_db
    with portal_db.connect("portal_app") as application:
        assert application.execute("SELECT note FROM scratch").fetchall() == [("first",)]


def refusal(database: Clone, role: str, statement: str) -> str | None:
    """Return the error code with which a statement is refused, None when it is not."""
    with database.connect(role) as connection:
        try:
            connection.execute(statement.encode())
        except psycopg.Error as error:
            return error.sqlstate
    return None


def refusals(database: Clone, role: str, statements: list[str]) -> dict[str, str | None]:
    """Return what each statement is refused with."""
    return {statement: refusal(database, role, statement) for statement in statements}


@pytest.mark.parametrize("role", ["portal_app", "portal_sealer"])
def test_it_refuses_all_to_the_roles_that_serve(sealed: Clone, role: str) -> None:
    for statement, code in refusals(sealed, role, CHANGES + DEFINITIONS + GUARD).items():
        assert code == NO_PRIVILEGE, statement


@pytest.mark.parametrize("role", ["portal_app", "portal_sealer"])
def test_the_roles_that_serve_grant_themselves_nothing(sealed: Clone, role: str) -> None:
    with sealed.connect() as superuser:
        before = superuser.execute(RIGHTS).fetchall()
        refusals(sealed, role, GRANTS)  # PostgreSQL only warns
        assert superuser.execute(RIGHTS).fetchall() == before


def test_it_refuses_changes_of_rows_to_the_owner(sealed: Clone) -> None:
    for statement, code in refusals(sealed, "portal_migrator", CHANGES).items():
        assert code == REFUSED_CHANGE, statement


def test_it_refuses_changes_of_the_table_to_the_owner(sealed: Clone) -> None:
    for statement, code in refusals(sealed, "portal_migrator", DEFINITIONS + GRANTS + GUARD).items():
        assert code == NO_PRIVILEGE, statement


def test_it_refuses_the_superuser_even_in_replica_mode(sealed: Clone) -> None:
    replica = "SET session_replication_role = replica; "
    for statement in ["UPDATE scratch SET note = ''", "DELETE FROM scratch", "TRUNCATE scratch"]:
        assert refusal(sealed, "postgres", replica + statement) == REFUSED_CHANGE, statement
    assert refusal(sealed, "postgres", replica + "DROP TABLE scratch") == NO_PRIVILEGE


def test_the_owner_may_add_a_plain_index_and_other_tables(sealed: Clone) -> None:
    with sealed.connect("portal_migrator") as owner:
        owner.execute("CREATE INDEX quick ON scratch (note)")
        owner.execute("CREATE TABLE elsewhere (id int)")
    with sealed.connect("portal_app") as application:
        application.execute("INSERT INTO elsewhere VALUES (1)")
        application.execute("UPDATE elsewhere SET id = 2")


def test_a_new_table_gives_the_sealer_nothing(portal_db: Clone) -> None:
    with portal_db.connect("portal_migrator") as owner:
        owner.execute("CREATE TABLE elsewhere (id int)")
    assert refusal(portal_db, "portal_sealer", "SELECT * FROM elsewhere") == NO_PRIVILEGE


def test_it_seals_no_table_without_its_triggers(portal_db: Clone) -> None:
    with portal_db.connect("portal_migrator") as owner:
        owner.execute(TABLE)
    assert refusal(portal_db, "portal_migrator", SEAL) == NOT_READY


@pytest.mark.parametrize("role", ["portal_app", "portal_sealer"])
def test_only_the_owner_seals(sealed: Clone, role: str) -> None:
    assert refusal(sealed, role, SEAL) == NO_PRIVILEGE


def test_a_superuser_unseals_for_a_migration_that_seals_again(sealed: Clone) -> None:
    with sealed.connect() as superuser:
        superuser.execute("SELECT audit_guard.unseal('scratch')")
    with sealed.connect("portal_migrator") as owner, owner.transaction():
        owner.execute("ALTER TABLE scratch ADD COLUMN more text")
        owner.execute(SEAL)
    assert refusal(sealed, "portal_migrator", "ALTER TABLE scratch DROP COLUMN more") == (NO_PRIVILEGE)


def test_no_role_can_become_more_than_it_is(portal_db: Clone) -> None:
    with portal_db.connect() as superuser:
        powerful = superuser.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) "
            "AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication)",
            [[*ROLES, "portal_owner"]],
        ).fetchall()
        members = superuser.execute(
            "SELECT member::regrole::text, roleid::regrole::text FROM pg_auth_members "
            "WHERE member::regrole::text = ANY(%s)",
            [ROLES],
        ).fetchall()
    assert powerful == []
    assert members == [("portal_migrator", "portal_owner")]
