"""No view without its entry: what the database asks for before it hands out a ticket, and before it takes one."""

from collections.abc import Mapping

import psycopg
import pytest
from django.db import transaction

from audit.log.actors import Actor, ActorKind, Source, Subject, acting_from
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import open_ticket, record_at_once
from fusus_portal.ground.lifecycle import Refused
from tests.database.clone import Clone

REFUSED = "42501"  # insufficient_privilege
DEPUTY = Actor(ActorKind.USER, "5f0c", role="deputy", pseudonym="Deputy K7Q2")
FOOTAGE = Subject("evidence", "0b6f0d9e-5d0c-4a55-9d7f-3c1f1c0e7a10")
SIGN_IN = "s-1"

VIEW: Mapping[str, str] = {
    "event": "registry:evidence:view",
    "actor_kind": "user",
    "actor_id": "5f0c",
    "sign_in": SIGN_IN,
    "subject_kind": FOOTAGE.kind,
    "subject_id": FOOTAGE.id,
}
OPEN = """SELECT audit_open_ticket(%(entry)s, %(event)s, %(actor_kind)s, %(actor_id)s, %(sign_in)s,
                                   %(subject_kind)s, %(subject_id)s)"""
GOOD = """SELECT audit_ticket_is_good(%(token)s, %(event)s, %(actor_kind)s, %(actor_id)s, %(sign_in)s,
                                      %(subject_kind)s, %(subject_id)s)"""
ANOTHER = [
    {"event": "registry:evidence:download"},
    {"actor_kind": "link"},
    {"actor_id": "9e21"},
    {"sign_in": "s-2"},
    {"sign_in": ""},
    {"subject_kind": "camera"},
    {"subject_id": "9a2c7f6e-0000-4000-8000-000000000000"},
]


def viewed(**changes: object) -> AuditEntry:
    """Record a view by the deputy in the transaction at hand."""
    with acting_from(Source(sign_in=SIGN_IN)):
        arguments = {"event": Event.EVIDENCE_VIEWED, "actor": DEPUTY, "subject": FOOTAGE, **changes}
        return record_at_once(**arguments)  # type: ignore[arg-type]


def committed(**changes: object) -> AuditEntry:
    """Record a view by the deputy and commit it."""
    with transaction.atomic():
        return viewed(**changes)


def state_of(connection: psycopg.Connection, statement: str, values: Mapping[str, object]) -> str:
    """Return the SQLSTATE with which a statement is refused, or "done"."""
    try:
        connection.execute(statement, values)
    except psycopg.Error as error:
        return error.sqlstate or "unknown"
    return "done"


def ticket(portal_db: Clone) -> str:
    """Return the token of a good ticket."""
    return open_ticket(entry=committed(), actor=DEPUTY, sign_in=SIGN_IN).token


def is_good(portal_db: Clone, token: str, **changes: str) -> bool:
    """Ask the database as a function of the owner would: the application may not ask itself."""
    with portal_db.connect() as superuser:
        row = superuser.execute(GOOD, {**VIEW, "token": token, **changes}).fetchone()
    return row == (True,)


class TestOpeningATicket:
    def test_a_committed_entry_of_this_view_gives_one(self, portal_db: Clone) -> None:
        entry = committed()
        with portal_db.connect("portal_app") as app:
            assert state_of(app, OPEN, {**VIEW, "entry": entry.pk}) == "done"

    @pytest.mark.parametrize("other", ANOTHER, ids=str)
    def test_an_entry_of_another_view_does_not(self, portal_db: Clone, other: Mapping[str, str]) -> None:
        entry = committed()
        with portal_db.connect("portal_app") as app:
            assert state_of(app, OPEN, {**VIEW, "entry": entry.pk, **other}) == REFUSED
            assert state_of(app, OPEN, {**VIEW, "entry": entry.pk}) == "done"

    def test_an_entry_that_is_not_there_does_not(self, portal_db: Clone) -> None:
        with portal_db.connect("portal_app") as app:
            assert state_of(app, OPEN, {**VIEW, "entry": 123456}) == REFUSED

    def test_the_entry_of_a_refused_view_does_not(self, portal_db: Clone) -> None:
        entry = committed(outcome="refused")
        with portal_db.connect("portal_app") as app:
            assert state_of(app, OPEN, {**VIEW, "entry": entry.pk}) == REFUSED

    def test_an_entry_of_the_same_transaction_does_not(self, portal_db: Clone) -> None:
        with transaction.atomic():
            entry = viewed()
            with pytest.raises(Refused):
                open_ticket(entry=entry, actor=DEPUTY, sign_in=SIGN_IN)

    def test_an_entry_of_a_savepoint_does_not(self, portal_db: Clone) -> None:
        with transaction.atomic():
            with transaction.atomic():
                entry = viewed()
            with pytest.raises(Refused):
                open_ticket(entry=entry, actor=DEPUTY, sign_in=SIGN_IN)

    def test_an_entry_that_is_not_committed_yet_does_not_for_anyone(self, portal_db: Clone) -> None:
        with transaction.atomic():
            entry = viewed()
            with portal_db.connect("portal_app") as app:
                assert state_of(app, OPEN, {**VIEW, "entry": entry.pk}) == REFUSED

    def test_an_entry_rolled_back_does_not(self, portal_db: Clone) -> None:
        with transaction.atomic():
            entry = viewed()
            transaction.set_rollback(True)
        assert not AuditEntry.objects.exists()
        with pytest.raises(Refused):
            open_ticket(entry=entry, actor=DEPUTY, sign_in=SIGN_IN)

    def test_an_entry_rolled_back_to_a_savepoint_does_not(self, portal_db: Clone) -> None:
        with transaction.atomic():
            with transaction.atomic():
                entry = viewed()
                transaction.set_rollback(True)
            viewed(subject=FOOTAGE._replace(id="another"))
        with pytest.raises(Refused):
            open_ticket(entry=entry, actor=DEPUTY, sign_in=SIGN_IN)

    @pytest.mark.parametrize(("age", "answer"), [("45 seconds", "done"), ("60 seconds", REFUSED), ("1 day", REFUSED)])
    def test_an_entry_older_than_a_minute_does_not(self, portal_db: Clone, age: str, answer: str) -> None:
        entry = committed()
        with portal_db.connect() as superuser:
            make_older(superuser, "audit_entry", "at", age)
        with portal_db.connect("portal_app") as app:
            assert state_of(app, OPEN, {**VIEW, "entry": entry.pk}) == answer

    def test_one_entry_gives_one_ticket(self, portal_db: Clone) -> None:
        entry = committed()
        open_ticket(entry=entry, actor=DEPUTY, sign_in=SIGN_IN)
        with portal_db.connect("portal_app") as app:
            assert state_of(app, OPEN, {**VIEW, "entry": entry.pk}) == "23505"  # unique_violation
        with pytest.raises(Refused):
            open_ticket(entry=entry, actor=DEPUTY, sign_in=SIGN_IN)


class TestATicket:
    def test_it_is_good_for_its_view(self, portal_db: Clone) -> None:
        assert is_good(portal_db, ticket(portal_db))

    @pytest.mark.parametrize("other", ANOTHER, ids=str)
    def test_it_is_good_for_no_other(self, portal_db: Clone, other: dict[str, str]) -> None:
        assert not is_good(portal_db, ticket(portal_db), **other)

    def test_a_made_up_one_is_not(self, portal_db: Clone) -> None:
        ticket(portal_db)
        assert not is_good(portal_db, "0" * 64)

    @pytest.mark.parametrize(("age", "good"), [("9 minutes", True), ("10 minutes", False)])
    def test_it_lasts_ten_minutes(self, portal_db: Clone, age: str, good: bool) -> None:
        token = ticket(portal_db)
        with portal_db.connect() as superuser:
            make_older(superuser, "audit_ticket", "expires_at", age)
        assert is_good(portal_db, token) is good

    def test_the_database_keeps_only_its_digest(self, portal_db: Clone) -> None:
        token = ticket(portal_db)
        with portal_db.connect() as superuser:
            kept = superuser.execute("SELECT t::text FROM audit_ticket t").fetchall()
        assert len(kept) == 1
        assert token not in str(kept)


def make_older(superuser: psycopg.Connection, table: str, column: str, age: str) -> None:
    """Move a time into the past as only a superuser can, by switching the guard off in this clone."""
    superuser.execute("ALTER EVENT TRIGGER audit_guard_ddl DISABLE")
    superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    superuser.execute(f"UPDATE {table} SET {column} = {column} - interval '{age}'")
