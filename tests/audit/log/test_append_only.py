"""Nobody that the portal signs in as can change or drop an entry, and the log can be read."""

import psycopg
import pytest
from django.db import transaction

from audit.log.actors import Actor, ActorKind, Subject
from audit.log.events import Event
from audit.log.services import record
from tests.database.clone import Clone

REFUSED_BY_RIGHTS = "42501"  # insufficient_privilege
REFUSED_BY_GUARD = "23001"  # restrict_violation

CHANGES = [
    "UPDATE audit_entry SET event = 'x'",
    "UPDATE audit_entry SET event = 'x' WHERE false",
    "DELETE FROM audit_entry",
    "DELETE FROM audit_entry WHERE false",
    "TRUNCATE audit_entry",
    "TRUNCATE audit_entry CASCADE",
    "MERGE INTO audit_entry e USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    "INSERT INTO audit_entry (id, event) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET event = 'x'",
]
DEFINITIONS = [
    "ALTER TABLE audit_entry ADD COLUMN x int",
    "ALTER TABLE audit_entry DROP COLUMN reason_digest",
    "ALTER TABLE audit_entry ALTER COLUMN event TYPE text",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "ALTER TABLE audit_entry DISABLE TRIGGER audit_refuse",
    "ALTER TABLE audit_entry RENAME TO other",
    "ALTER TABLE audit_entry OWNER TO portal_app",
    "ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY",
    "DROP TRIGGER audit_refuse ON audit_entry",
    "DROP TRIGGER audit_stamp ON audit_entry",
    "CREATE TRIGGER x BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_stamp()",
    "CREATE RULE x AS ON INSERT TO audit_entry DO INSTEAD NOTHING",
    "DROP TABLE audit_entry",
    "DROP TABLE audit_entry CASCADE",
    "DROP OWNED BY portal_owner",
    "CREATE OR REPLACE FUNCTION audit_stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "CREATE OR REPLACE FUNCTION audit_guard.refuse_change() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
    "ALTER EVENT TRIGGER audit_guard_ddl DISABLE",
    "DROP EVENT TRIGGER audit_guard_ddl",
    "DELETE FROM audit_guard.sealed",
    "SELECT audit_guard.unseal('audit_entry')",
]
RIGHTS = ["GRANT UPDATE ON audit_entry TO portal_app", "REVOKE SELECT ON audit_entry FROM portal_app"]
ROLES = ["portal_app", "portal_sealer", "portal_migrator"]


@pytest.fixture
def log(portal_db: Clone) -> Clone:
    """One committed entry, and a way to sign in as each role."""
    with transaction.atomic():
        record(event=Event.LOG_OPENED, actor=Actor(ActorKind.TASK, "test"), subject=Subject("log", "all"))
    return portal_db


def state_of(connection: psycopg.Connection, statement: str) -> str:
    """Return the SQLSTATE with which the statement is refused, or "done"."""
    try:
        connection.execute(statement)
    except psycopg.Error as error:
        return error.sqlstate or "unknown"
    return "done"


@pytest.mark.parametrize("role", ROLES)
def test_changing_it_is_refused(log: Clone, role: str) -> None:
    expected = REFUSED_BY_GUARD if role == "portal_migrator" else REFUSED_BY_RIGHTS
    with log.connect(role) as connection:
        answers = {statement: state_of(connection, statement) for statement in CHANGES}
        assert answers == dict.fromkeys(CHANGES, expected)
        assert connection.execute("SELECT event FROM audit_entry").fetchall() == [("audit:log:open",)]


@pytest.mark.parametrize("role", ROLES)
def test_redefining_it_is_refused(log: Clone, role: str) -> None:
    with log.connect(role) as connection:
        answers = {statement: state_of(connection, statement) for statement in DEFINITIONS}
        allowed = {"2BP01"} if role == "portal_migrator" else set()  # dependent objects still exist
        assert {s: a for s, a in answers.items() if a not in {REFUSED_BY_RIGHTS} | allowed} == {}
        assert connection.execute("SELECT event FROM audit_entry").fetchall() == [("audit:log:open",)]


@pytest.mark.parametrize("role", ROLES)
def test_its_rights_stay_as_they_are(log: Clone, role: str) -> None:
    # Without the grant option PostgreSQL only warns, so what counts is that the rights are unchanged.
    rights = "SELECT relacl::text FROM pg_class WHERE oid = 'audit_entry'::regclass"
    with log.connect(role) as connection:
        before = connection.execute(rights).fetchone()
        for statement in RIGHTS:
            state_of(connection, statement)
        assert connection.execute(rights).fetchone() == before


def test_even_a_superuser_in_replica_mode_is_refused(log: Clone) -> None:
    with log.connect() as connection:
        connection.execute("SET session_replication_role = replica")
        answers = {statement: state_of(connection, statement) for statement in CHANGES}
        assert answers == dict.fromkeys(CHANGES, REFUSED_BY_GUARD)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_entry (id, event) VALUES (999, 'x')",
        "INSERT INTO audit_entry (event, at) VALUES ('x', '2001-01-01')",
        "INSERT INTO audit_entry (event, camera_number) VALUES ('x', 7)",
        "INSERT INTO audit_entry (event, nonce) VALUES ('x', '')",
        "SET ROLE portal_owner",
        "SET ROLE portal_migrator",
        "INSERT INTO audit_counter VALUES ('aaaaaaaa-0000-4000-8000-000000000001', 9)",
        "UPDATE audit_counter SET last = 1",
        "DELETE FROM audit_pending",
        "INSERT INTO audit_leaf VALUES (1, 1, '')",
        "SELECT * FROM audit_ticket",
        "SELECT audit_ticket_is_good('t', 'e', 'user', 'i', 's', 'evidence', 'x')",
        "UPDATE audit_detail SET text = ''",
        "DELETE FROM audit_detail",
        "SELECT setval('audit_entry_id_seq', 1)",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('audit', '0003', now())",
    ],
)
def test_the_application_can_only_append(log: Clone, statement: str) -> None:
    with log.connect("portal_app") as connection:
        assert state_of(connection, statement) == REFUSED_BY_RIGHTS
        assert connection.execute("SELECT count(*) FROM audit_entry").fetchone() == (1,)


def test_each_entry_waits_for_the_sealer(log: Clone) -> None:
    with log.connect("portal_sealer") as connection:
        assert (
            connection.execute("SELECT entry FROM audit_pending").fetchall()
            == connection.execute("SELECT id FROM audit_entry").fetchall()
        )
