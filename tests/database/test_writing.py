"""Many rows in one statement: in order, with defaults, and held to the columns as single rows are."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.log.actors import Subject
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import Line, record_each
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.database.writing import insert_many
from registry.canvasses.models import CanvassPurpose
from registry.imports.models import StaysOut
from tests.registry.entries import newest_id

pytestmark = pytest.mark.django_db


def test_one_statement_writes_what_varies_what_is_shared_and_defaults() -> None:
    now, ids = timezone.now(), [uuid4() for _ in range(300)]
    varying: dict[str, list[Any]] = {
        "id": ids,
        "name": [f"Purpose {n}" for n in range(300)],
        "name_es": [f"Motivo «{n}»" for n in range(300)],
    }
    with CaptureQueriesContext(connection) as captured:
        insert_many(CanvassPurpose, shared={"retired_at": now}, varying=varying)
    assert len(captured) == 1
    last = CanvassPurpose.objects.get(pk=ids[-1])
    assert (last.name, last.name_es, last.retired_at) == ("Purpose 299", "Motivo «299»", now)
    insert_many(CanvassPurpose, shared={"name_es": "Otro"}, varying={"name": ["Another one"], "id": [uuid4()]})
    assert CanvassPurpose.objects.get(name="Another one").retired_at is None


def test_a_statement_is_kept_ready_and_logged_by_its_text() -> None:
    def insert(count: int) -> None:
        ids = [uuid4() for _ in range(count)]
        insert_many(
            CanvassPurpose, shared={"name_es": "Motivo"}, varying={"id": ids, "name": [f"Kept {n}" for n in ids]}
        )

    def kept() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%registry_canvasspurpose%'"
            )
            return int(cursor.fetchone()[0])

    before = kept()
    for count in range(1, 9):
        insert(count)
    assert kept() == before + 1
    with CaptureQueriesContext(connection) as captured:
        insert(1)
    assert "'Motivo'" in captured.captured_queries[0]["sql"]
    assert CanvassPurpose.objects.filter(name__startswith="Kept").count() == sum(range(1, 9)) + 1


def test_no_row_is_no_statement() -> None:
    with CaptureQueriesContext(connection) as captured:
        insert_many(CanvassPurpose, shared={}, varying={"id": [], "name": []})
    assert not captured.captured_queries


def test_a_text_that_is_too_long_is_refused_and_not_cut() -> None:
    varying: dict[str, list[Any]] = {"id": [uuid4()], "name": ["x" * 121], "name_es": ["y"]}
    with pytest.raises(DataError), transaction.atomic():
        insert_many(CanvassPurpose, shared={}, varying=varying)
    assert not CanvassPurpose.objects.filter(name__startswith="xxx").exists()


def test_a_row_whose_like_is_there_is_an_error_or_left_out_as_said() -> None:
    first, second = b"a" * 32, b"b" * 32
    there = StaysOut.objects.create(digest=first)
    varying: dict[str, list[Any]] = {"digest": [first, second]}
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many(StaysOut, shared={}, varying=varying)
    insert_many(StaysOut, shared={"since": timezone.now()}, varying=varying, ignore_conflicts=True)
    assert {bytes(row.digest) for row in StaysOut.objects.all()} == {first, second}
    assert StaysOut.objects.get(digest=first).since == there.since


def test_entries_of_thousands_are_like_those_of_one(deputy: User) -> None:
    before = newest_id()
    cameras = [f"aaaaaaaa-0000-4000-8000-00000000000{n % 7}" for n in range(40)]
    lines = [Line(Subject("camera", camera), camera=camera, facts={"n": n}) for n, camera in enumerate(cameras)]
    with transaction.atomic():
        record_each(
            event=Event.CAMERA_FOUND, actor=deputy.actor, lines=lines, incident=str(uuid4()), reason="A grey van left."
        )
    written = list(AuditEntry.objects.filter(id__gt=before).order_by("id"))
    assert [entry.camera_id for entry in written] == sorted(cameras)
    assert {entry.camera_number for entry in written if entry.camera_id == min(cameras)} == set(range(1, 7))
    assert {len(bytes(entry.reason_digest or b"")) for entry in written} == {32}
    assert {entry.actor_pseudonym for entry in written} == {deputy.pseudonym}
    with pytest.raises(RuntimeError, match="inside the transaction"):
        _outside(deputy)


def _outside(deputy: User) -> None:
    raise_in = connection.in_atomic_block
    connection.in_atomic_block = False
    try:
        record_each(event=Event.CAMERA_FOUND, actor=deputy.actor, lines=[])
    finally:
        connection.in_atomic_block = raise_in
