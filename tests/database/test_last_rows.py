"""Rows that travel with the commit: they and the act stand or fall together, whatever happens on the way."""

import signal
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import DataError, IntegrityError, InternalError, OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from audit.log.actors import Actor, ActorKind, Source, Subject, acting_from
from audit.log.events import Event
from audit.log.models import AuditDetail, AuditEntry
from audit.log.services import record
from fusus_portal.ground.database.backend import pipeline as backend
from registry.canvasses.models import CanvassPurpose
from tests.database.clone import Clone
from tests.database.test_pooling import end_all
from tests.peers.database_line import COMMIT, DatabaseLine

pytestmark = pytest.mark.django_db(transaction=True)

CLERK = Actor(ActorKind.USER, "5f0c", role="administrator", pseudonym="Staff K7Q2")
TOO_LARGE: dict[str, int | str] = {"note": " ".join(["word"] * 8_000)}
"""Facts that the table of the log refuses."""


@pytest.fixture
def line(portal_db: Clone) -> Iterator[DatabaseLine]:
    """Lead Django's connection over a line that can be cut."""
    before = dict(connection.settings_dict)
    connection.close()
    with DatabaseLine(f"{before['HOST']}/.s.PGSQL.{before['PORT']}") as line:
        connection.settings_dict.update(HOST="127.0.0.1", PORT=str(line.port))
        yield line
        connection.close()
        connection.settings_dict.update(before)


@pytest.fixture
def told() -> list[str]:
    """Return a list for the acts that are announced after a commit."""
    return []


def act(name: str) -> None:
    """Do something that leaves a row."""
    CanvassPurpose.objects.create(name=name, name_es=name)


def note(name: str, facts: dict[str, int | str] | None = None) -> None:
    """Write the entry of an act."""
    record(event=Event.LOG_OPENED, actor=CLERK, subject=Subject("purpose", name), facts=facts)


def acts() -> list[str]:
    """Return the names of the acts that were done."""
    return sorted(CanvassPurpose.objects.filter(name_es__startswith="Act").values_list("name", flat=True))


def entries() -> list[str]:
    """Return the names of the acts that have an entry."""
    return sorted(AuditEntry.objects.filter(subject_kind="purpose").values_list("subject_id", flat=True))


def test_an_entry_and_its_texts_go_in_one_message_with_the_commit(line: DatabaseLine) -> None:
    source = Source(address="192.0.2.7", user_agent="Browser/1", sign_in="s1")
    with acting_from(source), transaction.atomic():
        act("Act 1")
        line.sent.clear()
        note("Act 1")
    [message] = line.sent
    assert message.index(b'INSERT INTO "audit_detail"') < message.index(b'INSERT INTO "audit_entry"')
    assert message.index(b'INSERT INTO "audit_entry"') < message.index(COMMIT)
    assert acts() == entries() == ["Act 1"]
    assert AuditDetail.objects.count() == 2
    line.sent.clear()
    with transaction.atomic():
        note("a look")
    [message] = line.sent
    assert message.index(b"BEGIN") < message.index(b"look") < message.index(COMMIT)
    assert b"INSERT" not in message  # the database has kept the statement


def test_the_next_statement_of_the_transaction_finds_the_entry() -> None:
    with transaction.atomic():
        note("Act 1")
        assert entries() == ["Act 1"]
        with CaptureQueriesContext(connection) as captured:
            note("Act 2")
            act("Act 2")
        assert ["audit_entry" in query["sql"] for query in captured.captured_queries] == [True, False]
    assert entries() == ["Act 1", "Act 2"]


def test_a_savepoint_that_is_rolled_back_takes_its_entries_along() -> None:
    with transaction.atomic():
        act("Act 1")
        note("Act 1")
        with suppress(ZeroDivisionError), transaction.atomic():
            act("Act 2")
            note("Act 2")
            raise ZeroDivisionError
        point = transaction.savepoint()
        note("Act 3")
        transaction.savepoint_rollback(point)
        with transaction.atomic():
            act("Act 4")
            note("Act 4")
    assert acts() == entries() == ["Act 1", "Act 4"]


def test_a_block_without_savepoint_that_fails_takes_everything_along(told: list[str]) -> None:
    with transaction.atomic():
        act("Act 1")
        note("Act 1")
        transaction.on_commit(lambda: told.append("Act 1"))
        with suppress(ZeroDivisionError), transaction.atomic(savepoint=False):
            note("Act 2")
            raise ZeroDivisionError
        with pytest.raises(TransactionManagementError):
            note("Act 3")
    assert acts() == entries() == told == []


def test_an_act_whose_entry_is_refused_at_the_commit_is_not_done(told: list[str]) -> None:
    @transaction.atomic
    def refused() -> None:
        act("Act 1")
        transaction.on_commit(lambda: told.append("Act 1"))
        note("Act 1", facts=TOO_LARGE)

    with pytest.raises(IntegrityError, match="audit_entry_facts_plain"):
        refused()
    assert acts() == entries() == told == []
    with transaction.atomic():
        act("Act 2")
        note("Act 2")
    assert acts() == entries() == ["Act 2"]


def test_code_that_goes_on_after_a_refused_entry_commits_nothing() -> None:
    with transaction.atomic():
        act("Act 1")
        note("Act 1", facts=TOO_LARGE)
        with pytest.raises(IntegrityError):
            act("Act 2")
        with pytest.raises(TransactionManagementError):
            act("Act 3")
    assert acts() == entries() == []


def test_a_refused_entry_undoes_its_own_block_alone() -> None:
    @transaction.atomic
    def refused() -> None:
        act("Act 2")
        note("Act 2", facts=TOO_LARGE)

    with transaction.atomic():
        act("Act 1")
        with pytest.raises(IntegrityError):
            refused()
        note("Act 1")
    assert acts() == entries() == ["Act 1"]


def test_what_the_database_cannot_hold_is_told_at_once() -> None:
    with transaction.atomic(), pytest.raises(DataError):
        note("Act\0")
    assert entries() == []


def test_a_commit_after_a_swallowed_error_is_an_error(told: list[str]) -> None:
    @transaction.atomic
    def swallows(last: Callable[[], None]) -> None:
        act("Act 1")
        transaction.on_commit(lambda: told.append("Act 1"))
        with suppress(DataError), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        last()

    for last in (lambda: None, lambda: note("Act 1")):
        with pytest.raises(InternalError):
            swallows(last)
    assert acts() == entries() == told == []


@pytest.mark.parametrize("last", [note, act])
def test_a_connection_lost_before_the_commit_leaves_nothing(
    portal_db: Clone, told: list[str], last: Callable[[str], None]
) -> None:
    @transaction.atomic
    def lost() -> None:
        note("Act 1")
        act("Act 1")
        transaction.on_commit(lambda: told.append("Act 1"))
        last("Act 2")
        end_all(portal_db)

    with pytest.raises(OperationalError):
        lost()
    assert acts() == entries() == told == []
    with transaction.atomic():
        act("Act 3")
        note("Act 3")
    assert acts() == entries() == ["Act 3"]


def test_a_connection_lost_at_the_commit_leaves_both_or_neither_and_tells_nobody(
    line: DatabaseLine, told: list[str]
) -> None:
    @transaction.atomic
    def lost() -> None:
        act("Act 1")
        note("Act 1")
        transaction.on_commit(lambda: told.append("Act 1"))
        line.cut_after_commit = True

    with pytest.raises(OperationalError):
        lost()
    line.cut_after_commit = False
    assert acts() == entries() == ["Act 1"]  # the server had done it
    assert told == []


def test_a_connection_that_is_closed_forgets_what_waited() -> None:
    with transaction.atomic():
        act("Act 1")
        note("Act 1")
        connection.close()
    with transaction.atomic():
        act("Act 2")
        note("Act 2")
    assert acts() == entries() == ["Act 2"]


def test_no_file_is_touched_before_the_entry_is_in_the_database() -> None:
    kept = storages["papers"]
    with transaction.atomic():
        note("Act 1", facts=TOO_LARGE)
        with pytest.raises(IntegrityError):
            kept.save("act-1.pdf", ContentFile(b"%PDF-"))
    assert not kept.exists("act-1.pdf")


def test_a_wait_that_is_interrupted_leaves_no_answer_behind(portal_db: Clone) -> None:
    def ring(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, ring)
    try:
        with portal_db.connect("portal_app") as way:
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with pytest.raises(TimeoutError):
                backend.send(way, [backend.Statement(way, "SELECT pg_sleep(%s::int)", [30])], commit=False)
            assert way.closed
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
